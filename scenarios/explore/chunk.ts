/**
 * The work of one thread: planned runs of one exploration, or given cases.
 */

import type { Case } from '../case.ts'
import { judge } from '../judge.ts'
import { run } from '../run.ts'
import { InputError } from '../schema/input-error.ts'
import type { Scenario } from '../schema/scenario.ts'
import { exploredCase } from './cases.ts'
import type { Planned } from './generations.ts'
import { internalError, type RunSummary, summarize } from './summary.ts'

export interface SetUp {
  readonly scenario: Scenario
  readonly seed: number
}

/** Runs as they draw themselves, or given cases. */
export type Chunk =
  | { readonly kind: 'runs'; readonly indexes: readonly number[] }
  | { readonly kind: 'cases'; readonly cases: readonly Case[] }

/** Runs as a generation planned them. */
export interface PlannedChunk {
  readonly kind: 'planned'
  readonly runs: readonly Planned[]
}

/** Real time, in ms: what the answer says of its own cost. */
export interface Spent {
  readonly runMs: number
  readonly checkMs: number
}

/** The summaries in order, and what they cost. */
export interface Done {
  readonly summaries: readonly RunSummary[]
  readonly spent: Spent
}

export function runChunk(setUp: SetUp, chunk: Chunk): readonly RunSummary[] {
  if (chunk.kind === 'cases') return chunk.cases.map((one, at) => summaryOf(at, one))
  return chunk.indexes.map((index) =>
    summaryOf(index, exploredCase(setUp.scenario, setUp.seed, index)),
  )
}

export function runPlanned(setUp: SetUp, { runs }: PlannedChunk): Done {
  const spent = { runMs: 0, checkMs: 0 }
  const summaries = runs.map(({ index, draws, parent }) => {
    const one = exploredCase(setUp.scenario, setUp.seed, index, draws)
    return { ...timedSummary(index, one, spent), given: draws, parent }
  })
  return { summaries, spent }
}

/** Runs and judges one case, without series. A run that throws is a finding about dmqsim itself. */
export function summaryOf(index: number, one: Case): RunSummary {
  return timedSummary(index, one, { runMs: 0, checkMs: 0 })
}

function timedSummary(
  index: number,
  one: Case,
  spent: { runMs: number; checkMs: number },
): RunSummary {
  try {
    const startedMs = now()
    const result = run(one)
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
