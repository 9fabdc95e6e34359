/**
 * The answer of `dmqsim table remedies`: by problem, what each remedy mends and what it costs.
 */

import type { RemediesAnswer, RemedyRow } from '../answer.ts'
import { table } from '../table/table.ts'
import { blocks, type Page, text, title, wrap } from './layout.ts'
import { counted, grouped, moment, percent } from './numbers.ts'

const problems = ['duplicates', 'loss', 'disorder', 'backlog'] as const

export function remediesSentence({ rows }: RemediesAnswer): string {
  const told = problems.filter((problem) => rows.some((row) => row.problem === problem))
  const shown = told.filter((problem) =>
    rows.some((row) => row.problem === problem && row.remedy === 'none' && row.broken > 0),
  )
  const mended = shown.filter((problem) =>
    rows.some((row) => row.problem === problem && row.verdict === 'kept'),
  )
  return (
    `Of ${counted(told.length, 'problem')} ${grouped(shown.length)} showed without a remedy, and ` +
    `${grouped(mended.length)} of those did not show with the right one on the same seeds.`
  )
}

export function remediesText(answer: RemediesAnswer, page: Page): string {
  const { head, rows } = answer
  const spent = moment(Math.round(head.wallMs / 100) * 100_000)
  const runs = rows.reduce((sum, row) => sum + row.runs, 0)
  const facts = `${counted(runs, 'run')} in ${spent}, seed ${head.seed}`
  const lines = wrap(remediesSentence(answer), page.width)
  return text(
    blocks(
      [...lines.map((line) => page.paint.bold(line)), page.paint.dim(facts)],
      ...problems.map((problem) => problemLines(rows, problem, page)),
      settings(rows, page),
      replays(rows, page),
    ),
  )
}

function problemLines(
  rows: readonly RemedyRow[],
  problem: RemedyRow['problem'],
  page: Page,
): string[] {
  const own = rows.filter((row) => row.problem === problem)
  if (own.length === 0) return []
  const others = problems.filter((other) => other !== problem)
  const columns = [
    { title: 'remedy', wraps: true },
    { title: problem },
    ...others.map((other) => ({ title: other, right: true })),
  ]
  const cells = own.map((row) => [
    nameOf(row),
    cellOf(row),
    ...others.map((other) => sideCell(row, other)),
  ])
  const name = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}, and runs with the others`
  return [title(name, page), ...table(columns, cells, page.width - 2).map((line) => `  ${line}`)]
}

function nameOf({ remedy, variant }: RemedyRow): string {
  const name = remedy.replaceAll('-', ' ')
  return variant === null ? name : `${name}, ${variant.replaceAll('-', ' ')}`
}

function cellOf({ broken, firstAt, kept, runs, upperBound, verdict }: RemedyRow): string {
  if (verdict === 'does-not-apply') return 'not in this version'
  if (verdict === 'broken') return `in ${broken} of ${runs}, first in run ${firstAt}`
  if (upperBound === null) return 'no run could tell'
  return `kept in ${kept}, ≤ ${percent(upperBound)}`
}

function sideCell({ sideEffects, verdict }: RemedyRow, other: string): string {
  const broken = sideEffects[other]?.broken ?? 0
  if (verdict === 'does-not-apply') return ''
  return broken === 0 ? '–' : grouped(broken)
}

/** What each remedy sets, told once. */
function settings(rows: readonly RemedyRow[], page: Page): string[] {
  const names: string[] = []
  const lines: string[] = []
  for (const row of rows) {
    const name = nameOf(row)
    const sets = Object.entries(row.sets)
    if (names.includes(name) || sets.length === 0) continue
    names.push(name)
    lines.push(`  ${name}`, ...sets.map(([path, value]) => `    ${path}=${value}`))
  }
  return [title('What was set', page), ...lines]
}

function replays(rows: readonly RemedyRow[], page: Page): string[] {
  const kept = rows.filter(({ file }) => file !== null)
  if (kept.length === 0) return []
  const bare = kept.filter(({ remedy }) => remedy === 'none')
  const lines = (bare.length > 0 ? bare : kept).map(({ file }) => `  npx dmqsim replay ${file}`)
  const others = kept.length - lines.length
  const beside =
    others === 0 ? [] : [`  and ${grouped(others)} more beside them, one for each row that broke`]
  return [title('First run that shows each problem', page), ...lines, ...beside]
}
