/**
 * Figures of exploring: runs of the whole model on one warm thread, judged as they come.
 */

import type { Case } from '../scenarios/case.ts'
import { exploredCase } from '../scenarios/explore/cases.ts'
import { judge } from '../scenarios/judge.ts'
import { run } from '../scenarios/run.ts'
import { build } from '../scenarios/run/build.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { benchScenario, LONG_RUNS, oneRun, SEED, WARM_RUNS, warmUp } from './bench-case.ts'
import { cpuSeconds, figure, type Figure, seconds } from './figures.ts'
import { type Happenings, happeningsOf } from './happenings.ts'
import { type Answers, recordingTruth, silentTruth } from './silent-truth.ts'

/** Runs behind one sample of a rate. */
const BATCH = 20
/** Rounds before runs without truth are warm. */
const ROUNDS_WARM = 5

/** What one batch of runs gave. */
interface Batch {
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly events: readonly number[]
  readonly virtualUs: number
}

/** `runs`: measured ones, after the warm-up. */
export async function exploringFigures(runs: number): Promise<readonly Figure[]> {
  const scenario = await benchScenario()
  warmUp(scenario)
  const early = measured(scenario, runs)
  warmUp(scenario, LONG_RUNS - WARM_RUNS - runs)
  const batches = measured(scenario, runs)
  return [
    ...rates(batches),
    earlyRate(early),
    ...contents(scenario, batches),
    ...shares(scenario, runs / BATCH),
  ]
}

function measured(scenario: Scenario, runs: number): Batch[] {
  const batches: Batch[] = []
  for (let first = 0; first < runs; first += BATCH) batches.push(measure(scenario, first))
  return batches
}

/** Keeps of a run what an exploration keeps, no more: else the collector had to copy it. */
function measure(scenario: Scenario, first: number): Batch {
  const events: number[] = []
  let virtualUs = 0
  const start = performance.now()
  const cpuSeconds = seconds(() => {
    for (let n = 0; n < BATCH; n += 1) {
      const { result } = oneRun(scenario, first + n)
      events.push(result.events)
      virtualUs += result.virtualUs
    }
  })
  return { cpuSeconds, wallSeconds: (performance.now() - start) / 1000, events, virtualUs }
}

function runsPerCpuSecond(batches: readonly Batch[]): number[] {
  return batches.map((batch) => BATCH / batch.cpuSeconds)
}

/** The same runs in a process that has done few: V8 still compiles. */
function earlyRate(batches: readonly Batch[]): Figure {
  const about = { name: `explore-runs-after-${WARM_RUNS}`, unit: 'runs/cpu s', target: null }
  return figure(about, runsPerCpuSecond(batches))
}

function rates(batches: readonly Batch[]): Figure[] {
  const per = (of: (batch: Batch) => number): number[] => batches.map(of)
  return [
    figure(
      { name: 'explore-runs', unit: 'runs/cpu s', target: 60, goal: 100 },
      runsPerCpuSecond(batches),
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
function contents(scenario: Scenario, batches: readonly Batch[]): Figure[] {
  const events = batches.flatMap((batch) => batch.events)
  const happenings = events.map((_count, index) => happeningsOf(oneRun(scenario, index)))
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

/** What the parts of one run take, in seconds; `silent` is the same run without truth. */
interface Parts {
  readonly boot: number
  readonly run: number
  readonly silent: number
  readonly drain: number
  readonly checks: number
}

/**
 * Of the time of a run with its judgement: what boot, drain, truth and the checks take. Medians of
 * single runs, because truth takes less than a collection of garbage that falls into one of two.
 */
function shares(scenario: Scenario, rounds: number): Figure[] {
  const cases = Array.from({ length: BATCH }, (_, n) => exploredCase(scenario, SEED, n))
  const answers = cases.map(answersIn)
  const parts: Parts[] = []
  for (let round = -ROUNDS_WARM; round < rounds; round += 1) {
    const measured = cases.map((one, at) => partsOf(one, answers[at] ?? [], round % 2 === 0))
    if (round >= 0) parts.push(...measured)
  }
  const share = (name: string, of: (one: Parts) => number): Figure =>
    figure(
      { name: `explore-${name}-share`, unit: '% of time', target: null },
      parts.map((one) => (100 * of(one)) / (one.run + one.checks)),
    )
  return [
    share('boot', ({ boot }) => boot),
    share('drain', ({ drain }) => drain),
    share('truth', ({ run: whole, silent }) => whole - silent),
    share('checks', ({ checks }) => checks),
  ]
}

/** What a run asks of truth; without it, it must be the same run. */
function answersIn(one: Case): Answers {
  const answers: Answers = []
  const { traceHash } = run(one, recordingTruth(answers))
  if (run(one, silentTruth(answers)).traceHash !== traceHash)
    throw new Error('a run without truth is another run')
  return answers
}

/** One run with truth and without, one after the other; who goes first alternates. */
function partsOf(one: Case, answers: Answers, silentFirst: boolean): Parts {
  const without = (): number => seconds(() => run(one, silentTruth(answers)))
  const before = silentFirst ? without() : 0
  let healedAt = 0
  const healed = (): void => {
    healedAt = cpuSeconds()
  }
  const startedAt = cpuSeconds()
  const result = run(one, { healed })
  const endedAt = cpuSeconds()
  const silent = silentFirst ? before : without()
  return {
    run: endedAt - startedAt,
    silent,
    drain: endedAt - healedAt,
    checks: seconds(() => judge(result, { series: false })),
    boot: seconds(() => build(one)),
  }
}
