/**
 * Where each record stands in the final logs, as the auditor read them: how often, and first where.
 */

import type { Batch, PartitionId, StreamId } from '../../model/record.ts'
import type { FinalLog } from '../result.ts'
import type { Atoms } from './atoms.ts'

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

  readonly #atoms: Atoms
  /**
   * The furthest atom of each stream in the log at hand, plus one; older logs have other stamps.
   */
  readonly #furthest: Float64Array
  readonly #stamps: Int32Array
  #stamp = 0
  /** Of the log at hand. */
  #partition: PartitionId = 0

  constructor(atoms: Atoms, logs: readonly FinalLog[]) {
    this.copies = new Int32Array(atoms.count)
    this.partition = new Int32Array(atoms.count)
    this.offset = new Float64Array(atoms.count)
    this.#atoms = atoms
    this.#furthest = new Float64Array(atoms.streams)
    this.#stamps = new Int32Array(atoms.streams)
    for (const log of logs) {
      if (log.unread !== null) {
        this.unread.set(log.partition, log.unread)
        this.unreadTopics.add(log.topic)
      }
      this.#stamp += 1
      this.#partition = log.partition
      for (const { baseOffset, batch } of log.entries) this.#read(baseOffset, batch)
    }
  }

  /** As `eachRange` goes, but without a call back: this is most of what judging a run costs. */
  #read(baseOffset: number, { content }: Batch): void {
    if (content.kind === 'explicit') {
      const { records } = content
      for (let at = 0; at < records.length; at += 1) {
        const { stream, index } = records[at] as (typeof records)[number]
        if (stream >= 0) this.#range(stream, index, 1, baseOffset + at)
      }
      return
    }
    let offset = baseOffset
    for (const { stream, index, count } of content.ranges) {
      if (stream >= 0) this.#range(stream, index, count, offset)
      offset += count
    }
  }

  #range(stream: StreamId, index: number, count: number, offset: number): void {
    const atoms = this.#atoms
    if (!atoms.has(stream, index, count)) {
      this.strangers.push({ partition: this.#partition, offset })
      return
    }
    const end = atoms.at(stream, index + count)
    for (let atom = atoms.at(stream, index); atom < end; atom += 1) {
      this.#found(atom, stream, count === 1 ? offset : offset + atoms.indexOf(atom) - index)
    }
  }

  #found(atom: number, stream: StreamId, offset: number): void {
    const copies = this.copies[atom] as number
    this.copies[atom] = copies + 1
    if (copies > 0) return
    this.partition[atom] = this.#partition
    this.offset[atom] = offset
    const furthest = this.#furthest
    const before = this.#stamps[stream] === this.#stamp ? (furthest[stream] as number) - 1 : -1
    if (atom < before) {
      this.inversions.push({ atom, overtakenBy: before, partition: this.#partition, offset })
      return
    }
    this.#stamps[stream] = this.#stamp
    furthest[stream] = atom + 1
  }
}
