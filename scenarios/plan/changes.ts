/**
 * What a planner asks next: the answer with more traffic, larger records, slower consumers, one
 * broker more or fewer; and which of the figures behind it move it most.
 */

import type { Scenario } from '../schema/scenario.ts'
import type { PlanInput, Setting } from './plan-answer.ts'
import { wholeBottleneck } from './bottleneck.ts'
import { search } from './search.ts'
import { latencySource, sizeSource } from './sensitivity-inputs.ts'
import { type Priced, sameColumn } from './setting.ts'
import {
  type Change,
  inTime,
  missedIn,
  type Sample,
  type Simulate,
  type Trial,
  unchanged,
} from './simulate.ts'

/** A line of the what-if table. */
export interface Variation {
  readonly change: string
  readonly setting: Setting
  readonly figures: Change
}

export interface Varied extends Variation {
  readonly failed: readonly string[]
  /** Of each drill. */
  readonly samples: readonly Sample[]
}

export function variationsOf(setting: Setting): readonly Variation[] {
  const same = (change: string, figures: Change): Variation => ({ change, setting, figures })
  const sized = (change: string, brokers: number): Variation => ({
    change,
    setting: { ...setting, brokers },
    figures: unchanged,
  })
  return [
    same('traffic +20 %', { traffic: 1.2 }),
    same('traffic −20 %', { traffic: 0.8 }),
    same('record bytes +20 %', { 'record-bytes': 1.2 }),
    same('record bytes −20 %', { 'record-bytes': 0.8 }),
    ...(setting.groups.length === 0
      ? []
      : [
          same('consumer work +20 %', { 'consumer-work': 1.2 }),
          same('consumer work −20 %', { 'consumer-work': 0.8 }),
        ]),
    sized('one more broker', setting.brokers + 1),
    ...(setting.brokers > setting.replicationFactor
      ? [sized('one broker fewer', setting.brokers - 1)]
      : []),
    ...consumersChanged(setting),
  ]
}

function consumersChanged(setting: Setting): readonly Variation[] {
  if (setting.groups.length === 0) return []
  const groups = setting.groups.map(({ group, members }) => ({
    group,
    members: Math.max(1, Math.floor(members * 0.8)),
  }))
  const consumers = groups.reduce((sum, { members }) => sum + members, 0)
  if (consumers === setting.consumers) return []
  const fewer = { ...setting, groups, consumers }
  return [{ change: 'consumers −20 %', setting: fewer, figures: unchanged }]
}

/** Each variation in every drill, one run of each, as far as the time goes. */
export async function tryVariations(
  variations: readonly Variation[],
  drills: readonly string[],
  simulate: Simulate,
): Promise<readonly Varied[]> {
  const varied: Varied[] = []
  for (const variation of variations) {
    const { setting, figures: change } = variation
    const trials = drills.map((_name, drill): Trial => {
      return { setting, drill, index: 0, change, curves: false }
    })
    const samples = await inTime(simulate(trials))
    if (samples === null) break
    const failed = samples.flatMap((sample, drill) =>
      missedIn(sample).map((text) => `${drills[drill] ?? ''}: ${text}`),
    )
    varied.push({ ...variation, failed, samples })
  }
  return varied
}

/** A figure that is not known for certain, made worse. */
export interface Assumption {
  readonly name: string
  readonly source: PlanInput['source']
  readonly figures: Change
}

export function assumptionsOf(scenario: Scenario, setting: Setting): readonly Assumption[] {
  const hardware = scenario.hardware[setting.hardware]
  const worked = scenario.consumers.some(({ work }) => work.p50Us > 0)
  const hasProcessor =
    hardware !== undefined &&
    [hardware.requestCpuNs, hardware.batchCpuNs, hardware.recordCpuNs, hardware.kibibyteCpuNs].some(
      (cost) => cost > 0,
    )
  const network = latencySource(scenario)
  return [
    {
      name: 'record bytes +20 %',
      source: sizeSource(scenario),
      figures: { 'record-bytes': 1.2 },
    },
    ...(worked
      ? [
          {
            name: 'consumer work +20 %',
            source: 'given',
            figures: { 'consumer-work': 1.2 },
          } as const,
        ]
      : []),
    { name: 'network latency +100 %', source: network, figures: { 'network-latency': 2 } },
    ...(hasProcessor
      ? [
          {
            name: 'processor costs +30 %',
            source: 'profile',
            figures: { 'processor-cost': 1.3 },
          } as const,
        ]
      : []),
    ...((hardware?.diskBytesPerSecond ?? 0) > 0
      ? [
          {
            name: 'disk bandwidth −20 %',
            source: 'profile',
            figures: { 'disk-bandwidth': 0.8 },
          } as const,
        ]
      : []),
    ...((hardware?.nicBytesPerSecond ?? 0) > 0
      ? [
          {
            name: 'network bandwidth −20 %',
            source: 'profile',
            figures: { 'network-bandwidth': 0.8 },
          } as const,
        ]
      : []),
  ]
}

export interface Sensed {
  readonly assumption: Assumption
  readonly answer: Priced | null
  readonly moves: boolean
  readonly utilisationChange: number | null
}

export interface SenseOptions {
  readonly candidates: readonly Priced[]
  readonly answer: Priced
  /** Utilisation of its bottleneck in normal running. */
  readonly utilisation: number | null
  readonly drills: readonly string[]
  readonly simulate: Simulate
}

/**
 * What the search would answer if the figure were worse, with one run each. Where the answer no
 * longer holds, those are searched that have more brokers or consumers and are the same otherwise.
 */
export async function sense(assumption: Assumption, options: SenseOptions): Promise<Sensed> {
  const { candidates, answer, drills, simulate, utilisation } = options
  const found = await search({
    candidates: candidates.filter(({ rank }) => rank === answer.rank),
    ruleOut: () => null,
    drills,
    seeds: 1,
    change: assumption.figures,
    simulate,
  })
  const [own] = found.tried
  const used = wholeBottleneck(own?.samples[0]?.[0])?.utilisation ?? null
  const utilisationChange = used === null || utilisation === null ? null : used - utilisation
  if (found.answer !== null) return { assumption, answer, moves: false, utilisationChange }
  const dearer = await search({
    candidates: candidates.filter(
      ({ rank, setting }) => rank > answer.rank && sameColumn(setting, answer.setting),
    ),
    ruleOut: () => null,
    drills,
    seeds: 1,
    change: assumption.figures,
    simulate,
  })
  return { assumption, answer: dearer.answer?.priced ?? null, moves: true, utilisationChange }
}
