/**
 * Replaying: what was kept of a run, read from a file or a token, and the same run again.
 *
 * On the version that kept it another hash is nondeterminism. On another version two replays that
 * agree show that the model has changed, and the verdicts decide (design §3). A kept failure has
 * its trace beside it, so that the first event that differs has a name.
 */

import { Recording, type TraceWords } from '../sim/recording.ts'
import type { Case } from './case.ts'
import { ENGINE } from './engine.ts'
import { type KeptTrace, partingOf, traceBytes } from './explain/trace-words.ts'
import { caseOfToken, checkedCase, type Failure, failureOf, isToken } from './explore/failure.ts'
import { judge } from './judge.ts'
import type { Judged, Result } from './result.ts'
import { run } from './run.ts'
import { InputError } from './schema/input-error.ts'

/** What can be replayed. */
export interface Kept {
  readonly case: Case
  readonly failure: Failure | null
  /** Null where only the case was kept. */
  readonly traceHash: string | null
  readonly historyHash: string | null
  /** The trace that stands beside the file; null where there is none. */
  readonly trace: KeptTrace | null
}

export interface Replay {
  readonly judged: Judged
  /** The hash that was kept came out again, or where none was kept, two runs agree. */
  readonly same: boolean
  /** Two replays agree with each other; null where the first was the run that was kept. */
  readonly repeatable: boolean | null
  readonly firstDifference: FirstDifference | null
}

export interface FirstDifference {
  /** Null where there is no trace of the first run. */
  readonly event: number | null
  readonly atUs: number | null
  readonly was: string
  readonly is: string
}

/**
 * Reads a failure file, the JSON answer of a run, a report in HTML, a bare case or a token.
 * `place` names it in messages. Throws `InputError`.
 */
export function keptOf(text: string, place: string): Kept {
  try {
    if (isToken(text)) return bare(caseOfToken(text.trim()))
    if (/^\s*</.test(text)) return kept(embedded(text, place), place)
    return kept(parsed(text, place), place)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const line = said.split('\n')[0] ?? said
    const placed = line.startsWith(place) || isToken(text) ? line : `${place}: ${line}`
    throw new InputError([placed])
  }
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const cut = /^\s*[{[]/.test(text) && !/[}\]]\s*$/.test(text)
    const why = cut ? 'is JSON that was cut off' : 'is not JSON'
    throw new Error(
      `${place}: ${why}: a failure file, a token, a report or a JSON answer can be run again`,
    )
  }
}

function bare(one: Case): Kept {
  return { case: one, failure: null, traceHash: null, historyHash: null, trace: null }
}

function kept(value: unknown, place: string): Kept {
  if (typeof value !== 'object' || value === null) throw new Error('holds no case')
  if ('format' in value && value.format === 1) return bare(checkedCase(value, place))
  if ('case' in value && !('format' in value)) return answered(value as Answered, place)
  const failure = failureOf(JSON.stringify(value), place)
  const { traceHash, historyHash } = failure
  return { case: failure.case, failure, traceHash, historyHash, trace: null }
}

/** An answer of `run` or `replay` in JSON. */
interface Answered {
  readonly case: unknown
  readonly traceHash?: unknown
  readonly historyHash?: unknown
}

function answered(value: Answered, place: string): Kept {
  const { traceHash, historyHash } = value
  return {
    case: checkedCase(value.case, place),
    failure: null,
    traceHash: typeof traceHash === 'string' ? traceHash : null,
    historyHash: typeof historyHash === 'string' ? historyHash : null,
    trace: null,
  }
}

/** The case in a report, which carries it as JSON in a script element. */
function embedded(html: string, place: string): unknown {
  const match = /<script\b[^>]*\bid="dmqsim-case"[^>]*>([\s\S]*?)<\/script>/.exec(html)
  if (match === null) throw new Error(`${place}: holds no case: it is no report of dmqsim`)
  return JSON.parse(match[1] ?? '')
}

/** Runs it again, and twice where the hash is not the one that was kept. */
export function replay(one: Kept): Replay {
  const result = run(one.case)
  const judged = judge(result)
  if (one.traceHash !== null && result.traceHash === one.traceHash) {
    return { judged, same: true, repeatable: null, firstDifference: null }
  }
  const recording = new Recording()
  const again = run(one.case, { recording })
  const repeatable = again.traceHash === result.traceHash
  return {
    judged,
    same: one.traceHash === null && repeatable,
    repeatable,
    firstDifference: differenceOf(one, result, repeatable, recording),
  }
}

/** Same engine and another hash, or replays that differ: the run is not a function of its case. */
export function isNondeterministic(one: Kept, { same, repeatable }: Replay): boolean {
  return repeatable === false || (!same && one.case.engine === ENGINE)
}

/** Between the kept run and this one where its trace is there, else between two replays. */
function differenceOf(
  one: Kept,
  result: Result,
  repeatable: boolean,
  recording: Recording,
): FirstDifference | null {
  if (!repeatable) return named(thirdRun(one.case), recording.words(), result)
  const { trace, traceHash } = one
  if (traceHash === null) return null
  if (trace === null || trace.traceHash !== traceHash) return unnamed(one, result)
  return named(trace.words, recording.words(), result) ?? unnamed(one, result)
}

function thirdRun(one: Case): TraceWords {
  const recording = new Recording()
  run(one, { recording })
  return recording.words()
}

function named(was: TraceWords, is: TraceWords, result: Result): FirstDifference | null {
  const parting = partingOf(was, is)
  return parting === null ? null : { ...parting, atUs: parting.atUs - result.phases.originUs }
}

/** All that can be told without the trace of the first run. */
function unnamed(
  { traceHash, historyHash, failure }: Kept,
  result: Result,
): FirstDifference | null {
  if (traceHash === null) return null
  const seen =
    historyHash === null
      ? 'nothing is known of its history'
      : historyHash === result.historyHash
        ? 'clients saw exactly the same'
        : 'clients saw something else'
  const entries = failure === null ? '' : `, ${failure.faults} timeline entries`
  return {
    event: null,
    atUs: null,
    was: `trace ${traceHash}${entries}`,
    is: `trace ${result.traceHash} with ${result.events} events; ${seen}`,
  }
}

/** The trace of a kept run, as it is written beside the failure: one more run, recorded. */
export function traceOfCase(one: Case): { readonly bytes: Uint8Array; readonly traceHash: string } {
  const recording = new Recording()
  const { traceHash } = run(one, { recording })
  return {
    bytes: traceBytes({ engine: ENGINE, traceHash, words: recording.words() }),
    traceHash,
  }
}
