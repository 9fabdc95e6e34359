/**
 * Measured points that constants are fitted to: a YAML file with scenarios and what was measured.
 *
 *     name: our-brokers
 *     fit: [recordCpuNs, requestCpuNs]
 *     points:
 *       - { id: one producer, scenario: one.yaml, measure: produced, value: 821557 }
 *       - { id: acks=all, scenario: one.yaml, set: { producers.shop.config.acks: all },
 *           measure: latency.p50, value: 2.1 }
 *
 * `produced` and `consumed` are records/s, `latency.mean`, `.p50` and `.p99` of sends are ms.
 * Whatever is wrong is one line with its place and how to mend it.
 */

import { dirname, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { readTextFile, shownPath } from '../schema/files.ts'
import { CALIBRATED, type CalibratedConstant } from '../schema/hardware-files.ts'
import { InputError } from '../schema/input-error.ts'
import { didYouMeanOf } from '../schema/nearest.ts'
import { readSource, type Source } from '../schema/source.ts'
import { FITTED_MAX, isConstant } from './constants.ts'

export const pointMeasures = [
  'produced',
  'consumed',
  'latency.mean',
  'latency.p50',
  'latency.p99',
] as const

export type PointMeasure = (typeof pointMeasures)[number]

export interface MeasuredPoint {
  readonly id: string
  /** A name, or a path beside the file of points. */
  readonly scenario: string
  readonly sets: readonly string[]
  readonly measure: PointMeasure
  readonly value: number
}

export interface PointsFile {
  readonly name: string
  readonly fit: readonly CalibratedConstant[]
  readonly points: readonly MeasuredPoint[]
}

type Path = readonly (string | number)[]

class Reader {
  readonly #source: Source

  constructor(source: Source) {
    this.#source = source
  }

  fail(path: Path, sentence: string, aboutKey = false): never {
    throw new InputError([`${this.#source.locate([...path], aboutKey)}: ${sentence}`])
  }

  object(value: unknown, path: Path, keys: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fail(path, `has to have ${keys.join(', ')}`)
    }
    for (const key of Object.keys(value)) {
      if (!keys.includes(key)) {
        this.fail([...path, key], `there is no key "${key}"${didYouMeanOf(key, keys)}`, true)
      }
    }
    return value as Readonly<Record<string, unknown>>
  }

  text(value: unknown, path: Path): string {
    if (typeof value === 'string' && value !== '') return value
    return this.fail(path, `${path.at(-1)}: needs a text`)
  }

  list(value: unknown, path: Path): readonly unknown[] {
    if (Array.isArray(value) && value.length > 0) return value
    return this.fail(path, `${path.at(-1)}: needs a list with one entry at least`)
  }
}

/** Throws `InputError`. */
export function readPoints(file: string): PointsFile {
  const shown = shownPath(resolve(file))
  const source = readSource(readTextFile(resolve(file), shown), shown)
  const reader = new Reader(source)
  const top = reader.object(source.value, [], ['name', 'fit', 'points'])
  const name = reader.text(top['name'], ['name'])
  if (!/^[\w.-]+$/.test(name)) {
    reader.fail(['name'], `name: ${name}: write letters, digits, dots and dashes`)
  }
  const fit = reader.list(top['fit'], ['fit']).map((one, at) => constantIn(reader, one, at))
  const points = reader
    .list(top['points'], ['points'])
    .map((one, at) => pointIn(reader, one, at, dirname(resolve(file))))
  if (fit.length > FITTED_MAX) {
    reader.fail(['fit'], `fit: ${fit.length} constants: more than ${FITTED_MAX} fit anything`)
  }
  if (fit.length > points.length) {
    const few = `${points.length} ${points.length === 1 ? 'point' : 'points'}`
    reader.fail(['fit'], `fit: ${fit.length} constants from ${few}: measure more, or fit fewer`)
  }
  const twice = points.findIndex(({ id }, at) => points.findIndex((one) => one.id === id) < at)
  if (twice !== -1) reader.fail(['points', twice, 'id'], `id: there are two of this name`)
  return { name, fit, points }
}

function constantIn(reader: Reader, value: unknown, at: number): CalibratedConstant {
  const name = reader.text(value, ['fit', at])
  if (isConstant(name)) return name
  return reader.fail(['fit', at], `there is no constant "${name}"${didYouMeanOf(name, CALIBRATED)}`)
}

function pointIn(reader: Reader, value: unknown, at: number, folder: string): MeasuredPoint {
  const path = ['points', at]
  const keys = ['id', 'scenario', 'set', 'measure', 'value']
  const point = reader.object(value, path, keys)
  const measured = point['value']
  if (typeof measured !== 'number' || !(measured > 0) || !Number.isFinite(measured)) {
    reader.fail([...path, 'value'], 'value: needs a number above 0')
  }
  const measure = reader.text(point['measure'], [...path, 'measure'])
  const known = pointMeasures.find((one) => one === measure)
  if (known === undefined) {
    reader.fail(
      [...path, 'measure'],
      `there is no measure "${measure}"${didYouMeanOf(measure, pointMeasures)}`,
    )
  }
  const scenario = reader.text(point['scenario'], [...path, 'scenario'])
  const beside = resolve(folder, scenario)
  const sets = point['set'] === undefined ? {} : point['set']
  if (typeof sets !== 'object' || sets === null || Array.isArray(sets)) {
    reader.fail([...path, 'set'], 'set: needs paths with their values')
  }
  return {
    id: reader.text(point['id'], [...path, 'id']),
    scenario: existsSync(beside) ? beside : scenario,
    sets: Object.entries(sets).map(([key, one]) => `${key}=${String(one)}`),
    measure: known,
    value: measured,
  }
}
