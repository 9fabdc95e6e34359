/**
 * A recording: the trace of a run as words, so that two runs can be compared event by event.
 *
 * It takes the place of the trace's hash and is a sink at the same time: what the sink is told of
 * an event names the word that is folded after it. The first million events are kept whole; of
 * later ones a digest for each block, so that what is written beside a failure has a bound.
 */

import { mix32 } from './mix.ts'
import { type TraceEvent, TraceHash, type TraceSink } from './trace.ts'

/** Where events happen and what is done there: one for each lane, handler and label. */
export interface TraceSymbol {
  readonly lane: number
  readonly handler: number
  /** `broker-1 message FetchRequest from broker-2`; empty where no sink was told of it. */
  readonly label: string
}

/** The words of a run, by event. */
export interface TraceWords {
  readonly events: number
  /** Events of which the words below tell; the rest is in `blocks`. */
  readonly kept: number
  /** True time in µs. */
  readonly times: Float64Array
  readonly symbolOf: Uint32Array
  readonly digests: Uint32Array
  readonly symbols: readonly TraceSymbol[]
  /** A digest for each `blockEvents` events after those that are kept. */
  readonly blocks: readonly number[]
  readonly blockEvents: number
}

const KEPT_MAX = 1_000_000
const BLOCK_EVENTS = 4_096
const INITIAL = 4_096

export class Recording extends TraceHash implements TraceSink {
  readonly #max: number
  #events = 0
  #times = new Float64Array(INITIAL)
  #symbolOf = new Uint32Array(INITIAL)
  #digests = new Uint32Array(INITIAL)
  readonly #symbols: TraceSymbol[] = []
  /** By label, then by lane and handler. */
  readonly #known = new Map<string, Map<number, number>>()
  readonly #blocks: number[] = []
  #block = 0
  #label = ''

  /** `keptMax`: events kept whole. */
  constructor(keptMax: number = KEPT_MAX) {
    super()
    this.#max = keptMax
  }

  event({ process, kind, name, from }: TraceEvent): void {
    // What an event leads to at once is told after it and has no word of its own.
    if (this.#label !== '') return
    this.#label = `${process} ${kind} ${name}${from === undefined ? '' : ` from ${from}`}`
  }

  probe(): void {}

  override fold(time: number, lane: number, handler: number, digest: number): void {
    super.fold(time, lane, handler, digest)
    if (this.#events < this.#max) this.#keep(time, this.#symbol(lane, handler), digest)
    else this.#digest(mix32(mix32(time >>> 0, lane), digest ^ handler))
    this.#events += 1
    this.#label = ''
  }

  words(): TraceWords {
    const kept = Math.min(this.#events, this.#max)
    return {
      events: this.#events,
      kept,
      times: this.#times.subarray(0, kept),
      symbolOf: this.#symbolOf.subarray(0, kept),
      digests: this.#digests.subarray(0, kept),
      symbols: this.#symbols,
      blocks: this.#events > kept ? [...this.#blocks, this.#block] : [],
      blockEvents: BLOCK_EVENTS,
    }
  }

  #keep(time: number, symbol: number, digest: number): void {
    const at = this.#events
    if (at === this.#times.length) this.#grow()
    this.#times[at] = time
    this.#symbolOf[at] = symbol
    this.#digests[at] = digest
  }

  #digest(word: number): void {
    this.#block = mix32(this.#block, word)
    if ((this.#events - this.#max + 1) % BLOCK_EVENTS !== 0) return
    this.#blocks.push(this.#block)
    this.#block = 0
  }

  #symbol(lane: number, handler: number): number {
    const label = this.#label
    let known = this.#known.get(label)
    if (known === undefined) {
      known = new Map()
      this.#known.set(label, known)
    }
    const place = (lane >>> 0) * 256 + handler
    let symbol = known.get(place)
    if (symbol === undefined) {
      symbol = this.#symbols.length
      this.#symbols.push({ lane: lane >>> 0, handler, label })
      known.set(place, symbol)
    }
    return symbol
  }

  #grow(): void {
    const length = this.#times.length * 2
    const times = new Float64Array(length)
    const symbolOf = new Uint32Array(length)
    const digests = new Uint32Array(length)
    times.set(this.#times)
    symbolOf.set(this.#symbolOf)
    digests.set(this.#digests)
    this.#times = times
    this.#symbolOf = symbolOf
    this.#digests = digests
  }
}
