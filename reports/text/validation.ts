/**
 * The answer of `dmqsim table validation`: what is known, what is simulated, and whether it agrees.
 */

import type { ValidationRow } from '../../scenarios/validation/row.ts'
import type { ValidationAnswer } from '../answer.ts'
import { type Column, table } from '../table/table.ts'
import { blocks, hung, type Page, text, title, wrap } from './layout.ts'
import { counted, grouped, moment } from './numbers.ts'

export interface ValidationTally {
  /** Ids of rows; together they are all. */
  readonly inside: readonly string[]
  readonly outside: readonly string[]
  readonly notSimulated: readonly string[]
  /** Rows of which the model says something. */
  readonly simulated: number
}

export function tallyOf(rows: readonly ValidationRow[]): ValidationTally {
  const idsOf = (which: boolean | null): readonly string[] =>
    rows.filter(({ inside }) => inside === which).map(({ id }) => id)
  const [inside, outside] = [idsOf(true), idsOf(false)]
  return {
    inside,
    outside,
    notSimulated: idsOf(null),
    simulated: inside.length + outside.length,
  }
}

export function validationSentence({ rows }: ValidationAnswer): string {
  const { inside, outside, notSimulated, simulated } = tallyOf(rows)
  const first =
    `${grouped(inside.length)} of ${counted(simulated, 'row')} ` +
    `${inside.length === 1 ? 'lies' : 'lie'} inside`
  const others = [
    ...(outside.length === 0 ? [] : [`outside: ${outside.join(', ')}`]),
    ...(notSimulated.length === 0 ? [] : [`not simulated: ${notSimulated.join(', ')}`]),
  ]
  return `${[first, ...others].join('; ')}.`
}

export function validationText(answer: ValidationAnswer, page: Page): string {
  const { head, rows } = answer
  const spent = moment(Math.round(head.wallMs / 100) * 100_000)
  const lines = wrap(validationSentence(answer), page.width)
  const chapters = [...new Set(rows.map(chapterOf))]
  return text(
    blocks(
      [
        ...lines.map((line) => page.paint.bold(line)),
        page.paint.dim(`${spent}, seed ${grouped(head.seed ?? 0)}`),
      ],
      ...chapters.map((name) => chapterLines(rows, name, page)),
      constantLines(answer, page),
    ),
  )
}

/** `V1` of `V1.4`; all theory together. */
export function chapterOf({ id }: ValidationRow): string {
  const chapter = id.split('.')[0] ?? id
  return chapter.startsWith('C') ? 'C' : chapter
}

export const chapterTitles: Readonly<Record<string, string>> = {
  T: 'Theory: the exact value lies in the interval (95 % for all of these rows together)',
  C: 'Counted records: a fleet is as it is with each record by itself (95 % for all rows together)',
  V1: 'V1, LinkedIn 2014: within ±15 %',
  V2: 'V2, a re-run of 2022: ratios between its rows',
  V3: 'V3, the formula of AWS: at most the formula, and 80 % of it or more',
  V4: 'V4, 64 → 256 topics: sign and order of magnitude',
  V5: 'V5, a controller on ZooKeeper: within × 1.5',
}

const columns: readonly Column[] = [
  { title: '' },
  { title: 'row' },
  { title: 'what', wraps: true },
  { title: 'expected', right: true },
  { title: 'simulated', right: true },
  { title: 'between', right: true },
]

function chapterLines(rows: readonly ValidationRow[], name: string, page: Page): string[] {
  const own = rows.filter((row) => chapterOf(row) === name)
  const cells = own.map((row) => [
    markOf(row),
    row.id,
    `${row.title}: ${row.measure}${row.calibrated ? ' (fitted)' : ''}`,
    row.expected === null ? rangeText(row.low, row.high) : valueText(row.expected),
    valueText(row.simulated),
    betweenText(row),
  ])
  const notes = own.filter(({ note }) => note !== null)
  return [
    ...wrap(chapterTitles[name] ?? name, page.width).map((line) => title(line, page)),
    ...table(columns, cells, page.width - 2).map((line) => `  ${line}`),
    ...notes.flatMap(({ id, note }) => hung(`  ${id}: `, note ?? '', page.width)),
  ]
}

function markOf({ inside }: ValidationRow): string {
  if (inside === null) return '–'
  return inside ? '✓' : '✗'
}

/** The interval of a simulation that is held against something exact, otherwise the bounds. */
export function betweenText({ kind, low, high, ci }: ValidationRow): string {
  if (kind === 'theory' && ci !== null) return rangeText(ci[0], ci[1])
  return rangeText(low, high)
}

export function boundsText({ expected, low, high }: ValidationRow): string {
  const range = rangeText(low, high)
  if (expected === null) return `between ${range}`
  return `expected ${valueText(expected)}${range === '' ? '' : `, between ${range}`}`
}

export function rangeText(low: number | null, high: number | null): string {
  if (low === null && high === null) return ''
  if (high === null) return `≥ ${valueText(low)}`
  if (low === null) return `≤ ${valueText(high)}`
  // A dash beside a minus could be read as either.
  return `${valueText(low)}${low < 0 ? ' to ' : '–'}${valueText(high)}`
}

const DIGITS = 4

/** Four digits, whole from a thousand on. */
export function valueText(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–'
  if (value < 0) return `−${valueText(-value)}`
  if (value >= 1_000) return grouped(Math.round(value))
  return String(Number(value.toPrecision(DIGITS)))
}

function constantLines({ constants }: ValidationAnswer, page: Page): string[] {
  if (constants.length === 0) return []
  const lines = constants.flatMap(({ name, value, rows }) =>
    hung('  ', `${name} = ${valueText(value)}, from ${rows.join(', ')}`, page.width),
  )
  return [title(`Fitted: ${counted(constants.length, 'constant')}`, page), ...lines]
}
