/**
 * A run as the OpenMessaging Benchmark writes its result, so that charts and comparisons made for
 * it take ours: the field names of its `TestResult`, a value for each period of 10 s.
 *
 * Latencies are milliseconds, publish delays microseconds, as there. Topics that differ in their
 * partitions, or producers in their number, are told by the most of them.
 */

import type { Period, Periods } from '../../scenarios/measures/periods.ts'
import type { Judged } from '../../scenarios/result.ts'

type Latencies = Period['publish']

const US_PER_MS = 1_000

/** Names of the ranks in the fields. */
const ranks: readonly (readonly [name: string, percent: number])[] = [
  ['50pct', 50],
  ['75pct', 75],
  ['95pct', 95],
  ['99pct', 99],
  ['999pct', 99.9],
  ['9999pct', 99.99],
]

export type OpenMessagingJson = Readonly<Record<string, unknown>>

export function openMessagingJson({ scenario }: Judged, measured: Periods): OpenMessagingJson {
  const { periods, all } = measured
  const { topics, producers, consumers } = scenario
  const most = (numbers: readonly number[]): number => Math.max(0, ...numbers)
  return {
    workload: scenario.name,
    driver: 'Kafka',
    messageSize: most(producers.map((one) => one.recordBytes)),
    topics: topics.length,
    partitions: most(topics.map((one) => one.partitions)),
    producersPerTopic: most(topics.map(({ name }) => clientsOf(producers, name))),
    consumersPerTopic: most(consumers.map((one) => one.members)),
    publishRate: periods.map((one) => one.sent / one.seconds),
    publishErrorRate: periods.map((one) => one.errors / one.seconds),
    consumeRate: periods.map((one) => one.consumed / one.seconds),
    backlog: periods.map((one) => one.backlog),
    ...overTime('publishLatency', periods, (one) => one.publish, toMs),
    ...overTime('publishDelayLatency', periods, (one) => one.delay, asIs),
    ...whole('aggregatedPublishLatency', all.publish, toMs),
    ...whole('aggregatedPublishDelayLatency', all.delay, asIs),
    aggregatedPublishLatencyQuantiles: quantiles(all.publish, toMs),
    aggregatedPublishDelayLatencyQuantiles: quantiles(all.delay, asIs),
    ...overTime('endToEndLatency', periods, (one) => one.endToEnd, toMs),
    aggregatedEndToEndLatencyQuantiles: quantiles(all.endToEnd, toMs),
    ...whole('aggregatedEndToEndLatency', all.endToEnd, toMs),
  }
}

function clientsOf(producers: Judged['scenario']['producers'], topic: string): number {
  return producers
    .filter((one) => one.topic === topic)
    .reduce((sum, { count, fleet }) => sum + count * (fleet?.clients ?? 1), 0)
}

type Unit = (us: number) => number

function toMs(us: number): number {
  return us / US_PER_MS
}

function asIs(us: number): number {
  return us
}

function overTime(
  name: string,
  periods: readonly Period[],
  latencies: (period: Period) => Latencies,
  unit: Unit,
): OpenMessagingJson {
  const each = (value: (of: Latencies) => number): number[] =>
    periods.map((period) => unit(value(latencies(period))))
  return {
    [`${name}Avg`]: each((of) => of.mean),
    ...Object.fromEntries(
      ranks.map(([rank, percent]) => [`${name}${rank}`, each((of) => of.percentile(percent))]),
    ),
    [`${name}Max`]: each((of) => of.max),
  }
}

function whole(name: string, of: Latencies, unit: Unit): OpenMessagingJson {
  return {
    [`${name}Avg`]: unit(of.mean),
    ...Object.fromEntries(
      ranks.map(([rank, percent]) => [`${name}${rank}`, unit(of.percentile(percent))]),
    ),
    [`${name}Max`]: unit(of.max),
  }
}

/** Steps between two halvings of what is left to 100 %, as the benchmark asks of its histogram. */
const STEPS_A_HALVING = 100
const HALVINGS_MAX = 30

/** Values by percentile, closer the nearer they are to 100; the first that is the greatest ends. */
function quantiles(of: Latencies, unit: Unit): Readonly<Record<string, number>> {
  const found: Record<string, number> = {}
  if (of.count === 0) return found
  let percent = 0
  let halvings = 0
  for (;;) {
    const value = of.percentile(percent)
    found[keyOf(percent)] = unit(value)
    if (value >= of.max || halvings > HALVINGS_MAX) break
    while (100 - percent <= 100 / 2 ** (halvings + 1)) halvings += 1
    percent += 100 / (STEPS_A_HALVING * 2 ** (halvings + 1))
  }
  found[keyOf(100)] = unit(of.max)
  return found
}

/** As Java writes a double. */
function keyOf(percent: number): string {
  return Number.isInteger(percent) ? `${percent}.0` : String(percent)
}
