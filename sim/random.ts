/**
 * Named random streams: each is a function of (seed, name) alone, so a draw in one never shifts
 * another.
 *
 * The generator is `alea` of seedrandom (not its main entry, which reads Math.random when loaded).
 * Samplers use plain arithmetic only, because `Math.log` and its kin differ between engines in the
 * last bit.
 */

import alea from 'seedrandom/lib/alea.js'
import { exponentialOf, normalOf, poissonOf, powerOfE } from './arithmetic.ts'

export interface Stream {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, bound). */
  int(bound: number): number
  /** Uniform integer in [low, high], both included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  /** Exponential with the given mean. */
  exponential(mean: number): number
  /** Standard normal. */
  normal(): number
  /** Poisson with the given mean. */
  poisson(mean: number): number
  /** Log-normal with the given median, where `sigma` is the deviation of the logarithm. */
  logNormal(median: number, sigma: number): number
  /** One member of a non-empty list. */
  pick<Value>(values: readonly Value[]): Value
}

/** One draw of a run replaced: the `nth` of a named stream, from 1, gives `value` of [0, 1). */
export interface Draw {
  readonly stream: string
  readonly nth: number
  readonly value: number
}

/** Told of the `nth` draw of a stream, and what it gave. */
export type DrawObserver = (stream: string, nth: number, value: number) => void

/** Seeded at its first draw: many a stream that a process keeps is never drawn from. */
class AleaStream implements Stream {
  readonly #seed: number
  readonly #name: string
  #draw: (() => number) | null

  constructor(seed: number, name: string, draw: (() => number) | null = null) {
    this.#seed = seed
    this.#name = name
    this.#draw = draw
  }

  next(): number {
    return (this.#draw ?? this.#begin())()
  }

  int(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  exponential(mean: number): number {
    return mean * exponentialOf(this.next())
  }

  normal(): number {
    return normalOf(this.next())
  }

  poisson(mean: number): number {
    return poissonOf(this.next(), mean)
  }

  logNormal(median: number, sigma: number): number {
    return median * powerOfE(sigma * this.normal())
  }

  pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new Error('pick from an empty list')
    return values[this.int(values.length)] as Value
  }

  #begin(): () => number {
    this.#draw = alea(`${this.#seed}/${this.#name}`)
    return this.#draw
  }
}

/** A new stream at its beginning. Its first draw costs 3–4 µs: make streams at start, keep them. */
export function stream(seed: number, name: string): Stream {
  return new AleaStream(seed, name)
}

/** The streams of a run, made at first use and kept over restarts of their owners. */
export class Streams {
  readonly #seed: number
  readonly #draws: readonly Draw[]
  readonly #observer: DrawObserver | null
  readonly #streams = new Map<string, Stream>()

  constructor(seed: number, draws: readonly Draw[] = [], observer: DrawObserver | null = null) {
    this.#seed = seed
    this.#draws = draws
    this.#observer = observer
  }

  named(name: string): Stream {
    let found = this.#streams.get(name)
    if (found === undefined) {
      found = this.#made(name)
      this.#streams.set(name, found)
    }
    return found
  }

  /** Plain unless somebody watches or one of its draws is replaced: that costs no run anything. */
  #made(name: string): Stream {
    const replaced = this.#draws.filter((draw) => draw.stream === name)
    const observer = this.#observer
    if (replaced.length === 0 && observer === null) return stream(this.#seed, name)
    const draw = alea(`${this.#seed}/${name}`)
    let nth = 0
    return new AleaStream(this.#seed, name, () => {
      nth += 1
      const own = draw()
      const value = replaced.find((one) => one.nth === nth)?.value ?? own
      observer?.(name, nth, value)
      return value
    })
  }
}
