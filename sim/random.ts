/**
 * Named random streams: each is a function of (seed, name) alone, so a draw in one never shifts another.
 *
 * The generator is `alea` of seedrandom (not its main entry, which reads Math.random when loaded).
 * Samplers use plain arithmetic only, because `Math.log` and its kin differ between engines in the last bit.
 */

import alea from 'seedrandom/lib/alea.js'
import { exponentialOf, normalOf, powerOfE } from './arithmetic.ts'

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
  /** Log-normal with the given median, where `sigma` is the deviation of the logarithm. */
  logNormal(median: number, sigma: number): number
  /** One member of a non-empty list. */
  pick<Value>(values: readonly Value[]): Value
}

class AleaStream implements Stream {
  readonly #draw: () => number

  constructor(seed: number, name: string) {
    this.#draw = alea(`${seed}/${name}`)
  }

  next(): number {
    return this.#draw()
  }

  int(bound: number): number {
    return Math.floor(this.#draw() * bound)
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.#draw() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.#draw() < probability
  }

  exponential(mean: number): number {
    return mean * exponentialOf(this.#draw())
  }

  normal(): number {
    return normalOf(this.#draw())
  }

  logNormal(median: number, sigma: number): number {
    return median * powerOfE(sigma * this.normal())
  }

  pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new Error('pick from an empty list')
    return values[this.int(values.length)] as Value
  }
}

/** A new stream at its beginning. Costs 3–4 µs: make streams at start, keep them. */
export function stream(seed: number, name: string): Stream {
  return new AleaStream(seed, name)
}

/** The streams of a run, made at first use and kept over restarts of their owners. */
export class Streams {
  readonly #seed: number
  readonly #streams = new Map<string, Stream>()

  constructor(seed: number) {
    this.#seed = seed
  }

  named(name: string): Stream {
    let found = this.#streams.get(name)
    if (found === undefined) {
      found = stream(this.#seed, name)
      this.#streams.set(name, found)
    }
    return found
  }
}
