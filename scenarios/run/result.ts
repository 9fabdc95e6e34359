/**
 * The result of a run, made of what history, truth and the auditor have.
 */

import type { Admin } from '../../model/kafka/clients/admin.ts'
import { FleetArrivals } from '../../model/kafka/clients/producer/fleet.ts'
import type { FleetService } from '../../model/kafka/clients/producer/fleet-process.ts'
import { entryTarget } from '../torment/torment.ts'
import type { Ended, FinalLogs, Result, Struck, Volume } from '../result.ts'
import type { Operation, TimelineEntry } from '../schema/timeline.ts'
import { ADMIN, type Cluster } from './cluster.ts'
import { grouped, seconds } from '../checks/words.ts'
import type { Abort } from '../measures/so-far.ts'
import type { Threshold } from '../schema/scenario.ts'

/**
 * Made when it is asked for: an exploration asks only for the runs that it keeps. One function for
 * all results: V8 keeps a getter with the hidden class of its object, and one made for each run
 * would keep its world until the next collection of the old ones.
 */
const HISTORY_HASH: PropertyDescriptor & ThisType<Result> = {
  enumerable: true,
  get() {
    return this.history.hash()
  },
}

export function resultOf(cluster: Cluster, logs: FinalLogs): Result {
  const { one, world, history, phases } = cluster
  const { originUs } = phases
  const since = (us: number | null): number | null => (us === null ? null : us - originUs)
  const { aborted } = cluster
  const report = cluster.truth.report(originUs)
  const result: Omit<Result, 'historyHash'> = {
    case: one,
    traceHash: world.kernel.hash(),
    ended: endOf(cluster),
    reason: aborted === null ? (cluster.stuck?.reason ?? null) : abortText(cluster, aborted),
    ...(aborted === null ? {} : { aborted }),
    detail: cluster.stuck?.detail ?? null,
    history,
    ...(cluster.fold === null ? {} : { folded: cluster.fold.seal() }),
    volume: volumeOf(cluster),
    logs,
    ...report,
    truth: [...report.truth, ...cluster.ensembleTruth.report(originUs)],
    struck: struckOf(cluster),
    phases: {
      originUs,
      healUs: phases.healUs - originUs,
      settledUs: since(phases.settledUs),
      wroteUs: since(phases.wroteUs),
      producersDoneUs: since(phases.producersDoneUs),
      drainedUs: since(phases.drainedUs),
      endUs: world.nowUs - originUs,
    },
    probes: world.probesByName(),
    around: cluster.around.byKind(),
    drainEvents: world.kernel.events - phases.healEvents,
    guards: world.guardsByName(),
    virtualUs: world.nowUs,
    events: world.kernel.events,
    topics: cluster.topics.names(),
    resources: cluster.sampler?.resources() ?? null,
    ...(cluster.handlerErrors.length === 0
      ? {}
      : {
          handlerErrors: cluster.handlerErrors.map((one) => ({
            ...one,
            firstUs: one.firstUs - originUs,
          })),
        }),
  }
  return Object.defineProperty(result, 'historyHash', HISTORY_HASH) as Result
}

function endOf({ aborted, stuck }: Cluster): Ended {
  if (aborted !== null) return 'aborted'
  return stuck === null ? 'drained' : 'stuck'
}

/** `latency{phase:produce} p(99)<200ms was broken 12.000 s into the load: 0.312 s`. */
function abortText({ scenario }: Cluster, { threshold, value, atUs }: Abort): string {
  const { text, unit } = scenario.thresholds[threshold] as Threshold
  const found = unit === 'us' ? seconds(value) : grouped(Math.round(value))
  return `${text.measure} ${text.rule} was broken at ${seconds(atUs)}: found ${found}`
}

/** Kept before processes are released: fleets know how long their slots were. */
function volumeOf({ fold, producers, truth, world }: Cluster): Volume {
  const { batches, records, largest, longestGapUs } = truth.appends
  let slotAtPeakUs: number | null = null
  let longestTurnUs: number | null = null
  for (const { name } of producers) {
    const state = world.stateOf<Partial<FleetService>>(name)
    const arrivals = state?.arrivals
    if (!(arrivals instanceof FleetArrivals)) continue
    slotAtPeakUs = Math.max(slotAtPeakUs ?? 0, arrivals.peakSlotUs)
    longestTurnUs = Math.max(longestTurnUs ?? 0, arrivals.longestTurnUs)
  }
  const folded = fold?.folded ?? 0
  return { batches, records, largest, longestGapUs, longestTurnUs, slotAtPeakUs, folded }
}

function struckOf(cluster: Cluster): Struck[] {
  const { one, nemesis, phases } = cluster
  const { originUs } = phases
  return one.timeline.map((entry, index) => {
    const record = nemesis?.records[index]
    return {
      index,
      kind: entry.kind,
      target: entryTarget(entry),
      resolved: record?.resolved ?? null,
      atUs: record === undefined || record.atUs === null ? null : record.atUs - originUs,
      untilUs: record === undefined || record.untilUs === null ? null : record.untilUs - originUs,
      refused: record?.refused ?? null,
      ...answerTo(cluster, entry),
    }
  })
}

/**
 * What became of an operation that the administrator passed on: the deed tells only that it was.
 */
function answerTo(
  { commands, world }: Cluster,
  entry: TimelineEntry,
): Partial<Pick<Struck, 'refused' | 'unanswered'>> {
  const action = commands.get(entry as Operation)
  if (action === undefined) return {}
  const { ended } = world.stateOf<Admin>(ADMIN) as Admin
  const answer = ended.find((one) => one.action === action)
  if (answer?.error === 'NONE') return {}
  const refused = answer !== undefined && !answer.ambiguous && answer.error !== 'REQUEST_TIMED_OUT'
  return refused ? { refused: `the cluster answers ${answer.error}` } : { unanswered: true }
}
