/**
 * The state of a ZooKeeper client inside a process, and what its owner gives and hears (KB Z1–Z7).
 *
 * A client is a component: its host process puts the handlers of client.ts into its own tables. It
 * makes no closure per request; an answer comes back with the number that the owner gave.
 */

import type { Connection, Context, ProcessName } from '../../sim/process.ts'
import type { Stream } from '../../sim/random.ts'
import type { WatchEventType, ZooKeeperOperation, ZooKeeperResult } from './messages.ts'

/** Timers that the host process has to have in its table; the key is always 0. */
export type ZooKeeperTimer = 'zookeeper.ping' | 'zookeeper.readTimeout' | 'zookeeper.reconnect'

/**
 * What the client needs of its host's context. Any process's context with the timers above fits.
 */
export type ZooKeeperContext = Pick<
  Context<ZooKeeperTimer, string>,
  'monotonicUs' | 'random' | 'connect' | 'send' | 'close' | 'setTimer' | 'cancelTimer' | 'probe'
>

/**
 * `connecting` until the first session, `disconnected` while the session may live but no server is
 * reached. Only a server's word makes it `expired` (KB Z5).
 */
export type SessionState = 'connecting' | 'connected' | 'disconnected' | 'expired' | 'closed'

export interface ZooKeeperClientOptions<Owner> {
  /** What the listener's methods get as their first argument. */
  readonly owner: Owner
  readonly servers: readonly ProcessName[]
  /** zookeeper.session.timeout.ms: 18 s by default; the server clamps it (KB Z1). */
  readonly sessionTimeoutMs: number
  /** zookeeper.max.in.flight.requests: 10 by default (KB Z7). */
  readonly maxInFlight?: number
  /**
   * Sends requests again after a reconnect, in order and without end, as Kafka does (KB Z6). The
   * result of such a request carries `retried`. Off: they end with CONNECTIONLOSS.
   */
  readonly retryOnConnectionLoss?: boolean
}

/**
 * What the owner hears. Methods, so that an owner may narrow `Owner` and the context to its own.
 */
export interface ZooKeeperListener<Owner> {
  /** The outcome of the request that was submitted with `token`. */
  reply(owner: Owner, token: number, result: ZooKeeperResult, context: ZooKeeperContext): void
  /** A one-shot watch fired; read again to watch again (KB Z15). */
  watch(owner: Owner, event: WatchEventType, path: string, context: ZooKeeperContext): void
  session(owner: Owner, state: SessionState, context: ZooKeeperContext): void
}

export interface ClientRequest {
  xid: number
  readonly operation: ZooKeeperOperation
  readonly token: number
  /** True once a connection was lost while it was in flight. */
  retried: boolean
}

export interface ZooKeeperClient {
  readonly owner: unknown
  readonly listener: ZooKeeperListener<unknown>
  /** In the order in which they are tried: shuffled once, as StaticHostProvider does. */
  readonly servers: readonly ProcessName[]
  readonly requestedTimeoutMs: number
  readonly maxInFlight: number
  readonly retryOnConnectionLoss: boolean
  readonly stream: Stream

  state: SessionState
  /** 0 without a session. Equal to `ephemeralOwner` of the nodes this session created. */
  sessionId: number
  password: number
  /** Negotiated (KB Z1); the requested one before the first answer. */
  timeoutMs: number
  lastZxid: number

  connection: Connection | null
  closing: boolean
  /** Index of the server last tried, and of the one last reached; −1 for none yet. */
  serverIndex: number
  reachedIndex: number
  lastSentUs: number
  lastHeardUs: number

  nextXid: number
  inFlight: ClientRequest[]
  /** Not sent yet; live from `waitingHead` on. */
  waiting: ClientRequest[]
  waitingHead: number

  readonly dataWatches: Set<string>
  readonly existWatches: Set<string>
  readonly childWatches: Set<string>
}
