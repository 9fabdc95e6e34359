/**
 * The work of one thread: a range of runs of one exploration, or given cases.
 */

import type { Case } from '../case.ts'
import { judge } from '../judge.ts'
import { run } from '../run.ts'
import { InputError } from '../schema/input-error.ts'
import type { Scenario } from '../schema/scenario.ts'
import { exploredCase } from './cases.ts'
import { internalError, type RunSummary, summarize } from './summary.ts'

export interface SetUp {
  readonly scenario: Scenario
  readonly seed: number
}

export type Chunk =
  | { readonly kind: 'runs'; readonly indexes: readonly number[] }
  | { readonly kind: 'cases'; readonly cases: readonly Case[] }

export function runChunk(setUp: SetUp, chunk: Chunk): readonly RunSummary[] {
  if (chunk.kind === 'cases') return chunk.cases.map((one, at) => summaryOf(at, one))
  return chunk.indexes.map((index) =>
    summaryOf(index, exploredCase(setUp.scenario, setUp.seed, index)),
  )
}

/** Runs and judges one case, without series. A run that throws is a finding about dmqsim itself. */
export function summaryOf(index: number, one: Case): RunSummary {
  try {
    return summarize(index, judge(run(one), { series: false }))
  } catch (error) {
    // A handler of the user's own that left virtual time: not a finding, and the same in every run.
    if (error instanceof InputError) throw error
    return internalError(index, one.seed, error)
  }
}
