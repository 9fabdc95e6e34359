/**
 * Figures of exploring: runs of the whole model on one warm thread, judged as they come.
 *
 * Left out: the share of truth, which is part of a run and cannot be taken out of it.
 */

import { exploredCase } from '../scenarios/explore/cases.ts'
import { judge } from '../scenarios/judge.ts'
import type { Judged } from '../scenarios/result.ts'
import { run } from '../scenarios/run.ts'
import { build } from '../scenarios/run/build.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { benchScenario, oneRun, SEED, warmUp } from './bench-case.ts'
import { figure, type Figure, seconds } from './figures.ts'
import { type Happenings, happeningsOf } from './happenings.ts'

/** Runs behind one sample of a rate. */
const BATCH = 20

/** What one batch of runs gave. */
interface Batch {
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly events: readonly number[]
  readonly virtualUs: number
  readonly happenings: readonly Happenings[]
}

/** `runs`: measured ones, after the warm-up. */
export async function exploringFigures(runs: number): Promise<readonly Figure[]> {
  const scenario = await benchScenario()
  warmUp(scenario)
  const batches: Batch[] = []
  for (let first = 0; first < runs; first += BATCH) batches.push(measure(scenario, first))
  return [...rates(batches), ...contents(batches), ...(await shares(scenario, runs / BATCH))]
}

function measure(scenario: Scenario, first: number): Batch {
  const judged: Judged[] = []
  const start = performance.now()
  const cpuSeconds = seconds(() => {
    for (let n = 0; n < BATCH; n += 1) judged.push(oneRun(scenario, first + n))
  })
  return {
    cpuSeconds,
    wallSeconds: (performance.now() - start) / 1000,
    events: judged.map(({ result }) => result.events),
    virtualUs: judged.reduce((sum, { result }) => sum + result.virtualUs, 0),
    happenings: judged.map(happeningsOf),
  }
}

function rates(batches: readonly Batch[]): Figure[] {
  const per = (of: (batch: Batch) => number): number[] => batches.map(of)
  return [
    figure(
      { name: 'explore-runs', unit: 'runs/cpu s', target: 60, goal: 100 },
      per((batch) => BATCH / batch.cpuSeconds),
    ),
    figure(
      { name: 'explore-runs-by-clock', unit: 'runs/s', target: null },
      per((batch) => BATCH / batch.wallSeconds),
    ),
    figure(
      { name: 'explore-event', unit: 'ns', target: 600, better: 'less' },
      per((batch) => (batch.cpuSeconds * 1e9) / batch.events.reduce((sum, n) => sum + n, 0)),
    ),
    figure(
      { name: 'explore-virtual-time', unit: 's/cpu s', target: 3600, goal: 6000 },
      per((batch) => batch.virtualUs / 1e6 / batch.cpuSeconds),
    ),
  ]
}

/** Whether the runs are as full as they are said to be. */
function contents(batches: readonly Batch[]): Figure[] {
  const events = batches.flatMap((batch) => batch.events)
  const happenings = batches.flatMap((batch) => batch.happenings)
  const share = (name: string, of: (one: Happenings) => boolean): Figure => {
    const count = happenings.filter(of).length
    const about = { name: `explore-with-${name}`, unit: '% of runs', target: 30 }
    return { ...figure(about, [(100 * count) / happenings.length]), pairs: happenings.length }
  }
  return [
    figure({ name: 'explore-events-at-least', unit: 'events/run', target: 10_000 }, events),
    figure(
      { name: 'explore-events-at-most', unit: 'events/run', target: 20_000, better: 'less' },
      events,
    ),
    share('election', (one) => one.election),
    share('isr-shrink', (one) => one.isrShrink),
    share('rebalance', (one) => one.rebalance),
    share('unknown-outcome', (one) => one.unknownOutcome),
  ]
}

/** Of the time of a run with its judgement: what boot and what the checks take. */
async function shares(scenario: Scenario, rounds: number): Promise<Figure[]> {
  const boots: number[] = []
  const judgements: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const cases = Array.from({ length: BATCH }, (_, n) => exploredCase(scenario, SEED, n))
    let judging = 0
    const whole = seconds(() => {
      for (const one of cases) {
        const result = run(one)
        judging += seconds(() => judge(result, { series: false }))
      }
    })
    const building = seconds(() => {
      for (const one of cases) build(one)
    })
    judgements.push((100 * judging) / whole)
    boots.push((100 * building) / whole)
  }
  const about = (name: string) => ({ name, unit: '% of time', target: null })
  return [
    figure(about('explore-boot-share'), boots),
    figure(about('explore-checks-share'), judgements),
  ]
}
