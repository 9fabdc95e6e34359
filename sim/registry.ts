/**
 * The registries of guards and probes: what can be switched off, and what an exploration reports.
 *
 * Ids are small integers that live for one program; names are what people and files use. Ids must
 * never reach a hash or a file, because they depend on the order in which modules were loaded.
 */

import { invariant } from './invariant.ts'

export type GuardId = number
export type ProbeId = number

/** A check whose failure the real protocol answers with an error, a refusal, a cut or silence. */
export interface GuardEntry {
  /** `<area>.<camelCase>`, such as `fetch.leaderEpoch`. */
  readonly name: string
  /** The rule of the specification it implements, such as `KB F1`. */
  readonly rule: string
  readonly sentence: string
  /** The check or truth property that suffers without it. */
  readonly protects: string
  readonly whenOff: string
  /** Name of a scenario that reaches it. */
  readonly exercise: string
  /** The guard that stands behind it or before it, so that only both together can be missed. */
  readonly behind?: string
  /** Why nobody can miss it although no other guard does the same: what else does. */
  readonly redundant?: string
}

/** A protocol moment that a trigger can wait for and an exploration counts. */
export interface ProbeEntry {
  /** `<area>.<camelCase>`, such as `isr.shrankToOne`. */
  readonly name: string
  readonly rule: string
  readonly sentence: string
}

const guards: GuardEntry[] = []
const probes: ProbeEntry[] = []

/** Registers guards under the names used in code and gives each its id. */
export function defineGuards<const Entries extends Readonly<Record<string, GuardEntry>>>(
  entries: Entries,
): { readonly [Name in keyof Entries]: GuardId } {
  return define(entries, guards)
}

/** Registers probes under the names used in code and gives each its id. */
export function defineProbes<const Entries extends Readonly<Record<string, ProbeEntry>>>(
  entries: Entries,
): { readonly [Name in keyof Entries]: ProbeId } {
  return define(entries, probes)
}

/** All guards registered so far; the index is the id. */
export function guardEntries(): readonly GuardEntry[] {
  return guards
}

/** All probes registered so far; the index is the id. */
export function probeEntries(): readonly ProbeEntry[] {
  return probes
}

/**
 * By table, as long as it has not grown: every run tells of its guards and probes in this order.
 */
const orders = new WeakMap<readonly { readonly name: string }[], readonly number[]>()

/** The ids of a table in the order of their names. */
export function idsByName(entries: readonly { readonly name: string }[]): readonly number[] {
  let order = orders.get(entries)
  if (order?.length !== entries.length) {
    order = entries
      .map(({ name }, id) => ({ name, id }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ id }) => id)
    orders.set(entries, order)
  }
  return order
}

export function guardNamed(name: string): GuardId | undefined {
  const id = guards.findIndex((entry) => entry.name === name)
  return id === -1 ? undefined : id
}

export function probeNamed(name: string): ProbeId | undefined {
  const id = probes.findIndex((entry) => entry.name === name)
  return id === -1 ? undefined : id
}

/** By guard id: 1 where it is among these names; null where none is. */
export function guardBytes(names: readonly string[]): Uint8Array | null {
  if (names.length === 0) return null
  const bytes = new Uint8Array(guardEntries().length)
  for (const name of names) {
    const id = guardNamed(name)
    invariant(id !== undefined, `there is no guard "${name}"`)
    bytes[id] = 1
  }
  return bytes
}

/** The names that `guardBytes` was made of. */
export function namesOff(bytes: Uint8Array | null): string[] {
  if (bytes === null) return []
  return guardEntries()
    .filter((_entry, id) => bytes[id] === 1)
    .map((entry) => entry.name)
}

/** Counts by name, in the order of names: ids depend on which module was loaded first. */
export function byName(
  entries: readonly { readonly name: string }[],
  counts: Float64Array,
): Record<string, number> {
  // Without a prototype it is a table from its first name on: an object would get a hidden class
  // for each name, as many as 40 a run.
  const reached = Object.create(null) as Record<string, number>
  for (const id of idsByName(entries)) {
    const count = counts[id] ?? 0
    if (count > 0) reached[(entries[id] as { name: string }).name] = count
  }
  return reached
}

function define<
  Entry extends { readonly name: string },
  Entries extends Readonly<Record<string, Entry>>,
>(entries: Entries, registry: Entry[]): { readonly [Name in keyof Entries]: number } {
  // Made whole: an object that grows by computed names becomes a hash table to the engine, and
  // every check and probe reads its id here.
  const ids = Object.entries(entries).map(([codeName, entry]) => {
    if (registry.some((known) => known.name === entry.name)) {
      throw new Error(`"${entry.name}" is registered twice`)
    }
    return [codeName, registry.push(entry) - 1] as const
  })
  return Object.fromEntries(ids) as { readonly [Name in keyof Entries]: number }
}
