/**
 * A kept failure: the case, what broke, and a token that carries the case itself.
 *
 * The token is the compressed case, not a seed and a path, so it replays without the scenario file
 * and on another version. Files are written whole or not at all.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { hashText } from '../../sim/mix.ts'
import type { Case } from '../case.ts'
import type { Judged, Verdict } from '../result.ts'
import type { ShrinkLimit } from './shrink.ts'

export interface Failure {
  readonly format: 'dmqsim-failure/1'
  readonly engine: string
  readonly scenario: string
  readonly check: string
  readonly scope: string
  readonly signature: string
  readonly sentence: string
  /** The scenario expects this check to break. */
  readonly expected: boolean
  /** Run of the exploration that found it. */
  readonly index: number
  readonly traceHash: string
  readonly historyHash: string
  readonly evidence: readonly string[]
  readonly faults: number
  readonly shrunkFrom: {
    readonly faults: number
    readonly records: number
    readonly brokers: number
  }
  readonly shrinkRuns: number
  /** What ended shrinking early: the case is larger than need be. */
  readonly shrinkStopped?: ShrinkLimit
  readonly case: Case
}

const TOKEN = 'dmq2.'
/** Tokens of the first format have no checksum; what they carry is the same. */
const FIRST_TOKEN = 'dmq1.'
const CHECKSUM_LENGTH = 7
const DAMAGED = `the token is damaged: copy it whole, from "${TOKEN}" to its end`

export function tokenOf(one: Case): string {
  const packed = deflateRawSync(Buffer.from(JSON.stringify(one)), { level: 9 }).toString(
    'base64url',
  )
  return TOKEN + checksum(packed) + packed
}

/** True if a text looks like a token. */
export function isToken(text: string): boolean {
  return text.startsWith(TOKEN) || text.startsWith(FIRST_TOKEN)
}

/** The case in a token. Throws an `Error` with one clear line if it is damaged. */
export function caseOfToken(token: string): Case {
  let value: unknown
  try {
    const packed = Buffer.from(packedOf(token), 'base64url')
    value = JSON.parse(inflateRawSync(packed, { maxOutputLength: 1 << 26 }).toString())
  } catch {
    throw new Error(DAMAGED)
  }
  return checkedCase(value, 'the token')
}

/** What a token carries, once its checksum is right. */
function packedOf(token: string): string {
  const rest = token.trim().slice(TOKEN.length)
  if (token.startsWith(FIRST_TOKEN)) return rest
  const packed = rest.slice(CHECKSUM_LENGTH)
  if (checksum(packed) !== rest.slice(0, CHECKSUM_LENGTH)) throw new Error(DAMAGED)
  return packed
}

function checksum(packed: string): string {
  return hashText(packed).toString(36).padStart(CHECKSUM_LENGTH, '0')
}

/** The failure in a file's text. Throws an `Error` with one clear line if it is none. */
export function failureOf(text: string, file: string): Failure {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!isObject(value) || value['format'] !== 'dmqsim-failure/1') {
    throw new Error(`${file}: not a failure file: "format" is not "dmqsim-failure/1"`)
  }
  checkedCase(value['case'], file)
  return value as unknown as Failure
}

/** Checks the outline of a case, so that a damaged one is refused with one line. */
export function checkedCase(value: unknown, place: string): Case {
  if (!isObject(value)) throw new Error(`${place}: holds no case`)
  if (value['format'] !== 1) {
    throw new Error(
      `${place}: case format ${JSON.stringify(value['format'])} is not known, this version reads format 1`,
    )
  }
  const { seed, scenario, timeline } = value
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || seed < 0) {
    throw new Error(`${place}: "seed" is not an integer from 0 to 2^53 − 1`)
  }
  if (!isObject(scenario) || !isObject(scenario['cluster']) || !Array.isArray(timeline)) {
    throw new Error(`${place}: the case has no scenario or no timeline`)
  }
  return value as unknown as Case
}

export function failureFrom(
  judged: Judged,
  verdict: Verdict,
  found: {
    readonly index: number
    readonly shrunkFrom: Failure['shrunkFrom']
    readonly shrinkRuns: number
    readonly shrinkStopped?: ShrinkLimit | null
  },
): Failure {
  const { result } = judged
  return {
    format: 'dmqsim-failure/1',
    engine: result.case.engine,
    scenario: result.case.scenario.name,
    check: verdict.check,
    scope: verdict.scope,
    signature: verdict.signature,
    sentence: verdict.sentence,
    expected: verdict.expected === 'breaks' || verdict.expected === 'may-break',
    index: found.index,
    traceHash: result.traceHash,
    historyHash: result.historyHash,
    evidence: verdict.evidence.map(({ sentence }) => sentence),
    faults: result.case.timeline.length,
    shrunkFrom: found.shrunkFrom,
    shrinkRuns: found.shrinkRuns,
    ...(found.shrinkStopped ? { shrinkStopped: found.shrinkStopped } : {}),
    case: result.case,
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
