/**
 * A behaviour made ready to run: each handler, timer and io name with its small integer, lane hash
 * and station, once per table and program, so that an event does no look-up by a built name.
 */

import { InvariantError } from './invariant.ts'
import { hashText } from './mix.ts'
import type { AnyBehaviour } from './process.ts'

/** One handler with what the world needs to know about it. */
export interface HandlerEntry {
  readonly name: string
  /** Dense among the behaviour's handlers of this kind. */
  readonly index: number
  readonly hash: number
  /** Index of its station. */
  readonly station: number
  // Handlers of many types stand in one table; the compiler checked each where it was written.
  readonly run: (self: never, subject: never, third: never, fourth: never) => void
}

export interface Definition {
  readonly stations: readonly {
    readonly name: string
    readonly servers: number
    readonly queueMax: number
  }[]
  readonly receive: ReadonlyMap<string, HandlerEntry>
  readonly expire: ReadonlyMap<string, HandlerEntry>
  readonly done: ReadonlyMap<string, HandlerEntry>
  readonly stationIndex: ReadonlyMap<string, number>
}

/** What a definition is made of: never `start`, which would keep the world of its run alive. */
interface Tables {
  readonly expire: AnyBehaviour['expire']
  readonly done?: AnyBehaviour['done'] | undefined
  readonly threads?: AnyBehaviour['threads'] | undefined
  readonly stations: AnyBehaviour['stations']
}

/** Tables are module constants, so the key is the receive table; the rest is compared. */
const known = new WeakMap<object, { readonly tables: Tables; readonly definition: Definition }>()

export function define(behaviour: AnyBehaviour): Definition {
  const found = known.get(behaviour.receive)
  if (found !== undefined && sameTables(found.tables, behaviour)) return found.definition
  const definition = build(behaviour)
  const { expire, done, threads, stations } = behaviour
  known.set(behaviour.receive, { tables: { expire, done, threads, stations }, definition })
  return definition
}

function sameTables(a: Tables, b: Tables): boolean {
  return (
    a.expire === b.expire &&
    a.done === b.done &&
    a.threads === b.threads &&
    sameStations(a.stations, b.stations)
  )
}

function sameStations(a: AnyBehaviour['stations'], b: AnyBehaviour['stations']): boolean {
  if (a === b) return true
  const names = Object.keys(a)
  const others = Object.keys(b)
  return (
    names.length === others.length &&
    names.every((name, place) => {
      const one = a[name]
      const other = b[name]
      const alike = one?.servers === other?.servers && one?.queueMax === other?.queueMax
      return name === others[place] && alike
    })
  )
}

function build(behaviour: AnyBehaviour): Definition {
  const names = Object.keys(behaviour.stations)
  if (names.length === 0) throw new InvariantError('a behaviour needs at least one station')
  const stationIndex = new Map(names.map((name, index) => [name, index]))
  const threads = (behaviour.threads ?? {}) as Readonly<Record<string, string>>
  const entries = (table: object, prefix: string): Map<string, HandlerEntry> => {
    const result = new Map<string, HandlerEntry>()
    let index = 0
    for (const [name, run] of Object.entries(table)) {
      const thread = threads[name]
      const station = thread === undefined ? 0 : stationIndex.get(thread)
      if (station === undefined)
        throw new InvariantError(`"${name}" belongs to no station "${thread}"`)
      result.set(name, { name, index, hash: hashText(`${prefix}${name}`) | 0, station, run })
      index += 1
    }
    return result
  }
  return {
    stations: names.map((name) => {
      const station = behaviour.stations[name] as { servers: number; queueMax?: number }
      return { name, servers: station.servers, queueMax: station.queueMax ?? Infinity }
    }),
    receive: entries(behaviour.receive, 'receive/'),
    expire: entries(behaviour.expire, 'expire/'),
    done: entries(behaviour.done ?? {}, 'done/'),
    stationIndex,
  }
}
