/**
 * How an exploration stands to an earlier one: what is new, what was known, what was not seen
 * again.
 */

import type { BaselineComparison, Standing } from '../baseline.ts'
import { hung, type Page, title } from './layout.ts'
import { counted } from './numbers.ts'

/** None without a baseline. */
export function baselineLines(comparison: BaselineComparison | null, page: Page): string[] {
  if (comparison === null) return []
  const { baseline, fresh, known, gone } = comparison
  const { paint, width } = page
  const of = [counted(baseline.runs, 'run'), ...seedOf(baseline.seed), `dmqsim ${baseline.version}`]
  const sums = `${fresh.length} new, ${known.length} known, ${gone.length} not seen again`
  return [
    title('Against the baseline', page),
    ...hung('  ', `${sums}: ${baseline.file} (${of.join(', ')})`, width),
    ...fresh.flatMap((one) => lines('✗ new', one, width)).map((line) => paint.red(line)),
    ...known.flatMap((one) => lines('– known', one, width)).map((line) => paint.yellow(line)),
    ...gone.flatMap((one) => lines('· gone', one, width)).map((line) => paint.dim(line)),
  ]
}

function seedOf(seed: number | null): string[] {
  return seed === null ? [] : [`seed ${seed}`]
}

function lines(word: string, { signature, runs }: Standing, width: number): string[] {
  const times = runs === 0 ? '' : `, ${counted(runs, 'run')}`
  return hung(`  ${word}  `.padEnd(11), `${signature}${times}`, width)
}
