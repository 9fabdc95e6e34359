/**
 * A transaction of the ensemble: what the leader decided about one write, in one zxid (KB Z13,
 * Z17).
 *
 * It holds results, not requests: every server that applies it gets the same tree. A zxid is
 * `epoch × 2^32 + counter`, a safe integer far beyond any run; bit operators would cut it.
 */

import type { ZooKeeperError, ZooKeeperOperation, ZooKeeperResult } from './messages.ts'

const countersPerEpoch = 4_294_967_296

/**
 * What a server asks of the leader: a client's write or sync, or the begin and end of a session.
 */
export type ServerOperation =
  | ZooKeeperOperation
  | { readonly op: 'createSession'; readonly timeoutMs: number; readonly owner: string }
  | { readonly op: 'closeSession'; readonly expired: boolean }

/** Xids of what servers ask for a session; a client's own begin at 1. */
export const createSessionXid = 0
export const closeSessionXid = -11
export const pingXid = -2

/** One change of one node. `checked` changes nothing and stands for a passed check in a multi. */
export interface Change {
  readonly kind: 'created' | 'changed' | 'deleted' | 'checked'
  readonly path: string
  readonly data: unknown
  readonly bytes: number
  /** After the change; of a deleted node its last. */
  readonly version: number
  readonly czxid: number
  readonly ephemeralOwner: number
  /** For created: how many children its parent has ever had, this one included. */
  readonly parentCreates: number
}

export interface Transaction {
  readonly zxid: number
  readonly kind: 'write' | 'multi' | 'createSession' | 'closeSession' | 'error'
  readonly sessionId: number
  readonly xid: number
  readonly changes: readonly Change[]
  readonly error: ZooKeeperError
  /** Of a failed multi: the outcome of each part. */
  readonly results: readonly ZooKeeperResult[] | null
  /** Of createSession. */
  readonly timeoutMs: number
  readonly owner: string
  /** Of closeSession: ended by the leader, not by its client. */
  readonly expired: boolean
  /** In the log. */
  readonly bytes: number
}

export function zxidOf(epoch: number, counter: number): number {
  return epoch * countersPerEpoch + counter
}

export function epochOf(zxid: number): number {
  return Math.floor(zxid / countersPerEpoch)
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Index of the first transaction after `zxid` in a list ordered by zxid. */
export function firstAfter(transactions: readonly Transaction[], zxid: number): number {
  let low = 0
  let high = transactions.length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((transactions[middle] as Transaction).zxid <= zxid) low = middle + 1
    else high = middle
  }
  return low
}
