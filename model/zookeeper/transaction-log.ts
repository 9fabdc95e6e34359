/**
 * The log of one server: transactions on disk, and the snapshot they build on (KB Z22, Z23, Z27).
 *
 * Follows FileTxnSnapLog and the batching of SyncRequestProcessor: while one sync is under way,
 * what is appended waits for the next. A snapshot names the file that goes on after it, so
 * replacing the one small value switches both at once. As FileTxnLog does, it cuts off what ends in
 * the middle, and refuses what fails its checksum. Left out: own periodic snapshots and the purge
 * of old files.
 */

import type { Disk, WriteOutcome } from '../../sim/disk.ts'
import type { TreeSnapshot } from './data-tree.ts'
import { firstAfter, type Transaction } from './transaction.ts'

/** What `done` is called with after a sync; the key is the log's generation. */
export type LogIo = 'transactionsSynced'

const snapshotFile = 'snapshot'

interface StoredSnapshot {
  readonly tree: TreeSnapshot
  /** The transactions just before the snapshot's zxid: what followers may miss (KB Z22). */
  readonly tail: readonly Transaction[]
  readonly fileNumber: number
}

export class TransactionLog {
  readonly #disk: Disk
  readonly #entries: Transaction[] = []
  #fileNumber = 0
  /** How many entries at the beginning are a snapshot's tail and not in the file. */
  #inherited = 0
  #snapshot: TreeSnapshot | undefined
  #synced = 0
  /** Entries that the sync under way covers; 0 for none under way. */
  #syncing = 0
  #generation = 0
  /** Some entry does not read as it was written: nobody can start from such a log. */
  readonly rotten: boolean

  /** Reads what the disk kept. */
  constructor(disk: Disk) {
    this.#disk = disk
    const stored = disk.value<StoredSnapshot>(snapshotFile)
    if (stored !== undefined) this.#startFrom(stored)
    const file = this.#file()
    const kept = disk.entries<Transaction>(file)
    this.rotten = disk.rotting && kept.some((_entry, index) => disk.rotten(file, index))
    const whole = disk.torn(file) ? kept.length - 1 : kept.length
    for (let index = 0; index < whole; index += 1) this.#entries.push(kept[index] as Transaction)
    if (whole < kept.length) disk.truncate(file, whole)
    this.#synced = this.#inherited + Math.min(disk.synced(file), whole)
    for (const other of disk.files()) if (this.#isOld(other)) disk.remove(other)
  }

  get entries(): readonly Transaction[] {
    return this.#entries
  }

  /** True if the transaction is in the log, or in the snapshot that it builds on. */
  holds(zxid: number): boolean {
    if (zxid <= (this.#snapshot?.zxid ?? 0)) return true
    return this.#entries[firstAfter(this.#entries, zxid) - 1]?.zxid === zxid
  }

  /** The tree that the entries after `baseZxid` apply to. */
  get snapshot(): TreeSnapshot | undefined {
    return this.#snapshot
  }

  /** The log cannot be cut off below this zxid. */
  get baseZxid(): number {
    return this.#snapshot?.zxid ?? 0
  }

  get lastZxid(): number {
    return this.#entries.at(-1)?.zxid ?? this.baseZxid
  }

  /** Everything up to this zxid would survive a power loss. */
  get durableZxid(): number {
    return this.#synced === 0 ? 0 : (this.#entries[this.#synced - 1] as Transaction).zxid
  }

  /** Number of entries that would survive a power loss. */
  get synced(): number {
    return this.#synced
  }

  append(transaction: Transaction): WriteOutcome {
    const outcome = this.#disk.append(this.#file(), transaction, transaction.bytes)
    if (outcome === 'ok') this.#entries.push(transaction)
    return outcome
  }

  /** Begins a sync unless one is under way or nothing is unsynced. */
  sync(): void {
    if (this.#syncing > 0 || this.#synced === this.#entries.length) return
    this.#syncing = this.#entries.length
    const io: LogIo = 'transactionsSynced'
    this.#disk.sync(this.#file(), io, this.#generation)
  }

  /** To be called when a sync is done. Begins the next one if more was appended meanwhile. */
  onSynced(generation: number): void {
    if (generation !== this.#generation) return
    this.#synced = this.#syncing
    this.#syncing = 0
    this.sync()
  }

  /** Cuts off everything after `zxid`, which is not below `baseZxid`. */
  truncateAfter(zxid: number): WriteOutcome {
    const keep = Math.max(firstAfter(this.#entries, zxid), this.#inherited)
    const outcome = this.#disk.truncate(this.#file(), keep - this.#inherited)
    if (outcome !== 'ok') return outcome
    this.#entries.length = keep
    this.#synced = Math.min(this.#synced, keep)
    this.#syncing = 0
    this.#generation += 1
    return 'ok'
  }

  /** Starts anew from a snapshot; lasting on return. */
  replace(tree: TreeSnapshot, tail: readonly Transaction[]): WriteOutcome {
    const old = this.#file()
    const stored: StoredSnapshot = { tree, tail, fileNumber: this.#fileNumber + 1 }
    const outcome = this.#disk.replace(snapshotFile, stored, tree.bytes)
    if (outcome !== 'ok') return outcome
    this.#disk.remove(old)
    this.#startFrom(stored)
    this.#synced = this.#inherited
    this.#syncing = 0
    this.#generation += 1
    return 'ok'
  }

  #startFrom(stored: StoredSnapshot): void {
    this.#snapshot = stored.tree
    this.#fileNumber = stored.fileNumber
    this.#entries.length = 0
    for (const transaction of stored.tail) this.#entries.push(transaction)
    this.#inherited = stored.tail.length
  }

  #file(): string {
    return `transactions-${this.#fileNumber}`
  }

  #isOld(file: string): boolean {
    return file.startsWith('transactions-') && file !== this.#file()
  }
}
