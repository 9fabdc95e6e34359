/**
 * Compacted topics: which records a later one of the same key stands for.
 *
 * With cleanup.policy=compact a log keeps the latest value of each key; a record without a value
 * deletes its key. Only acknowledged records count as later ones: they alone are surely stored.
 */

import { Outcome } from '../../model/history.ts'
import { textOf } from './configuration.ts'
import type { Judgement } from './judgement.ts'

/** The last acknowledged record of a key in a partition. */
export interface Latest {
  readonly key: string
  readonly partition: number
  offset: number
  atom: number
}

export class Compacted {
  /** One for each key and partition of compacted topics. */
  readonly latest: Latest[] = []
  /** By atom: one more than the place of its key in `latest`. */
  readonly keys: Int32Array
  readonly offsets: Float64Array
  readonly #tombstones: Uint8Array

  constructor(judgement: Judgement) {
    const { atoms, result } = judgement
    const { sends, streams, tombstones } = result.history
    this.keys = new Int32Array(atoms.count)
    this.offsets = new Float64Array(atoms.count)
    this.#tombstones = new Uint8Array(atoms.count)
    const places = new Map<string, number>()
    const { data } = sends
    for (let row = 0; row < sends.length; row += 1) {
      const stream = data.stream[row] as number
      const key = streams[stream]?.key ?? null
      const offset = data.offset[row] as number
      if (key === null || offset < 0 || data.outcome[row] !== Outcome.ok) continue
      if (!isCompacted(judgement, judgement.topicOfStream(stream))) continue
      const partition = data.partition[row] as number
      const name = `${partition} ${key}`
      let place = places.get(name)
      if (place === undefined) {
        place = this.latest.length
        places.set(name, place)
        this.latest.push({ key, partition, offset: -1, atom: -1 })
      }
      this.#took(place, atoms.at(stream, data.index[row] as number), offset)
    }
    for (let row = 0; row < tombstones.length; row += 1) {
      const stream = tombstones.get('stream', row)
      this.#tombstones[atoms.at(stream, tombstones.get('index', row))] = 1
    }
  }

  isTombstone(atom: number): boolean {
    return this.#tombstones[atom] === 1
  }

  /** Whether a later record of its key was acknowledged, or it deletes its key. */
  isDispensable(atom: number): boolean {
    const latest = this.latest[(this.keys[atom] as number) - 1]
    if (latest === undefined) return false
    return this.isTombstone(atom) || latest.offset > (this.offsets[atom] as number)
  }

  #took(place: number, atom: number, offset: number): void {
    this.keys[atom] = place + 1
    this.offsets[atom] = offset
    const latest = this.latest[place] as Latest
    if (offset <= latest.offset) return
    latest.offset = offset
    latest.atom = atom
  }
}

export function isCompacted({ scenario }: Judgement, topic: string): boolean {
  const found = scenario.topics.find(({ name }) => name === topic)
  return textOf(found?.config ?? {}, 'cleanup.policy', 'delete').includes('compact')
}

/** Null where no topic is compacted. */
export function compactedOf(judgement: Judgement): Compacted | null {
  const { topics } = judgement.scenario
  if (!topics.some(({ name }) => isCompacted(judgement, name))) return null
  return judgement.once('compacted', () => new Compacted(judgement))
}

/** Whether compaction may have taken a record away: a later one stands for it, or none has to. */
export function isSuperseded(judgement: Judgement, atom: number): boolean {
  return compactedOf(judgement)?.isDispensable(atom) ?? false
}
