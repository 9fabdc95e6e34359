/**
 * What a network is made of: the two ends of a connection, its two wires, the links they run over.
 */

import type { HandlerEntry } from './definition.ts'
import type { Host } from './host.ts'
import { flowAt, type NicFlow } from './nic.ts'
import { NONE } from './parcels.ts'
import type { Body, Connection } from './process.ts'
import type { Stream } from './random.ts'
import type { ProcessRuntime } from './runtime.ts'

/** What the kernel keeps for a process's end of a connection. */
export interface Sockets {
  readonly receiveBytes: number
  readonly sendBytes: number
}

/**
 * Java clients of Kafka ask for 64 KiB (`receive.buffer.bytes`) and 128 KiB (`send.buffer.bytes`).
 */
export const DEFAULT_SOCKETS: Sockets = { receiveBytes: 65_536, sendBytes: 131_072 }

/** One-way delay of a link: `baseUs` plus an exponential of mean `jitterUs`. */
export interface LinkDelay {
  readonly baseUs: number
  readonly jitterUs: number
}

/** One end of a connection. */
export class Endpoint implements Connection {
  readonly id: number
  readonly runtime: ProcessRuntime
  readonly peer: string
  readonly outgoing: boolean
  open = false
  state: unknown = undefined

  /** No longer its owner's: closed, reset, or the owner died. */
  dead = false
  muted = false
  /** The other end; null until the other side has accepted. */
  other: Endpoint | null = null
  /** Sent before the handshake was over. */
  pending: { readonly message: Body; readonly bytes: number }[] | null = null
  readonly out: Wire
  readonly in: Wire
  /** Type of the message read last, and who handles it. */
  readType = ''
  handler: HandlerEntry | undefined = undefined

  constructor(
    id: number,
    runtime: ProcessRuntime,
    peer: string,
    outgoing: boolean,
    out: Wire,
    into: Wire,
  ) {
    this.id = id
    this.runtime = runtime
    this.peer = peer
    this.outgoing = outgoing
    this.out = out
    this.in = into
  }
}

/** One direction of a connection. */
export class Wire {
  readonly from: Host
  readonly to: Host
  readonly lane: number
  readonly link: Link
  /** Its way out of the sender's NIC, and into the receiver's. */
  readonly flowOut: NicFlow
  readonly flowIn: NicFlow
  sender: Endpoint | null = null
  receiver: Endpoint | null = null
  /** Process that a SYN asks for. */
  target: ProcessRuntime | null = null

  /** First and last of the messages under way. */
  head: number = NONE
  tail: number = NONE
  lastArrival = 0

  /** First of the messages that have not left: the receive buffer is full. */
  waiting: number = NONE
  /** Bytes that were sent and not read, counted from when the reader stopped. */
  unread = 0

  /** The head has an event. */
  scheduled = false
  /** The head has gone through the receiver's NIC. */
  received = false
  /** The head has arrived and waits to be read. */
  stalled = false
  /** The head waits for the link. */
  blockedSince = -1
  /** Since when nothing has arrived of what was sent, whatever the link let through meanwhile. */
  silentSince = -1
  /** It waits for a hold alone: nothing was lost, so nothing has to be sent again. */
  held = false
  /** A message taken from this wire has not been handled yet. */
  reading = false

  constructor(from: Host, to: Host, lane: number, link: Link) {
    this.from = from
    this.to = to
    this.lane = lane
    this.link = link
    this.flowOut = flowAt(from.nicOut.bytesPerUs)
    this.flowIn = flowAt(to.nicIn.bytesPerUs)
  }
}

/** One direction between two hosts. */
export class Link {
  readonly stream: Stream
  readonly delay: LinkDelay
  cuts = 0
  holds = 0
  /** Connections are made and ended as ever, and no data moves. */
  clogs = 0
  extraUs = 0
  extraJitterUs = 0
  /** Slow-link fault: bytes per µs; 0 for no limit. */
  bytesPerUs = 0
  freeUs = 0

  constructor(stream: Stream, delay: LinkDelay) {
    this.stream = stream
    this.delay = delay
  }

  arrival(leftUs: number, bytes: number): number {
    let left = leftUs
    if (this.bytesPerUs > 0) {
      this.freeUs = Math.max(left, this.freeUs) + bytes / this.bytesPerUs
      left = this.freeUs
    }
    let delay = this.delay.baseUs + this.extraUs
    const jitter = this.delay.jitterUs + this.extraJitterUs
    if (jitter > 0) delay += this.stream.exponential(jitter)
    return Math.ceil(left + delay)
  }
}
