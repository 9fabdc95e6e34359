/**
 * Tells an observer of each committed transaction once, in the order of zxids (KB Z22, Z23).
 *
 * A transaction is committed for good when a quorum has logged it. The leader that learns so may
 * die at once, and the next leader commits it again; so all servers of a run share one recorder,
 * which remembers how far it has told.
 */

import type { EnsembleObserver, EnsembleWitness, ZnodeChange } from './observer.ts'
import type { Change, Transaction } from './transaction.ts'

export class CommitRecorder {
  readonly #observer: EnsembleObserver | null
  readonly #witness: EnsembleWitness | null
  #zxid = 0

  constructor(observer: EnsembleObserver | null, witness: EnsembleWitness | null = null) {
    this.#observer = observer
    this.#witness = witness
  }

  /** Zxid of the last transaction told of. */
  get zxid(): number {
    return this.#zxid
  }

  commit(transaction: Transaction): void {
    const { zxid, kind, changes, sessionId } = transaction
    this.#witness?.committed(zxid, sessionId, transaction.xid)
    if (zxid <= this.#zxid) return
    this.#zxid = zxid
    const observer = this.#observer
    if (observer === null) return
    if (kind === 'createSession') observer.sessionOpened(sessionId, transaction.owner)
    if (transaction.expired) observer.sessionExpired(sessionId)
    observer.committed(zxid, znodeChanges(changes))
  }

  applied(server: number, { zxid, sessionId, xid }: Transaction): void {
    this.#witness?.applied(server, zxid, sessionId, xid)
  }

  /** Null for nobody who listens. */
  get witness(): EnsembleWitness | null {
    return this.#witness
  }

  led(server: number, epoch: number, holds: (zxid: number) => boolean): void {
    this.#witness?.led(server, epoch, holds)
    this.#observer?.led(server, epoch)
  }
}

function znodeChanges(changes: readonly Change[]): readonly ZnodeChange[] {
  const told: ZnodeChange[] = []
  for (const { kind, path, data, version, czxid } of changes) {
    if (kind !== 'checked') told.push({ kind, path, data, version, czxid })
  }
  return told
}
