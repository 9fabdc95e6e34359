/**
 * A process is the unit that runs, crashes and restarts.
 *
 * Its code is synchronous: one handler runs to the end before the next begins, and everything it
 * wants from the world it asks of its `Context`. Effects leave in the order in which they were
 * asked for; a crash or a pause may cut that order at any place (design §4).
 */

import type { Disk, IoOutcome } from './disk.ts'
import type { Stream } from './random.ts'
import type { GuardId, ProbeId } from './registry.ts'

/** Stable name of a process: `broker-1`, `zookeeper-2`, `payment-1`. */
export type ProcessName = string

/** A message. Immutable once sent. */
export interface Body {
  readonly type: string
}

/**
 * One end of a connection, as its owner sees it. The two ends share the wire, never this object.
 */
export interface Connection {
  /** Unique in the run; differs at the two ends. */
  readonly id: number
  readonly peer: ProcessName
  /** True at the end that called `connect`. */
  readonly outgoing: boolean
  /** True from `opened` until it is closed by either side. */
  readonly open: boolean
  /** For the owner: whatever it wants to remember about this connection. */
  state: unknown
}

export type CloseReason = 'fin' | 'reset' | 'refused'

/**
 * Service that a message takes before its handler runs: `us` microseconds of a server of `station`.
 */
export interface Service {
  readonly station: string
  readonly us: number
  /**
   * Of a message that stands for many which came one after the other: the work of all of them,
   * of which `us` is the last one's. What was idle meanwhile has done its part already.
   */
  readonly workUs?: number
  /** Then the server waits so long, without work: for a disk. */
  readonly waitUs?: number
}

/** A thread pool: how many servers it has and how many inputs may wait for one. */
export interface StationConfig {
  readonly servers: number
  readonly queueMax?: number
}

export interface Context<Timer extends string = string, Io extends string = string> {
  /** Name of this process. */
  readonly name: ProcessName
  /** 1 for the first start, then one more for each restart. */
  readonly incarnation: number
  /** The disks of the host; the first is the one given to `start`. */
  readonly disks: readonly Disk[]

  /** Time of the host's monotonic clock in µs: drifts, never steps. All timers run on it. */
  monotonicUs(): number
  /**
   * Time of the host's wall clock in ms since the epoch: offset, drift, steps. Read and compared,
   * never slept on.
   */
  wallMs(): number
  /**
   * The stream of this process for one purpose. Make it once and keep it in the state; it goes on
   * over restarts.
   */
  random(purpose: string): Stream

  /** Opens a connection. May be sent on at once: what is sent waits for the handshake. */
  connect(to: ProcessName): Connection
  /** Sending on a connection that is closed does nothing. */
  send(connection: Connection, message: Body, bytes: number): void
  /** Closes after what was sent has been delivered (FIN). The own end hears nothing more. */
  close(connection: Connection): void
  /** Closes at once; what is under way may be lost (RST). */
  reset(connection: Connection): void
  /** Stops reading from the connection (KB R1). */
  mute(connection: Connection): void
  unmute(connection: Connection): void

  /** One live timer per (name, key); setting it again moves it, in place. */
  setTimer(timer: Timer, key: number, delayUs: number): void
  cancelTimer(timer: Timer, key: number): void

  /** Queues long work on a station; comes back as `done(io, key)`. */
  serve(station: string, us: number, io: Io, key: number): void
  /**
   * The server that runs this handler works on for `us` of CPU, taken until `done(io, key)` has
   * run.
   */
  work(us: number, io: Io, key: number): void
  /**
   * The server that runs this handler is blocked for `us`, as by a read from disk, until `done(io,
   * key)` has run.
   */
  block(us: number, io: Io, key: number): void
  /**
   * The server that runs this handler stays taken until `done(io, key)` or `release(io, key)`:
   * an fsync under a lock, a blocking call. Inputs of its station wait meanwhile.
   */
  hold(io: Io, key: number): void
  /**
   * Ends a hold from another handler (the reply arrived on another thread): `done(io, key)` runs
   * next, on the held server.
   */
  release(io: Io, key: number): void

  /** `breach` unless the guard is switched off here; counts decisive evaluations. */
  guard(guard: GuardId, breach: boolean): boolean
  /**
   * Marks a protocol moment; `subject` is a dense id (partition, group) that triggers can ask for.
   */
  probe(probe: ProbeId, subject?: number): void
  /**
   * Ends this process from inside (registration refused, fatal error); a supervisor may start it
   * again.
   */
  exit(reason: string): void
}

export interface Behaviour<
  State,
  In extends Body,
  Timer extends string = never,
  Io extends string = never,
> {
  /** The process's thread pools. The first is where inputs belong that `threads` does not name. */
  readonly stations: Readonly<Record<string, StationConfig>>
  /** The station of a message type, timer or io, where it is not the first. */
  readonly threads?: Readonly<Partial<Record<In['type'] | Timer | Io, string>>>

  /**
   * First start and every restart: the state is built from what the disk kept, and from nothing
   * else.
   */
  start(disk: Disk, context: Context<Timer, Io>): State

  /** Service before the handler runs, one station after the other. Absent: free. */
  cost?(state: State, message: In): readonly Service[]

  readonly receive: {
    readonly [Type in In['type']]: (
      self: State,
      message: Extract<In, { readonly type: Type }>,
      connection: Connection,
      context: Context<Timer, Io>,
    ) => void
  }
  readonly expire: {
    readonly [Name in Timer]: (self: State, key: number, context: Context<Timer, Io>) => void
  }
  readonly done?: {
    readonly [Name in Io]: (
      self: State,
      key: number,
      outcome: IoOutcome,
      context: Context<Timer, Io>,
    ) => void
  }
  readonly opened?: (self: State, connection: Connection, context: Context<Timer, Io>) => void
  readonly closed?: (
    self: State,
    connection: Connection,
    reason: CloseReason,
    context: Context<Timer, Io>,
  ) => void
}

/** A behaviour whose types are forgotten, for the world that only runs it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyBehaviour = Behaviour<any, any, any, any>
