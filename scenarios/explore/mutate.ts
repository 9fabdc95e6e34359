/**
 * Mutations: draws near those of a run that reached something new.
 *
 * Each changes one part and leaves the others as they are; the result is draws like any other.
 */

import type { Stream } from '../../sim/random.ts'
import type { Swarm } from '../schema/scenario.ts'
import { type Draw, drawBounds } from './draw.ts'
import { drawOne, type Draws } from './draws.ts'

const CHANGES_MAX = 3
/** Entries beyond what the swarm asks for that a line of descent may gather. */
const MORE_ENTRIES = 2

/** Draws with one to three changes; `other` lends entries. */
export function mutate(parent: Draws, other: Draws, swarm: Swarm, random: Stream): Draws {
  let child = parent
  const changes = random.between(1, CHANGES_MAX)
  for (let n = 0; n < changes; n += 1) child = changed(child, other, swarm, random)
  return child
}

function changed(draws: Draws, other: Draws, swarm: Swarm, random: Stream): Draws {
  const { entries } = draws
  const most = swarm.faults.max + MORE_ENTRIES
  const place = random.int(Math.max(1, entries.length))
  const one = entries[place]
  switch (random.int(6)) {
    case 0:
      if (entries.length < most) return { ...draws, entries: [...entries, drawOne(random)] }
      return replaced(draws, place, drawOne(random))
    case 1: {
      const lent = other.entries[random.int(Math.max(1, other.entries.length))]
      if (lent === undefined || entries.length >= most) return draws
      return { ...draws, entries: [...entries, lent] }
    }
    case 2:
      if (entries.length <= Math.max(1, swarm.faults.min)) return draws
      return { ...draws, entries: entries.filter((_entry, at) => at !== place) }
    case 3:
      return { ...draws, background: withField(draws.background, random) }
    case 4:
      // Close to where it was: what was reached may be a matter of milliseconds.
      if (one === undefined) return draws
      return replaced(draws, place, { ...one, at: nearby(one.at, random) })
    default:
      return one === undefined ? draws : replaced(draws, place, withField(one, random))
  }
}

function replaced(draws: Draws, place: number, entry: Draw): Draws {
  const entries = draws.entries.map((one, at) => (at === place ? entry : one))
  return { ...draws, entries }
}

const fields = Object.keys(drawBounds) as (keyof Draw)[]

function withField(one: Draw, random: Stream): Draw {
  const field = random.pick(fields)
  return { ...one, [field]: random.int(drawBounds[field] + 1) }
}

function nearby(at: number, random: Stream): number {
  return Math.min(drawBounds.at, Math.max(0, at + random.between(-20, 20)))
}
