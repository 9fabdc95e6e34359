/**
 * What a process sees of one disk: append-only files of entries, and small files replaced whole.
 *
 * Writes go to the page cache and are visible at once; only `sync` and `replace` make them last
 * through a power loss (KB L8–L11). Which entries a power loss keeps is drawn by the world.
 */

export type WriteOutcome = 'ok' | 'io-error' | 'full'

/** How a disk operation or a piece of long work ended. */
export type IoOutcome = 'ok' | 'io-error'

export interface Disk {
  /** Name of the log directory, such as `data-0`. */
  readonly dir: string

  /** Adds one entry at the end of a file, creating the file if needed. */
  append(file: string, entry: unknown, bytes: number): WriteOutcome

  /** Keeps the first `entries` entries of a file. */
  truncate(file: string, entries: number): WriteOutcome

  /** Drops the first `entries` entries of a file for good, of so many bytes: the rest moves up. */
  trimHead(file: string, entries: number, bytes?: number): WriteOutcome

  /** Replaces a small file whole or not at all; durable on return (KB L1). */
  replace(file: string, value: unknown, bytes: number): WriteOutcome

  remove(file: string): void

  /**
   * The entries of an appended file; empty if there is none. The array is the disk's own: read it,
   * do not keep it.
   */
  entries<Entry>(file: string): readonly Entry[]

  /**
   * True if the last entry of this file was torn by a power loss: its checksum fails. A process
   * that loads the file has to truncate it (KB L13).
   */
  torn(file: string): boolean

  /** True if some entry on this disk has rotted: what is read has to be looked at one by one. */
  readonly rotting: boolean

  /** True if this entry can no longer be read as it was written: its checksum fails. */
  rotten(file: string, index: number): boolean

  /** The value of a replaced file. */
  value<Value>(file: string): Value | undefined

  files(): readonly string[]

  /** Number of entries of this file that are on the platter. */
  synced(file: string): number

  /** How long an append of so many bytes has to wait until they fit into memory, in µs. */
  writeDelayUs(bytes: number): number

  /** True if this entry has left the page cache: reading it takes the disk. */
  isCold(file: string, index: number): boolean

  /** Reads bytes that are not in memory; returns how long that takes, in µs. */
  read(bytes: number): number

  /** Puts all that is written so far onto the platter; then `done(io, key)` runs. */
  sync(file: string, io: string, key: number): void
}
