/**
 * A store that a group of consumers shares and that outlives their crashes (KC 6.2, A8).
 *
 * It stands for a database next to the group: applying an effect is one transaction, and with
 * `idempotent` the message id and the effect are written in it together. Left out: its outages and
 * its latency, which a downstream service has (`service.ts`). Counted records are known by ranges.
 */

import type { Delivered } from '../../application.ts'
import type { EffectRange } from '../../history.ts'
import type { MessageIds } from '../../message-ids.ts'
import type { StreamId } from '../../record.ts'
import { IndexRanges } from './index-ranges.ts'

/** Messages whose effect was applied: 1 at their number. */
interface Applied {
  messages: Uint8Array
}

export interface EffectStore {
  /** Those of the run's history. */
  readonly messages: MessageIds
  /** By effect. */
  readonly effects: Map<string, Applied>
  /** Counted records whose effect was applied, by effect and stream. */
  readonly ranges: Map<string, Map<StreamId, IndexRanges>>
  /** Ids of the messages that were marked apart from their effect, by effect. */
  readonly marks: Map<string, Set<string>>
  /** Effects applied so far, repetitions included. */
  applied: number
  /** Effects refused because their message id was known. */
  refused: number
}

export function effectStore(messages: MessageIds): EffectStore {
  return {
    messages,
    effects: new Map(),
    ranges: new Map(),
    marks: new Map(),
    applied: 0,
    refused: 0,
  }
}

/** Writes a mark apart from its effect; false if it was there. */
export function mark(store: EffectStore, effect: string, messageId: string): boolean {
  if (isMarked(store, effect, messageId)) return false
  const marks = store.marks.get(effect)
  if (marks === undefined) store.marks.set(effect, new Set([messageId]))
  else marks.add(messageId)
  return true
}

/** Whether a mark apart from its effect was written. */
export function isMarked(store: EffectStore, effect: string, messageId: string): boolean {
  return store.marks.get(effect)?.has(messageId) ?? false
}

/** Whether the effect was applied for this message before; null is the id of the record itself. */
export function knowsEffect(
  store: EffectStore,
  effect: string,
  messageId: string | null,
  record: Delivered,
): boolean {
  const message = store.messages.find(messageId, record.stream, record.index)
  return message >= 0 && store.effects.get(effect)?.messages[message] === 1
}

/**
 * Applies an effect; false if it is idempotent and its message, a number of `messages`, is known.
 */
export function applyEffect(
  store: EffectStore,
  effect: string,
  message: number,
  idempotent: boolean,
): boolean {
  let applied = store.effects.get(effect)
  if (applied === undefined) {
    applied = { messages: new Uint8Array(2048) }
    store.effects.set(effect, applied)
  }
  if (idempotent && applied.messages[message] === 1) {
    store.refused += 1
    return false
  }
  if (message >= applied.messages.length) makeRoom(applied, message)
  applied.messages[message] = 1
  store.applied += 1
  return true
}

/** A part of a range of counted records, and whether the effect was applied to it. */
export interface AppliedPart extends EffectRange {
  readonly applied: boolean
}

/** Applies an effect to counted records; where it is idempotent, to those that are not known. */
export function applyToRange(
  store: EffectStore,
  effect: string,
  { stream, index, count }: Delivered,
  idempotent: boolean,
): readonly AppliedPart[] {
  const whole = { stream, index, count, applied: true }
  const parts = idempotent ? partsOf(rangesOf(store, effect, stream), whole) : [whole]
  for (const part of parts) {
    if (part.applied) store.applied += part.count
    else store.refused += part.count
  }
  return parts
}

function partsOf(known: IndexRanges, { stream, index, count }: AppliedPart): AppliedPart[] {
  const end = index + count
  const parts: AppliedPart[] = []
  for (let at = index; at < end;) {
    const until = Math.min(end, known.nextChange(at))
    parts.push({ stream, index: at, count: until - at, applied: !known.has(at) })
    at = until
  }
  known.add(index, end)
  return parts
}

function rangesOf(store: EffectStore, effect: string, stream: StreamId): IndexRanges {
  let streams = store.ranges.get(effect)
  if (streams === undefined) {
    streams = new Map()
    store.ranges.set(effect, streams)
  }
  let ranges = streams.get(stream)
  if (ranges === undefined) {
    ranges = new IndexRanges()
    streams.set(stream, ranges)
  }
  return ranges
}

function makeRoom(applied: Applied, message: number): void {
  const { messages } = applied
  applied.messages = new Uint8Array(2 * Math.max(messages.length, message))
  applied.messages.set(messages)
}
