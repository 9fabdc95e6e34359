/**
 * The network: connections as TCP gives them, over links that can be cut, held and slowed.
 *
 * Handshakes, ends and resets; each direction of a connection is a wire, and what moves on it is
 * `traffic.ts`. 15 minutes without progress reset a connection (contracts 2). Left out: an end that
 * stops to write and goes on reading, which nobody does here: the end that has not read its FIN yet
 * still writes, to nobody.
 */

import { invariant } from './invariant.ts'
import { type Kernel, NOTHING } from './kernel.ts'
import type { Host } from './host.ts'
import { mix32 } from './mix.ts'
import { NONE } from './parcels.ts'
import type { Body, CloseReason } from './process.ts'
import type { Streams } from './random.ts'
import type { ProcessRuntime } from './runtime.ts'
import { CONTROL_BYTES, FIN, GIVE_UP_US, REFUSED, RST, SYN, SYN_ACK, Traffic } from './traffic.ts'
import { Endpoint, Link, type LinkDelay, Wire } from './wires.ts'
import { EventKind } from './world.ts'

/** A word for the trace hash that does not say `NOTHING`. */
function digestOf(word: number): number {
  return word === NOTHING ? 0 : word
}

export class Network {
  readonly #kernel: Kernel
  readonly #streams: Streams
  readonly #delayBetween: (a: Host, b: Host) => LinkDelay
  readonly #links: (Link | undefined)[][] = []
  readonly #traffic: Traffic
  readonly #pairs = new Map<number, number>()
  #nextId = 1

  constructor(kernel: Kernel, streams: Streams, delayBetween: (a: Host, b: Host) => LinkDelay) {
    this.#kernel = kernel
    this.#traffic = new Traffic(kernel)
    this.#streams = streams
    this.#delayBetween = delayBetween
  }

  /** Lets go of what is under way. */
  release(): void {
    this.#traffic.release()
    this.#links.length = 0
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
    this.#traffic.push(endpoint.out, SYN, CONTROL_BYTES)
  }

  send(endpoint: Endpoint, message: Body, bytes: number): void {
    if (endpoint.dead) return
    if (!endpoint.open) {
      endpoint.pending ??= []
      endpoint.pending.push({ message, bytes })
      return
    }
    this.#traffic.push(endpoint.out, message, bytes)
  }

  close(endpoint: Endpoint): void {
    if (endpoint.dead) return
    const wasOpen = endpoint.open
    this.#bury(endpoint)
    if (!wasOpen) return
    this.#traffic.forgetUnsent(endpoint.out, endpoint.runtime.sockets.sendBytes)
    this.#traffic.push(endpoint.out, FIN, CONTROL_BYTES)
  }

  reset(endpoint: Endpoint): void {
    if (endpoint.dead) return
    const wasOpen = endpoint.open
    this.#bury(endpoint)
    if (wasOpen) this.#traffic.pushReset(endpoint.out)
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
    this.#traffic.scheduleHead(wire)
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
      this.#traffic.forgetUnsent(endpoint.out, unread ? 0 : runtime.sockets.sendBytes)
      this.#traffic.push(endpoint.out, unread ? RST : FIN, CONTROL_BYTES)
    }
  }

  /** The host of this process lost power: its ends vanish without a word. */
  processVanished(runtime: ProcessRuntime): void {
    for (const endpoint of runtime.endpoints.slice()) {
      this.#bury(endpoint)
      this.#traffic.forgetUnsent(endpoint.out, 0)
    }
  }

  /** Everything that waits for these endpoints is read on (after a pause). */
  resumeAll(runtime: ProcessRuntime): void {
    for (const endpoint of runtime.endpoints.slice()) this.resume(endpoint.in)
  }

  cut(from: Host, to: Host, by: 1 | -1): void {
    this.#link(from, to).cuts += by
    if (by === -1) this.#traffic.reconsiderBlocked()
  }

  hold(from: Host, to: Host, by: 1 | -1): void {
    this.#link(from, to).holds += by
    if (by === -1) this.#traffic.reconsiderBlocked()
  }

  clog(from: Host, to: Host, by: 1 | -1): void {
    this.#link(from, to).clogs += by
    if (by === -1) this.#traffic.reconsiderBlocked()
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
    this.#traffic.reconsiderBlocked()
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

  /** The head of a wire is due. */
  arrived(wire: Wire): number {
    wire.scheduled = false
    const slot = wire.head
    if (slot === NONE || wire.stalled || wire.blockedSince >= 0) return NOTHING
    // The head may have been replaced by a reset that arrives later.
    if ((this.#traffic.parcels.arrivals[slot] as number) > this.#kernel.now) {
      this.#traffic.scheduleHead(wire)
      return NOTHING
    }
    if (!this.#traffic.clear(wire)) {
      this.#traffic.block(wire)
      return NOTHING
    }
    wire.silentSince = -1
    const message = this.#traffic.parcels.messages[slot] as Body
    const bytes = this.#traffic.parcels.sizes[slot] as number
    if (!wire.received) {
      wire.received = true
      const { bytesPerUs } = wire.from.nicOut
      const received = wire.to.nicIn.receive(this.#kernel.now, bytes, bytesPerUs, wire.flowIn)
      if (received > this.#kernel.now) {
        this.#traffic.parcels.arrivals[slot] = received
        this.#traffic.scheduleHead(wire)
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
      this.#traffic.take(wire)
      return this.#ended(receiver, message === RST ? 'reset' : 'refused')
    }
    if (receiver.muted || wire.reading) return this.#traffic.stall(wire)
    const { runtime } = receiver
    const { type } = message
    // Most connections carry one type of message each way: its handler is looked up once.
    if (type !== receiver.readType) {
      receiver.readType = type
      receiver.handler = runtime.handlerOf(type)
    }
    const { handler } = receiver
    if (!runtime.reads(handler)) return this.#traffic.stall(wire)
    const cause = this.#traffic.parcels.causes[wire.head] as number
    this.#traffic.take(wire)
    if (message === FIN) return this.#ended(receiver, 'fin')
    wire.reading = true
    if (handler === undefined) throw runtime.unhandled(message)
    runtime.receiveMessage(receiver, handler, message, cause)
    if (wire.head !== NONE && !wire.scheduled && !wire.stalled && wire.blockedSince < 0)
      this.#traffic.scheduleHead(wire)
    return digestOf(handler.hash ^ Math.imul(bytes, 0x9e3779b1))
  }

  #onSyn(wire: Wire): number {
    const target = wire.target
    const client = wire.sender
    invariant(target !== null && client !== null, 'a SYN has a target and a sender')
    this.#traffic.take(wire)
    const back = client.in
    if (target.phase === 'down') {
      this.#traffic.push(back, REFUSED, CONTROL_BYTES)
      return digestOf(wire.lane)
    }
    const server = new Endpoint(this.#nextId++, target, client.runtime.name, false, back, wire)
    server.other = client
    client.other = server
    wire.receiver = server
    back.sender = server
    server.open = true
    target.endpoints.push(server)
    this.#traffic.push(back, SYN_ACK, CONTROL_BYTES)
    target.connectionOpened(server)
    return digestOf(wire.lane)
  }

  #onSynAck(wire: Wire, client: Endpoint): number {
    this.#traffic.take(wire)
    client.open = true
    if (client.pending !== null) {
      for (const { message, bytes } of client.pending)
        this.#traffic.push(client.out, message, bytes)
      client.pending = null
    }
    client.runtime.connectionOpened(client)
    if (wire.head !== NONE && !wire.scheduled && !wire.stalled) this.#traffic.scheduleHead(wire)
    return digestOf(wire.lane)
  }

  /** A packet reached a live host where nobody owns this connection any more: RST to its sender. */
  #onDeadEnd(wire: Wire): number {
    const control = this.#traffic.head(wire)
    const sender = wire.sender
    this.#traffic.drop(wire)
    if (control === RST || control === FIN || control === REFUSED) return digestOf(wire.lane)
    if (sender === null || sender.dead) return NOTHING
    // It comes after what was under way; one that the death itself has sent is enough.
    if (!this.#traffic.lastIsReset(sender.in)) {
      this.#traffic.push(sender.in, RST, CONTROL_BYTES)
    }
    return digestOf(wire.lane)
  }

  #ended(endpoint: Endpoint, reason: CloseReason): number {
    this.#bury(endpoint)
    this.#traffic.drop(endpoint.in)
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

  /** The message at the head of a wire has waited for its link for as long as TCP does. */
  gaveUp(wire: Wire): number {
    if (wire.silentSince < 0 || this.#kernel.now - wire.silentSince < GIVE_UP_US) return NOTHING
    wire.blockedSince = -1
    wire.silentSince = -1
    this.#traffic.drop(wire)
    const sender = wire.sender
    if (sender === null || sender.dead) return NOTHING
    return this.#ended(sender, 'reset')
  }

  #closeLater(endpoint: Endpoint): void {
    this.#traffic.drop(endpoint.in)
    endpoint.in.stalled = false
    this.#kernel.at(this.#kernel.now, endpoint.in.lane, EventKind.closing, 0, endpoint)
  }

  closing(endpoint: Endpoint): number {
    return endpoint.dead ? NOTHING : this.#ended(endpoint, 'reset')
  }
}
