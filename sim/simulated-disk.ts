/**
 * A disk: files over a platter, and the host's page cache before it.
 *
 * What is written is visible at once. A power loss keeps, per file, a prefix drawn between the
 * synced length and the length, and may tear the last entry it keeps. `replace` is durable on
 * return (KB L1). Write-back makes entries durable by age, as an operating system does. Faults make
 * it refuse writes, lie about syncs, and let entries rot where they stand.
 */

import { invariant } from './invariant.ts'
import type { WriteOutcome } from './disk.ts'
import { PageCache } from './page-cache.ts'
import { Platter } from './platter.ts'
import type { Stream } from './random.ts'

export interface DiskConfig {
  readonly dir: string
  /** Time of one sync on an idle disk, in µs. */
  readonly syncUs: number
  /** Bytes read or written per µs; 0 for no limit. */
  readonly bytesPerUs: number
  /** A switch to another file, in µs. */
  readonly operationUs?: number
  /** Dirty bytes beyond which writers wait; absent: no limit. */
  readonly dirtyMaxBytes?: number
  /** What fits onto it; absent or 0: everything. */
  readonly spaceBytes?: number
  /**
   * Age at which the operating system writes a dirty page, in µs (30 s on Linux); Infinity: never.
   */
  readonly writeBackUs: number
  /** Share of power losses that tear the last kept entry of a file that lost some. */
  readonly tornShare: number
}

interface AppendedFile {
  readonly entries: unknown[]
  /** When each entry was written, in µs of true time. */
  readonly writtenUs: number[]
  /** Window of the platter in which it was written last. */
  window: number
  /** Entries dropped from its head, ever. */
  trimmed: number
  synced: number
  torn: boolean
  dirtyBytes: number
  /** Bytes of its entries. What goes without being counted counts as the average entry. */
  heldBytes: number
  /** Length up to which a lying disk has confirmed a sync. */
  claimed: number
  /** Indexes of entries that have rotted; null if none has. */
  rotten: Set<number> | null
}

/** Kinds of faults that a disk can have at the same time. */
export type DiskAilment = 'full' | 'io-error' | 'lying'

export class SimulatedDisk {
  readonly config: DiskConfig
  readonly #random: Stream
  readonly #appended = new Map<string, AppendedFile>()
  readonly #values = new Map<string, unknown>()
  readonly #ailments: Record<DiskAilment, number> = { full: 0, 'io-error': 0, lying: 0 }
  /** Values as the platter has them, of files that were replaced while the disk lied. */
  readonly #unreplaced = new Map<string, unknown>()
  readonly #platter: Platter
  readonly #cache: PageCache
  readonly #spaceBytes: number
  /** Written to it and read from it, ever. */
  writtenBytes = 0
  readBytes = 0
  /** What its files hold now. */
  heldBytes = 0

  /** Some entry has rotted. */
  rotting = false
  /** Writes that were refused, ever. */
  refusals = 0
  /** What writes answer while a fault is on: `ok` normally. */
  failing: WriteOutcome = 'ok'
  /** Slow-disk fault: added to each sync, in µs. */
  delayUs = 0

  constructor(config: DiskConfig, random: Stream, cache: PageCache = new PageCache(0)) {
    this.config = config
    this.#random = random
    this.#cache = cache
    this.#spaceBytes = config.spaceBytes === undefined ? 0 : config.spaceBytes
    this.#platter = new Platter({
      bytesPerUs: config.bytesPerUs,
      operationUs: config.operationUs ?? 0,
      dirtyMaxBytes: config.dirtyMaxBytes ?? Infinity,
    })
  }

  /** Slow-disk fault: service times are multiplied by it. */
  get slowness(): number {
    return this.#platter.slowness
  }

  set slowness(factor: number) {
    this.#platter.slowness = factor
  }

  append(file: string, entry: unknown, bytes: number, nowUs: number): WriteOutcome {
    if (this.failing !== 'ok') return this.#refuse(this.failing)
    if (this.#spaceBytes > 0 && this.heldBytes + bytes > this.#spaceBytes)
      return this.#refuse('full')
    const appended = this.#file(file)
    appended.entries.push(entry)
    appended.writtenUs.push(nowUs)
    appended.dirtyBytes += bytes
    appended.heldBytes += bytes
    this.heldBytes += bytes
    this.writtenBytes += bytes
    if (this.config.bytesPerUs > 0) this.#dirty(appended, bytes, nowUs)
    return 'ok'
  }

  truncate(file: string, entries: number): WriteOutcome {
    if (this.failing === 'io-error') return this.#refuse(this.failing)
    const appended = this.#appended.get(file)
    if (appended === undefined) return 'ok'
    invariant(entries >= 0, `truncate of ${file} to ${entries} entries`)
    if (entries < appended.entries.length) {
      this.#giveBack(appended, appended.entries.length - entries)
      appended.entries.length = entries
      appended.writtenUs.length = entries
    }
    // Truncating removes a torn tail, and what is cut was not worth keeping: the new length lasts.
    if (appended.synced > entries) appended.synced = entries
    if (appended.claimed > entries) appended.claimed = entries
    appended.torn = false
    forgetRotten(appended)
    return 'ok'
  }

  /** A file that is deleted stays deleted through a power loss: what goes here is such a file. */
  trimHead(file: string, entries: number, bytes?: number): WriteOutcome {
    if (this.failing === 'io-error') return this.#refuse(this.failing)
    const appended = this.#appended.get(file)
    if (appended === undefined) return 'ok'
    invariant(entries <= appended.entries.length, `${file} loses ${entries} entries at its head`)
    this.#giveBack(appended, entries, bytes)
    appended.entries.splice(0, entries)
    appended.writtenUs.splice(0, entries)
    appended.trimmed += entries
    appended.synced = Math.max(0, appended.synced - entries)
    appended.claimed = Math.max(0, appended.claimed - entries)
    moveRotten(appended, entries)
    return 'ok'
  }

  replace(file: string, value: unknown): WriteOutcome {
    if (this.failing !== 'ok') return this.#refuse(this.failing)
    if (this.#ailments.lying > 0 && !this.#unreplaced.has(file)) {
      this.#unreplaced.set(file, this.#values.get(file))
    }
    this.#values.set(file, value)
    return 'ok'
  }

  remove(file: string): void {
    const appended = this.#appended.get(file)
    if (appended !== undefined) this.#giveBack(appended, appended.entries.length)
    this.#appended.delete(file)
    this.#values.delete(file)
  }

  entries(file: string): readonly unknown[] {
    return this.#appended.get(file)?.entries ?? NONE
  }

  torn(file: string): boolean {
    return this.#appended.get(file)?.torn ?? false
  }

  rotten(file: string, index: number): boolean {
    return this.#appended.get(file)?.rotten?.has(index) ?? false
  }

  value(file: string): unknown {
    return this.#values.get(file)
  }

  files(): readonly string[] {
    return [...this.#appended.keys(), ...this.#values.keys()]
  }

  synced(file: string): number {
    return this.#appended.get(file)?.synced ?? 0
  }

  /** Queues a sync; returns the true time at which it ends. `syncEnded` makes it last. */
  syncEnd(file: string, nowUs: number): number {
    const appended = this.#file(file)
    const bytes = appended.dirtyBytes
    appended.dirtyBytes = 0
    return this.#platter.sync(nowUs, this.config.syncUs * this.slowness + this.delayUs, bytes)
  }

  /** How long whoever appends so many bytes now has to wait until they fit into memory. */
  writeDelayUs(nowUs: number, bytes: number): number {
    return this.#platter.writeDelayUs(nowUs, bytes)
  }

  /** True if an entry has left the page cache: reading it takes the disk. */
  isCold(file: string, index: number): boolean {
    if (this.#cache.goneUs < 0 || this.config.bytesPerUs === 0) return false
    const writtenUs = this.#appended.get(file)?.writtenUs[index]
    return writtenUs !== undefined && writtenUs <= this.#cache.goneUs
  }

  /** Brings bytes of a file back into memory; returns when they are there. */
  read(nowUs: number, bytes: number): number {
    this.readBytes += bytes
    this.#cache.bring(nowUs, bytes)
    this.#cache.missedBytes += bytes
    return Math.ceil(this.#platter.read(nowUs, bytes) + this.delayUs)
  }

  /** Bytes that wait to be written back. */
  dirtyBytes(nowUs: number): number {
    return this.#platter.dirtyBytes(nowUs)
  }

  /** Time that it has worked by now, in µs; what is queued comes later. */
  busyUs(nowUs: number): number {
    return this.#platter.busyUs(nowUs)
  }

  /** Entries of a file now, dropped ones too: what a sync that begins now puts onto the platter. */
  length(file: string): number {
    const appended = this.#appended.get(file)
    return appended === undefined ? 0 : appended.trimmed + appended.entries.length
  }

  /** A sync that began when the file had `entries` entries is over. */
  syncEnded(file: string, entries: number): void {
    const appended = this.#appended.get(file)
    if (appended === undefined) return
    const reached = Math.min(entries - appended.trimmed, appended.entries.length)
    if (this.#ailments.lying > 0) appended.claimed = Math.max(appended.claimed, reached)
    else appended.synced = Math.max(appended.synced, reached)
  }

  /** Syncs are confirmed and do not last. */
  get lying(): boolean {
    return this.#ailments.lying > 0
  }

  /** Begins (1) or ends (−1) one fault of a kind; they add up. */
  ail(ailment: DiskAilment, by: 1 | -1): void {
    this.#ailments[ailment] += by
    const { full, 'io-error': broken, lying } = this.#ailments
    this.failing = broken > 0 ? 'io-error' : full > 0 ? 'full' : 'ok'
    if (ailment === 'lying' && lying === 0) this.#makeGood()
  }

  /** Lets drawn entries rot, of files whose name begins so; gives how many there were. */
  rot(prefix: string, entries: number): number {
    const files = [...this.#appended].filter(
      ([file, { entries: held }]) => file.startsWith(prefix) && held.length > 0,
    )
    if (files.length === 0) return 0
    for (let n = 0; n < entries; n += 1) {
      const [, appended] = files[this.#random.int(files.length)] as [string, AppendedFile]
      appended.rotten ??= new Set()
      appended.rotten.add(this.#random.int(appended.entries.length))
    }
    this.rotting = true
    return entries
  }

  /** Takes everything from it, as a new disk in the place of a dead one. */
  wipe(): void {
    this.#appended.clear()
    this.#values.clear()
    this.#unreplaced.clear()
    this.#platter.reset(0)
    this.heldBytes = 0
    this.rotting = false
  }

  /** Cuts every file at a drawn point behind what is on the platter (KB L11). */
  losePower(nowUs: number, tornShare: number = this.config.tornShare): void {
    this.#platter.reset(nowUs)
    this.#cache.forget(nowUs)
    this.#forgetReplaced()
    const writtenBack = nowUs - this.config.writeBackUs
    for (const appended of this.#appended.values()) {
      const length = appended.entries.length
      let durable = appended.synced
      appended.claimed = 0
      // What is lost is not written any more, and what was written back is written already.
      appended.dirtyBytes = 0
      while (durable < length && (appended.writtenUs[durable] as number) <= writtenBack)
        durable += 1
      if (durable === length) {
        appended.synced = length
        continue
      }
      const kept = this.#random.between(durable, length)
      this.#giveBack(appended, length - kept)
      appended.entries.length = kept
      appended.writtenUs.length = kept
      appended.torn = kept > durable && this.#random.chance(tornShare)
      appended.synced = appended.torn ? kept - 1 : kept
      forgetRotten(appended)
    }
  }

  /** True if a power loss now could lose an entry of this file. */
  dirty(file: string): boolean {
    const appended = this.#appended.get(file)
    return appended !== undefined && appended.synced < appended.entries.length
  }

  #file(file: string): AppendedFile {
    let found = this.#appended.get(file)
    if (found === undefined) {
      found = {
        entries: [],
        writtenUs: [],
        window: -1,
        trimmed: 0,
        synced: 0,
        torn: false,
        dirtyBytes: 0,
        heldBytes: 0,
        claimed: 0,
        rotten: null,
      }
      this.#appended.set(file, found)
    }
    return found
  }

  /** Entries of a file are about to go. */
  #giveBack(appended: AppendedFile, entries: number, counted?: number): void {
    const { length } = appended.entries
    if (length === 0) return
    const average =
      entries === length ? appended.heldBytes : (appended.heldBytes / length) * entries
    const bytes = Math.min(appended.heldBytes, counted ?? Math.round(average))
    appended.heldBytes -= bytes
    this.heldBytes -= bytes
  }

  /** The operating system has taken pages, and is to write them. */
  #dirty(appended: AppendedFile, bytes: number, nowUs: number): void {
    this.#cache.bring(nowUs, bytes)
    this.#platter.write(nowUs, bytes, appended.window !== this.#platter.window)
    appended.window = this.#platter.window
  }

  #refuse(outcome: WriteOutcome): WriteOutcome {
    this.refusals += 1
    return outcome
  }

  /** A disk that lied no longer does: what it had in its cache reaches the platter. */
  #makeGood(): void {
    this.#unreplaced.clear()
    for (const appended of this.#appended.values()) {
      appended.synced = Math.max(appended.synced, appended.claimed)
      appended.claimed = 0
    }
  }

  #forgetReplaced(): void {
    for (const [file, value] of this.#unreplaced) {
      if (value === undefined) this.#values.delete(file)
      else this.#values.set(file, value)
    }
    this.#unreplaced.clear()
  }
}

function forgetRotten({ rotten, entries }: AppendedFile): void {
  if (rotten === null) return
  for (const index of rotten) if (index >= entries.length) rotten.delete(index)
}

/** What stood behind a head that is gone has moved up. */
function moveRotten(appended: AppendedFile, by: number): void {
  if (appended.rotten === null) return
  const left = [...appended.rotten].filter((index) => index >= by)
  appended.rotten = new Set(left.map((index) => index - by))
}

const NONE: readonly unknown[] = []
