/**
 * One drawn entry: a record of small independent integers, and what they mean as times.
 *
 * Lengths stand on a ladder whose rungs are a fifth apart, from milliseconds to longer than every
 * timeout of the scenario: a drawn rung is log-uniform without a logarithm.
 */

import type { Config, Scenario } from '../schema/scenario.ts'

/** One drawn entry. Each field is independent of the others. */
export interface Draw {
  /** Which of the enabled families, or operations, by weight. */
  readonly family: number
  readonly kind: number
  readonly target: number
  readonly other: number
  readonly detail: number
  /** Start, in thousandths of the duration. */
  readonly at: number
  /** Rung of the ladder of lengths; beyond its top: until the heal. */
  readonly length: number
  /** Whether it strikes one host, or several that belong together. */
  readonly breadth: number
  /** Whether it waits for a protocol moment, and for which. */
  readonly moment: number
}

/** Upper bounds of the fields, for arbitraries. */
export const drawBounds: Readonly<Record<keyof Draw, number>> = {
  family: 4095,
  kind: 15,
  target: 255,
  other: 255,
  detail: 255,
  at: 899,
  length: 1023,
  breadth: 15,
  moment: 4095,
}

const SHORTEST_US = 5_000
/** One rung in so many stands for "until the heal". */
const PERMANENT_EVERY = 14

/** How long a drawn entry lasts, in µs; null: until the heal. */
export function lengthUs({ length }: Draw, scenario: Scenario): number | null {
  const rungs = ladder(scenario)
  const permanent = Math.ceil(rungs.length / PERMANENT_EVERY)
  return rungs[length % (rungs.length + permanent)] ?? null
}

/** When a drawn entry begins, in µs from t = 0. */
export function startUs(draw: Draw, scenario: Scenario): number {
  return Math.floor((scenario.durationUs * (draw.at % 900)) / 1000)
}

/** The lengths that a scenario's faults may have, the shortest first. */
export function ladder(scenario: Scenario): readonly number[] {
  const least = scenario.swarm?.durations?.minUs ?? SHORTEST_US
  const most = Math.min(
    scenario.swarm?.durations?.maxUs ?? Math.floor((longestTimeoutUs(scenario) * 3) / 2),
    scenario.durationUs,
  )
  const rungs: number[] = []
  for (let us = least; us < most; us = Math.ceil((us * 6) / 5)) rungs.push(us)
  rungs.push(Math.max(1, most))
  return rungs
}

/** Timeouts of brokers and clients, with Kafka's defaults in ms. */
const timeoutsMs: Readonly<Record<string, number>> = {
  'zookeeper.session.timeout.ms': 18_000,
  'replica.lag.time.max.ms': 30_000,
  'request.timeout.ms': 30_000,
  'session.timeout.ms': 45_000,
  'delivery.timeout.ms': 120_000,
  'max.poll.interval.ms': 300_000,
}

/** The longest timeout that a fault has to outlast to be seen by everybody. */
function longestTimeoutUs({ cluster, producers, consumers }: Scenario): number {
  const of = (config: Config, name: string): number => Number(config[name] ?? timeoutsMs[name])
  const found = [
    of(cluster.config, 'zookeeper.session.timeout.ms'),
    of(cluster.config, 'replica.lag.time.max.ms'),
    ...producers.map(({ config }) => of(config, 'delivery.timeout.ms')),
    ...consumers.flatMap(({ config }) => [
      of(config, 'session.timeout.ms'),
      of(config, 'max.poll.interval.ms'),
    ]),
  ]
  return Math.max(...found.filter((ms) => Number.isFinite(ms))) * 1000
}
