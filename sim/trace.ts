/**
 * The trace: every event folded into a hash, and, with a sink, told to whoever wants to look.
 *
 * The hash has two 32-bit lanes that feed each other: 64 bits without BigInt. Sinks are off while
 * exploring, because a run that is interesting can be run again.
 */

/** What a sink is told of one event. */
export interface TraceEvent {
  /** Number of the event in the run, from 1. */
  readonly sequence: number
  readonly atUs: number
  /** Number of the event that caused it, 0 for none. */
  readonly cause: number
  readonly process: string
  readonly kind: 'message' | 'timer' | 'done' | 'opened' | 'closed' | 'fault' | 'start' | 'stop'
  /** Message type, timer or io name, fault kind. */
  readonly name: string
  /** Sender of a message. */
  readonly from?: string
  /** Event number of its sending. */
  readonly detail?: unknown
}

export interface TraceSink {
  event(event: TraceEvent): void
  /** A probe was reached while event `sequence` ran. */
  probe(sequence: number, process: string, probe: number, subject: number): void
}

export class TraceHash {
  #high = 0x243f6a88
  #low = 0x85a308d3

  /** Folds one event: its time (µs), lane, handler and a digest of what it carried. */
  fold(time: number, lane: number, handler: number, digest: number): void {
    let high = this.#high
    let low = this.#low
    high = Math.imul(high ^ (time >>> 0), 0x9e3779b1)
    low = Math.imul(low ^ lane, 0x85ebca77)
    high ^= low >>> 15
    low ^= high >>> 13
    high = Math.imul(high ^ (handler | ((time / 0x100000000) << 8)), 0xc2b2ae3d)
    low = Math.imul(low ^ digest, 0x27d4eb2f)
    high ^= high >>> 16
    low ^= low >>> 14
    this.#high = (high + low) | 0
    this.#low = low ^ Math.imul(high, 0x165667b1)
  }

  /** 16 hex digits. */
  hex(): string {
    return hex8(this.#high) + hex8(this.#low)
  }
}

function hex8(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
