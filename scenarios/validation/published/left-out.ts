/**
 * Leave-one-out: how far off a row would be if constants were fitted to all others.
 *
 * Rows are taken as straight lines in logarithms around the constants there are, so that no
 * simulation is needed: the least squares of the others say how the constants would move.
 */

export interface Slopes {
  /** Logarithm of simulated ÷ measured. */
  readonly off: number
  /** Its change for one of the logarithm of each of two constants; 0: it does not depend on it. */
  readonly answers: readonly [number, number] | readonly number[]
}

/** A little of this is added, so that a constant of which no other row knows stays as it is. */
const RIDGE = 1e-6

/** Null for a row that depends on none of the constants. */
export function leftOut(rows: readonly Slopes[], index: number): number | null {
  const row = rows[index] as Slopes
  const [own = 0, other = 0] = row.answers
  if (own === 0 && other === 0) return null
  const others = rows.filter((_, at) => at !== index)
  let [aa, ab, bb, ay, by] = [RIDGE, 0, RIDGE, 0, 0]
  for (const { off, answers } of others) {
    const [a = 0, b = 0] = answers
    aa += a * a
    ab += a * b
    bb += b * b
    ay -= a * off
    by -= b * off
  }
  const determinant = aa * bb - ab * ab
  const [moveA, moveB] = [(ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant]
  return row.off + own * moveA + other * moveB
}
