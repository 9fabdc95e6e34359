/**
 * Cost growth: what an event costs when brokers × partitions grow tenfold under the same load.
 */

import type { Scenario } from '../scenarios/schema/scenario.ts'
import { benchScenario, oneRun, warmUp } from './bench-case.ts'
import { figure, type Figure, ratios, seconds } from './figures.ts'

/** Ten runs of it take about as long as ten of the case itself. */
const SHORTER = 'duration=15s'
const RUNS = 10

export async function growthFigures(pairs: number): Promise<readonly Figure[]> {
  const small = await benchScenario([SHORTER])
  const large = await benchScenario([SHORTER, 'cluster.brokers=6', 'topics.orders.partitions=15'])
  warmUp(small)
  warmUp(large)
  let next = 0
  const samples = ratios(
    pairs,
    () => secondsPerEvent(large, next++),
    () => secondsPerEvent(small, next++),
  )
  return [figure({ name: 'growth-events-per-second', unit: 'ratio', target: 0.7 }, samples)]
}

function secondsPerEvent(scenario: Scenario, round: number): number {
  let events = 0
  const taken = seconds(() => {
    for (let n = 0; n < RUNS; n += 1) events += oneRun(scenario, round * RUNS + n).result.events
  })
  return taken / events
}
