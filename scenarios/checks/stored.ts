/**
 * Where each record stands in the final logs, as the auditor read them: how often, and first where.
 */

import type { PartitionId } from '../../model/record.ts'
import type { FinalLog } from '../result.ts'
import { type Atoms, eachRange } from './atoms.ts'

/** A record that stands in its log after a later one of its stream. */
export interface Inversion {
  readonly atom: number
  /** The furthest record of the stream that stands before it. */
  readonly overtakenBy: number
  readonly partition: PartitionId
  readonly offset: number
}

/** A record in a log that nobody sent. */
export interface Stranger {
  readonly partition: PartitionId
  readonly offset: number
}

export class Stored {
  /** Copies of each atom in all logs. */
  readonly copies: Int32Array
  /** Where its first copy stands; meaningless without copies. */
  readonly partition: Int32Array
  readonly offset: Float64Array
  readonly inversions: Inversion[] = []
  readonly strangers: Stranger[] = []
  /** Partitions whose log could not be read to its end, with the reason. */
  readonly unread: Map<PartitionId, string> = new Map()
  /** Topics with such a partition. */
  readonly unreadTopics: Set<string> = new Set()

  constructor(atoms: Atoms, logs: readonly FinalLog[]) {
    this.copies = new Int32Array(atoms.count)
    this.partition = new Int32Array(atoms.count)
    this.offset = new Float64Array(atoms.count)
    // The furthest atom of each stream in the log at hand, plus one; older logs have other stamps.
    const furthest = new Float64Array(atoms.streams)
    const stamps = new Int32Array(atoms.streams)
    for (let at = 0; at < logs.length; at += 1) {
      const log = logs[at] as FinalLog
      if (log.unread !== null) {
        this.unread.set(log.partition, log.unread)
        this.unreadTopics.add(log.topic)
      }
      this.#read(atoms, log, { furthest, stamps, stamp: at + 1 })
    }
  }

  #read(atoms: Atoms, log: FinalLog, order: Order): void {
    let base = 0
    const visit = (stream: number, index: number, count: number, at: number): void => {
      if (!atoms.has(stream, index, count)) {
        this.strangers.push({ partition: log.partition, offset: base + at })
        return
      }
      const first = atoms.at(stream, index)
      const end = atoms.at(stream, index + count)
      for (let atom = first; atom < end; atom += 1) {
        const offset = count === 1 ? base + at : base + at + atoms.indexOf(atom) - index
        this.#found(atom, log.partition, offset)
        if (this.copies[atom] === 1)
          this.#ordered({ atom, partition: log.partition, offset }, stream, order)
      }
    }
    for (const { baseOffset, batch } of log.entries) {
      base = baseOffset
      eachRange(batch, visit)
    }
  }

  #found(atom: number, partition: PartitionId, offset: number): void {
    const copies = this.copies[atom] as number
    this.copies[atom] = copies + 1
    if (copies > 0) return
    this.partition[atom] = partition
    this.offset[atom] = offset
  }

  #ordered(found: Omit<Inversion, 'overtakenBy'>, stream: number, order: Order): void {
    const { furthest, stamps, stamp } = order
    const before = stamps[stream] === stamp ? (furthest[stream] as number) - 1 : -1
    if (found.atom < before) {
      this.inversions.push({ ...found, overtakenBy: before })
      return
    }
    stamps[stream] = stamp
    furthest[stream] = found.atom + 1
  }
}

interface Order {
  readonly furthest: Float64Array
  readonly stamps: Int32Array
  readonly stamp: number
}
