/**
 * The tree of znodes with the sessions of the ensemble: what a server's log amounts to (KB
 * Z14–Z18).
 *
 * Follows DataTree of ZooKeeper 3.8. Applying a transaction never fails: the leader has checked it,
 * and with a guard off a server has to bear what it is given. Left out: ACLs, quotas, containers.
 */

import type { Stat } from './messages.ts'
import { type Change, nameOf, parentOf, type Transaction } from './transaction.ts'

export interface Znode {
  data: unknown
  bytes: number
  czxid: number
  mzxid: number
  pzxid: number
  version: number
  /** How many children were ever created: the counter of sequential names (KB Z18). */
  creates: number
  ephemeralOwner: number
  /** Names; null while there was none. */
  children: Set<string> | null
}

interface SnapshotNode extends Readonly<Omit<Znode, 'children'>> {
  readonly path: string
}

/** A copy that nobody changes: what a follower gets that is too far behind (KB Z22). */
export interface TreeSnapshot {
  readonly zxid: number
  /** Parents before their children, children in the order of creation. */
  readonly nodes: readonly SnapshotNode[]
  readonly sessions: readonly (readonly [sessionId: number, timeoutMs: number])[]
  readonly bytes: number
}

const nodeOverheadBytes = 80

export class DataTree {
  /** Zxid of the last transaction applied. */
  lastZxid = 0
  /** Timeouts of the sessions that have not been closed. */
  readonly sessions: Map<number, number> = new Map()
  readonly #nodes = new Map<string, Znode>()
  readonly #ephemerals = new Map<number, Set<string>>()

  constructor(snapshot?: TreeSnapshot) {
    this.#nodes.set('/', emptyNode())
    if (snapshot === undefined) return
    this.lastZxid = snapshot.zxid
    for (const [sessionId, timeoutMs] of snapshot.sessions) this.sessions.set(sessionId, timeoutMs)
    for (const { path, ...fields } of snapshot.nodes) this.#restore(path, fields)
  }

  node(path: string): Znode | undefined {
    return this.#nodes.get(path)
  }

  /** Paths of the ephemeral nodes of a session, in the order of creation. */
  ephemeralsOf(sessionId: number): Iterable<string> {
    return this.#ephemerals.get(sessionId) ?? []
  }

  /** `stats`, when given, gets each changed node's metadata as it stood right after its change. */
  apply(transaction: Transaction, stats: (Stat | null)[] | null = null): void {
    this.lastZxid = transaction.zxid
    for (const change of transaction.changes) {
      this.#change(change, transaction.zxid)
      if (stats !== null) stats.push(this.#statAfter(change))
    }
    if (transaction.kind === 'createSession') {
      this.sessions.set(transaction.sessionId, transaction.timeoutMs)
    } else if (transaction.kind === 'closeSession') {
      this.sessions.delete(transaction.sessionId)
    }
  }

  snapshot(): TreeSnapshot {
    const nodes: SnapshotNode[] = []
    let bytes = 0
    const visit = (path: string): void => {
      const { children, ...fields } = this.#nodes.get(path) as Znode
      nodes.push({ path, ...fields })
      bytes += nodeOverheadBytes + path.length + fields.bytes
      for (const child of children ?? []) visit(path === '/' ? `/${child}` : `${path}/${child}`)
    }
    visit('/')
    return { zxid: this.lastZxid, nodes, sessions: [...this.sessions], bytes }
  }

  #change(change: Change, zxid: number): void {
    if (change.kind === 'created') this.#create(change, zxid)
    else if (change.kind === 'changed') this.#setData(change, zxid)
    else if (change.kind === 'deleted') this.#delete(change.path, zxid)
  }

  /** Null where the answer names no node: a deletion, a check. */
  #statAfter({ kind, path }: Change): Stat | null {
    const node = kind === 'created' || kind === 'changed' ? this.#nodes.get(path) : undefined
    return node === undefined ? null : statOf(node)
  }

  #create(change: Change, zxid: number): void {
    const { path, data, bytes, ephemeralOwner } = change
    const replaced = this.#nodes.get(path)
    if (replaced !== undefined) this.#forgetEphemeral(path, replaced.ephemeralOwner)
    const node = emptyNode()
    node.data = data
    node.bytes = bytes
    node.czxid = node.mzxid = node.pzxid = zxid
    node.ephemeralOwner = ephemeralOwner
    node.children = replaced?.children ?? null
    this.#nodes.set(path, node)
    if (ephemeralOwner !== 0) this.#noteEphemeral(path, ephemeralOwner)
    const parent = this.#parentOf(path, zxid)
    parent.children ??= new Set()
    parent.children.add(nameOf(path))
    parent.creates = change.parentCreates
    parent.pzxid = zxid
  }

  /** With the leader's guard off a node may come without its parent, which then comes with it. */
  #parentOf(path: string, zxid: number): Znode {
    const parentPath = parentOf(path)
    const known = this.#nodes.get(parentPath)
    if (known !== undefined) return known
    const made = emptyNode()
    made.czxid = made.mzxid = zxid
    this.#nodes.set(parentPath, made)
    const above = this.#parentOf(parentPath, zxid)
    above.children ??= new Set()
    above.children.add(nameOf(parentPath))
    return made
  }

  #setData(change: Change, zxid: number): void {
    const node = this.#nodes.get(change.path)
    if (node === undefined) return
    node.data = change.data
    node.bytes = change.bytes
    node.version = change.version
    node.mzxid = zxid
  }

  #delete(path: string, zxid: number): void {
    const node = this.#nodes.get(path)
    if (node === undefined) return
    this.#nodes.delete(path)
    this.#forgetEphemeral(path, node.ephemeralOwner)
    const parent = this.#nodes.get(parentOf(path))
    if (parent === undefined) return
    parent.children?.delete(nameOf(path))
    parent.pzxid = zxid
  }

  #restore(path: string, fields: Omit<Znode, 'children'>): void {
    this.#nodes.set(path, { ...fields, children: null })
    if (fields.ephemeralOwner !== 0) this.#noteEphemeral(path, fields.ephemeralOwner)
    if (path === '/') return
    const parent = this.#nodes.get(parentOf(path))
    if (parent === undefined) return
    parent.children ??= new Set()
    parent.children.add(nameOf(path))
  }

  #noteEphemeral(path: string, owner: number): void {
    let paths = this.#ephemerals.get(owner)
    if (paths === undefined) {
      paths = new Set()
      this.#ephemerals.set(owner, paths)
    }
    paths.add(path)
  }

  #forgetEphemeral(path: string, owner: number): void {
    const paths = this.#ephemerals.get(owner)
    if (paths === undefined) return
    paths.delete(path)
    if (paths.size === 0) this.#ephemerals.delete(owner)
  }
}

function emptyNode(): Znode {
  return {
    data: null,
    bytes: 0,
    czxid: 0,
    mzxid: 0,
    pzxid: 0,
    version: 0,
    creates: 0,
    ephemeralOwner: 0,
    children: null,
  }
}

/** What clients see of a node's metadata; `cversion` counts creations and deletions of children. */
export function statOf(node: Znode): Stat {
  return {
    czxid: node.czxid,
    mzxid: node.mzxid,
    pzxid: node.pzxid,
    version: node.version,
    cversion: node.creates * 2 - (node.children?.size ?? 0),
    ephemeralOwner: node.ephemeralOwner,
  }
}
