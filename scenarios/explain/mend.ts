/**
 * The mend: settings that restore a broken promise, each shown on the same cases with it.
 *
 * The cases are those among a number of seeds that broke the promise, with the same timeline; each
 * candidate is run on all of them, so that what differs is the setting alone. Other checks of the
 * same runs tell what it costs. Draws that were replaced in a case are replaced in none of them.
 */

import { mixSeed } from '../../sim/mix.ts'
import type { Case } from '../case.ts'
import { judge } from '../judge.ts'
import type { Judged, Verdict } from '../result.ts'
import { BootError } from '../run/boot.ts'
import { run } from '../run.ts'
import { InputError } from '../schema/input-error.ts'
import { assign, resolveSet } from '../schema/set.ts'
import { remediesFor, type Remedy } from './remedies.ts'
import type { Account } from './story.ts'

/** Cases that broke it, at most, and runs to find them. */
export const MEND_CASES_MAX = 20
const SEARCH_RUNS_MAX = 40

/** Another check that a setting changes: in how many of the cases it broke before and with it. */
export interface SideEffect {
  readonly check: Verdict['check']
  readonly scope: string
  readonly before: number
  readonly after: number
}

export interface Tried {
  readonly sets: readonly string[]
  readonly why: string
  /** Cases in which the promise is kept with it. */
  readonly kept: number
  readonly of: number
  readonly others: readonly SideEffect[]
  /** Why it could not be tried; null otherwise. */
  readonly refused: string | null
}

export interface Mend {
  readonly check: Verdict['check']
  readonly scope: string
  /** Cases that broke the promise without any of it. */
  readonly cases: number
  /** Seeds that were run to find them. */
  readonly searched: number
  readonly tried: readonly Tried[]
  /** The first that keeps it in all cases; null if none does. */
  readonly best: Tried | null
}

export interface MendOptions {
  readonly casesMax?: number
  /** Asked before each run: enough time was spent. */
  readonly enough?: () => boolean
}

export function mendOf(
  judged: Judged,
  verdict: Verdict,
  account: Account,
  options: MendOptions = {},
): Mend {
  const { casesMax = MEND_CASES_MAX, enough = () => false } = options
  const { broken, searched } = search(judged, verdict, { casesMax, enough })
  const tried: Tried[] = []
  for (const remedy of remediesFor(judged.scenario, account)) {
    if (enough()) break
    tried.push(attempt(remedy, broken, verdict))
  }
  const { check, scope } = verdict
  const best = tried.find(({ kept, of }) => kept === of && of > 0) ?? null
  return { check, scope, cases: broken.length, searched, tried, best }
}

/** A case that broke the promise, and what else broke in it. */
interface Broken {
  readonly case: Case
  readonly judged: Judged
}

function search(
  judged: Judged,
  verdict: Verdict,
  { casesMax, enough }: Required<MendOptions>,
): { readonly broken: readonly Broken[]; readonly searched: number } {
  const { draws: _replaced, ties: _flipped, ...one } = judged.result.case
  const broken: Broken[] = [{ case: one, judged }]
  let searched = 1
  while (searched < SEARCH_RUNS_MAX && broken.length < casesMax && !enough()) {
    const other = { ...one, seed: mixSeed(one.seed, searched) }
    searched += 1
    const found = judge(run(other), { series: false })
    if (isBroken(found, verdict)) broken.push({ case: other, judged: found })
  }
  return { broken, searched }
}

function attempt(remedy: Remedy, broken: readonly Broken[], verdict: Verdict): Tried {
  const after: Judged[] = []
  try {
    for (const { case: one } of broken) {
      after.push(judge(run(withSets(one, remedy.sets)), { series: false }))
    }
  } catch (error) {
    const said = error instanceof InputError || error instanceof BootError
    if (!said) throw error
    return { ...remedy, kept: 0, of: broken.length, others: [], refused: error.message }
  }
  const kept = after.filter((judged) => verdictIn(judged, verdict)?.verdict === 'kept').length
  const others = sideEffects(broken, after, verdict)
  return { ...remedy, kept, of: broken.length, others, refused: null }
}

/** The case with settings as `--set` takes them. */
export function withSets(one: Case, sets: readonly string[]): Case {
  const scenario = structuredClone(one.scenario)
  for (const text of sets) assign(scenario, resolveSet(scenario, text))
  return { ...one, scenario }
}

function verdictIn(judged: Judged, { check, scope }: Verdict): Verdict | undefined {
  return judged.verdicts.find((one) => one.check === check && one.scope === scope)
}

function isBroken(judged: Judged, verdict: Verdict): boolean {
  return verdictIn(judged, verdict)?.verdict === 'broken'
}

function sideEffects(
  before: readonly Broken[],
  after: readonly Judged[],
  verdict: Verdict,
): readonly SideEffect[] {
  const first = after[0]?.verdicts ?? []
  return first
    .filter(({ check, scope }) => check !== verdict.check || scope !== verdict.scope)
    .map((one) => ({
      check: one.check,
      scope: one.scope,
      before: before.filter(({ judged }) => isBroken(judged, one)).length,
      after: after.filter((judged) => isBroken(judged, one)).length,
    }))
    .filter(({ before: had, after: has }) => had !== has)
}
