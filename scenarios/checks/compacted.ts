/**
 * Compacted topics: which records a later one of the same key stands for.
 *
 * With cleanup.policy=compact a log keeps the latest value of each key; a record without a value
 * deletes its key. Acknowledged records count as later ones, and those that stand in the final log,
 * whatever their senders were told. A tombstone of which nobody knows whether it was stored may
 * have deleted its key and gone.
 */

import { Outcome } from '../../model/history.ts'
import { topicOf } from '../../model/record.ts'
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
  /** Topic and key of each tombstone that may have been stored. */
  readonly #mayBeGone = new Set<string>()

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
      const index = data.index[row] as number
      const first = atoms.at(stream, index)
      const end = atoms.at(stream, index + (data.count[row] as number))
      for (let atom = first; atom < end; atom += 1) {
        this.#took(place, atom, offset + atoms.indexOf(atom) - index)
      }
    }
    this.#stands(judgement, places)
    for (let row = 0; row < tombstones.length; row += 1) {
      const stream = tombstones.get('stream', row)
      const atom = atoms.at(stream, tombstones.get('index', row))
      this.#tombstones[atom] = 1
      if (judgement.sends.okRow[atom] === 0 && !judgement.sends.onlyFailed(atom)) {
        this.#mayBeGone.add(`${judgement.topicOfStream(stream)} ${streams[stream]?.key}`)
      }
    }
  }

  /** Whether a tombstone may have deleted a key and gone, without anybody knowing. */
  mayBeDeleted(topic: string, key: string): boolean {
    return this.#mayBeGone.has(`${topic} ${key}`)
  }

  /** Records that stand although nobody was told so: later ones take the place of what was. */
  #stands({ atoms, sends, stored, result }: Judgement, places: ReadonlyMap<string, number>): void {
    for (let stream = 0; stream < atoms.streams; stream += 1) {
      const key = result.history.streams[stream]?.key ?? null
      if (key === null) continue
      const end = atoms.end(stream)
      for (let atom = atoms.first(stream); atom < end; atom += 1) {
        if (stored.copies[atom] === 0 || sends.okRow[atom] !== 0) continue
        const place = places.get(`${stored.partition[atom]} ${key}`)
        if (place !== undefined) this.#took(place, atom, stored.offset[atom] as number)
      }
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
  const compacted = compactedOf(judgement)
  if (compacted === null) return false
  if (compacted.isDispensable(atom)) return true
  const place = (compacted.keys[atom] as number) - 1
  return place >= 0 && mayBeDeleted(judgement, compacted.latest[place] as Latest)
}

/** Whether nobody knows that the latest value of a key was not deleted. */
export function mayBeDeleted(judgement: Judgement, { key, partition }: Latest): boolean {
  const topic = judgement.result.topics[topicOf(partition)] ?? ''
  return compactedOf(judgement)?.mayBeDeleted(topic, key) ?? false
}
