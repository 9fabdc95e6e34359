/**
 * The timers of one process: one live timer for each (name, key), kept over restarts of its owner.
 */

import type { HandlerEntry } from './definition.ts'
import { mix32 } from './mix.ts'
import type { ProcessRuntime } from './runtime.ts'

/**
 * The one live timer of a (name, key). Moving it later costs no event: it is re-armed when it
 * wakes.
 */
export class TimerRecord {
  readonly runtime: ProcessRuntime
  readonly entry: HandlerEntry
  readonly key: number
  readonly lane: number
  dueUs: number = Infinity
  wakeUs: number = -1
  /** Fired, and waits for a server. */
  queued = false

  constructor(runtime: ProcessRuntime, entry: HandlerEntry, key: number) {
    this.runtime = runtime
    this.entry = entry
    this.key = key
    this.lane = mix32(mix32(runtime.nameHash, entry.hash), key) | 0
  }
}

/** Keys beyond this one are looked up, not counted. */
const DENSE_MAX = 4096

export class Timers {
  readonly #runtime: ProcessRuntime
  /** By the index of the handler, then by key. */
  readonly #dense: (TimerRecord | undefined)[][] = []
  readonly #sparse = new Map<HandlerEntry, Map<number, TimerRecord>>()

  constructor(runtime: ProcessRuntime) {
    this.#runtime = runtime
  }

  /** The timer of a handler and a key, made at first use. */
  of(entry: HandlerEntry, key: number): TimerRecord {
    if (key < 0 || key > DENSE_MAX) return this.#sparseOf(entry, key)
    while (this.#dense.length <= entry.index) this.#dense.push([])
    const records = this.#dense[entry.index] as (TimerRecord | undefined)[]
    let record = records[key]
    if (record === undefined) {
      record = new TimerRecord(this.#runtime, entry, key)
      while (records.length < key) records.push(undefined)
      records[key] = record
    }
    return record
  }

  each(visit: (record: TimerRecord) => void): void {
    for (const records of this.#dense) for (const record of records) if (record) visit(record)
    for (const records of this.#sparse.values())
      for (const record of records.values()) visit(record)
  }

  /** None is set any more. */
  forget(): void {
    this.each((record) => {
      record.dueUs = Infinity
      record.queued = false
    })
  }

  #sparseOf(entry: HandlerEntry, key: number): TimerRecord {
    let records = this.#sparse.get(entry)
    if (records === undefined) {
      records = new Map()
      this.#sparse.set(entry, records)
    }
    let record = records.get(key)
    if (record === undefined) {
      record = new TimerRecord(this.#runtime, entry, key)
      records.set(key, record)
    }
    return record
  }
}
