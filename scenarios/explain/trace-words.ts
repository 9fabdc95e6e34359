/**
 * The trace beside a kept failure: its words packed small, and where two traces part.
 *
 * A file is a magic line and a deflated body: one line of JSON (names and bounds), then for each
 * event the time since the one before, its symbol and its digest. Bounded by the recording.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { TraceSymbol, TraceWords } from '../../sim/recording.ts'

/** A kept trace, and which run it is of. */
export interface KeptTrace {
  readonly engine: string
  readonly traceHash: string
  readonly words: TraceWords
}

/** Where two runs part. */
export interface Parting {
  /** From 1. */
  readonly event: number
  /** True time of the later run's event, else of the earlier's. */
  readonly atUs: number
  readonly was: string
  readonly is: string
}

const MAGIC = 'dmqsim-trace/1\n'
const BODY_MAX = 1 << 28

interface Head {
  readonly engine: string
  readonly traceHash: string
  readonly events: number
  readonly kept: number
  readonly symbols: readonly (readonly [number, number, string])[]
  readonly blocks: readonly number[]
  readonly blockEvents: number
}

export function traceBytes({ engine, traceHash, words }: KeptTrace): Uint8Array {
  const { events, kept, blocks, blockEvents } = words
  const symbols = words.symbols.map(({ lane, handler, label }) => [lane, handler, label] as const)
  const head: Head = { engine, traceHash, events, kept, symbols, blocks, blockEvents }
  const line = Buffer.from(`${JSON.stringify(head)}\n`)
  const body = Buffer.alloc(kept * 16)
  let end = 0
  let before = 0
  for (let at = 0; at < kept; at += 1) {
    const time = words.times[at] as number
    end = putNumber(body, end, time - before)
    end = putNumber(body, end, words.symbolOf[at] as number)
    end = body.writeUInt32LE(words.digests[at] as number, end)
    before = time
  }
  const packed = deflateRawSync(Buffer.concat([line, body.subarray(0, end)]), { level: 6 })
  return Buffer.concat([Buffer.from(MAGIC), packed])
}

/** The trace in a file's bytes. Throws an `Error` with one clear line if it is none. */
export function traceFrom(bytes: Uint8Array, file: string): KeptTrace {
  const buffer = Buffer.from(bytes)
  if (buffer.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) {
    throw new Error(`${file}: not a trace of dmqsim: it does not begin with "dmqsim-trace/1"`)
  }
  try {
    const body = inflateRawSync(buffer.subarray(MAGIC.length), { maxOutputLength: BODY_MAX })
    return unpacked(body)
  } catch {
    throw new Error(`${file}: the trace is damaged; without it a difference has no name`)
  }
}

function unpacked(body: Buffer): KeptTrace {
  const lineEnd = body.indexOf(10)
  const head = JSON.parse(body.subarray(0, lineEnd).toString()) as Head
  const { engine, traceHash, events, kept, blocks, blockEvents } = head
  const times = new Float64Array(kept)
  const symbolOf = new Uint32Array(kept)
  const digests = new Uint32Array(kept)
  const cursor = { at: lineEnd + 1 }
  let time = 0
  for (let at = 0; at < kept; at += 1) {
    time += takeNumber(body, cursor)
    times[at] = time
    symbolOf[at] = takeNumber(body, cursor)
    digests[at] = body.readUInt32LE(cursor.at)
    cursor.at += 4
  }
  const symbols = head.symbols.map(([lane, handler, label]) => ({ lane, handler, label }))
  const words = { events, kept, times, symbolOf, digests, symbols, blocks, blockEvents }
  return { engine, traceHash, words }
}

/** Seven bits a byte, the lowest first. */
function putNumber(body: Buffer, start: number, value: number): number {
  let at = start
  let rest = value
  while (rest >= 128) {
    body[at] = (rest % 128) + 128
    rest = Math.floor(rest / 128)
    at += 1
  }
  body[at] = rest
  return at + 1
}

function takeNumber(body: Buffer, cursor: { at: number }): number {
  let value = 0
  let scale = 1
  for (;;) {
    const byte = body.readUInt8(cursor.at)
    cursor.at += 1
    value += (byte % 128) * scale
    if (byte < 128) return value
    scale *= 128
  }
}

/** The first event in which two runs differ; null if their words are the same. */
export function partingOf(was: TraceWords, is: TraceWords): Parting | null {
  const common = Math.min(was.kept, is.kept)
  for (let at = 0; at < common; at += 1) {
    if (sameAt(was, is, at)) continue
    const atUs = is.times[at] as number
    return { event: at + 1, atUs, was: wordText(was, at), is: wordText(is, at, was) }
  }
  if (was.events === is.events && was.blocks.join() === is.blocks.join()) return null
  if (was.kept !== is.kept) return ended(was, is, common)
  return inBlock(was, is)
}

function sameAt(a: TraceWords, b: TraceWords, at: number): boolean {
  if (a.times[at] !== b.times[at] || a.digests[at] !== b.digests[at]) return false
  const one = symbolAt(a, at)
  const other = symbolAt(b, at)
  return one.lane === other.lane && one.handler === other.handler && one.label === other.label
}

/** One run is over where the other goes on. */
function ended(was: TraceWords, is: TraceWords, common: number): Parting {
  const over = 'the end of the run'
  const longer = was.kept > common ? was : is
  return {
    event: common + 1,
    atUs: longer.times[common] ?? 0,
    was: was.kept > common ? wordText(was, common) : over,
    is: is.kept > common ? wordText(is, common) : over,
  }
}

/** Beyond what was kept whole, only the block of events is known. */
function inBlock(was: TraceWords, is: TraceWords): Parting {
  const { kept, blockEvents } = was
  let block = 0
  while (was.blocks[block] === is.blocks[block] && block < was.blocks.length) block += 1
  const first = kept + block * blockEvents + 1
  const within = `one of the ${blockEvents} events from ${first} on, of which digests alone are kept`
  return { event: first, atUs: is.times[kept - 1] ?? 0, was: within, is: 'another one' }
}

function symbolAt(words: TraceWords, at: number): TraceSymbol {
  return words.symbols[words.symbolOf[at] as number] ?? { lane: 0, handler: 0, label: '' }
}

/** An event in words; where only its content differs from `other`, that is said. */
function wordText(words: TraceWords, at: number, other: TraceWords | null = null): string {
  const symbol = symbolAt(words, at)
  const what = symbol.label === '' ? unnamed(words, symbol) : symbol.label
  const time = `${words.times[at]} µs`
  const before = other === null ? null : symbolAt(other, at)
  const only = before !== null && before.label === symbol.label && before.lane === symbol.lane
  const content = only && other?.times[at] === words.times[at] ? ', carrying something else' : ''
  return `${what} at ${time}${content}`
}

/** Handlers in the order in which the world registers them. */
const handlers = [
  'a packet arrives',
  'a connection is reset',
  'a connection is given up',
  'a timer wakes',
  'an operation ends',
  'a service ends',
  'the harness or nemesis acts',
]

/** An event that no sink is told of: named by what else happens on its lane. */
function unnamed(words: TraceWords, { lane, handler }: TraceSymbol): string {
  const what = handlers[handler] ?? `handler ${handler} runs`
  const neighbour = words.symbols.find((one) => one.lane === lane && one.label !== '')
  return neighbour === undefined ? what : `${what} (as in: ${neighbour.label})`
}
