/**
 * What befalls the links between two sets of hosts. Each fault counts, so several may overlap: a
 * link is whole once each was taken back.
 */

import type { Host } from './host.ts'
import type { Network } from './network.ts'

/** A slower link: `delayUs` and `jitterUs` on top of its own, `bytesPerUs` 0 for no limit. */
export interface LinkChange {
  readonly delayUs: number
  readonly jitterUs: number
  readonly bytesPerUs: number
}

export class LinkFaults {
  readonly #network: Network
  readonly #host: (name: string) => Host

  constructor(network: Network, host: (name: string) => Host) {
    this.#network = network
    this.#host = host
  }

  /** Cuts one way; `healOneWay` undoes one cut. */
  cutOneWay(from: readonly string[], to: readonly string[]): void {
    this.#eachPair(from, to, (a, b) => this.#network.cut(a, b, 1))
  }

  healOneWay(from: readonly string[], to: readonly string[]): void {
    this.#eachPair(from, to, (a, b) => this.#network.cut(a, b, -1))
  }

  holdOneWay(from: readonly string[], to: readonly string[]): void {
    this.#eachPair(from, to, (a, b) => this.#network.hold(a, b, 1))
  }

  releaseOneWay(from: readonly string[], to: readonly string[]): void {
    this.#eachPair(from, to, (a, b) => this.#network.hold(a, b, -1))
  }

  clogOneWay(from: readonly string[], to: readonly string[]): void {
    this.#eachPair(from, to, (a, b) => this.#network.clog(a, b, 1))
  }

  unclogOneWay(from: readonly string[], to: readonly string[]): void {
    this.#eachPair(from, to, (a, b) => this.#network.clog(a, b, -1))
  }

  slowOneWay(from: readonly string[], to: readonly string[], change: LinkChange): void {
    this.#eachPair(from, to, (a, b) => this.#network.slow(a, b, change))
  }

  /** Resets every connection between the two sets; gives their number. */
  resetConnections(a: readonly string[], b: readonly string[]): number {
    let count = 0
    this.#eachPair(a, b, (one, other) => {
      count += this.#network.resetBetween(one, other) + this.#network.resetBetween(other, one)
    })
    return count
  }

  /** Takes the ends at `a` of every connection between the two sets without a word. */
  halfOpenConnections(a: readonly string[], b: readonly string[]): number {
    let count = 0
    this.#eachPair(a, b, (one, other) => {
      count += this.#network.vanishBetween(one, other)
    })
    return count
  }

  #eachPair(from: readonly string[], to: readonly string[], act: (a: Host, b: Host) => void): void {
    for (const one of from) {
      for (const other of to) {
        if (one !== other) act(this.#host(one), this.#host(other))
      }
    }
  }
}
