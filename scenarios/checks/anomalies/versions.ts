/**
 * The version order of each partition: what clients learned of its offsets, as dense ranks.
 *
 * A version is an offset at which somebody saw a record: a poll of whatever outcome, the auditor,
 * or an acknowledgement (checks.md 1). Offsets may be sparse, since markers and compaction leave
 * gaps; a rank is the number of versions before an offset. Near offsets are looked up in a table,
 * far ones by bisection.
 */

import { type History, Outcome } from '../../../model/history.ts'
import type { PartitionId } from '../../../model/record.ts'
import { type Atoms, eachRange } from '../atoms.ts'
import type { Judgement } from '../judgement.ts'
import { eachTransactionalSend } from './transactional-sends.ts'

/** A table of a partition's offsets may be so many times longer than it has entries. */
const SPREAD_MAX = 8
const TABLE_FREE = 1024

/** Two records that were seen at one offset. */
export interface Conflict {
  readonly log: Versions
  readonly offset: number
  readonly one: number
  readonly other: number
}

export class Versions {
  readonly partition: PartitionId
  #low = Infinity
  #end = 0
  #seen = 0
  /**
   * By offset from the lowest on, how many versions lie below; null where offsets lie far apart.
   */
  #below: Int32Array | null = null
  /** Sorted and without repetition; of far offsets alone. */
  #offsets: Float64Array = new Float64Array(0)
  /** The first record seen at each place, plus one. */
  #atoms: Int32Array = new Int32Array(0)

  constructor(partition: PartitionId) {
    this.partition = partition
  }

  /** First pass: how many there are, and how far apart. */
  count(offset: number): void {
    this.#seen += 1
    if (offset < this.#low) this.#low = offset
    if (offset >= this.#end) this.#end = offset + 1
  }

  get isEmpty(): boolean {
    return this.#seen === 0
  }

  get isFar(): boolean {
    return this.#end - this.#low > this.#seen * SPREAD_MAX + TABLE_FREE
  }

  /** Makes room for near offsets; far ones are given, in any order and repeated. */
  open(far: readonly number[]): void {
    if (this.#seen === 0) return
    if (!this.isFar) {
      this.#atoms = new Int32Array(this.#end - this.#low)
      return
    }
    const sorted = Float64Array.from(far).sort((left, right) => left - right)
    let kept = 0
    for (let at = 0; at < sorted.length; at += 1) {
      if (at > 0 && sorted[at] === sorted[at - 1]) continue
      sorted[kept] = sorted[at] as number
      kept += 1
    }
    this.#offsets = sorted.subarray(0, kept)
    this.#atoms = new Int32Array(kept)
  }

  /** A record was seen there; the other one, if another was seen there before, else −1. */
  put(offset: number, atom: number): number {
    const place = this.#place(offset)
    const before = (this.#atoms[place] as number) - 1
    if (before === atom) return -1
    if (before === -1) this.#atoms[place] = atom + 1
    return before
  }

  /** All was put: counts what lies below each offset. */
  close(): void {
    if (this.isFar || this.#seen === 0) return
    const { length } = this.#atoms
    const below = new Int32Array(length + 1)
    for (let at = 0; at < length; at += 1) {
      below[at + 1] = (below[at] as number) + ((this.#atoms[at] as number) === 0 ? 0 : 1)
    }
    this.#below = below
  }

  /** The record that was seen first at an offset, −1 if none was. */
  recordAt(offset: number): number {
    if (this.isFar && this.#offsets[this.#bisect(offset)] !== offset) return -1
    return (this.#atoms[this.#place(offset)] ?? 0) - 1
  }

  /** Number of versions below an offset: the rank of the one that stands there. */
  rank(offset: number): number {
    const below = this.#below
    if (below === null) return this.#bisect(offset)
    const at = offset - this.#low
    if (at <= 0) return 0
    return below[Math.min(at, below.length - 1)] as number
  }

  /** Calls back for each version in the order of offsets. */
  each(visit: (atom: number, rank: number) => void): void {
    let rank = 0
    for (let place = 0; place < this.#atoms.length; place += 1) {
      const atom = (this.#atoms[place] as number) - 1
      if (atom === -1) continue
      visit(atom, rank)
      rank += 1
    }
  }

  #place(offset: number): number {
    return this.#offsets.length > 0 ? this.#bisect(offset) : offset - this.#low
  }

  #bisect(offset: number): number {
    let low = 0
    let high = this.#offsets.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#offsets[middle] as number) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

type Visit = (log: Versions, offset: number, atom: number) => void

/** The version orders of a run, and what they say of each record. */
export class VersionOrder {
  readonly logs: Versions[] = []
  readonly conflicts: Conflict[] = []
  /** By atom: delivered to a member of some group. */
  readonly polled: Uint8Array
  /** By atom: the auditor read it. */
  readonly audited: Uint8Array
  /** By atom: the place in `logs` of the partition that it was first seen in, plus one. */
  readonly place: Int32Array
  /** By atom: rank of its first and last version there. */
  readonly first: Int32Array
  readonly last: Int32Array
  /** Atoms seen at more than one offset. */
  readonly repeated: number[] = []
  readonly #twice: Uint8Array
  readonly #places: Int32Array

  constructor(judgement: Judgement) {
    const { atoms, result } = judgement
    this.polled = new Uint8Array(atoms.count)
    this.audited = new Uint8Array(atoms.count)
    this.place = new Int32Array(atoms.count)
    this.first = new Int32Array(atoms.count)
    this.last = new Int32Array(atoms.count)
    this.#twice = new Uint8Array(atoms.count)
    this.#places = placesOf(judgement)
    for (const { partition } of result.logs.committed) this.#log(partition)
    this.#eachSeen(judgement, (log, offset) => log.count(offset))
    this.#open(judgement)
    this.#eachSeen(judgement, (log, offset, atom) => {
      const one = log.put(offset, atom)
      if (one !== -1) this.conflicts.push({ log, offset, one, other: atom })
    })
    this.#rank()
    this.#markRead(judgement)
  }

  /** The versions of a partition that somebody saw a record of. */
  of(partition: PartitionId): Versions {
    return this.logs[(this.#places[partition] as number) - 1] as Versions
  }

  /** Its place among `logs`. */
  placeOf(partition: PartitionId): number {
    return (this.#places[partition] as number) - 1
  }

  /** Whether some client read a record. */
  isRead(atom: number): boolean {
    return this.polled[atom] === 1 || this.audited[atom] === 1
  }

  #log(partition: PartitionId): Versions {
    const place = this.#places[partition] as number
    if (place > 0) return this.logs[place - 1] as Versions
    const log = new Versions(partition)
    this.logs.push(log)
    this.#places[partition] = this.logs.length
    return log
  }

  #open(judgement: Judgement): void {
    const far = new Map<Versions, number[]>()
    for (const log of this.logs) if (log.isFar) far.set(log, [])
    if (far.size > 0) this.#eachSeen(judgement, (log, offset) => far.get(log)?.push(offset))
    for (const log of this.logs) log.open(far.get(log) ?? [])
  }

  /** The auditor first: what stands in the logs is what others are held against. */
  #eachSeen({ atoms, result }: Judgement, visit: Visit): void {
    const { history, logs } = result
    for (const { partition, entries } of logs.committed) {
      const log = this.#log(partition)
      let base = 0
      const range = (stream: number, index: number, count: number, at: number): void => {
        if (!atoms.has(stream, index, count)) return
        if (count === 1) visit(log, base + at, atoms.at(stream, index))
        else {
          eachAtom(atoms, { stream, index, count }, (atom, delta) =>
            visit(log, base + at + delta, atom),
          )
        }
      }
      for (const { baseOffset, batch } of entries) {
        base = baseOffset
        eachRange(batch, range)
      }
    }
    this.#eachRow(atoms, history.deliveries, visit)
    const { data, length } = history.sends
    const aborted = abortedSends(history)
    this.#eachRow(
      atoms,
      { data, length },
      visit,
      (row) => data.outcome[row] === Outcome.ok && !aborted.has(row),
    )
  }

  #eachRow(
    atoms: Atoms,
    { data, length }: Rows,
    visit: Visit,
    counts: (row: number) => boolean = () => true,
  ): void {
    for (let row = 0; row < length; row += 1) {
      const offset = data.offset[row] as number
      const stream = data.stream[row] as number
      if (offset < 0 || stream < 0 || !counts(row)) continue
      const log = this.#log(data.partition[row] as number)
      const index = data.index[row] as number
      const count = data.count[row] as number
      if (count === 1) visit(log, offset, atoms.at(stream, index))
      else {
        eachAtom(atoms, { stream, index, count }, (atom, delta) => visit(log, offset + delta, atom))
      }
    }
  }

  #rank(): void {
    for (let at = 0; at < this.logs.length; at += 1) {
      const log = this.logs[at] as Versions
      log.close()
      log.each((atom, rank) => this.#ranked(at + 1, atom, rank))
    }
    for (const { other, log, offset } of this.conflicts) {
      this.#ranked(this.placeOf(log.partition) + 1, other, log.rank(offset))
    }
  }

  #ranked(place: number, atom: number, rank: number): void {
    const before = this.place[atom] as number
    if (before === 0) {
      this.place[atom] = place
      this.first[atom] = rank
      this.last[atom] = rank
      return
    }
    if (before === place && (this.last[atom] === rank || this.first[atom] === rank)) return
    if (this.#twice[atom] === 0) this.repeated.push(atom)
    this.#twice[atom] = 1
    if (before !== place) return
    this.first[atom] = Math.min(this.first[atom] as number, rank)
    this.last[atom] = Math.max(this.last[atom] as number, rank)
  }

  #markRead({ atoms, result, stored }: Judgement): void {
    const { copies } = stored
    for (let atom = 0; atom < copies.length; atom += 1) {
      if (copies[atom] !== 0) this.audited[atom] = 1
    }
    const { data, length } = result.history.deliveries
    for (let row = 0; row < length; row += 1) {
      const stream = data.stream[row] as number
      const index = data.index[row] as number
      if (stream < 0) continue
      const end = atoms.at(stream, index + (data.count[row] as number))
      this.polled.fill(1, atoms.at(stream, index), end)
    }
  }
}

interface Rows {
  readonly data: Readonly<
    Record<'partition' | 'offset' | 'stream' | 'index' | 'count', Float64Array>
  >
  readonly length: number
}

interface Range {
  readonly stream: number
  readonly index: number
  readonly count: number
}

/** Each atom of a range, and how many records of the range stand before it. */
function eachAtom(
  atoms: Atoms,
  { stream, index, count }: Range,
  visit: (atom: number, delta: number) => void,
): void {
  const end = atoms.at(stream, index + count)
  for (let atom = atoms.at(stream, index); atom < end; atom += 1) {
    visit(atom, atoms.indexOf(atom) - index)
  }
}

/** Rows of sends that were acknowledged in a transaction which was aborted: no version for it. */
function abortedSends(history: History): ReadonlySet<number> {
  const aborted = new Set<number>()
  eachTransactionalSend(history, (row, failed) => {
    if (failed) aborted.add(row)
  })
  return aborted
}

/** Room for a number for each partition that history or a log names. */
function placesOf({ result }: Judgement): Int32Array {
  let most = 0
  for (const { partition } of result.logs.committed) most = Math.max(most, partition)
  for (const { data, length } of [result.history.deliveries, result.history.sends]) {
    for (let row = 0; row < length; row += 1) {
      const partition = data.partition[row] as number
      if (partition > most) most = partition
    }
  }
  return new Int32Array(most + 1)
}

export function versionOrderOf(judgement: Judgement): VersionOrder {
  return judgement.once('version order', () => new VersionOrder(judgement))
}
