/**
 * The nemesis: acts on a timeline, at times and at protocol moments, and takes everything back at
 * heal.
 *
 * What an entry does is given with it; here stands when. A trigger acts at the place of its probe
 * in the handler in flight. After the heal nothing fires any more, which is asserted.
 */

import { invariant } from './invariant.ts'
import type { ProbeId } from './registry.ts'
import type { Simulation } from './simulation.ts'

/** What became of an entry when it fired. */
export type Deed =
  | { readonly refused: string }
  | {
      readonly refused: null
      /** Hosts or names that its target was resolved to. */
      readonly resolved: readonly string[]
      /** Ends it; null if its damage stays or it is an action. */
      readonly end: (() => void) | null
      /** Hosts that stay struck beyond the heal. */
      readonly frozen?: readonly string[]
    }

export interface NemesisEntry {
  /** Stable name, for its lane. */
  readonly name: string
  /** True time; or a trigger. */
  readonly atUs: number | null
  readonly on: {
    readonly probe: ProbeId
    /** Null: whatever it is. */
    readonly subject: number | null
    readonly nth: number
    readonly fromUs: number
  } | null
  /** Null: until the heal, or until it says itself that it is over. */
  readonly forUs: number | null
  /** `over` is called by what goes on for a while and ends by itself. */
  act(over: () => void): Deed
}

/** How an entry went. */
export interface DeedRecord {
  atUs: number | null
  untilUs: number | null
  refused: string | null
  resolved: readonly string[] | null
}

export class Nemesis {
  readonly #world: Simulation
  readonly #entries: readonly NemesisEntry[]
  readonly #disarm: (() => void)[] = []
  readonly #ends = new Map<number, () => void>()
  readonly #frozen = new Set<string>()
  #healed = false

  /** By place in the timeline. */
  readonly records: readonly DeedRecord[]

  constructor(world: Simulation, entries: readonly NemesisEntry[]) {
    this.#world = world
    this.#entries = entries
    this.records = entries.map(() => ({ atUs: null, untilUs: null, refused: null, resolved: null }))
  }

  /** Schedules the entries with times and arms those with triggers. */
  start(): void {
    this.#entries.forEach((entry, index) => {
      if (entry.atUs !== null) {
        this.#world.at(entry.atUs, `nemesis/${entry.name}`, () => this.#fire(index))
      } else if (entry.on !== null) {
        this.#arm(index, entry.on)
      }
    })
  }

  /** Disarms triggers and ends every fault that still lasts. */
  heal(): void {
    this.#healed = true
    for (const disarm of this.#disarm) disarm()
    for (const index of Array.from(this.#ends.keys())) this.#end(index)
  }

  /** Hosts that a permanent fault has struck: they are not mended at the heal. */
  get frozen(): ReadonlySet<string> {
    return this.#frozen
  }

  /** Number of faults that last now. */
  get lasting(): number {
    return this.#ends.size
  }

  #arm(index: number, on: NonNullable<NemesisEntry['on']>): void {
    let reached = 0
    const disarm = this.#world.triggers.arm(on.probe, (_process, subject) => {
      if (this.#world.nowUs < on.fromUs) return
      if (on.subject !== null && on.subject !== subject) return
      reached += 1
      if (reached !== on.nth) return
      disarm()
      this.#fire(index)
    })
    this.#disarm.push(disarm)
  }

  #fire(index: number): void {
    const entry = this.#entries[index] as NemesisEntry
    const record = this.records[index] as DeedRecord
    // An entry whose time lies behind the heal never fires.
    if (this.#healed) return
    const now = this.#world.nowUs
    const deed = entry.act(() => this.#over(index))
    record.atUs = now
    if (deed.refused !== null) {
      record.refused = deed.refused
      return
    }
    record.resolved = deed.resolved
    for (const host of deed.frozen ?? []) this.#frozen.add(host)
    if (deed.end === null) return
    this.#ends.set(index, deed.end)
    if (entry.forUs !== null) {
      this.#world.at(now + entry.forUs, `nemesis-end/${entry.name}`, () => this.#end(index))
    }
  }

  /** An entry that went on by itself has come to its end. */
  #over(index: number): void {
    if (!this.#ends.delete(index)) return
    const record = this.records[index] as DeedRecord
    record.untilUs = this.#world.nowUs
  }

  #end(index: number): void {
    const end = this.#ends.get(index)
    if (end === undefined) return
    this.#ends.delete(index)
    const record = this.records[index] as DeedRecord
    invariant(record.untilUs === null, 'a fault ends once')
    record.untilUs = this.#world.nowUs
    end()
  }
}
