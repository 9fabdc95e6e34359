/**
 * One replica's log: batches at their offsets, its high watermark, epochs and producers (KB 1).
 *
 * The batch is the unit of everything (KB L5). Entries stand in memory as in the page cache and are
 * written through to the disk; segments are ranges of one file, so that a roll costs a note of
 * their bases. The oldest segments may be deleted (KB L21). Left out: indexes, compaction,
 * transactions (LSO = HW), the time between a segment's deletion and that of its file.
 */

import { invariant } from '../../../sim/invariant.ts'
import type { Disk, WriteOutcome } from '../../../sim/disk.ts'
import { nextOffsetOf, type LogEntry, realBytesOf } from '../../record.ts'
import { DeletedProducers } from './deleted-producers.ts'
import { EpochCache } from './epoch-cache.ts'
import { ProducerStates } from './producer-states.ts'
import { type RollLimits, Segments } from './segments.ts'

/** Where segments begin, oldest first, and up to where a producer snapshot was taken (KB L7). */
export interface Layout {
  readonly segments: readonly number[]
  readonly snapshotOffset: number
  /** The last batch of each producer that stands in no segment any more: snapshots outlive them. */
  readonly producers: readonly LogEntry[]
}

const LAYOUT_LINE_BYTES = 8
const NO_ENTRIES: readonly LogEntry[] = []

export class Log {
  readonly disk: Disk
  /** Names of the files, built once. */
  readonly file: string
  readonly #layoutFile: string
  readonly #epochsFile: string
  readonly epochs: EpochCache
  readonly producers: ProducerStates = new ProducerStates()
  readonly #entries: LogEntry[]

  /** First offset of this log; inside of a segment where a leader's start was taken over. */
  startOffset = 0
  /** LEO: the offset that the next record gets. */
  endOffset = 0
  /** Everything below is committed, as far as this replica knows. */
  highWatermark = 0
  /** Everything below is on the platter, as far as Kafka knows. */
  recoveryPoint = 0
  /** Records appended since the last sync of the file, for flush.messages. */
  unflushedRecords = 0
  /** Wall clock at the last sync, for flush.ms. */
  lastFlushMs = 0

  readonly #segments: Segments
  #snapshotOffset: number
  readonly #deletedProducers: DeletedProducers

  /** Opens the log `name` (`orders-3`) and takes up what the disk kept. */
  constructor(disk: Disk, name: string) {
    this.disk = disk
    this.file = `${name}/log`
    this.#layoutFile = `${name}/segments`
    this.#epochsFile = `${name}/leader-epoch-checkpoint`
    this.epochs = new EpochCache(disk, this.#epochsFile)
    this.#entries = [...disk.entries<LogEntry>(this.file)]
    const layout = disk.value<Layout>(this.#layoutFile)
    this.#segments = new Segments(layout?.segments ?? [])
    this.#snapshotOffset = layout?.snapshotOffset ?? 0
    this.#deletedProducers = new DeletedProducers(layout?.producers)
    this.#settle()
  }

  /** All batches, oldest first. Read it, do not keep it. */
  get entries(): readonly LogEntry[] {
    return this.#entries
  }

  /** Bases of the segments, oldest first; the last is the active one. */
  get segments(): readonly number[] {
    return this.#segments.bases
  }

  /** The newest offset up to which a producer snapshot exists. */
  get snapshotOffset(): number {
    return this.#snapshotOffset
  }

  /** Epoch of the last batch; −1 in an empty log. */
  get lastEpoch(): number {
    const last = this.#entries.at(-1)
    return last === undefined ? -1 : last.leaderEpoch
  }

  /** True if this batch has to begin a new segment (KB L6). */
  rollsBefore(entry: LogEntry, limits: RollLimits): boolean {
    return this.#segments.rollsBefore(entry, limits)
  }

  /** Begins a new segment at the end, with a producer snapshot (KB L7). */
  roll(): void {
    this.#segments.begin(this.endOffset)
    this.#snapshotOffset = this.endOffset
    this.#writeLayout()
  }

  /** Adds a batch at its offset: the end on a leader, where the leader put it on a follower. */
  append(entry: LogEntry): WriteOutcome {
    const { batch } = entry
    // First of all, so that no record stands in the log whose epoch the cache does not know.
    if (entry.leaderEpoch !== this.epochs.latest) {
      this.epochs.assign(entry.leaderEpoch, entry.baseOffset)
    }
    const outcome = this.disk.append(this.file, entry, batch.bytes)
    if (outcome !== 'ok') return outcome
    this.#segments.took(entry)
    this.#entries.push(entry)
    this.unflushedRecords += batch.count
    this.endOffset = nextOffsetOf(entry)
    this.producers.update(entry)
    this.#deletedProducers.wrote(batch.producerId)
    return 'ok'
  }

  /**
   * Whole batches from the one that holds `offset`, as far as they end at or below `bound` and
   * `maxBytes` allow; the first one always, if `atLeastOne` (KB F3, F4). A counted batch cannot be
   * cut: where the first of its real ones fits it is given whole.
   */
  read(offset: number, bound: number, maxBytes: number, atLeastOne: boolean): readonly LogEntry[] {
    const first = this.#indexOf(offset)
    let next = first
    let bytes = 0
    for (; next < this.#entries.length; next += 1) {
      const entry = this.#entries[next] as LogEntry
      if (nextOffsetOf(entry) > bound) break
      const fits = bytes + realBytesOf(entry.batch) <= maxBytes
      if (!fits && !(atLeastOne && next === first)) break
      bytes += entry.batch.bytes
    }
    if (next === first) return NO_ENTRIES
    // Mostly it is one: a slice costs a call.
    const only = next === first + 1
    const entries = only ? [this.#entries[first] as LogEntry] : this.#entries.slice(first, next)
    return this.disk.rotting ? this.#marked(entries, first) : entries
  }

  /** Where the first batch at or behind `offset` stands that has rotted; −1 if none has. */
  firstRotten(offset: number): number {
    if (!this.disk.rotting) return -1
    return this.#entries.findIndex(
      (entry, index) => nextOffsetOf(entry) > offset && this.disk.rotten(this.file, index),
    )
  }

  /** Bytes of the whole batches that a read could give, counted until there are enough. */
  bytesBetween(offset: number, bound: number, enough: number): number {
    let bytes = 0
    for (let index = this.#indexOf(offset); index < this.#entries.length; index += 1) {
      const entry = this.#entries[index] as LogEntry
      if (nextOffsetOf(entry) > bound || bytes >= enough) break
      bytes += entry.batch.bytes
    }
    return bytes
  }

  /** Base of the segment that holds `offset`. */
  segmentOf(offset: number): number {
    return this.#segments.holding(offset, this.startOffset)
  }

  /** First batch with a record at or behind this time; undefined if there is none. */
  firstSince(timestampMs: number): LogEntry | undefined {
    return this.#entries.find(({ batch }) => batch.maxTimestampMs >= timestampMs)
  }

  /**
   * How many of the oldest segments hold nothing that is younger than this time and everything
   * of them is committed (KB L21). An active segment counts if it has anything.
   */
  segmentsBefore(timestampMs: number): number {
    const { bases } = this.#segments
    let count = 0
    for (; count < bases.length; count += 1) {
      const end = bases[count + 1] ?? this.endOffset
      if (end > this.highWatermark || end === bases[count]) break
      if (this.startOffset < end && !this.#segments.isOlder(count, timestampMs)) break
    }
    return count
  }

  /** Deletes the oldest segments, never the active one; the log starts where the next begins. */
  deleteSegments(count: number): WriteOutcome {
    const base = this.#segments.bases[count]
    invariant(base !== undefined, 'the active segment stays')
    const gone = this.#indexOf(base)
    this.#deletedProducers.take(this.#entries, gone)
    const bytes = this.#segments.drop(count)
    this.#writeLayout()
    this.#entries.splice(0, gone)
    this.raiseStart(base)
    return this.disk.trimHead(this.file, gone, bytes)
  }

  /** Bytes of these entries, which were read, that are no longer in memory: the oldest of them. */
  coldBytes(entries: readonly LogEntry[]): number {
    const [first] = entries
    if (first === undefined) return 0
    const from = this.#indexOf(first.baseOffset)
    let bytes = 0
    for (let at = 0; at < entries.length && this.disk.isCold(this.file, from + at); at += 1) {
      bytes += (entries[at] as LogEntry).batch.bytes
    }
    return bytes
  }

  /** Nothing below this offset counts any more (KB L19, L21). True if something did. */
  raiseStart(offset: number): boolean {
    if (offset <= this.startOffset) return false
    this.startOffset = offset
    this.epochs.truncateFromStart(offset)
    this.recoveryPoint = Math.max(this.recoveryPoint, offset)
    this.unflushedRecords = Math.max(0, this.endOffset - this.recoveryPoint)
    return true
  }

  /** After loading: the start that was kept, which lies inside of a segment (KB 1.1). */
  resumeStart(offset: number): void {
    if (offset > this.endOffset) this.restartAt(offset)
    else this.raiseStart(offset)
  }

  /** True if the start is not where the first segment begins, and has to be kept by itself. */
  get startsInside(): boolean {
    return this.startOffset > (this.#segments.first ?? this.startOffset)
  }

  /** Cuts the log so that it ends at `offset` (KB L20). Answers how many batches went. */
  truncateTo(offset: number): number {
    if (offset >= this.endOffset) {
      this.epochs.truncateFromEnd(this.endOffset)
      return 0
    }
    const before = this.#entries.length
    if (offset < (this.#segments.first ?? 0)) {
      this.restartAt(offset)
      return before
    }
    const kept = this.#keptBelow(offset)
    this.#entries.length = kept
    this.disk.truncate(this.file, kept)
    this.endOffset = offset
    this.startOffset = Math.min(this.startOffset, offset)
    this.epochs.truncateFromEnd(offset)
    this.#cutSegments()
    this.#rebuildProducers()
    this.highWatermark = Math.min(this.highWatermark, this.endOffset)
    this.recoveryPoint = Math.min(this.recoveryPoint, this.endOffset)
    this.unflushedRecords = Math.max(0, this.endOffset - this.recoveryPoint)
    return before - kept
  }

  /** Drops everything and goes on at `offset` (KB L20, F24). */
  restartAt(offset: number): void {
    this.#entries.length = 0
    this.disk.truncate(this.file, 0)
    this.startOffset = offset
    this.endOffset = offset
    this.highWatermark = offset
    this.recoveryPoint = offset
    this.unflushedRecords = 0
    this.epochs.clear()
    this.producers.clear()
    this.#segments.restartAt(offset)
    this.#snapshotOffset = offset
    this.#deletedProducers.clear()
    this.#writeLayout()
  }

  /** Everything below `offset` has reached the platter. */
  flushedTo(offset: number, nowMs: number): void {
    this.recoveryPoint = Math.max(this.recoveryPoint, Math.min(offset, this.endOffset))
    this.unflushedRecords = Math.max(0, this.endOffset - this.recoveryPoint)
    this.lastFlushMs = nowMs
  }

  /** Takes a producer snapshot at the end, as a clean close does. */
  snapshotProducers(): void {
    this.#snapshotOffset = this.endOffset
    this.#writeLayout()
  }

  /** Removes the log and all that belongs to it from the disk. */
  remove(): void {
    for (const file of [this.file, this.#layoutFile, this.#epochsFile]) this.disk.remove(file)
  }

  /**
   * After the entries were taken from the disk: derives all that follows from them (KB L13–L15).
   */
  #settle(): void {
    this.#settleSegments()
    const first = this.#entries[0]
    const last = this.#entries.at(-1)
    const base = this.#segments.first ?? 0
    this.startOffset = first?.baseOffset ?? base
    this.endOffset = last === undefined ? this.startOffset : nextOffsetOf(last)
    this.epochs.truncateFromEnd(this.endOffset)
    this.#cutSegments()
    this.#rebuildProducers()
  }

  /** A crash in the middle of a deletion may have left entries of segments that are gone. */
  #settleSegments(): void {
    const first = this.#entries[0]
    if (first === undefined) return
    const base = this.#segments.first
    if (base === undefined) {
      this.#segments.begin(first.baseOffset)
      return
    }
    const kept = this.#entries.findIndex(({ baseOffset }) => baseOffset >= base)
    const gone = kept === -1 ? this.#entries.length : kept
    if (gone === 0) return
    this.#entries.splice(0, gone)
    this.disk.trimHead(this.file, gone)
  }

  #rebuildProducers(): void {
    const { batches } = this.#deletedProducers
    const all = batches.length === 0 ? this.#entries : [...batches, ...this.#entries]
    this.producers.rebuild(all, this.#snapshotOffset)
    this.#deletedProducers.rebuild(this.#entries)
  }

  /** Brings the notes about segments back in line with a log that may have become shorter. */
  #cutSegments(): void {
    const before = this.segments.length
    this.#segments.cutTo(this.endOffset, this.#entries)
    const active = this.segments.at(-1) ?? this.startOffset
    const snapshotBefore = this.#snapshotOffset
    if (this.#snapshotOffset > this.endOffset)
      this.#snapshotOffset = Math.min(active, this.endOffset)
    const changed = before !== this.segments.length || snapshotBefore !== this.#snapshotOffset
    if (changed) this.#writeLayout()
  }

  /** Batches as the disk gives them now: what has rotted fails its checksum. */
  #marked(entries: LogEntry[], first: number): readonly LogEntry[] {
    return entries.map((entry, index) =>
      this.disk.rotten(this.file, first + index) ? { ...entry, corrupt: true } : entry,
    )
  }

  #writeLayout(): void {
    const layout: Layout = {
      segments: [...this.segments],
      snapshotOffset: this.#snapshotOffset,
      producers: this.#deletedProducers.batches,
    }
    this.disk.replace(this.#layoutFile, layout, layout.segments.length * LAYOUT_LINE_BYTES)
  }

  /** Number of batches that end at or below `offset`. */
  #keptBelow(offset: number): number {
    let kept = this.#entries.length
    while (kept > 0 && nextOffsetOf(this.#entries[kept - 1] as LogEntry) > offset) kept -= 1
    return kept
  }

  /** Index of the first batch that ends behind `offset`; the length if there is none. */
  #indexOf(offset: number): number {
    const { length } = this.#entries
    if (offset >= this.endOffset) return length
    // Readers are mostly at the tail.
    if (length > 0 && (this.#entries[length - 1] as LogEntry).baseOffset <= offset)
      return length - 1
    let low = 0
    let high = length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (nextOffsetOf(this.#entries[middle] as LogEntry) > offset) high = middle
      else low = middle + 1
    }
    invariant(low <= length, 'a search stays inside the log')
    return low
  }
}
