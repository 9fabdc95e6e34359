/**
 * What a plan keeps of one run: thresholds, the busiest resource, groups, and for charts the
 * curves.
 */

import { rateAt } from '../../model/kafka/clients/producer/curve.ts'
import { Judgement } from '../checks/judgement.ts'
import { judge } from '../judge.ts'
import { endToEndLatency } from '../measures/latency.ts'
import { endToEndSeries, produceSeries } from '../measures/latency-series.ts'
import type { LatencySeries } from '../measures/latency-steps.ts'
import { bottleneckOf } from './bottleneck.ts'
import type { HostResources, Resources, ResourceUse } from '../resources.ts'
import type { GroupMeasures, Judged, ThresholdAnswer } from '../result.ts'
import { run } from '../run.ts'
import type { Scenario } from '../schema/scenario.ts'
import type { Bottleneck, Curves, LatencyCurve, Unit } from './plan-answer.ts'
import type { Sample, ThresholdSample, Trial } from './simulate.ts'
import { createTrial, type PreparedTrial } from './trial.ts'

const US_PER_MS = 1_000

export function sampleOf(scenario: Scenario, seed: number, trial: Trial): Sample {
  const prepared = createTrial(scenario, seed, trial)
  const judged = judge(run(prepared.case))
  const { ended, reason } = judged.result
  if (ended === 'internal-error') throw new Error(reason ?? 'no reason was given')
  return sampled(judged, prepared, trial)
}

function sampled(judged: Judged, prepared: PreparedTrial, trial: Trial): Sample {
  const { result, verdicts, measures } = judged
  const judgement = new Judgement(result)
  const resources = usesIn(judged)
  const bottleneck = bottleneckOf(resources)
  const thresholds = [
    ...judged.thresholds.map(thresholdOf),
    ...utilisationLimit(prepared.utilisation, bottleneck),
  ].map((one, place) => {
    // The one that ended the run is missed; of the others nothing is known.
    const { aborted } = result
    return aborted === undefined || aborted.threshold === place ? one : unjudged(one)
  })
  const broken = verdicts
    .filter(({ verdict, asExpected }) => verdict === 'broken' && !asExpected)
    .map(({ check, scope }) => ({ check, scope }))
  return {
    met: broken.length === 0 && thresholds.every(({ met }) => met === true),
    thresholds,
    broken,
    endedEarly: result.aborted !== undefined,
    bottleneck,
    resources,
    measures: measuresOf(judged),
    groups: measures.groups.map((group) => groupOf(group, judgement)),
    curves: trial.curves ? curvesOf(judged, judgement, prepared) : null,
    events: result.events,
  }
}

/** Clients limit nobody but themselves: the cluster is what is bought. */
function brokersOf(resources: Resources | null): readonly HostResources[] {
  return (resources?.hosts ?? []).filter(({ host }) => /^(broker|zookeeper)-/.test(host))
}

/** `broker-4` as people say it. */
function hostText(host: string): string {
  return host.replace(/^(broker|zookeeper)-/, '$1 ')
}

const NAMED_MAX = 4

/** `broker 3, broker 6`; of many the first and the last. */
export function hostsText(hosts: readonly string[]): string {
  const names = hosts.map(hostText)
  if (names.length <= NAMED_MAX) return names.join(', ')
  return `${names.length} processes, ${names[0] ?? ''} to ${names.at(-1) ?? ''}`
}

function resourceText({ resource, part }: ResourceUse): string {
  return part === '' ? resource : `${resource} ${part}`
}

type Use = Sample['resources'][number]

const SECOND_US = 1_000_000

/** Of every resource the mean and the busiest second, once the run has warmed up. */
function usesIn({ result, scenario }: Judged): readonly Use[] {
  const resources = result.resources ?? null
  if (resources === null) return []
  const { stepUs, atUs } = resources
  const steps = Math.max(1, Math.round(SECOND_US / stepUs))
  const from = atUs.findIndex((us) => us - stepUs >= (scenario.measureFromUs ?? 0))
  const endUs = result.aborted?.atUs ?? scenario.measureUntilUs ?? scenario.durationUs
  const after = atUs.findIndex((us) => us > endUs)
  const until = after === -1 ? atUs.length : after
  return brokersOf(resources).flatMap(({ host, uses }) =>
    uses.map((use) => {
      const shares = use.utilisation.slice(Math.max(0, from), until).map((share) => share ?? 0)
      return { host: hostText(host), resource: resourceText(use), ...busiest(shares, steps) }
    }),
  )
}

/** The mean, and the greatest mean of so many steps one after the other. */
export function busiest(shares: readonly number[], steps: number): Pick<Use, 'mean' | 'peak'> {
  let all = 0
  let window = 0
  let peak = 0
  shares.forEach((share, at) => {
    all += share
    window += share - (at >= steps ? (shares[at - steps] as number) : 0)
    if (at >= steps - 1 || at === shares.length - 1) {
      peak = Math.max(peak, window / Math.min(steps, at + 1))
    }
  })
  // Sums of shares may miss a whole by their last bits.
  return { mean: shares.length === 0 ? 0 : all / shares.length, peak: Math.min(1, peak) }
}

const units: Readonly<Record<ThresholdAnswer['unit'], Unit>> = {
  us: 'ms',
  records: 'records',
  'records/s': 'records/s',
  'bytes/s': 'bytes/s',
  share: 'share',
  times: 'count',
}

function thresholdOf({ measure, rule, value, unit, met }: ThresholdAnswer): ThresholdSample {
  const shown = unit === 'us' && value !== null ? value / US_PER_MS : value
  return { measure, rule, value: shown, unit: units[unit], met }
}

/** What the plan wants the busiest resource to stay below, as one threshold more. */
function utilisationLimit(
  limit: number | null,
  bottleneck: Bottleneck | null,
): readonly ThresholdSample[] {
  if (limit === null) return []
  const value = bottleneck?.utilisation ?? 0
  const rule = `max<${Math.round(limit * 100)}%`
  return [{ measure: 'utilisation', rule, value, unit: 'share', met: value < limit }]
}

function measuresOf({ measures }: Judged): Sample['measures'] {
  const { latency } = measures
  const throughput = measures.throughput.reduce((sum, one) => sum + one.recordsPerSecond, 0)
  const ms = (us: number): Sample['measures'][string] => ({ value: us / US_PER_MS, unit: 'ms' })
  return {
    throughput: { value: throughput, unit: 'records/s' },
    ...(latency.produce === null
      ? {}
      : {
          'produce p(50)': ms(latency.produce.p50),
          'produce p(99)': ms(latency.produce.p99),
          'produce p(99.9)': ms(latency.produce.p999),
        }),
    ...(latency.endToEnd === null
      ? {}
      : {
          'endToEnd p(50)': ms(latency.endToEnd.p50),
          'endToEnd p(99)': ms(latency.endToEnd.p99),
          'endToEnd p(99.9)': ms(latency.endToEnd.p999),
        }),
    'longest write silence': ms(measures.magnitudes.longestWriteSilenceUs),
  }
}

function unjudged(threshold: ThresholdSample): ThresholdSample {
  return { ...threshold, value: null, met: null }
}

function groupOf(group: GroupMeasures, judgement: Judgement): Sample['groups'][number] {
  const latency = endToEndLatency(judgement, { group: group.group, topic: group.topic })
  const at = (percentile: number): number => latency.percentile(percentile) / US_PER_MS
  return {
    group: group.group,
    topic: group.topic,
    backlogPeak: group.backlogPeak,
    latenessPeakMs: group.latenessPeakUs / US_PER_MS,
    drainMs: group.drainUs === null ? null : group.drainUs / US_PER_MS,
    latencyMs: latency.count === 0 ? null : { 'p(50)': at(50), 'p(99)': at(99) },
  }
}

function curvesOf(
  judged: Judged,
  judgement: Judgement,
  { span, traffic, records }: PreparedTrial,
): Curves {
  const { measures, result } = judged
  const { series } = measures
  const perSecond = 1e6 / series.stepUs
  const ms = (us: readonly number[]): readonly number[] => us.map((one) => one / US_PER_MS)
  const rates = (counts: readonly number[]): readonly number[] =>
    counts.map((count) => Math.round(count * perSecond))
  return {
    stepMs: series.stepUs / US_PER_MS,
    atMs: ms(series.atUs),
    peakAtMs: (span.peakAtUs - span.fromUs) / US_PER_MS,
    untilMs: (span.untilUs - span.fromUs) / US_PER_MS,
    traffic: series.atUs.map((us) => Math.round(asked(traffic, records, us - series.stepUs / 2))),
    throughput: rates(series.produced),
    consumed: Object.entries(series.consumed).map(([group, counts]) => ({
      group,
      perSecond: rates(counts),
    })),
    latency: [
      latencyCurve('produce', produceSeries(judgement)),
      latencyCurve('end-to-end', endToEndSeries(judgement)),
    ],
    groups: series.groups.map(({ group, topic, atUs, backlog, latenessUs }) => {
      return { group, topic, atMs: ms(atUs), backlog, latenessMs: ms(latenessUs) }
    }),
    utilisation: utilisationOf(result.resources ?? null),
    faults: result.struck.flatMap(({ atUs, untilUs, kind, target, resolved }) => {
      if (atUs === null) return []
      const until = untilUs === null ? null : untilUs / US_PER_MS
      const who = resolved === null ? target : hostsText(resolved)
      return [{ atMs: atUs / US_PER_MS, untilMs: until, what: `${kind} of ${who}` }]
    }),
  }
}

function asked(
  traffic: PreparedTrial['traffic'],
  records: PreparedTrial['records'],
  atUs: number,
): number {
  return traffic.reduce((sum, curve, at) => sum + rateAt(curve, atUs) * (records[at] ?? 1), 0)
}

function latencyCurve(phase: LatencyCurve['phase'], series: LatencySeries): LatencyCurve {
  const ms = (values: readonly (number | null)[]): readonly (number | null)[] =>
    values.map((us) => (us === null ? null : us / US_PER_MS))
  return {
    phase,
    atMs: series.atUs.map((us) => us / US_PER_MS),
    p50: ms(series.p50),
    p99: ms(series.p99),
    p999: ms(series.p999),
    max: ms(series.max),
  }
}

function utilisationOf(resources: Resources | null): Curves['utilisation'] {
  if (resources === null) return []
  const atMs = resources.atUs.map((us) => us / US_PER_MS)
  return brokersOf(resources).flatMap(({ host, uses }) =>
    uses.map((use) => ({
      host: hostText(host),
      resource: resourceText(use),
      atMs,
      values: atMs.map((_ms, at) => use.utilisation[at] ?? null),
    })),
  )
}
