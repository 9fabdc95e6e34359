/**
 * The answer of `dmqsim compare --vary`: one row a value, with 95 % intervals.
 *
 * Columns that say nothing (a check that never broke, a measure that is zero everywhere) become one
 * line each; what does not fit beside goes below, under the same first column.
 */

import type { VaryAnswer, VaryRow } from '../answer.ts'
import type { Interval } from '../../scenarios/measures/intervals.ts'
import { type Column, table } from '../table/table.ts'
import {
  differencesOf,
  errorsOf,
  measuresOf,
  sharesOf,
  type VaryMeasure,
  varyMeasures,
  type VaryShare,
} from '../vary.ts'
import { blocks, hung, type Page, text, title, wrap } from './layout.ts'
import { counted, duration, grouped, moment } from './numbers.ts'

export function varyText(answer: VaryAnswer, page: Page): string {
  const { head, rows, again, key, scenario } = answer
  const runs = rows[0]?.samples.length ?? 0
  const facts = [
    scenario,
    key,
    `seed ${head.seed}`,
    `${counted(runs, 'run')} a value, on the same seeds`,
    moment(Math.round(head.wallMs / 100) * 100_000),
  ]
  return text(
    blocks(
      [
        ...wrap(varySentence(answer), page.width).map((line) => page.paint.bold(line)),
        ...wrap(facts.join(' · '), page.width).map((line) => page.paint.dim(line)),
      ],
      brokenLines(answer, page),
      measureLines(answer, page),
      differenceLines(answer, page),
      errorLines(rows, page),
      [`Again   ${page.paint.bold(again)}`],
    ),
  )
}

/** The check that the setting matters to most. */
export function varySentence({ rows, key }: VaryAnswer): string {
  const runs = rows[0]?.samples.length ?? 0
  const spread = ({ shares }: CheckRows): number => {
    const values = shares.map(({ share }) => share?.value ?? 0)
    return Math.max(...values) - Math.min(...values)
  }
  const [most] = checkRows(rows).toSorted((a, b) => spread(b) - spread(a))
  const of = `${counted(rows.length, 'value')} of ${key}`
  if (most === undefined)
    return `No check broke with any of ${of}, in ${counted(runs, 'run')} each.`
  const said = rows.map(({ value }, at) => {
    const { broken = 0, of: told = 0 } = most.shares[at] ?? {}
    return `${grouped(broken)} of ${grouped(told)} with ${value}`
  })
  return `With ${of}, ${most.check} broke in ${said.join(', ')}.`
}

interface CheckRows {
  readonly check: string
  /** By row. */
  readonly shares: readonly VaryShare[]
}

/** Checks that broke in some row. */
function checkRows(rows: readonly VaryRow[]): readonly CheckRows[] {
  const all = rows.map(sharesOf)
  const checks = [...new Set(all.flatMap((shares) => shares.map(({ check }) => check)))]
  return checks
    .map((check) => ({
      check,
      shares: all.map(
        (shares) =>
          shares.find((one) => one.check === check) ?? { check, broken: 0, of: 0, share: null },
      ),
    }))
    .filter(({ shares }) => shares.some(({ broken }) => broken > 0))
}

function brokenLines({ rows }: VaryAnswer, page: Page): string[] {
  const broken = checkRows(rows)
  const names = broken.map(({ check }) => check)
  const kept = [...new Set(rows.flatMap((row) => sharesOf(row).map(({ check }) => check)))].filter(
    (check) => !names.includes(check),
  )
  const columns = broken.map(({ check, shares }) => ({
    title: check,
    cells: shares.map(({ share }) => shareText(share)),
  }))
  const held = kept.length === 0 ? [] : hung('  ', `never: ${kept.join(', ')}`, page.width)
  return [
    title('Broken, in % of the runs that could tell', page),
    ...tables(rows, columns, page),
    ...held,
  ]
}

const titles: Readonly<Record<VaryMeasure, string>> = {
  lost: 'lost',
  duplicated: 'duplicated',
  redelivered: 'redelivered',
  reordered: 'out of order',
  backlogPeak: 'backlog',
  latenessUs: 'lateness',
  produceP99Us: 'produce p99',
  endToEndP99Us: 'end to end p99',
  utilisation: 'busiest resource',
}

function measureLines({ rows }: VaryAnswer, page: Page): string[] {
  const all = rows.map(measuresOf)
  const some = varyMeasures.filter((name) => all.some((one) => (one[name]?.value ?? 0) > 0))
  const none = varyMeasures.filter((name) => !some.includes(name) && all.some((one) => one[name]))
  const columns = some.map((name) => ({
    title: titles[name],
    cells: all.map((one) => cell(name, one[name])),
  }))
  const zero = none.map((name) => titles[name]).join(', ')
  return [
    title('Means of the runs', page),
    ...tables(rows, columns, page),
    ...(none.length === 0 ? [] : hung('  ', `none: ${zero}`, page.width)),
  ]
}

/** What differs surely, run for run, from the first value. */
function differenceLines(answer: VaryAnswer, page: Page): string[] {
  const { rows } = answer
  const [first, ...others] = rows
  if (first === undefined) return []
  const lines = others.flatMap((row) => {
    const differences = differencesOf(row, answer)
    const sure = varyMeasures.flatMap((name) => {
      const interval = differences?.[name] ?? null
      if (interval === null || !isSure(interval)) return []
      return [`${titles[name]} ${interval.value > 0 ? '+' : ''}${cell(name, interval)}`]
    })
    const said = sure.length === 0 ? 'nothing that these runs can tell' : sure.join(', ')
    return hung(`  ${row.value}  `, said, page.width)
  })
  return [title(`Differences to ${first.value}, run for run`, page), ...lines]
}

/** Zero lies outside. */
function isSure({ low, high }: Interval): boolean {
  return low !== null && high !== null && (low > 0 || high < 0)
}

function errorLines(rows: readonly VaryRow[], page: Page): string[] {
  return rows
    .filter((row) => errorsOf(row) > 0)
    .flatMap((row) => {
      const why = row.samples.find(({ error }) => error !== null)?.error ?? ''
      const said = `dmqsim itself failed in ${counted(errorsOf(row), 'run')}: ${why}`
      return hung(`  ${row.value}  `, said, page.width)
    })
}

interface Cells {
  readonly title: string
  /** By row. */
  readonly cells: readonly string[]
}

/** As many columns beside one another as fit, the rest below. */
function tables(rows: readonly VaryRow[], columns: readonly Cells[], page: Page): string[] {
  const values = rows.map(({ value }) => value)
  const width = page.width - 2
  const parts: Cells[][] = []
  for (const column of columns) {
    const last = parts.at(-1)
    if (
      last !== undefined &&
      drawn(values, [...last, column]).every((line) => line.length <= width)
    ) {
      last.push(column)
    } else parts.push([column])
  }
  return parts.flatMap((part, at) => {
    const [head = '', ...body] = drawn(values, part).map((line) => `  ${line}`)
    return [...(at === 0 ? [] : ['']), page.paint.dim(head), ...body]
  })
}

function drawn(values: readonly string[], columns: readonly Cells[]): string[] {
  const heads: Column[] = [
    { title: 'value' },
    ...columns.map((one) => ({ title: one.title, right: true })),
  ]
  const rows = values.map((value, at) => [value, ...columns.map(({ cells }) => cells[at] ?? '')])
  return table(heads, rows, Infinity)
}

function shareText(share: Interval | null): string {
  if (share === null) return '–'
  const of = (value: number | null): string => short((value ?? 0) * 100)
  return `${of(share.value)} (${of(share.low)} … ${of(share.high)})`
}

function cell(name: VaryMeasure, interval: Interval | null): string {
  if (interval === null) return '–'
  const { value, low, high } = interval
  const shown = (one: number): string =>
    name === 'utilisation'
      ? `${Math.round(one * 100)} %`
      : name.endsWith('Us')
        ? duration(Math.round(one))
        : short(one)
  if (low === null || high === null) return shown(value)
  return `${shown(value)} (${shown(low)} … ${shown(high)})`
}

/** Two digits are as much as so many runs can tell. */
function short(value: number): string {
  if (value < 0) return `−${short(-value)}`
  if (value >= 10 || value === 0) return grouped(Math.round(value))
  return value < 0.1 ? value.toFixed(2) : value.toFixed(1)
}
