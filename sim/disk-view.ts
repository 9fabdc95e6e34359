/**
 * A disk as a process sees it: writes are effects of the handler in flight, reads are not.
 */

import type { Disk, WriteOutcome } from './disk.ts'
import { InvariantError } from './invariant.ts'
import type { ProcessRuntime } from './runtime.ts'
import type { SimulatedDisk } from './simulated-disk.ts'

/** A process's own view of one of its host's disks: writes count as effects. */
export class DiskView implements Disk {
  readonly #runtime: ProcessRuntime
  readonly #disk: SimulatedDisk

  constructor(runtime: ProcessRuntime, disk: SimulatedDisk) {
    this.#runtime = runtime
    this.#disk = disk
  }

  get dir(): string {
    return this.#disk.config.dir
  }

  append(file: string, entry: unknown, bytes: number): WriteOutcome {
    return this.#runtime.diskAppend(this.#disk, file, entry, bytes)
  }

  truncate(file: string, entries: number): WriteOutcome {
    return this.#runtime.diskTruncate(this.#disk, file, entries)
  }

  trimHead(file: string, entries: number, bytes?: number): WriteOutcome {
    return this.#runtime.diskTrimHead(this.#disk, file, entries, bytes)
  }

  replace(file: string, value: unknown, _bytes: number): WriteOutcome {
    return this.#runtime.diskReplace(this.#disk, file, value)
  }

  remove(file: string): void {
    this.#runtime.diskRemove(this.#disk, file)
  }

  entries<Entry>(file: string): readonly Entry[] {
    return this.#disk.entries(file) as readonly Entry[]
  }

  torn(file: string): boolean {
    return this.#disk.torn(file)
  }

  get rotting(): boolean {
    return this.#disk.rotting
  }

  rotten(file: string, index: number): boolean {
    return this.#disk.rotten(file, index)
  }

  value<Value>(file: string): Value | undefined {
    return this.#disk.value(file) as Value | undefined
  }

  files(): readonly string[] {
    return this.#disk.files()
  }

  synced(file: string): number {
    return this.#disk.synced(file)
  }

  writeDelayUs(bytes: number): number {
    return this.#disk.writeDelayUs(this.#runtime.nowUs, bytes)
  }

  isCold(file: string, index: number): boolean {
    return this.#disk.isCold(file, index)
  }

  read(bytes: number): number {
    const { nowUs } = this.#runtime
    return this.#disk.read(nowUs, bytes) - nowUs
  }

  sync(file: string, io: string, key: number): void {
    this.#runtime.diskSync(this.#disk, file, io, key)
  }
}

/** The disk of a process whose host has none: clients. */
export const NO_DISK: Disk = {
  dir: '',
  append: () => 'io-error',
  truncate: () => 'io-error',
  trimHead: () => 'io-error',
  replace: () => 'io-error',
  remove: () => {},
  entries: () => [],
  torn: () => false,
  rotting: false,
  rotten: () => false,
  value: () => undefined,
  files: () => [],
  synced: () => 0,
  writeDelayUs: () => 0,
  isCold: () => false,
  read: () => 0,
  sync: () => {
    throw new InvariantError('a sync on a host without disks')
  },
}
