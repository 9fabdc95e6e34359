/**
 * How far each doubted input moves the nearest threshold of a plan, for a terminal.
 */

import type { PlanAnswer } from '../../scenarios/plan/plan-answer.ts'
import {
  assumedNote,
  baseText,
  doubtName,
  effectText,
  endText,
  movingDoubts,
  sourceText,
  stillText,
  thenText,
} from '../plan/doubts.ts'
import { type Column, table } from '../table/table.ts'
import { type Page, title, wrap } from './layout.ts'

export function doubtLines({ doubts }: PlanAnswer, page: Page): string[] {
  if (doubts === null || doubts.inputs.length === 0) return []
  // Where room is short a cross says enough: which threshold is missed stands in the report.
  const wide = page.width >= 120
  const columns: Column[] = [
    { title: 'input', wraps: !wide },
    { title: 'it is' },
    { title: 'low' },
    { title: 'high' },
    { title: 'moves', right: true },
    ...(wide ? [{ title: 'then', wraps: true }] : []),
  ]
  const moving = movingDoubts(doubts)
  const rows = moving.map((one) => [
    doubtName(one),
    sourceText(one),
    endText(one.low),
    endText(one.high),
    effectText(one),
    ...(wide ? [thenText(one, doubts)] : []),
  ])
  const still = stillText(doubts)
  const dimmed = (line: string): string[] =>
    wrap(line, page.width - 2).map((one) => page.paint.dim(`  ${one}`))
  return [
    title('Inputs that move the nearest threshold most', page),
    ...dimmed(`Nearest: ${baseText(doubts)}; what is left with the input at either bound.`),
    ...(rows.length === 0 ? [] : table(columns, rows, page.width - 2).map((line) => `  ${line}`)),
    ...(still === null ? [] : dimmed(still)),
    ...(doubts.inputs.some(({ source }) => source === 'default') ? dimmed(assumedNote) : []),
  ]
}
