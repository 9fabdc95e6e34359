/**
 * The answer of `dmqsim table hazards`: which published bugs were found, and which fixes held.
 */

import type { HazardRow, HazardsAnswer, Values } from '../answer.ts'
import { table } from '../table/table.ts'
import { blocks, hung, type Page, text, title, wrap } from './layout.ts'
import { counted, grouped, moment, percent } from './numbers.ts'

export function hazardsSentence({ rows }: HazardsAnswer): string {
  const found = rows.filter((one) => one.found).length
  const kept = rows.filter((one) => one.fixKept === true).length
  const none = rows.filter((one) => one.fixKept === null).length
  const fixed = rows.length - none
  const without =
    none === 0 ? '' : `, ${grouped(none)} ${none === 1 ? 'has' : 'have'} none in ZooKeeper mode`
  return (
    `Of ${counted(rows.length, 'published hazard')} ${counted(found, 'was', 'were')} found by exploring; ` +
    `${grouped(kept)} of ${counted(fixed, 'fix', 'fixes')} held${without}.`
  )
}

export function hazardsText(answer: HazardsAnswer, page: Page): string {
  const { head, rows } = answer
  const spent = moment(Math.round(head.wallMs / 100) * 100_000)
  const lines = wrap(hazardsSentence(answer), page.width)
  return text(
    blocks(
      [
        ...lines.map((line) => page.paint.bold(line)),
        page.paint.dim(`${spent}, seed ${head.seed}`),
      ],
      table(columns, rows.map(cells), page.width),
      wrap(sizesText(rows), page.width),
      otherwise(rows, page),
      variants(rows, page),
      files(rows, page),
    ),
  )
}

const columns = [
  { title: 'hazard' },
  { title: 'what', wraps: true },
  { title: 'found in', right: true },
  { title: 'faults', right: true },
  { title: 'size', right: true },
  { title: 'with the fix' },
]

function cells(row: HazardRow): string[] {
  return [
    row.id,
    row.title,
    row.found ? counted(row.runs, 'run') : `not in ${grouped(row.runs)}`,
    row.faults === null ? '–' : `${row.faultsBefore} → ${row.faults}`,
    row.elements === null ? '–' : grouped(row.elements),
    fixCell(row),
  ]
}

function fixCell({ fix, fixKept }: HazardRow): string {
  if (fixKept === null) return 'none in ZooKeeper mode'
  if (fix.errors > 0) return `${counted(fix.errors, 'internal error')}`
  if (fix.broken > 0) return `broken in ${grouped(fix.broken)} of ${grouped(fix.runs)}`
  if (fix.runs === 0) return 'not run'
  const bound = fix.upperBound === null ? '' : `, ≤ ${percent(fix.upperBound)}`
  const others = fix.otherwise.reduce((sum, { runs }) => sum + runs, 0)
  return `held ${grouped(fix.runs - others)}${bound}`
}

/** What the fix leaves, and does not claim to mend. */
function otherwise(rows: readonly HazardRow[], page: Page): string[] {
  const lines = rows.flatMap(({ id, fix }) =>
    fix.otherwise.flatMap(({ mechanism, runs }) =>
      hung(`  ${id}  `, `${counted(runs, 'run')}: ${mechanism}`, page.width),
    ),
  )
  if (lines.length === 0) return []
  const told = 'With the fix the same check broke by something that the fix does not mend:'
  return [
    title('Broken otherwise', page),
    ...wrap(told, page.width - 2).map((line) => `  ${line}`),
    ...lines,
  ]
}

/** How long the stories are, and what it took to make them so short. */
function sizesText(rows: readonly HazardRow[]): string {
  const shrunk = rows.filter(({ elements }) => elements !== null)
  if (shrunk.length === 0) return 'No story was made.'
  const most = Math.max(...shrunk.map(({ elements }) => elements ?? 0))
  const longest = Math.max(...shrunk.map(({ shrinkMs }) => shrinkMs ?? 0))
  return (
    `Size: timeline entries, brokers, ZooKeeper servers, topics, producers, members and ` +
    `services of the shrunk case, at most ${grouped(most)}; the longest shrinking took ` +
    `${moment(Math.round(longest / 100) * 100_000)}.`
  )
}

function variants(rows: readonly HazardRow[], page: Page): string[] {
  const lines = rows.flatMap((row) => {
    const fix = fixText(row)
    const bias = row.bias === 'none' ? '' : `; bias ${row.bias}`
    return hung(
      `  ${row.id}  `,
      `${setsText(row.sets)}: ${checkText(row)}; ${fix}${bias}`,
      page.width,
    )
  })
  return [title('Variant, check, fix', page), ...lines]
}

function checkText({ check, mechanism }: HazardRow): string {
  return mechanism === null ? check : `${check} (${mechanism})`
}

/** The last part of each path is the name that people know. */
function setsText(sets: Values): string {
  const parts = Object.entries(sets).map(([path, value]) => `${known(path)}=${value}`)
  return parts.length === 0 ? 'as configured' : parts.join(' ')
}

function known(path: string): string {
  const config = /\.config\.(.+)$/.exec(path)?.[1]
  return config ?? path.replace(/^protocols\./, '').replace(/^.*\./, '')
}

function files(rows: readonly HazardRow[], page: Page): string[] {
  const kept = rows.filter(({ file }) => file !== null)
  if (kept.length === 0) return []
  const lines = kept.map((row) => `  ${row.id}  npx dmqsim replay ${row.file}`)
  return [title('Shortest stories', page), ...lines]
}

function fixText({ fix }: HazardRow): string {
  if (fix.kind === 'none') return 'no fix'
  return fix.kind === 'guard' ? 'fix every guard on' : `fix ${setsText(fix.sets)}`
}
