/**
 * The chapter of theory: every row replicated, its mean with an interval that holds for all rows
 * of the chapter together.
 *
 * One row in twenty would fall out of intervals of 95 % each by chance alone; so each is widened to
 * 1 − 5 % ÷ rows. A row that is outside has a cause.
 */

import { mixSeed } from '../../../sim/mix.ts'
import type { Asking, Chapter } from '../chapter.ts'
import { jointLevel, meanInterval } from '../interval.ts'
import { theoryRow } from '../row.ts'
import { type TheoryRow, theoryRows } from './rows.ts'

/** Of a row, each with a seed of its own. */
const REPLICATIONS = 21
const LEVEL = 0.95

export const theory: Chapter = chapterOf(theoryRows())

/** The chapter of given rows. */
export function chapterOf(rows: readonly TheoryRow[]): Chapter {
  return {
    ids: rows.map(({ known }) => known.id),
    run: (asking) => tellRows(rows, asking),
  }
}

async function tellRows(rows: readonly TheoryRow[], asking: Asking): Promise<void> {
  const level = jointLevel(LEVEL, rows.length)
  for (const row of rows) {
    if (asking.stopped()) return
    if (!asking.wants(row.known.id)) continue
    const samples = await replicated(row, asking)
    asking.told(theoryRow(row.known, meanInterval(samples, level)))
  }
}

async function replicated(
  row: TheoryRow,
  { seed, runs, simulate }: Asking,
): Promise<readonly number[]> {
  const subject = await row.subject()
  const seeds = Array.from({ length: runs ?? REPLICATIONS }, (_, index) => mixSeed(seed, index))
  const figures = await Promise.all(seeds.map((own) => simulate({ subject, seed: own })))
  return figures.map((one) => row.read(one))
}
