/**
 * The last batch of each producer that stands in no segment of a log any more: snapshots outlive
 * the segments that retention deletes (KB L7, P16).
 *
 * As a rule a log is written by one producer; then what is deleted need not be looked at.
 */

import { NO_PRODUCER_ID, type LogEntry } from '../../record.ts'

const NO_ENTRIES: readonly LogEntry[] = []

/** More than one producer. */
const SEVERAL = -2

export class DeletedProducers {
  #batches: readonly LogEntry[]
  /** Who wrote all numbered batches of the log and of those deleted: −1 nobody, −2 several. */
  #sole: number = NO_PRODUCER_ID

  constructor(batches: readonly LogEntry[] = NO_ENTRIES) {
    this.#batches = batches
  }

  get batches(): readonly LogEntry[] {
    return this.#batches
  }

  /** The log has got a batch of this producer. */
  wrote(producerId: number): void {
    if (producerId === this.#sole || producerId === NO_PRODUCER_ID) return
    this.#sole = this.#sole === NO_PRODUCER_ID ? producerId : SEVERAL
  }

  /** Looks anew at who wrote the log, which may have become shorter. */
  rebuild(entries: readonly LogEntry[]): void {
    this.#sole = NO_PRODUCER_ID
    for (const { batch } of this.#batches) this.wrote(batch.producerId)
    for (const { batch } of entries) this.wrote(batch.producerId)
  }

  /** The first `gone` entries of the log are about to be deleted. */
  take(entries: readonly LogEntry[], gone: number): void {
    const newest = entries[gone - 1]
    if (newest === undefined || this.#sole === NO_PRODUCER_ID) return
    this.#batches = newest.batch.producerId === this.#sole ? [newest] : this.#lastOf(entries, gone)
  }

  /** The log begins anew. */
  clear(): void {
    this.#batches = NO_ENTRIES
    this.#sole = NO_PRODUCER_ID
  }

  #lastOf(entries: readonly LogEntry[], gone: number): readonly LogEntry[] {
    const last = new Map<number, LogEntry>()
    for (const entry of this.#batches) last.set(entry.batch.producerId, entry)
    for (let index = 0; index < gone; index += 1) {
      const entry = entries[index] as LogEntry
      if (entry.batch.producerId !== NO_PRODUCER_ID) last.set(entry.batch.producerId, entry)
    }
    return [...last.values()]
  }
}
