/**
 * The network: connections as TCP gives them, over links that can be cut, held and slowed.
 *
 * Each direction of a connection is a wire: a FIFO of messages under way of which only the head has
 * an event. A cut holds bytes; after it they arrive at the next retransmission (200 ms doubling to
 * 120 s, drawn ±10 %), and 15 minutes without progress reset the connection (contracts 2).
 *
 * While a reader does not read, what arrives fills its receive buffer; what does not fit stays
 * with the sender's kernel, as far as its send buffer goes, and the rest with the sender, and each
 * leaves as soon as there is room. A message counts as a whole. Left out: the window of a reader
 * that reads, and an end that stops to write and goes on reading, which nobody does here: the end
 * that has not read its FIN yet still writes, and is answered by RST.
 */

import { invariant } from './invariant.ts'
import { type Kernel, NOTHING } from './kernel.ts'
import type { Host } from './host.ts'
import { mix32 } from './mix.ts'
import { NONE, Parcels } from './parcels.ts'
import type { Body, CloseReason } from './process.ts'
import type { Streams } from './random.ts'
import type { ProcessRuntime } from './runtime.ts'
import { Endpoint, Link, type LinkDelay, Wire } from './wires.ts'
import { EventKind } from './world.ts'

const SYN: Body = { type: 'SYN' }
const SYN_ACK: Body = { type: 'SYN-ACK' }
const REFUSED: Body = { type: 'REFUSED' }
const FIN: Body = { type: 'FIN' }
const RST: Body = { type: 'RST' }

/** What the operating systems say to each other, which a clogged link still carries. */
function isControl(message: Body): boolean {
  return (
    message === SYN ||
    message === SYN_ACK ||
    message === REFUSED ||
    message === FIN ||
    message === RST
  )
}

/** A word for the trace hash that does not say `NOTHING`. */
function digestOf(word: number): number {
  return word === NOTHING ? 0 : word
}

const CONTROL_BYTES = 40
const RETRANSMIT_FIRST_US = 200_000
const SYN_RETRANSMIT_FIRST_US = 1_000_000
const RETRANSMIT_MAX_US = 120_000_000
const GIVE_UP_US = 900_000_000

export class Network {
  readonly #kernel: Kernel
  readonly #streams: Streams
  readonly #delayBetween: (a: Host, b: Host) => LinkDelay
  readonly #links: (Link | undefined)[][] = []
  readonly #parcels = new Parcels()
  readonly #pairs = new Map<number, number>()
  #nextId = 1
  #blocked: Wire[] = []

  constructor(kernel: Kernel, streams: Streams, delayBetween: (a: Host, b: Host) => LinkDelay) {
    this.#kernel = kernel
    this.#streams = streams
    this.#delayBetween = delayBetween
  }

  /** Lets go of what is under way. */
  release(): void {
    this.#parcels.release()
    this.#links.length = 0
    this.#blocked.length = 0
  }

  /** A new connection of `runtime` that has not been dialled yet. */
  connection(runtime: ProcessRuntime, to: ProcessRuntime): Endpoint {
    const pair = mix32(runtime.nameHash, to.nameHash) | 0
    const ordinal = this.#pairs.get(pair) ?? 0
    this.#pairs.set(pair, ordinal + 1)
    const lane = mix32(pair, ordinal) | 0
    const out = new Wire(runtime.host, to.host, lane, this.#link(runtime.host, to.host))
    const back = new Wire(
      to.host,
      runtime.host,
      lane ^ 0x55555555,
      this.#link(to.host, runtime.host),
    )
    const endpoint = new Endpoint(this.#nextId++, runtime, to.name, true, out, back)
    out.sender = endpoint
    back.receiver = endpoint
    out.target = to
    runtime.endpoints.push(endpoint)
    return endpoint
  }

  /** Begins the handshake. */
  dial(endpoint: Endpoint): void {
    this.#push(endpoint.out, SYN, CONTROL_BYTES)
  }

  send(endpoint: Endpoint, message: Body, bytes: number): void {
    if (endpoint.dead) return
    if (!endpoint.open) {
      endpoint.pending ??= []
      endpoint.pending.push({ message, bytes })
      return
    }
    this.#push(endpoint.out, message, bytes)
  }

  close(endpoint: Endpoint): void {
    if (endpoint.dead) return
    const wasOpen = endpoint.open
    this.#bury(endpoint)
    if (!wasOpen) return
    this.#forgetUnsent(endpoint.out, endpoint.runtime.sockets.sendBytes)
    this.#push(endpoint.out, FIN, CONTROL_BYTES)
  }

  reset(endpoint: Endpoint): void {
    if (endpoint.dead) return
    const wasOpen = endpoint.open
    this.#bury(endpoint)
    if (wasOpen) this.#pushReset(endpoint.out)
  }

  mute(endpoint: Endpoint): void {
    endpoint.muted = true
  }

  unmute(endpoint: Endpoint): void {
    endpoint.muted = false
    this.resume(endpoint.in)
  }

  /** A message taken from this wire has been handled, or its reader can read again. */
  resume(wire: Wire): void {
    if (!wire.stalled) return
    wire.stalled = false
    this.#scheduleHead(wire)
  }

  /** Lets go of the wire after the message that was read from it has been handled. */
  handled(endpoint: Endpoint): void {
    endpoint.in.reading = false
    this.resume(endpoint.in)
  }

  /** The process of these endpoints died on a live host. */
  processDied(runtime: ProcessRuntime): void {
    for (const endpoint of runtime.endpoints.slice()) {
      const unread = endpoint.in.stalled
      const wasOpen = endpoint.open
      this.#bury(endpoint)
      if (!wasOpen) continue
      // What has left arrives in either case; RST throws away what the kernel still has.
      this.#forgetUnsent(endpoint.out, unread ? 0 : runtime.sockets.sendBytes)
      this.#push(endpoint.out, unread ? RST : FIN, CONTROL_BYTES)
    }
  }

  /** The host of this process lost power: its ends vanish without a word. */
  processVanished(runtime: ProcessRuntime): void {
    for (const endpoint of runtime.endpoints.slice()) {
      this.#bury(endpoint)
      this.#forgetUnsent(endpoint.out, 0)
    }
  }

  /** Everything that waits for these endpoints is read on (after a pause). */
  resumeAll(runtime: ProcessRuntime): void {
    for (const endpoint of runtime.endpoints.slice()) this.resume(endpoint.in)
  }

  cut(from: Host, to: Host, by: 1 | -1): void {
    this.#link(from, to).cuts += by
    if (by === -1) this.reconsiderBlocked()
  }

  hold(from: Host, to: Host, by: 1 | -1): void {
    this.#link(from, to).holds += by
    if (by === -1) this.reconsiderBlocked()
  }

  clog(from: Host, to: Host, by: 1 | -1): void {
    this.#link(from, to).clogs += by
    if (by === -1) this.reconsiderBlocked()
  }

  /** Adds to (or takes from) a link's delay, in µs; `bytesPerUs` 0 lifts the limit. */
  slow(
    from: Host,
    to: Host,
    change: { readonly delayUs: number; readonly jitterUs: number; readonly bytesPerUs: number },
  ): void {
    const link = this.#link(from, to)
    link.extraUs += change.delayUs
    link.extraJitterUs += change.jitterUs
    link.bytesPerUs = change.bytesPerUs
  }

  /** Resets every connection between the two hosts, at both ends. */
  resetBetween(a: Host, b: Host): number {
    let count = 0
    for (const runtime of a.processes) {
      for (const endpoint of runtime.endpoints) {
        if (endpoint.out.to !== b || endpoint.dead) continue
        count += 1
        this.#closeLater(endpoint)
        if (endpoint.other !== null && !endpoint.other.dead) this.#closeLater(endpoint.other)
      }
    }
    return count
  }

  /**
   * Takes a's ends of the connections between the two hosts without a word: the others learn of it
   * when something they send finds nobody.
   */
  vanishBetween(a: Host, b: Host): number {
    let count = 0
    for (const runtime of a.processes) {
      for (const endpoint of runtime.endpoints) {
        if (endpoint.out.to !== b || endpoint.dead || !endpoint.open) continue
        count += 1
        this.#closeLater(endpoint)
      }
    }
    return count
  }

  /** True if nothing stops packets from a to b now. */
  reachable(from: Host, to: Host): boolean {
    const link = this.#link(from, to)
    return link.cuts === 0 && link.holds === 0 && to.up
  }

  /** A link healed or a host came back: what was blocked is retransmitted. */
  reconsiderBlocked(): void {
    const blocked = this.#blocked
    this.#blocked = []
    for (const wire of blocked) {
      if (wire.blockedSince < 0 || wire.head === NONE) {
        wire.blockedSince = -1
      } else if (!this.#clear(wire)) {
        this.#blocked.push(wire)
      } else {
        const since = wire.blockedSince
        wire.blockedSince = -1
        this.#scheduleAt(wire, wire.held ? this.#kernel.now : this.#retransmission(wire, since))
      }
    }
  }

  #clear(wire: Wire): boolean {
    const { link } = wire
    if (link.cuts > 0 || link.holds > 0 || !wire.to.up || !wire.from.up) return false
    return link.clogs === 0 || isControl(this.#head(wire))
  }

  #retransmission(wire: Wire, since: number): number {
    const now = this.#kernel.now
    const syn = this.#head(wire) === SYN
    let interval = syn ? SYN_RETRANSMIT_FIRST_US : RETRANSMIT_FIRST_US
    let at = since
    while (at < now) {
      at += interval * (0.9 + 0.2 * wire.link.stream.next())
      interval = Math.min(2 * interval, RETRANSMIT_MAX_US)
    }
    return Math.ceil(at)
  }

  #link(from: Host, to: Host): Link {
    const row = (this.#links[from.index] ??= [])
    let link = row[to.index]
    if (link === undefined) {
      const stream = this.#streams.named(`latency:${from.config.name}→${to.config.name}`)
      link = new Link(stream, this.#delayBetween(from, to))
      row[to.index] = link
    }
    return link
  }

  #push(wire: Wire, message: Body, bytes: number): void {
    const full = wire.stalled || wire.waiting !== NONE
    if (full && this.#fills(wire, message, bytes)) return
    const left = wire.from.nicOut.carry(this.#kernel.now, bytes, wire.flowOut)
    const arrival = Math.max(wire.link.arrival(left, bytes), wire.lastArrival)
    wire.lastArrival = arrival
    const slot = this.#parcels.add(message, arrival, bytes, this.#kernel.events)
    if (wire.head === NONE) wire.head = slot
    else this.#parcels.next[wire.tail] = slot
    wire.tail = slot
    if (!wire.scheduled && !wire.stalled && wire.blockedSince < 0) this.#scheduleAt(wire, arrival)
  }

  #pushReset(wire: Wire): void {
    this.#drop(wire)
    wire.stalled = false
    this.#push(wire, RST, CONTROL_BYTES)
  }

  /** The reader does not read: what comes now has to fit into its buffer. */
  #stall(wire: Wire): number {
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
    const slot = this.#parcels.add(message, Infinity, bytes, this.#kernel.events)
    this.#parcels.next[wire.tail] = slot
    wire.tail = slot
    if (wire.waiting === NONE) wire.waiting = slot
    return true
  }

  /** Bytes of the messages before a slot. */
  #bytesUntil(wire: Wire, end: number): number {
    const { next, sizes } = this.#parcels
    let bytes = 0
    for (let slot = wire.head; slot !== end; slot = next[slot] as number) {
      bytes += sizes[slot] as number
    }
    return bytes
  }

  /** Something was read: what fits now leaves, once the sender has heard of it. */
  #letGo(wire: Wire): void {
    const { arrivals, next, sizes } = this.#parcels
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
  #forgetUnsent(wire: Wire, kernelBytes: number): void {
    const { next, sizes } = this.#parcels
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
    while (slot !== NONE) slot = this.#parcels.remove(slot)
    next[last] = NONE
    wire.tail = last
  }

  /** The message that comes next. */
  #head(wire: Wire): Body {
    return this.#parcels.messages[wire.head] as Body
  }

  /** Nothing is under way any more. */
  #drop(wire: Wire): void {
    wire.waiting = NONE
    while (wire.head !== NONE) this.#take(wire)
  }

  #scheduleHead(wire: Wire): void {
    this.#scheduleAt(wire, this.#parcels.arrivals[wire.head] as number)
  }

  #scheduleAt(wire: Wire, time: number): void {
    wire.scheduled = true
    this.#kernel.at(time, wire.lane, EventKind.arrive, 0, wire)
  }

  /** The head of a wire is due. */
  arrived(wire: Wire): number {
    wire.scheduled = false
    const slot = wire.head
    if (slot === NONE || wire.stalled || wire.blockedSince >= 0) return NOTHING
    // The head may have been replaced by a reset that arrives later.
    if ((this.#parcels.arrivals[slot] as number) > this.#kernel.now) {
      this.#scheduleHead(wire)
      return NOTHING
    }
    if (!this.#clear(wire)) {
      this.#block(wire)
      return NOTHING
    }
    const message = this.#parcels.messages[slot] as Body
    const bytes = this.#parcels.sizes[slot] as number
    if (!wire.received) {
      wire.received = true
      const { bytesPerUs } = wire.from.nicOut
      const received = wire.to.nicIn.receive(this.#kernel.now, bytes, bytesPerUs, wire.flowIn)
      if (received > this.#kernel.now) {
        this.#parcels.arrivals[slot] = received
        this.#scheduleHead(wire)
        return NOTHING
      }
    }
    if (message === SYN) return this.#onSyn(wire)
    const receiver = wire.receiver
    if (receiver === null || receiver.dead) return this.#onDeadEnd(wire)
    return this.#read(wire, receiver, message, bytes)
  }

  #read(wire: Wire, receiver: Endpoint, message: Body, bytes: number): number {
    if (message === SYN_ACK) return this.#onSynAck(wire, receiver)
    if (message === REFUSED || message === RST) {
      this.#take(wire)
      return this.#ended(receiver, message === RST ? 'reset' : 'refused')
    }
    if (receiver.muted || wire.reading) return this.#stall(wire)
    const { runtime } = receiver
    const { type } = message
    // Most connections carry one type of message each way: its handler is looked up once.
    if (type !== receiver.readType) {
      receiver.readType = type
      receiver.handler = runtime.handlerOf(type)
    }
    const { handler } = receiver
    if (!runtime.reads(handler)) return this.#stall(wire)
    const cause = this.#parcels.causes[wire.head] as number
    this.#take(wire)
    if (message === FIN) return this.#ended(receiver, 'fin')
    wire.reading = true
    if (handler === undefined) throw runtime.unhandled(message)
    runtime.receiveMessage(receiver, handler, message, cause)
    if (wire.head !== NONE && !wire.scheduled && !wire.stalled && wire.blockedSince < 0)
      this.#scheduleHead(wire)
    return digestOf(handler.hash ^ Math.imul(bytes, 0x9e3779b1))
  }

  #take(wire: Wire): void {
    wire.head = this.#parcels.remove(wire.head)
    wire.received = false
    if (wire.waiting !== NONE) this.#letGo(wire)
  }

  #onSyn(wire: Wire): number {
    const target = wire.target
    const client = wire.sender
    invariant(target !== null && client !== null, 'a SYN has a target and a sender')
    this.#take(wire)
    const back = client.in
    if (target.phase === 'down') {
      this.#push(back, REFUSED, CONTROL_BYTES)
      return digestOf(wire.lane)
    }
    const server = new Endpoint(this.#nextId++, target, client.runtime.name, false, back, wire)
    server.other = client
    client.other = server
    wire.receiver = server
    back.sender = server
    server.open = true
    target.endpoints.push(server)
    this.#push(back, SYN_ACK, CONTROL_BYTES)
    target.connectionOpened(server)
    return digestOf(wire.lane)
  }

  #onSynAck(wire: Wire, client: Endpoint): number {
    this.#take(wire)
    client.open = true
    if (client.pending !== null) {
      for (const { message, bytes } of client.pending) this.#push(client.out, message, bytes)
      client.pending = null
    }
    client.runtime.connectionOpened(client)
    if (wire.head !== NONE && !wire.scheduled && !wire.stalled) this.#scheduleHead(wire)
    return digestOf(wire.lane)
  }

  /** A packet reached a live host where nobody owns this connection any more: RST to its sender. */
  #onDeadEnd(wire: Wire): number {
    const control = this.#head(wire)
    const sender = wire.sender
    this.#drop(wire)
    if (control === RST || control === FIN || control === REFUSED) return digestOf(wire.lane)
    if (sender === null || sender.dead) return NOTHING
    // One that the death itself has sent already comes after what was under way.
    if (this.#lastIsReset(sender.in)) return digestOf(wire.lane)
    this.#pushReset(sender.in)
    return digestOf(wire.lane)
  }

  #lastIsReset({ head, tail }: Wire): boolean {
    return head !== NONE && this.#parcels.messages[tail] === RST
  }

  #ended(endpoint: Endpoint, reason: CloseReason): number {
    this.#bury(endpoint)
    this.#drop(endpoint.in)
    endpoint.runtime.connectionClosed(endpoint, reason)
    return digestOf(endpoint.out.lane ^ reason.length)
  }

  /** Takes an endpoint from its owner. */
  #bury(endpoint: Endpoint): void {
    endpoint.dead = true
    endpoint.open = false
    endpoint.pending = null
    // Wake the wire, so that what still arrives finds the dead end.
    this.resume(endpoint.in)
    const { endpoints } = endpoint.runtime
    const at = endpoints.indexOf(endpoint)
    if (at !== -1) endpoints.splice(at, 1)
  }

  #block(wire: Wire): void {
    wire.blockedSince = this.#kernel.now
    wire.held = wire.link.cuts === 0 && wire.to.up && wire.from.up
    this.#blocked.push(wire)
    this.#kernel.at(this.#kernel.now + GIVE_UP_US, wire.lane, EventKind.giveUp, 0, wire)
  }

  /** The message at the head of a wire has waited for its link for as long as TCP does. */
  gaveUp(wire: Wire): number {
    if (wire.blockedSince < 0 || this.#kernel.now - wire.blockedSince < GIVE_UP_US) return NOTHING
    wire.blockedSince = -1
    this.#drop(wire)
    const sender = wire.sender
    if (sender === null || sender.dead) return NOTHING
    return this.#ended(sender, 'reset')
  }

  #closeLater(endpoint: Endpoint): void {
    this.#drop(endpoint.in)
    endpoint.in.stalled = false
    this.#kernel.at(this.#kernel.now, endpoint.in.lane, EventKind.closing, 0, endpoint)
  }

  closing(endpoint: Endpoint): number {
    return endpoint.dead ? NOTHING : this.#ended(endpoint, 'reset')
  }
}
