/**
 * One direction of a host's NIC: connections share its rate, each an equal part (KB R6).
 *
 * Packets of many connections interleave, so a large message holds up what comes behind it on its
 * own connection and no more than its share of the others. That is reckoned as a fluid: all
 * connections with something to send are served at the same pace, and a message is through when as
 * many bytes have been served of its connection. Arithmetic, not events: what is under way keeps
 * the time that it was given, so a message that is overtaken by later ones comes earlier than it
 * should by their bytes; the bytes themselves are all paid for, and who comes next waits for them.
 * Left out: headers of TCP and Ethernet, and what a single connection can carry at most.
 */

/** One connection's way through a lane. */
export interface NicFlow {
  /** Served bytes, counted as the lane counts them, at which all of it is through. */
  until: number
  /** It has something to send. */
  active: boolean
}

const ROUNDING_US = 1e-4

/** Of connections of a host whose NIC has no limit. */
const UNLIMITED: NicFlow = { until: 0, active: false }

/** A connection's way through the lanes of a rate. */
export function flowAt(bytesPerUs: number): NicFlow {
  return bytesPerUs === 0 ? UNLIMITED : { until: 0, active: false }
}

export class NicLane {
  /** 0: without limit. */
  readonly bytesPerUs: number
  /** Bytes that were given to it, ever. */
  bytes = 0
  /** Bytes that each active connection has been served since the beginning, at `#atUs`. */
  #served = 0
  #atUs = 0
  /** Connections with something to send, first those that are through first. */
  readonly #active: NicFlow[] = []
  /** Since when it has had nothing to do, if it has nothing to do. */
  #idleSinceUs = 0

  constructor(bytesPerUs: number) {
    this.bytesPerUs = bytesPerUs
  }

  /** When the last byte is through, of a message that is handed to the lane now. */
  carry(nowUs: number, bytes: number, flow: NicFlow): number {
    this.bytes += bytes
    if (this.bytesPerUs === 0) return nowUs
    this.#advance(nowUs)
    return this.#add(bytes, flow)
  }

  /**
   * When the last byte has come in, of a message whose last byte arrives now from a sender of
   * `fromRate` (0: without limit). It comes in while it is sent: a lane that is free and as fast
   * as the sender adds nothing.
   */
  receive(nowUs: number, bytes: number, fromRate: number, flow: NicFlow): number {
    this.bytes += bytes
    const rate = this.bytesPerUs
    if (rate === 0) return nowUs
    this.#advance(nowUs)
    const left = bytes - this.#cameBefore(nowUs, bytes, fromRate)
    return left === 0 ? nowUs : this.#add(left, flow)
  }

  /** Time that it has been busy by now, in µs; what is queued comes later. */
  busyUs(nowUs: number): number {
    if (this.bytesPerUs === 0) return 0
    this.#advance(nowUs)
    let waiting = 0
    for (const flow of this.#active) waiting += flow.until - this.#served
    return (this.bytes - waiting) / this.bytesPerUs
  }

  /** Bytes of a message that came in while the lane had nothing else to do. */
  #cameBefore(nowUs: number, bytes: number, fromRate: number): number {
    if (this.#active.length > 0 || fromRate === 0) return 0
    const firstUs = nowUs - bytes / fromRate
    const sinceUs = Math.max(firstUs, this.#idleSinceUs)
    const came = Math.min(bytes, Math.max(0, nowUs - sinceUs) * this.bytesPerUs)
    this.#idleSinceUs = sinceUs + came / this.bytesPerUs
    return came
  }

  #add(bytes: number, flow: NicFlow): number {
    if (flow.active) this.#active.splice(this.#active.indexOf(flow), 1)
    flow.until = (flow.active ? flow.until : this.#served) + bytes
    flow.active = true
    let at = this.#active.length
    while (at > 0 && (this.#active[at - 1] as NicFlow).until > flow.until) at -= 1
    this.#active.splice(at, 0, flow)
    return this.#end(flow)
  }

  /** When a connection is through, if nothing is added. */
  #end(flow: NicFlow): number {
    const active = this.#active
    let served = this.#served
    let us = this.#atUs
    for (let index = 0; index < active.length; index += 1) {
      const one = active[index] as NicFlow
      us += ((one.until - served) * (active.length - index)) / this.bytesPerUs
      served = one.until
      if (one === flow) break
    }
    // What is off by rounding is no µs.
    return Math.ceil(us - ROUNDING_US)
  }

  /** Serves what could be served until now. */
  #advance(nowUs: number): void {
    const active = this.#active
    while (active.length > 0) {
      const first = active[0] as NicFlow
      const left = Math.max(0, first.until - this.#served)
      const us = (left * active.length) / this.bytesPerUs
      if (this.#atUs + us > nowUs) {
        this.#served += ((nowUs - this.#atUs) * this.bytesPerUs) / active.length
        this.#atUs = nowUs
        return
      }
      this.#served = first.until
      this.#atUs += us
      first.active = false
      active.shift()
      this.#idleSinceUs = this.#atUs
    }
    this.#atUs = Math.max(this.#atUs, nowUs)
  }
}
