/**
 * What a group did with each record: how often it processed it to the end, and when first.
 *
 * Only processings that ended ok count. One that was cut off by a crash may have had its effect or
 * not; it is neither a processing nor a duplicate.
 */

import { type History, Outcome } from '../../model/history.ts'
import type { Atoms } from './atoms.ts'

export class Processed {
  /** By atom. */
  readonly times: Int32Array
  /** One more than the row of the processing that ended first; 0: never processed. */
  readonly firstRow: Int32Array
  readonly #ended: Float64Array
  /** When an atom was put aside among the dead letters; null: none was. */
  #asideUs: Float64Array | null = null
  /** Records processed, repetitions included. */
  consumed = 0
  /** Records processed again. */
  redelivered = 0
  /**
   * Length of all processings together and their number, and of those that began after the heal.
   */
  workUs = 0
  works = 0
  workAfterHealUs = 0
  worksAfterHeal = 0

  constructor(atoms: Atoms, history: History) {
    this.times = new Int32Array(atoms.count)
    this.firstRow = new Int32Array(atoms.count)
    this.#ended = history.processings.data.endedUs
  }

  /** When an atom was first processed, in true time; Infinity: never. */
  firstUs(atom: number): number {
    const row = this.firstRow[atom] as number
    return row === 0 ? Infinity : (this.#ended[row - 1] as number)
  }

  /** When the group was done with an atom: processed or put aside for good; Infinity: never. */
  doneUs(atom: number): number {
    const first = this.firstUs(atom)
    return this.#asideUs === null ? first : Math.min(first, this.#asideUs[atom] as number)
  }

  putAside(atom: number, atUs: number): void {
    this.#asideUs ??= new Float64Array(this.times.length).fill(Infinity)
    this.#asideUs[atom] = Math.min(this.#asideUs[atom] as number, atUs)
  }

  /** A processing of an atom that ended ok. */
  took(atom: number, row: number, weight: number): void {
    const times = (this.times[atom] as number) + 1
    this.times[atom] = times
    this.consumed += weight
    if (times > 1) this.redelivered += weight
    const first = this.firstRow[atom] as number
    if (first === 0 || (this.#ended[row] as number) < (this.#ended[first - 1] as number)) {
      this.firstRow[atom] = row + 1
    }
  }
}

/** All groups in one pass over the table. `groups` are ids of names; the heal is in true time. */
export function processedBy(
  history: History,
  atoms: Atoms,
  groups: readonly number[],
  healUs: number,
): Processed[] {
  const found = groups.map(() => new Processed(atoms, history))
  const places: number[] = []
  groups.forEach((group, place) => (places[group] = place))
  const { processings, deadLetters } = history
  const { data } = processings
  for (let row = 0; row < processings.length; row += 1) {
    const outcome = data.outcome[row]
    if (outcome !== Outcome.ok && outcome !== Outcome.settled) continue
    const of = found[places[data.group[row] as number] as number]
    if (of === undefined) continue
    const stream = data.stream[row] as number
    const index = data.index[row] as number
    const count = data.count[row] as number
    const end = atoms.at(stream, index + count)
    for (let atom = atoms.at(stream, index); atom < end; atom += 1) {
      of.took(atom, row, count === 1 ? 1 : atoms.weight(atom))
    }
    // What was folded has its work in the sums.
    if (outcome === Outcome.settled) continue
    const began = data.invokedUs[row] as number
    const length = ((data.endedUs[row] as number) - began) / count
    of.workUs += length
    of.works += 1
    if (began < healUs) continue
    of.workAfterHealUs += length
    of.worksAfterHeal += 1
  }
  for (let row = 0; row < deadLetters.length; row += 1) {
    const { group, stream, index, atUs } = deadLetters.data
    const of = found[places[group[row] as number] as number]
    of?.putAside(atoms.at(stream[row] as number, index[row] as number), atUs[row] as number)
  }
  return found
}
