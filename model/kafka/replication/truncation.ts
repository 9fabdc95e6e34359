/**
 * How a follower finds where its log parts from the leader's: V0–V4 behind one interface (KB 3.6).
 *
 * A level says what the follower sends, what the leader answers from its epoch cache, and where the
 * follower cuts. Follower and leader may be at different levels during a rolling upgrade; what one
 * does not send, the other does not check.
 */

import type { Protocols } from '../protocols.ts'
import { UNDEFINED_END, type EpochEnd } from './epoch-cache.ts'
import type { Log } from './log.ts'

/** Where to cut; not `done`: ask again with the epoch that is then the newest. */
export interface TruncationPoint {
  readonly offset: number
  readonly done: boolean
}

export interface Truncation {
  readonly level: Protocols['truncation']
  /** A new follower cuts to its high watermark at once, without asking (V0). */
  readonly cutsAtOnce: boolean
  /** A new follower asks for the end of its newest epoch before it fetches (V1–V3). */
  readonly asksFirst: boolean
  /** Fetches name the epoch of the last batch, and the leader compares (V4 and its first try). */
  readonly comparesInFetch: boolean
  /** Questions name the current leader epoch (V3, V4). */
  readonly namesLeaderEpoch: boolean
  /** A leader notes its epoch before it has appended anything (KB L17a, from V2 on). */
  readonly notesEpochAtElection: boolean
  /** The leader's answer: where `epoch` ends in its log. */
  readonly answer: (log: Log, epoch: number) => EpochEnd
  /** The follower's cut; `fallback` is its high watermark when this following began. */
  readonly place: (log: Log, answer: EpochEnd, fallback: number) => TruncationPoint
}

/** KIP-101: start of the first epoch above the one asked for; nothing says which epoch that is. */
function answerByNextEpoch(log: Log, epoch: number): EpochEnd {
  const endOffset = log.epochs.startAfter(epoch, log.endOffset)
  return endOffset === -1 ? UNDEFINED_END : { epoch: -1, endOffset }
}

/** KIP-279: the largest epoch not above the one asked for, and its end. */
function answerByEpochEnd(log: Log, epoch: number): EpochEnd {
  return log.epochs.endOf(epoch, log.endOffset)
}

function placeByEnd(log: Log, answer: EpochEnd, fallback: number): TruncationPoint {
  if (answer.endOffset === -1) return { offset: Math.min(fallback, log.endOffset), done: true }
  return { offset: Math.min(answer.endOffset, log.endOffset), done: true }
}

/** The rules a–e of V2. */
function placeByEpoch(log: Log, answer: EpochEnd, fallback: number): TruncationPoint {
  if (answer.endOffset === -1 || answer.epoch === -1) return placeByEnd(log, answer, fallback)
  const own = log.epochs.endOf(answer.epoch, log.endOffset)
  if (own.endOffset === -1) return placeByEnd(log, answer, fallback)
  if (own.epoch !== answer.epoch) {
    return { offset: Math.min(own.endOffset, log.endOffset), done: false }
  }
  return { offset: Math.min(own.endOffset, answer.endOffset, log.endOffset), done: true }
}

const byHighWatermark: Truncation = {
  level: 'hw',
  cutsAtOnce: true,
  asksFirst: false,
  comparesInFetch: false,
  namesLeaderEpoch: false,
  notesEpochAtElection: false,
  answer: answerByNextEpoch,
  place: placeByEnd,
}

const byNextEpoch: Truncation = {
  ...byHighWatermark,
  level: 'kip101',
  cutsAtOnce: false,
  asksFirst: true,
}

const byEpoch: Truncation = {
  ...byNextEpoch,
  level: 'kip279',
  notesEpochAtElection: true,
  answer: answerByEpochEnd,
  place: placeByEpoch,
}

const levels: Readonly<Record<Protocols['truncation'], Truncation>> = {
  hw: byHighWatermark,
  kip101: byNextEpoch,
  kip279: byEpoch,
  kip320: { ...byEpoch, level: 'kip320', namesLeaderEpoch: true },
  'kip320-first-try': {
    ...byEpoch,
    level: 'kip320-first-try',
    asksFirst: false,
    comparesInFetch: true,
  },
  fetch: {
    ...byEpoch,
    level: 'fetch',
    asksFirst: false,
    comparesInFetch: true,
    namesLeaderEpoch: true,
  },
}

export function truncationAt(level: Protocols['truncation']): Truncation {
  return levels[level]
}
