/**
 * What clients and ZooKeeper servers say to each other, shaped and named as in ZooKeeper 3.8.
 *
 * Server-to-server messages (election, Zab) live beside the server. Data of a znode is an immutable
 * plain value with a stated size. Names of error codes are ZooKeeper's.
 */

export type ZooKeeperError =
  | 'OK'
  | 'NONODE'
  | 'NODEEXISTS'
  | 'NOTEMPTY'
  | 'BADVERSION'
  | 'NOCHILDRENFOREPHEMERALS'
  | 'SESSIONEXPIRED'
  | 'SESSIONMOVED'
  | 'RUNTIMEINCONSISTENCY'
  /** Made by the client: the connection broke, the outcome is unknown (KB Z6). */
  | 'CONNECTIONLOSS'

export type CreateMode =
  'persistent' | 'ephemeral' | 'persistent-sequential' | 'ephemeral-sequential'

/** A znode's metadata (the fields of Stat that the model needs). */
export interface Stat {
  readonly czxid: number
  readonly mzxid: number
  readonly pzxid: number
  readonly version: number
  readonly cversion: number
  /** Session id of the owner of an ephemeral node, else 0. */
  readonly ephemeralOwner: number
}

export type Write =
  | {
      readonly op: 'create'
      readonly path: string
      readonly data: unknown
      readonly bytes: number
      readonly mode: CreateMode
    }
  | {
      readonly op: 'setData'
      readonly path: string
      readonly data: unknown
      readonly bytes: number
      readonly version: number
    }
  | { readonly op: 'delete'; readonly path: string; readonly version: number }
  | { readonly op: 'check'; readonly path: string; readonly version: number }

export type Read =
  | { readonly op: 'getData'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'exists'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'getChildren'; readonly path: string; readonly watch: boolean }

export type ZooKeeperOperation =
  | Write
  | Read
  | { readonly op: 'multi'; readonly writes: readonly Write[] }
  | { readonly op: 'sync'; readonly path: string }

/** Result of one operation. `zxid` of the last change this server had applied. */
export interface ZooKeeperResult {
  readonly error: ZooKeeperError
  readonly zxid: number
  /** Path created (with the sequence number), for create. */
  readonly path?: string
  readonly data?: unknown
  readonly stat?: Stat
  readonly children?: readonly string[]
  /** For multi: one result a write. */
  readonly results?: readonly ZooKeeperResult[]
  /**
   * Set by the client: sent at least twice, so an earlier try may have been applied (KB Z6, C1).
   */
  readonly retried?: boolean
}

export type WatchEventType =
  'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged'

// Client → server.

export interface ConnectRequest {
  readonly type: 'ConnectRequest'
  readonly lastZxidSeen: number
  readonly timeoutMs: number
  /** 0 for a new session. */
  readonly sessionId: number
  readonly password: number
}

export interface ZooKeeperRequest {
  readonly type: 'ZooKeeperRequest'
  readonly xid: number
  readonly operation: ZooKeeperOperation
}

export interface PingRequest {
  readonly type: 'PingRequest'
}

/** Re-registration of watches after a reconnect (KB Z4). */
export interface SetWatchesRequest {
  readonly type: 'SetWatchesRequest'
  readonly relativeZxid: number
  readonly dataWatches: readonly string[]
  readonly existWatches: readonly string[]
  readonly childWatches: readonly string[]
}

export interface CloseSessionRequest {
  readonly type: 'CloseSessionRequest'
}

// Server → client.

export interface ConnectResponse {
  readonly type: 'ConnectResponse'
  /** 0: the session is unknown or expired. */
  readonly timeoutMs: number
  readonly sessionId: number
  readonly password: number
}

export interface ZooKeeperReply {
  readonly type: 'ZooKeeperReply'
  readonly xid: number
  readonly result: ZooKeeperResult
}

export interface PingReply {
  readonly type: 'PingReply'
  readonly zxid: number
}

export interface WatchNotification {
  readonly type: 'WatchNotification'
  readonly event: WatchEventType
  readonly path: string
  readonly zxid: number
}

export type FromZooKeeperClient =
  ConnectRequest | ZooKeeperRequest | PingRequest | SetWatchesRequest | CloseSessionRequest

export type ToZooKeeperClient = ConnectResponse | ZooKeeperReply | PingReply | WatchNotification
