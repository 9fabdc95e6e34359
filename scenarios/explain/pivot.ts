/**
 * The decision on which a failure turned: one thing is flipped at a time and the case run again.
 *
 * Tried are leaving out an entry of the timeline, another draw of the nemesis, the other order of
 * two things that happened at once, and the delay of one message, the last two near the breach. A
 * flip counts only where the same check is kept in the run that has it. Left out: two flips at
 * once.
 */

import type { Case } from '../case.ts'
import { counted, seconds } from '../checks/words.ts'
import { judge } from '../judge.ts'
import type { Judged, Verdict } from '../result.ts'
import { run } from '../run.ts'
import { entryFlips, finerFlips, type Flip, type FlipKind } from './flips.ts'
import type { Account } from './story.ts'

/** Runs for one failure, at most. */
export const PIVOT_RUNS_MAX = 60

/** A flip that saves the run, and the run that shows it. */
export interface Saved {
  readonly kind: FlipKind
  /** What was flipped: `broker-1 is not paused (entry 2 of the timeline)`. */
  readonly what: string
  /** From t = 0; null for an entry without a time. */
  readonly atUs: number | null
  readonly traceHash: string
  readonly case: Case
}

export interface Pivot {
  readonly check: Verdict['check']
  readonly scope: string
  readonly traceHash: string
  /** Flips that were run. */
  readonly tried: number
  readonly triedOf: Readonly<Record<FlipKind, number>>
  readonly saved: readonly Saved[]
  /**
   * The smallest that saves it: a tie, a draw, a message, an entry; the last entry before others.
   */
  readonly told: Saved | null
  readonly sentence: string
}

export interface PivotOptions {
  readonly runsMax?: number
  /** Asked before each run: enough time was spent. */
  readonly enough?: () => boolean
}

/** `judged` is the run that broke it; `account` says where to look. */
export function pivotOf(
  judged: Judged,
  verdict: Verdict,
  account: Account,
  options: PivotOptions = {},
): Pivot {
  const { runsMax = PIVOT_RUNS_MAX, enough = () => false } = options
  const saved: Saved[] = []
  const triedOf = { entry: 0, draw: 0, tie: 0, delay: 0 }
  let tried = 0
  const attempt = (flip: Flip): boolean => {
    if (tried >= runsMax || enough()) return false
    tried += 1
    triedOf[flip.kind] += 1
    const traceHash = hashIfKept(flip.case, verdict)
    if (traceHash !== null) saved.push({ ...flip, traceHash })
    return traceHash !== null
  }
  for (const flip of entryFlips(judged)) attempt(flip)
  const { draws, ties, delays } = finerFlips(judged, account)
  const byDraw = draws.some(attempt)
  const byTie = ties.some(attempt)
  if (!byDraw && !byTie) delays.some(attempt)
  const told = toldOf(saved)
  const { traceHash } = judged.result
  const { check, scope } = verdict
  const sentence = sentenceOf(told, { check, scope, traceHash, tried })
  return { check, scope, traceHash, tried, triedOf, saved, told, sentence }
}

/** The hash of a run in which the promise does not break; null if it does or is unknown. */
function hashIfKept(one: Case, { check, scope }: Verdict): string | null {
  const judged = judge(run(one), { series: false })
  const again = judged.verdicts.find((other) => other.check === check && other.scope === scope)
  // Without any fault a promise is vacuous: nothing was left that could have broken it.
  const stands = again?.verdict === 'kept' || again?.verdict === 'vacuous'
  return stands ? judged.result.traceHash : null
}

/** Who came first is less than what was drawn, and one draw less than a whole entry. */
function toldOf(saved: readonly Saved[]): Saved | null {
  const tie = saved.find(({ kind }) => kind === 'tie')
  return tie ?? saved.find(({ kind }) => kind !== 'entry') ?? latest(saved)
}

/** Of several entries the last to strike: it is nearest to the breach. */
function latest(saved: readonly Saved[]): Saved | null {
  let found: Saved | null = null
  for (const one of saved) {
    if (found === null || (one.atUs ?? 0) >= (found.atUs ?? 0)) found = one
  }
  return found
}

function sentenceOf(
  told: Saved | null,
  seen: Pick<Pivot, 'check' | 'scope' | 'traceHash' | 'tried'>,
): string {
  const promise = `${seen.check} ${seen.scope}`
  if (told === null) {
    return `None of ${counted(seen.tried, 'single flip')} saves ${promise}: it does not turn on one decision.`
  }
  const when = told.atUs === null ? '' : ` at ${seconds(told.atUs)}`
  return (
    `It turned on this${when}: where ${told.what}, ${promise} does not break ` +
    `(trace ${told.traceHash} in place of ${seen.traceHash}).`
  )
}
