/**
 * What became of each record's sends: how often it was attempted, and which attempt was answered.
 *
 * An open send is as unknown as one that timed out: it may have happened (checks.md 3.1).
 */

import { type History, Outcome } from '../../model/history.ts'
import type { Atoms } from './atoms.ts'

export class Sends {
  /** Attempts of the application, by atom; a client's own retries are not seen. */
  readonly attempts: Int32Array
  /** Attempts that surely did not happen. */
  readonly failed: Int32Array
  /** One more than the row of the first attempt; 0: none. */
  readonly firstRow: Int32Array
  /** One more than the row of the first attempt that was acknowledged; 0: none. */
  readonly okRow: Int32Array
  /** Records, each attempt counted. */
  readonly invoked: number
  readonly ok: number
  readonly definitelyFailed: number
  readonly #outcomes: Float64Array

  constructor(history: History, atoms: Atoms) {
    const { sends } = history
    const { data } = sends
    this.#outcomes = data.outcome
    this.attempts = new Int32Array(atoms.count)
    this.failed = new Int32Array(atoms.count)
    this.firstRow = new Int32Array(atoms.count)
    this.okRow = new Int32Array(atoms.count)
    const totals = [0, 0, 0, 0, 0]
    for (let row = 0; row < sends.length; row += 1) {
      const stream = data.stream[row] as number
      const index = data.index[row] as number
      const count = data.count[row] as number
      const outcome = data.outcome[row] as number
      totals[outcome] = (totals[outcome] as number) + count
      const end = atoms.at(stream, index + count)
      for (let atom = atoms.at(stream, index); atom < end; atom += 1) {
        this.#took(atom, row, outcome)
      }
    }
    this.ok = (totals[Outcome.ok] as number) + (totals[Outcome.settled] as number)
    this.definitelyFailed = totals[Outcome.failed] as number
    this.invoked = totals.reduce((sum, count) => sum + count, 0)
  }

  /** Whether all was judged of a record before the run ended, and nothing is left to say. */
  isSettled(atom: number): boolean {
    const row = this.okRow[atom] as number
    return row !== 0 && this.#outcomes[row - 1] === Outcome.settled
  }

  /** Whether every attempt surely failed: such a record must be nowhere. */
  onlyFailed(atom: number): boolean {
    const attempts = this.attempts[atom] as number
    return attempts > 0 && attempts === this.failed[atom]
  }

  #took(atom: number, row: number, outcome: number): void {
    this.attempts[atom] = (this.attempts[atom] as number) + 1
    // It stands last in the table and was the first of all.
    if (outcome === Outcome.settled) {
      this.firstRow[atom] = row + 1
      this.okRow[atom] = row + 1
      return
    }
    if (this.firstRow[atom] === 0) this.firstRow[atom] = row + 1
    if (outcome === Outcome.ok && this.okRow[atom] === 0) this.okRow[atom] = row + 1
    else if (outcome === Outcome.failed) this.failed[atom] = (this.failed[atom] as number) + 1
  }
}
