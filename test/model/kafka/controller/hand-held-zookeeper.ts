/**
 * One ZooKeeper server, held in the hand: a tree, sessions and one-shot watches, answered at once.
 *
 * Enough of KB 5 to drive registration and controller in component tests; the real ensemble has its
 * own tests. A test moves every message itself, loses replies, and ends sessions.
 */

import type { EnsembleObserver, ZnodeChange } from '../../../../model/zookeeper/observer.ts'
import type {
  FromZooKeeperClient,
  ToZooKeeperClient,
  WatchEventType,
  Write,
  ZooKeeperError,
  ZooKeeperOperation,
  ZooKeeperResult,
} from '../../../../model/zookeeper/messages.ts'

interface Znode {
  data: unknown
  version: number
  czxid: number
  mzxid: number
  owner: number
}

interface Watcher {
  readonly session: number
  readonly path: string
  readonly kind: 'data' | 'child'
}

/** A message for the client of a session. */
export interface Outgoing {
  readonly session: number
  readonly message: ToZooKeeperClient
}

export class HandHeldZooKeeper {
  readonly nodes = new Map<string, Znode>()
  readonly outgoing: Outgoing[] = []
  readonly operations: ZooKeeperOperation[] = []
  #observer: EnsembleObserver | null
  #zxid = 0
  #sessions = 0
  readonly #live = new Set<number>()
  #watchers: Watcher[] = []

  constructor(observer: EnsembleObserver | null = null) {
    this.#observer = observer
  }

  data<Data>(path: string): Data | undefined {
    return this.nodes.get(path)?.data as Data | undefined
  }

  /** Takes a client's message; `session` 0 for a connection without one. Gives the session. */
  take(session: number, message: FromZooKeeperClient): number {
    switch (message.type) {
      case 'ConnectRequest':
        return this.#connect(message.sessionId)
      case 'ZooKeeperRequest':
        this.#answer(session, message.xid, message.operation)
        return session
      default:
        return session
    }
  }

  /** Ends a session as its expiry does: all its nodes go in one zxid. */
  expire(session: number): void {
    this.#live.delete(session)
    this.#zxid += 1
    const changes: ZnodeChange[] = []
    for (const [path, node] of this.nodes) {
      if (node.owner === session) changes.push(this.#delete(path))
    }
    this.#observer?.committed(this.#zxid, changes)
  }

  /** A write by nobody in the test. */
  write(write: Write): ZooKeeperError {
    return this.#apply(0, [write]).error
  }

  #connect(wanted: number): number {
    if (wanted !== 0 && !this.#live.has(wanted)) {
      const message = { type: 'ConnectResponse', timeoutMs: 0, sessionId: 0, password: 0 } as const
      this.outgoing.push({ session: wanted, message })
      return wanted
    }
    const session = wanted === 0 ? (this.#sessions += 1) : wanted
    this.#live.add(session)
    const message = {
      type: 'ConnectResponse',
      timeoutMs: 18_000,
      sessionId: session,
      password: 1,
    } as const
    this.outgoing.push({ session, message })
    return session
  }

  #answer(session: number, xid: number, operation: ZooKeeperOperation): void {
    if (!this.#live.has(session)) return
    this.operations.push(operation)
    const result = this.#perform(session, operation)
    this.outgoing.push({ session, message: { type: 'ZooKeeperReply', xid, result } })
  }

  #perform(session: number, operation: ZooKeeperOperation): ZooKeeperResult {
    switch (operation.op) {
      case 'multi':
        return this.#apply(session, operation.writes)
      case 'getData':
      case 'exists':
      case 'getChildren':
        return this.#read(session, operation)
      case 'sync':
        return { error: 'OK', zxid: this.#zxid }
      default:
        return this.#apply(session, [operation])
    }
  }

  #read(
    session: number,
    operation: Extract<ZooKeeperOperation, { watch: boolean }>,
  ): ZooKeeperResult {
    const { path, op, watch } = operation
    const node = this.nodes.get(path)
    const kind = op === 'getChildren' ? 'child' : 'data'
    if (watch && (node !== undefined || op === 'exists')) this.#watch({ session, path, kind })
    if (node === undefined) return { error: 'NONODE', zxid: this.#zxid }
    const stat = {
      czxid: node.czxid,
      mzxid: node.mzxid,
      pzxid: 0,
      version: node.version,
      cversion: 0,
      ephemeralOwner: node.owner,
    }
    const base = { error: 'OK', zxid: this.#zxid, stat } as const
    if (op === 'getChildren') return { ...base, children: this.#childrenOf(path) }
    return { ...base, data: node.data }
  }

  #childrenOf(path: string): readonly string[] {
    const prefix = `${path}/`
    return [...this.nodes.keys()]
      .filter((one) => one.startsWith(prefix) && !one.slice(prefix.length).includes('/'))
      .map((one) => one.slice(prefix.length))
  }

  /** A sequential node gets the number of its siblings behind its name. */
  #numbered(write: Write): Write {
    if (write.op !== 'create' || !write.mode.endsWith('sequential')) return write
    const parent = write.path.slice(0, write.path.lastIndexOf('/'))
    const number = String(this.#childrenOf(parent).length).padStart(10, '0')
    return { ...write, path: write.path + number }
  }

  #watch(watcher: Watcher): void {
    const known = this.#watchers.some(
      (one) =>
        one.session === watcher.session && one.path === watcher.path && one.kind === watcher.kind,
    )
    if (!known) this.#watchers.push(watcher)
  }

  #apply(session: number, asked: readonly Write[]): ZooKeeperResult {
    this.#zxid += 1
    const writes = asked.map((write) => this.#numbered(write))
    const staged = new Set<string>()
    for (const [index, write] of writes.entries()) {
      const error = this.#check(write, staged)
      if (error === 'OK') continue
      const results = writes.map((_, at): ZooKeeperResult => {
        if (at === index) return { error, zxid: 0 }
        return { error: at < index ? 'OK' : 'RUNTIMEINCONSISTENCY', zxid: 0 }
      })
      return { error, zxid: this.#zxid, results }
    }
    const changes: ZnodeChange[] = []
    for (const write of writes) {
      const change = this.#change(session, write)
      if (change !== null) changes.push(change)
    }
    this.#observer?.committed(this.#zxid, changes)
    return { error: 'OK', zxid: this.#zxid }
  }

  #check(write: Write, staged: Set<string>): ZooKeeperError {
    const exists = this.nodes.has(write.path) || staged.has(write.path)
    if (write.op === 'create') {
      const parent = write.path.slice(0, write.path.lastIndexOf('/'))
      if (parent !== '' && !this.nodes.has(parent) && !staged.has(parent)) return 'NONODE'
      staged.add(write.path)
      return exists ? 'NODEEXISTS' : 'OK'
    }
    if (!exists) return 'NONODE'
    const version = this.nodes.get(write.path)?.version
    return write.version !== -1 && write.version !== version ? 'BADVERSION' : 'OK'
  }

  #change(session: number, write: Write): ZnodeChange | null {
    const { path } = write
    if (write.op === 'check') return null
    if (write.op === 'delete') return this.#delete(path)
    const zxid = this.#zxid
    if (write.op === 'create') {
      const owner = write.mode === 'ephemeral' ? session : 0
      this.nodes.set(path, { data: write.data, version: 0, czxid: zxid, mzxid: zxid, owner })
      this.#fire(path, 'data', 'NodeCreated')
      this.#fireParent(path)
      return { kind: 'created', path, data: write.data, version: 0, czxid: zxid }
    }
    const node = this.nodes.get(path) as Znode
    node.data = write.data
    node.version += 1
    node.mzxid = zxid
    this.#fire(path, 'data', 'NodeDataChanged')
    return { kind: 'changed', path, data: node.data, version: node.version, czxid: node.czxid }
  }

  #delete(path: string): ZnodeChange {
    const node = this.nodes.get(path) as Znode
    this.nodes.delete(path)
    this.#fire(path, 'data', 'NodeDeleted')
    this.#fireParent(path)
    return { kind: 'deleted', path, data: null, version: node.version, czxid: node.czxid }
  }

  #fireParent(path: string): void {
    this.#fire(path.slice(0, path.lastIndexOf('/')), 'child', 'NodeChildrenChanged')
  }

  #fire(path: string, kind: Watcher['kind'], event: WatchEventType): void {
    const fired = this.#watchers.filter((one) => one.path === path && one.kind === kind)
    this.#watchers = this.#watchers.filter((one) => !fired.includes(one))
    for (const { session } of fired) {
      const message = { type: 'WatchNotification', event, path, zxid: this.#zxid } as const
      this.outgoing.push({ session, message })
    }
  }
}
