/**
 * The logs of all replicas of one partition as one tree of batches.
 *
 * Replicas that hold the same batches at the same offsets stand on the same branch, however far
 * each of them is; where two logs part, one of them goes on in a branch of its own. So whether two
 * logs agree up to a place is one comparison, and a batch is kept once for all replicas.
 * What is deleted from the start of a log stays here: a log is all that it ever held. Of batches
 * that nobody will be asked about any more only their number is kept (`forget`).
 */

import type { Batch } from '../../model/record.ts'

/** Batches in a row; those before `fork` are its parent's. */
export class Branch {
  readonly parent: Branch | null
  /** Number of batches before its first own one. */
  readonly fork: number
  /** Steps to the root. */
  readonly level: number
  /** Number of batches before the first one that is kept. */
  first: number
  readonly bases: number[] = []
  readonly epochs: number[] = []
  readonly batches: Batch[] = []
  readonly children: Branch[] = []

  constructor(parent: Branch | null, fork: number) {
    this.parent = parent
    this.fork = fork
    this.level = parent === null ? 0 : parent.level + 1
    this.first = fork
  }
}

/**
 * A log, or a prefix of one: the first `depth` batches along a branch. A position stands on the
 * branch that its last batch belongs to (`homeOf`).
 */
export interface Position {
  branch: Branch
  depth: number
}

/** The branch on which a log stands that adds this batch, made if no replica has done so before. */
export function grown(log: Position, base: number, epoch: number, batch: Batch): Branch {
  const { branch, depth } = log
  const at = depth - branch.first
  if (at === branch.bases.length) {
    push(branch, base, epoch, batch)
    return branch
  }
  if (branch.batches[at] === batch && branch.epochs[at] === epoch && branch.bases[at] === base) {
    return branch
  }
  return child(log, base, epoch, batch)
}

function child(log: Position, base: number, epoch: number, batch: Batch): Branch {
  const { branch, depth } = log
  for (const other of branch.children) {
    if (other.fork !== depth || other.first !== depth || other.batches[0] !== batch) continue
    if (other.epochs[0] === epoch && other.bases[0] === base) return other
  }
  const made = new Branch(branch, depth)
  branch.children.push(made)
  push(made, base, epoch, batch)
  return made
}

function push(branch: Branch, base: number, epoch: number, batch: Batch): void {
  branch.bases.push(base)
  branch.epochs.push(epoch)
  branch.batches.push(batch)
}

/** The branch that the last of `depth` batches belongs to. */
export function homeOf(branch: Branch, depth: number): Branch {
  let home = branch
  while (home.parent !== null && depth <= home.fork) home = home.parent
  return home
}

/** The base offset of the batch after the first `at`. */
export function baseAt(branch: Branch, at: number): number {
  const owner = homeOf(branch, at + 1)
  return at < owner.first ? 0 : (owner.bases[at - owner.first] as number)
}

/** The leader epoch of the batch after the first `at`. */
export function epochAt(branch: Branch, at: number): number {
  const owner = homeOf(branch, at + 1)
  return owner.epochs[Math.max(0, at - owner.first)] as number
}

/** The offset after the first `depth` batches. */
export function endAt(branch: Branch, depth: number): number {
  if (depth === 0) return 0
  const owner = homeOf(branch, depth)
  const at = depth - 1 - owner.first
  // Of what is forgotten no more is known than where it ends.
  if (at < 0) return owner.bases[0] as number
  return (owner.bases[at] as number) + (owner.batches[at] as Batch).count
}

/** How many batches two branches have in common at most: Infinity for one and the same. */
export function shared(left: Branch, right: Branch): number {
  let a = left
  let b = right
  let common = Infinity
  while (a !== b) {
    if (a.level >= b.level) {
      common = Math.min(common, a.fork)
      a = a.parent as Branch
    } else {
      common = Math.min(common, b.fork)
      b = b.parent as Branch
    }
  }
  return common
}

/** Whether a log begins with all of a prefix. */
export function holds(log: Position, prefix: Position): boolean {
  if (log.depth < prefix.depth) return false
  return log.branch === prefix.branch || shared(log.branch, prefix.branch) >= prefix.depth
}

/** How many batches from the start are the same in both. */
export function commonDepth(left: Position, right: Position): number {
  return Math.min(left.depth, right.depth, shared(left.branch, right.branch))
}

/** Batches of a log that begin below an offset, by bisection. */
export function depthBelow({ branch, depth }: Position, offset: number): number {
  let low = Math.min(depth, rootFirst(branch))
  let high = depth
  while (low < high) {
    const middle = (low + high) >>> 1
    if (baseAt(branch, middle) < offset) low = middle + 1
    else high = middle
  }
  return low
}

/** Batches before the first one that is kept of all that lead to a branch. */
function rootFirst(branch: Branch): number {
  let root = branch
  while (root.parent !== null) root = root.parent
  return root.first
}

/** So few are not worth the move of those that stay. */
const FORGET_MIN = 32

/**
 * Keeps only the number of the batches of a tree's trunk before `depth`: no log will be cut to
 * them, and no question asked about what stands there.
 */
export function forget(root: Branch, depth: number): void {
  const until = Math.min(depth, root.first + root.bases.length - 1)
  for (const child of root.children) if (child.fork < until) return
  const gone = until - root.first
  if (gone < FORGET_MIN) return
  root.bases.splice(0, gone)
  root.epochs.splice(0, gone)
  root.batches.splice(0, gone)
  root.first = until
}
