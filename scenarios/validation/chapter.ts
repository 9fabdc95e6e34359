/**
 * A chapter of the validation table: rows that are simulated together, because some are fitted and
 * others follow from them.
 */

import type { Errand, Figures } from './errand.ts'
import type { ValidationRow } from './row.ts'

/** A named constant that was fitted, and the rows it came from. */
export interface FittedConstant {
  readonly name: string
  readonly value: number
  readonly rows: readonly string[]
}

export interface Asking {
  readonly seed: number
  /** Replications of a row; null: as many as the chapter holds right. */
  readonly runs: number | null
  readonly simulate: (errand: Errand) => Promise<Figures>
  /** Whether a row of this id was asked for. */
  readonly wants: (id: string) => boolean
  /** Told of each row as it stands, and of constants. */
  readonly told: (row: ValidationRow) => void
  readonly fitted: (constant: FittedConstant) => void
  readonly stopped: () => boolean
}

export interface Chapter {
  readonly ids: readonly string[]
  run(asking: Asking): Promise<void>
}
