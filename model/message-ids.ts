/**
 * Message ids, numbered in the order in which they are first told: what effects are known by.
 *
 * Most are those of records, `<stream>/<index>`. Such an id is kept as its two numbers, and its
 * text is made only for who asks; told as a text, it is the same id. Others are kept as texts.
 */

import { foldCodes, foldText } from './digest.ts'
import type { StreamId } from './record.ts'

/** Instead of a stream: the other number of the pair is a place among the texts. */
const TEXT = -2

/** What the id of a record looks like; records of no stream have −1. */
const RECORD_ID = /^(-1|0|[1-9]\d{0,8})\/(0|[1-9]\d{0,8})$/

const UNKNOWN = -1

const MINUS = 0x2d
const SLASH = 0x2f
const ZERO = 0x30

/** Characters of the id that is being folded, at the end. */
const characters = new Uint8Array(32)

export class MessageIds {
  /** Two numbers an id: stream and index of its record, or `TEXT` and its place. */
  #pairs: Int32Array
  #length = 0
  /** Numbers of the ids plus 1, by the hash of their pair, at most half of it taken; 0: free. */
  #slots: Int32Array
  readonly #texts: string[] = []
  readonly #places = new Map<string, number>()

  /** `expected` is about how many there will be. */
  constructor(expected = 256) {
    let room = 2
    while (room < expected) room *= 2
    this.#pairs = new Int32Array(2 * room)
    this.#slots = new Int32Array(2 * room)
  }

  get length(): number {
    return this.#length
  }

  /** The number of an id; null is that of the record itself. */
  numberOf(messageId: string | null, stream: StreamId, index: number): number {
    return messageId === null ? this.ofRecord(stream, index) : this.ofText(messageId)
  }

  ofRecord(stream: StreamId, index: number): number {
    const slot = this.#slotOf(stream, index)
    const found = (this.#slots[slot] as number) - 1
    return found === UNKNOWN ? this.#add(slot, stream, index) : found
  }

  ofText(text: string): number {
    const record = RECORD_ID.exec(text)
    if (record !== null) return this.ofRecord(Number(record[1]), Number(record[2]))
    let place = this.#places.get(text)
    if (place === undefined) {
      place = this.#texts.length
      this.#texts.push(text)
      this.#places.set(text, place)
    }
    return this.ofRecord(TEXT, place)
  }

  /** As `numberOf`, but −1 for an id that was not told yet. */
  find(messageId: string | null, stream: StreamId, index: number): number {
    if (messageId === null) return this.#at(stream, index)
    const record = RECORD_ID.exec(messageId)
    if (record !== null) return this.#at(Number(record[1]), Number(record[2]))
    const place = this.#places.get(messageId)
    return place === undefined ? UNKNOWN : this.#at(TEXT, place)
  }

  text(message: number): string {
    const stream = this.#pairs[2 * message] as number
    const index = this.#pairs[2 * message + 1] as number
    return stream === TEXT ? (this.#texts[index] as string) : `${stream}/${index}`
  }

  /** Folds the texts of all ids into two digests, of which the first feeds the second. */
  fold(digests: Int32Array): void {
    let high = digests[0] as number
    let low = digests[1] as number
    for (let message = 0; message < this.#length; message += 1) {
      const stream = this.#pairs[2 * message] as number
      const index = this.#pairs[2 * message + 1] as number
      if (stream === TEXT) {
        const text = this.#texts[index] as string
        high = foldText(high, text)
        low = foldText(low ^ high, text)
        continue
      }
      const start = writeRecordId(stream, index)
      high = foldCodes(high, characters, start)
      low = foldCodes(low ^ high, characters, start)
    }
    digests[0] = high
    digests[1] = low
  }

  #at(stream: number, index: number): number {
    return (this.#slots[this.#slotOf(stream, index)] as number) - 1
  }

  /** Where the pair stands, or where it would. */
  #slotOf(stream: number, index: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hashOf(stream, index) & mask
    for (;;) {
      const message = (slots[slot] as number) - 1
      if (message === UNKNOWN) return slot
      if (this.#pairs[2 * message] === stream && this.#pairs[2 * message + 1] === index) return slot
      slot = (slot + 1) & mask
    }
  }

  #add(slot: number, stream: number, index: number): number {
    const message = this.#length
    this.#length = message + 1
    this.#pairs[2 * message] = stream
    this.#pairs[2 * message + 1] = index
    this.#slots[slot] = message + 1
    if (this.#pairs.length === 2 * this.#length) this.#grow()
    return message
  }

  #grow(): void {
    const pairs = this.#pairs
    this.#pairs = new Int32Array(2 * pairs.length)
    this.#pairs.set(pairs)
    this.#slots = new Int32Array(this.#pairs.length)
    for (let message = 0; message < this.#length; message += 1) {
      const slot = this.#slotOf(pairs[2 * message] as number, pairs[2 * message + 1] as number)
      this.#slots[slot] = message + 1
    }
  }
}

function hashOf(stream: number, index: number): number {
  const hash = Math.imul(stream, 0x9e3779b1) ^ Math.imul(index, 0x85ebca77)
  return hash ^ (hash >>> 15)
}

/** Writes `<stream>/<index>` to the end of `characters`; returns where it starts. */
function writeRecordId(stream: number, index: number): number {
  let start = writeDigits(index, characters.length) - 1
  characters[start] = SLASH
  start = writeDigits(Math.abs(stream), start)
  if (stream >= 0) return start
  characters[start - 1] = MINUS
  return start - 1
}

function writeDigits(value: number, end: number): number {
  let start = end
  let left = value
  do {
    start -= 1
    characters[start] = ZERO + (left % 10)
    left = (left / 10) | 0
  } while (left > 0)
  return start
}
