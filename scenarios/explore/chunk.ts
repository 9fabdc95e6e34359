/**
 * The work of one thread: planned runs of one exploration, or given cases.
 */

import type { Case } from '../case.ts'
import { judge } from '../judge.ts'
import { run } from '../run.ts'
import { InputError } from '../schema/input-error.ts'
import type { Scenario } from '../schema/scenario.ts'
import { exploredCase } from './cases.ts'
import type { Craft } from './crew.ts'
import type { Planned } from './generations.ts'
import { internalError, type RunSummary, summarize } from './summary.ts'

export interface SetUp {
  readonly scenario: Scenario
  readonly seed: number
}

/** Runs as they draw themselves, runs as a generation planned them, or given cases. */
export type Chunk =
  | { readonly kind: 'runs'; readonly indexes: readonly number[] }
  | { readonly kind: 'planned'; readonly runs: readonly Planned[] }
  | {
      readonly kind: 'cases'
      readonly cases: readonly Case[]
      /** A run with more events is an internal error. */
      readonly eventsMax?: number
    }

/** Real time, in ms: what the answer says of its own cost. */
export interface Spent {
  readonly runMs: number
  readonly checkMs: number
}

interface Sum {
  runMs: number
  checkMs: number
}

/** The summaries in order, and what they cost. */
export interface Done {
  readonly summaries: readonly RunSummary[]
  readonly spent: Spent
}

/** Given cases need no set-up. */
export const chunkCraft: Craft<SetUp | null, Chunk, Done> = {
  script: new URL('./explore-worker.js', import.meta.url),
  scenarios: (setUp, chunk) =>
    chunk.kind === 'cases'
      ? chunk.cases.map(({ scenario }) => scenario)
      : [setUpOf(setUp).scenario],
  work: runChunk,
}

function runChunk(setUp: SetUp | null, chunk: Chunk): Done {
  const spent = { runMs: 0, checkMs: 0 }
  switch (chunk.kind) {
    case 'cases': {
      const summaries = chunk.cases.map((one, at) => timedSummary(at, one, spent, chunk))
      return { summaries, spent }
    }
    case 'runs': {
      const runs = chunk.indexes.map((index) => ({ index, draws: null, parent: null }))
      return runPlanned(setUpOf(setUp), runs, spent)
    }
    case 'planned':
      return runPlanned(setUpOf(setUp), chunk.runs, spent)
  }
}

function runPlanned({ scenario, seed }: SetUp, runs: readonly Planned[], spent: Sum): Done {
  const summaries = runs.map(({ index, draws, parent }) => {
    const one = exploredCase(scenario, seed, index, draws)
    return { ...timedSummary(index, one, spent), given: draws, parent }
  })
  return { summaries, spent }
}

function setUpOf(setUp: SetUp | null): SetUp {
  if (setUp === null) throw new Error('runs of a scenario need the scenario')
  return setUp
}

/** Runs and judges one case, without series. A run that throws is a finding about dmqsim itself. */
export function summaryOf(index: number, one: Case): RunSummary {
  return timedSummary(index, one, { runMs: 0, checkMs: 0 })
}

function timedSummary(
  index: number,
  one: Case,
  spent: Sum,
  { eventsMax }: { readonly eventsMax?: number } = {},
): RunSummary {
  try {
    const startedMs = now()
    const result = run(one, eventsMax === undefined ? {} : { eventsMax })
    const ranMs = now()
    const judged = judge(result, { series: false })
    spent.runMs += ranMs - startedMs
    spent.checkMs += now() - ranMs
    return summarize(index, judged)
  } catch (error) {
    // A handler of the user's own that left virtual time: not a finding, and the same in every run.
    if (error instanceof InputError) throw error
    return internalError(index, one.seed, error)
  }
}

function now(): number {
  return performance.now() // oxlint-disable-line no-restricted-globals -- what a run costs is no part of the run
}
