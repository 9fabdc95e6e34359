/**
 * What the leader makes of a write: its outcome, decided before it is proposed (KB Z17, Z18).
 *
 * Follows PrepRequestProcessor of ZooKeeper 3.8. Decisions see the tree as it will be when all that
 * was proposed before is committed. A write that fails becomes a transaction too, which changes
 * nothing, so that its answer keeps its place in the order.
 */

import type { Context } from '../../sim/process.ts'
import type { DataTree } from './data-tree.ts'
import { Guard } from './guards.ts'
import type { Write, ZooKeeperError, ZooKeeperResult } from './messages.ts'
import { type Change, parentOf, type Transaction } from './transaction.ts'

type Chooser = Pick<Context, 'guard'>

/** A node as the next proposal finds it. */
interface ProposedNode {
  readonly exists: boolean
  readonly version: number
  readonly creates: number
  readonly childCount: number
  readonly ephemeralOwner: number
  readonly czxid: number
  /** Of the last proposal that changed it: the record goes when that one is applied. */
  readonly zxid: number
}

export interface Decision {
  readonly error: ZooKeeperError
  readonly changes: readonly Change[]
  readonly results: readonly ZooKeeperResult[] | null
}

const absent: ProposedNode = {
  exists: false,
  version: 0,
  creates: 0,
  childCount: 0,
  ephemeralOwner: 0,
  czxid: 0,
  zxid: 0,
}

/** The tree plus all that is proposed and not applied yet. */
export class ProposedTree {
  readonly #tree: DataTree
  readonly #proposed = new Map<string, ProposedNode>()
  /** Of the transaction being decided: kept only if all of it passes. */
  readonly #staged = new Map<string, ProposedNode>()

  constructor(tree: DataTree) {
    this.#tree = tree
  }

  /** Decides writes that stand or fall together, under the zxid that they will have. */
  decide(writes: readonly Write[], session: number, zxid: number, context: Chooser): Decision {
    const changes: Change[] = []
    for (let index = 0; index < writes.length; index += 1) {
      const change = this.#decide(writes[index] as Write, session, zxid, context)
      if (typeof change === 'string') {
        this.#staged.clear()
        return { error: change, changes: [], results: failedResults(writes, index, change) }
      }
      changes.push(change)
    }
    this.#keep()
    return { error: 'OK', changes, results: null }
  }

  /** The deletion of all that a session owns or is about to own (KB Z10). */
  decideEndOf(session: number, zxid: number): readonly Change[] {
    const paths = new Set(this.#tree.ephemeralsOf(session))
    for (const [path, node] of this.#proposed) {
      if (node.exists && node.ephemeralOwner === session) paths.add(path)
      else paths.delete(path)
    }
    const changes: Change[] = []
    for (const path of paths) changes.push(this.#remove(path, this.#look(path), zxid))
    this.#keep()
    return changes
  }

  /** To be called when a proposal has been applied to the tree. */
  applied(transaction: Transaction): void {
    for (const { path } of transaction.changes) {
      this.#forget(path, transaction.zxid)
      this.#forget(parentOf(path), transaction.zxid)
    }
  }

  #decide(write: Write, session: number, zxid: number, context: Chooser): Change | ZooKeeperError {
    if (write.op === 'create') return this.#create(write, session, zxid, context)
    const node = this.#look(write.path)
    if (context.guard(Guard.noNode, !node.exists)) return 'NONODE'
    if (!node.exists && write.op === 'setData') {
      return this.#create({ ...write, op: 'create', mode: 'persistent' }, session, zxid, context)
    }
    const otherVersion = node.exists && write.version !== -1 && write.version !== node.version
    if (context.guard(Guard.badVersion, otherVersion)) return 'BADVERSION'
    if (write.op === 'check') return changeOf('checked', write.path, node)
    if (write.op === 'delete') {
      if (context.guard(Guard.notEmpty, node.childCount > 0)) return 'NOTEMPTY'
      return this.#remove(write.path, node, zxid)
    }
    const changed = copyOf(node, zxid)
    changed.version += 1
    if (node.exists) this.#staged.set(write.path, changed)
    return changeOf('changed', write.path, changed, write)
  }

  #create(
    write: Extract<Write, { op: 'create' }>,
    session: number,
    zxid: number,
    context: Chooser,
  ): Change | ZooKeeperError {
    const parentPath = parentOf(write.path)
    const parent = this.#look(parentPath)
    if (context.guard(Guard.noParent, !parent.exists)) return 'NONODE'
    const path = isSequential(write) ? sequentialName(write.path, parent.creates) : write.path
    const old = this.#look(path)
    if (context.guard(Guard.nodeExists, old.exists)) return 'NODEEXISTS'
    if (context.guard(Guard.ephemeralParent, parent.ephemeralOwner !== 0)) {
      return 'NOCHILDRENFOREPHEMERALS'
    }
    const ephemeralOwner = isEphemeral(write) ? session : 0
    const created = copyOf(absent, zxid)
    created.exists = true
    created.ephemeralOwner = ephemeralOwner
    created.czxid = zxid
    created.childCount = old.childCount
    this.#staged.set(path, created)
    const grown = copyOf(parent, zxid)
    // Only with its guard off is there a parent to be made.
    grown.exists = true
    grown.creates += 1
    if (!old.exists) grown.childCount += 1
    this.#staged.set(parentPath, grown)
    return changeOf('created', path, created, write, grown.creates)
  }

  #remove(path: string, node: ProposedNode, zxid: number): Change {
    if (node.exists) {
      const parentPath = parentOf(path)
      const parent = this.#look(parentPath)
      const shrunk = copyOf(parent, zxid)
      shrunk.childCount -= 1
      this.#staged.set(path, copyOf(absent, zxid))
      this.#staged.set(parentPath, shrunk)
    }
    return changeOf('deleted', path, node)
  }

  #look(path: string): ProposedNode {
    const proposed = this.#staged.get(path) ?? this.#proposed.get(path)
    if (proposed !== undefined) return proposed
    const node = this.#tree.node(path)
    if (node === undefined) return absent
    const { version, creates, ephemeralOwner, czxid } = node
    const childCount = node.children?.size ?? 0
    return { exists: true, version, creates, childCount, ephemeralOwner, czxid, zxid: 0 }
  }

  #keep(): void {
    for (const [path, node] of this.#staged) this.#proposed.set(path, node)
    this.#staged.clear()
  }

  #forget(path: string, zxid: number): void {
    if (this.#proposed.get(path)?.zxid === zxid) this.#proposed.delete(path)
  }
}

type Content = Pick<Change, 'data' | 'bytes'>

const NO_CONTENT: Content = { data: null, bytes: 0 }

// oxlint-disable-next-line max-params -- the parts of a change.
function changeOf(
  kind: Change['kind'],
  path: string,
  { version, czxid, ephemeralOwner }: ProposedNode,
  { data, bytes }: Content = NO_CONTENT,
  parentCreates = 0,
): Change {
  return { kind, path, data, bytes, version, czxid, ephemeralOwner, parentCreates }
}

/** Field by field: copies made by spreading have a hidden class of their own at each place. */
function copyOf(node: ProposedNode, zxid: number): Mutable<ProposedNode> {
  const { exists, version, creates, childCount, ephemeralOwner, czxid } = node
  return { exists, version, creates, childCount, ephemeralOwner, czxid, zxid }
}

type Mutable<Node> = { -readonly [Name in keyof Node]: Node[Name] }

/** Of a multi that fails: those before are OK but undone, those after were never looked at. */
function failedResults(
  writes: readonly Write[],
  failed: number,
  error: ZooKeeperError,
): readonly ZooKeeperResult[] {
  return writes.map((_, index) => {
    if (index === failed) return { error, zxid: 0 }
    return { error: index < failed ? 'OK' : 'RUNTIMEINCONSISTENCY', zxid: 0 } as const
  })
}

function isSequential(write: Extract<Write, { op: 'create' }>): boolean {
  return write.mode === 'persistent-sequential' || write.mode === 'ephemeral-sequential'
}

function isEphemeral(write: Extract<Write, { op: 'create' }>): boolean {
  return write.mode === 'ephemeral' || write.mode === 'ephemeral-sequential'
}

/** The path with the parent's counter in ten digits (KB Z18). */
export function sequentialName(path: string, counter: number): string {
  return `${path}${String(counter).padStart(10, '0')}`
}
