/**
 * Reads a curve of arrivals from a CSV: dmqsim's own form, or Grafana's "Series joined by time".
 *
 * Own: a header `seconds,perSecond` (or ms, minutes, hours) and rows in the order of time.
 * Grafana's: a header `Time` and a column a series; times are milliseconds since the epoch or
 * written out, of which only the differences count. The first row with a value is the beginning.
 * Whatever is wrong is one line with file, line and column and how to mend it.
 */

import { type Cell, csvRows, type Row } from './csv.ts'
import { didYouMean } from './nearest.ts'
import type { LoadPoint } from './scenario.ts'

export interface CurveOptions {
  /** Divides every time. */
  readonly compress?: number
  /** Of several series: one, or those whose sum is the rate. */
  readonly columns?: readonly string[]
  /** What no value means; absent: an error. */
  readonly gaps?: 'line' | 'zero'
  /** Times count from the first row, though it has no value: series of one file keep in step. */
  readonly inStep?: boolean
}

interface Table {
  readonly file: string
  readonly header: Row
  readonly rows: readonly Row[]
  readonly timeOf: (cell: Cell, place: string) => number
  /** Places of the columns that are added up. */
  readonly columns: readonly number[]
}

/** Throws with one line. */
export function parseCurve(
  text: string,
  file: string,
  options: CurveOptions = {},
): readonly LoadPoint[] {
  const table = tableOf(text, file, options)
  const { compress = 1, gaps, inStep = false } = options
  const points: LoadPoint[] = []
  let firstUs: number | null = null
  let lastUs = -Infinity
  const times: { readonly us: number; readonly place: string }[] = []
  for (const row of table.rows) {
    const place = placeOf(file, row.line, row.cells[0])
    if (row.cells.length !== table.header.cells.length) {
      const [has, needs] = [row.cells.length, table.header.cells.length]
      throw new Error(`${place}: has ${has} cells where the header has ${needs}: mend the row`)
    }
    const us = table.timeOf(row.cells[0] as Cell, place)
    if (us < lastUs) {
      throw new Error(`${place}: goes back in time: sort the rows by their first column`)
    }
    lastUs = us
    if (inStep) firstUs ??= us
    const perSecond = rateOf(row, table, gaps)
    if (perSecond === null) continue
    firstUs ??= us
    times.push({ us, place })
    points.push({ atUs: Math.round((us - firstUs) / compress), perSecond })
  }
  if (points.length === 0) {
    throw new Error(`${file}:${table.header.line}:1: has no rows: each is a time and a rate`)
  }
  return gaps === 'line' ? points : withoutHoles(points, times, options)
}

function tableOf(text: string, file: string, { columns }: CurveOptions): Table {
  const [header, ...rows] = csvRows(text)
  if (header === undefined) {
    throw new Error(`${file}:1:1: is empty: write seconds,perSecond and a row for each time`)
  }
  const first = header.cells[0]?.text ?? ''
  const series = header.cells.slice(1).map(({ text: name }) => name)
  const grafana = first.toLowerCase() === 'time' && series[0] !== undefined
  const place = placeOf(file, header.line, header.cells[0])
  const usPerUnit = Object.hasOwn(US_BY_COLUMN, first) ? (US_BY_COLUMN[first] as number) : 0
  const named = columns === undefined ? undefined : series
  if (!grafana && (usPerUnit === 0 || (named === undefined && series[0] !== 'perSecond'))) {
    const hint = didYouMean(first, Object.keys(US_BY_COLUMN))
    throw new Error(`${place}: the header has to be seconds,perSecond${hint}`)
  }
  return {
    file,
    header,
    rows,
    timeOf: grafana ? timestampUs : (cell, at) => numberOf(cell, at, 'a time') * usPerUnit,
    columns: columnsOf(series, columns, place),
  }
}

const US_BY_COLUMN: Readonly<Record<string, number>> = {
  ms: 1_000,
  seconds: 1_000_000,
  minutes: 60_000_000,
  hours: 3_600_000_000,
}

function columnsOf(
  series: readonly string[],
  wanted: readonly string[] | undefined,
  place: string,
): readonly number[] {
  if (wanted === undefined) {
    if (series.length === 1) return [1]
    const names = series.map((name) => `"${name}"`).join(', ')
    throw new Error(`${place}: has ${series.length} series: say column: one of ${names}`)
  }
  return wanted.map((name) => {
    const at = series.indexOf(name)
    if (at !== -1) return at + 1
    const hint = didYouMean(name, series) || `: there are ${series.join(', ')}`
    throw new Error(`${place}: there is no column "${name}"${hint}`)
  })
}

/** The sum of the chosen columns; null where none of them has a value and the row is left out. */
function rateOf(row: Row, { file, columns }: Table, gaps: CurveOptions['gaps']): number | null {
  let rate: number | null = null
  for (const column of columns) {
    const cell = row.cells[column] as Cell
    const place = placeOf(file, row.line, cell)
    if (cell.text === '' || /^(nan|null|none|undefined)$/i.test(cell.text)) {
      if (gaps === undefined) {
        const shown = cell.text === '' ? 'is empty' : `${cell.text} is no rate`
        throw new Error(`${place}: ${shown}: fill it, or say gaps: line or gaps: zero`)
      }
      if (gaps === 'zero') rate ??= 0
      continue
    }
    const value = numberOf(cell, place, 'a rate')
    if (value < 0) throw new Error(`${place}: ${cell.text} is negative: a rate is at least 0`)
    rate = (rate ?? 0) + value
  }
  return rate
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

function numberOf({ text }: Cell, place: string, what: string): number {
  const value = NUMBER.test(text) ? Number(text) : NaN
  if (Number.isFinite(value)) return value
  const formatted = /^[\d.,]+ ?[A-Za-z/%]+/.test(text)
  const mend = formatted
    ? 'turn “Formatted data” off in Grafana, so that it is a plain number'
    : 'write a plain number, such as 1200.5'
  throw new Error(`${place}: "${text}" is not ${what}: ${mend}`)
}

/** In 1973: less is not meant as a time since 1970. */
const EPOCH_MS_MIN = 1e11

/** A time of a dashboard: milliseconds since the epoch, or a date with a time. */
function timestampUs(cell: Cell, place: string): number {
  if (NUMBER.test(cell.text)) {
    if (Number(cell.text) >= EPOCH_MS_MIN) return Number(cell.text) * 1_000
    const mend = 'for seconds from the start write the header seconds,perSecond'
    throw new Error(`${place}: ${cell.text} is not in milliseconds since 1970: ${mend}`)
  }
  const match =
    /^(\d{4})[-/](\d{2})[-/](\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(
      cell.text,
    )
  if (match === null) {
    throw new Error(`${place}: "${cell.text}" is not a time: write 2020-11-11 00:00:26 or ms`)
  }
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number]
  const fraction = Number((match[7] ?? '').padEnd(6, '0'))
  const seconds = ((daysSince(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
  return seconds * 1_000_000 + fraction
}

/** Days of the Gregorian calendar; only differences of it are used. */
function daysSince(year: number, month: number, day: number): number {
  // March begins the year of the reckoning, so that the leap day is its last.
  const years = month > 2 ? year : year - 1
  const months = (month + 9) % 12
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
  return years * 365 + leaps + Math.floor((months * 306 + 5) / 10) + day
}

/** So many steps of a series that is sampled evenly are a hole. */
const HOLE = 3
/** Of its steps so many differ from the middle one by no more than a quarter: it is sampled. */
const EVEN_SHARE = 0.6
const EVEN_WITHIN = 0.25
/** Fewer say nothing of how a series is sampled. */
const STEPS_LEAST = 5

/** A series that is sampled evenly and leaves rows out was not measured there. */
function withoutHoles(
  points: readonly LoadPoint[],
  times: readonly { readonly us: number; readonly place: string }[],
  { compress = 1, gaps }: CurveOptions,
): readonly LoadPoint[] {
  const step = usualStep(times)
  if (step === null) return points
  const filled: LoadPoint[] = []
  points.forEach((point, index) => {
    const before = times[index - 1]
    const here = times[index]
    const last = points[index - 1]
    if (before !== undefined && here !== undefined && last !== undefined) {
      const gapUs = here.us - before.us
      if (gapUs >= HOLE * step && gaps === undefined) {
        const hole = `${gapUs / 1e6} s without a row where steps are ${step / 1e6} s`
        throw new Error(`${here.place}: ${hole}: fill them in, or say gaps: line or gaps: zero`)
      }
      if (gapUs >= HOLE * step) {
        const stepUs = Math.round(step / compress)
        filled.push({ atUs: last.atUs + stepUs, perSecond: last.perSecond })
        filled.push({ atUs: last.atUs + stepUs, perSecond: 0 })
        filled.push({ atUs: point.atUs, perSecond: 0 })
      }
    }
    filled.push(point)
  })
  return filled
}

/**
 * The middle one, so that clocks that jitter and holes of any length do not matter. Null where
 * steps differ: then somebody wrote the curve down by its corners.
 */
function usualStep(times: readonly { readonly us: number }[]): number | null {
  const steps = times
    .flatMap(({ us }, index) => (index === 0 ? [] : [us - (times[index - 1]?.us ?? us)]))
    .sort((left, right) => left - right)
  const middle = steps[Math.floor((steps.length - 1) / 2)] ?? 0
  const even = steps.filter((step) => Math.abs(step - middle) <= EVEN_WITHIN * middle)
  const sampled = steps.length >= STEPS_LEAST && even.length >= EVEN_SHARE * steps.length
  return middle > 0 && sampled ? middle : null
}

function placeOf(file: string, line: number, cell: Cell | undefined): string {
  return `${file}:${line}:${cell?.column ?? 1}`
}
