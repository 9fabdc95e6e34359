/**
 * Measured series: Grafana's "Series joined by time" as CSV, or the answer of Prometheus to
 * `query_range` as JSON. Times count from the first sample of all series; gaps are left out.
 */

import { resolve } from 'node:path'
import { csvRows } from '../schema/csv.ts'
import { parseCurve } from '../schema/curve-file.ts'
import { readTextFile, shownPath } from '../schema/files.ts'
import { InputError } from '../schema/input-error.ts'

export interface Sample {
  readonly atUs: number
  readonly value: number
}

export interface MeasuredSeries {
  readonly name: string
  readonly samples: readonly Sample[]
}

/** Throws `InputError` with one line. */
export function readMeasured(file: string): readonly MeasuredSeries[] {
  const path = resolve(file)
  const shown = shownPath(path)
  const text = readTextFile(path, shown)
  const series = file.endsWith('.json') ? ofPrometheus(text, shown) : ofCsv(text, shown)
  const short = series.find(({ samples }) => samples.length < SAMPLES_MIN)
  if (short === undefined) return series
  const has = `too few samples (${short.samples.length})`
  throw new InputError([`${shown}: "${short.name}" has ${has}: two halves need ${SAMPLES_MIN}`])
}

const SAMPLES_MIN = 4

function ofCsv(text: string, shown: string): readonly MeasuredSeries[] {
  const names = csvRows(text)[0]?.cells.slice(1) ?? []
  if (names.length === 0) {
    throw new InputError([`${shown}:1:1: has no series: the header is Time and a name for each`])
  }
  try {
    return names.map(({ text: name }) => ({
      name,
      samples: parseCurve(text, shown, { columns: [name], gaps: 'line', inStep: true }).map(
        ({ atUs, perSecond }) => ({ atUs, value: perSecond }),
      ),
    }))
  } catch (error) {
    throw new InputError([error instanceof Error ? error.message : String(error)])
  }
}

interface RangeAnswer {
  readonly status?: unknown
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown }
}

interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [number, string])[]
}

function ofPrometheus(text: string, shown: string): readonly MeasuredSeries[] {
  const answer = parsed(text, shown)
  const { data, status } = answer
  if (status !== 'success' || data?.resultType !== 'matrix' || !Array.isArray(data.result)) {
    throw new InputError([
      `${shown}: is no answer of query_range: it has status "success" and resultType "matrix"`,
    ])
  }
  const result = data.result as readonly RangeSeries[]
  if (result.length === 0) throw new InputError([`${shown}: has no series: widen the query`])
  const first = Math.min(...result.map(({ values }) => values[0]?.[0] ?? Infinity))
  return result.map(({ metric, values }) => ({
    name: nameOf(metric),
    samples: values
      .map(([seconds, value]) => ({
        atUs: Math.round((seconds - first) * 1_000_000),
        value: Number(value),
      }))
      .filter(({ value }) => Number.isFinite(value)),
  }))
}

function parsed(text: string, shown: string): RangeAnswer {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    throw new InputError([`${shown}:1:1: is no JSON: save the answer of query_range as it is`])
  }
}

/** `lag{group="payment"}`, as Prometheus shows it. */
function nameOf(metric: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...labels } = metric
  const shown = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
  return shown.length === 0 ? name : `${name}{${shown.join(',')}}`
}
