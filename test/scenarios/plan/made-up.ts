/**
 * A made-up simulation for tests of the search: a cluster carries so much, a group works off so
 * much, and a drill takes a broker away. The right answer follows by arithmetic.
 */

import type { Setting } from '../../../scenarios/plan/plan-answer.ts'
import type { Priced } from '../../../scenarios/plan/setting.ts'
import type { Sample, Simulate, Trial } from '../../../scenarios/plan/simulate.ts'

export const drills: readonly string[] = ['normal', 'one-broker-down']

export interface World {
  /** Traffic that the setting must carry. */
  readonly traffic: number
  /** What the setting carries in a drill, with a seed. */
  carries(setting: Setting, drill: number, index: number): number
  /** What its consumers work off; absent: everything. */
  worksOff?(setting: Setting): number
}

export interface MadeUp {
  readonly simulate: Simulate
  /** Every trial in its order. */
  readonly trials: Trial[]
}

export function madeUp(world: World): MadeUp {
  const trials: Trial[] = []
  const simulate: Simulate = (asked) => {
    trials.push(...asked)
    return Promise.resolve(asked.map((trial) => sampleOf(world, trial)))
  }
  return { simulate, trials }
}

function sampleOf(world: World, { setting, drill, index, change }: Trial): Sample {
  const factor = (change.traffic ?? 1) * (change['record-bytes'] ?? 1)
  const used = (world.traffic * factor) / world.carries(setting, drill, index)
  const behind = (world.traffic * factor) / (world.worksOff?.(setting) ?? Infinity)
  const thresholds = [
    { measure: 'latency', rule: 'p(99)<500ms', value: used, unit: 'ms', met: used <= 1 },
    { measure: 'lateness', rule: 'max<30s', value: behind, unit: 'ms', met: behind <= 1 },
  ] as const
  return {
    met: thresholds.every(({ met }) => met),
    thresholds,
    broken: [],
    endedEarly: false,
    bottleneck: { resource: 'nic-out', host: 'broker 1', utilisation: Math.min(1, used) },
    resources: [{ host: 'broker 1', resource: 'nic-out', mean: used / 2, peak: used }],
    measures: { 'endToEnd p(99)': { value: used * 100, unit: 'ms' } },
    groups: [],
    curves: null,
    events: 1,
  }
}

export function settingWith(some: Partial<Setting>): Setting {
  const consumers = some.consumers ?? 1
  return {
    brokers: 3,
    hardware: 'small',
    replicationFactor: 3,
    partitions: 12,
    'batch.size': 16_384,
    'linger.ms': 0,
    topics: [{ topic: 'orders', partitions: some.partitions ?? 12 }],
    groups: [{ group: 'payment', members: consumers }],
    ...some,
    consumers,
  }
}

/** A broker costs 10, a consumer 1. */
export function pricedOf(settings: readonly Setting[]): readonly Priced[] {
  return settings
    .map((setting) => ({ setting, perHour: setting.brokers * 10 + setting.consumers }))
    .sort((a, b) => a.perHour - b.perHour || a.setting['linger.ms'] - b.setting['linger.ms'])
    .map(({ setting, perHour }, rank) => ({
      setting,
      cost: { currency: 'EUR', perHour, items: [] },
      rank,
    }))
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_none, at) => from + at)
}
