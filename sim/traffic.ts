/**
 * What moves on the wires: messages that leave, arrive, wait for their reader or for their link.
 *
 * A wire is a FIFO of messages under way of which only the head has an event. A cut holds bytes;
 * after it they arrive at the next retransmission (200 ms doubling to 120 s, drawn ±10 %).
 *
 * While a reader does not read, what arrives fills its receive buffer; what does not fit stays
 * with the sender's kernel, as far as its send buffer goes, and the rest with the sender, and each
 * leaves as soon as there is room. A message counts as a whole. Left out: the window of a reader
 * that reads.
 */

import { type Kernel, NOTHING } from './kernel.ts'
import { NONE, Parcels } from './parcels.ts'
import type { Body } from './process.ts'
import type { Wire } from './wires.ts'
import { EventKind } from './world.ts'

// What the operating systems say to each other.

export const SYN: Body = { type: 'SYN' }
export const SYN_ACK: Body = { type: 'SYN-ACK' }
export const REFUSED: Body = { type: 'REFUSED' }
export const FIN: Body = { type: 'FIN' }
export const RST: Body = { type: 'RST' }

/** A clogged link still carries it. */
function isControl(message: Body): boolean {
  return (
    message === SYN ||
    message === SYN_ACK ||
    message === REFUSED ||
    message === FIN ||
    message === RST
  )
}

export const CONTROL_BYTES = 40
const RETRANSMIT_FIRST_US = 200_000
const SYN_RETRANSMIT_FIRST_US = 1_000_000
const RETRANSMIT_MAX_US = 120_000_000
/** How long a message waits for its link before its connection is reset. */
export const GIVE_UP_US = 900_000_000

export class Traffic {
  readonly parcels: Parcels = new Parcels()
  readonly #kernel: Kernel
  #blocked: Wire[] = []

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** Lets go of what is under way. */
  release(): void {
    this.parcels.release()
    this.#blocked.length = 0
  }

  /** A link healed or a host came back: what was blocked is retransmitted. */
  reconsiderBlocked(): void {
    const blocked = this.#blocked
    this.#blocked = []
    for (const wire of blocked) {
      if (wire.blockedSince < 0 || wire.head === NONE) {
        wire.blockedSince = -1
      } else if (!this.clear(wire)) {
        this.#blocked.push(wire)
      } else {
        wire.blockedSince = -1
        this.#scheduleAt(wire, wire.held ? this.#kernel.now : this.#retransmission(wire))
      }
    }
  }

  /** True if nothing keeps the head of a wire from its receiver. */
  clear(wire: Wire): boolean {
    const { link } = wire
    if (link.cuts > 0 || link.holds > 0 || !wire.to.up || !wire.from.up) return false
    return link.clogs === 0 || isControl(this.head(wire))
  }

  /** The next time that the head is sent again; the intervals grow until something arrives. */
  #retransmission(wire: Wire): number {
    const now = this.#kernel.now
    const syn = this.head(wire) === SYN
    let interval = syn ? SYN_RETRANSMIT_FIRST_US : RETRANSMIT_FIRST_US
    let at = wire.silentSince
    while (at < now) {
      at += interval * (0.9 + 0.2 * wire.link.stream.next())
      interval = Math.min(2 * interval, RETRANSMIT_MAX_US)
    }
    return Math.ceil(at)
  }

  /** A message leaves, as soon as its reader has room for it. */
  push(wire: Wire, message: Body, bytes: number): void {
    const full = wire.stalled || wire.waiting !== NONE
    if (full && this.#fills(wire, message, bytes)) return
    const left = wire.from.nicOut.carry(this.#kernel.now, bytes, wire.flowOut)
    const arrival = Math.max(wire.link.arrival(left, bytes), wire.lastArrival)
    wire.lastArrival = arrival
    const slot = this.parcels.add(message, arrival, bytes, this.#kernel.events)
    if (wire.head === NONE) wire.head = slot
    else this.parcels.next[wire.tail] = slot
    wire.tail = slot
    if (!wire.scheduled && !wire.stalled && wire.blockedSince < 0) this.#scheduleAt(wire, arrival)
  }

  /** In place of all that is under way. */
  pushReset(wire: Wire): void {
    this.drop(wire)
    wire.stalled = false
    this.push(wire, RST, CONTROL_BYTES)
  }

  /** The reader does not read: what comes now has to fit into its buffer. */
  stall(wire: Wire): number {
    wire.stalled = true
    wire.unread = this.#bytesUntil(wire, NONE)
    return NOTHING
  }

  /** True if a message has to wait until the reader has read on. */
  #fills(wire: Wire, message: Body, bytes: number): boolean {
    wire.unread += bytes
    if (wire.waiting === NONE) {
      const room = wire.receiver?.runtime.sockets.receiveBytes ?? Infinity
      if (wire.unread <= room || wire.head === NONE) return false
    }
    const slot = this.parcels.add(message, Infinity, bytes, this.#kernel.events)
    this.parcels.next[wire.tail] = slot
    wire.tail = slot
    if (wire.waiting === NONE) wire.waiting = slot
    return true
  }

  /** Bytes of the messages before a slot. */
  #bytesUntil(wire: Wire, end: number): number {
    const { next, sizes } = this.parcels
    let bytes = 0
    for (let slot = wire.head; slot !== end; slot = next[slot] as number) {
      bytes += sizes[slot] as number
    }
    return bytes
  }

  /** Something was read: what fits now leaves, once the sender has heard of it. */
  #letGo(wire: Wire): void {
    const { arrivals, next, sizes } = this.parcels
    const size = wire.receiver?.runtime.sockets.receiveBytes ?? Infinity
    let room = size - this.#bytesUntil(wire, wire.waiting)
    while (wire.waiting !== NONE) {
      const slot = wire.waiting
      const bytes = sizes[slot] as number
      // What is larger than the buffer is read while it comes.
      if (bytes > room && slot !== wire.head) return
      const out = wire.from.nicOut.carry(this.#kernel.now, bytes, wire.flowOut)
      const left = out + wire.link.delay.baseUs
      wire.lastArrival = Math.max(wire.link.arrival(left, bytes), wire.lastArrival)
      arrivals[slot] = wire.lastArrival
      room -= bytes
      wire.waiting = next[slot] as number
    }
  }

  /** The sender is gone: of what has not left only so much is with its kernel. */
  forgetUnsent(wire: Wire, kernelBytes: number): void {
    const { next, sizes } = this.parcels
    if (wire.waiting === NONE) return
    let last = wire.head
    while (next[last] !== wire.waiting) last = next[last] as number
    let room = kernelBytes
    for (let slot = wire.waiting; slot !== NONE; slot = next[slot] as number) {
      room -= sizes[slot] as number
      if (room < 0) break
      last = slot
    }
    let slot = next[last] as number
    if (slot === wire.waiting) wire.waiting = NONE
    while (slot !== NONE) slot = this.parcels.remove(slot)
    next[last] = NONE
    wire.tail = last
  }

  /** The message that comes next. */
  head(wire: Wire): Body {
    return this.parcels.messages[wire.head] as Body
  }

  /** Nothing is under way any more. */
  drop(wire: Wire): void {
    wire.waiting = NONE
    while (wire.head !== NONE) this.take(wire)
  }

  /** The head of a wire arrives when it has come. */
  scheduleHead(wire: Wire): void {
    this.#scheduleAt(wire, this.parcels.arrivals[wire.head] as number)
  }

  #scheduleAt(wire: Wire, time: number): void {
    wire.scheduled = true
    this.#kernel.at(time, wire.lane, EventKind.arrive, 0, wire)
  }

  /** The head is read, or lost. */
  take(wire: Wire): void {
    wire.head = this.parcels.remove(wire.head)
    wire.received = false
    if (wire.waiting !== NONE) this.#letGo(wire)
  }

  lastIsReset({ head, tail }: Wire): boolean {
    return head !== NONE && this.parcels.messages[tail] === RST
  }

  /** The head waits for its link, and not for ever. */
  block(wire: Wire): void {
    wire.blockedSince = this.#kernel.now
    wire.held = wire.link.cuts === 0 && wire.to.up && wire.from.up
    this.#blocked.push(wire)
    if (wire.silentSince >= 0) return
    wire.silentSince = this.#kernel.now
    this.#kernel.at(this.#kernel.now + GIVE_UP_US, wire.lane, EventKind.giveUp, 0, wire)
  }
}
