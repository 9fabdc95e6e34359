/**
 * Takes thresholds apart: `latency{phase:end-to-end}` with `p(99)<500ms`, in k6's form.
 *
 * A value without a unit is milliseconds where time is measured, as in k6; tags stand in braces.
 */

import { didYouMean } from './nearest.ts'
import type { Measure, Threshold } from './scenario.ts'
import { parseDuration } from './units.ts'

const timeMeasures: readonly Measure[] = ['latency', 'lateness', 'drain', 'write-silence']
const countMeasures: readonly Measure[] = [
  'backlog',
  'lost',
  'duplicated',
  'redelivered',
  'reordered',
]
const measures: readonly Measure[] = [...timeMeasures, ...countMeasures]
const tagNames: readonly string[] = ['phase', 'group', 'topic', 'producer']

const RULE = /^(avg|min|max|med|count|p\((\d+(?:\.\d+)?)\)) ?(<=|>=|==|!=|<|>) ?(\S+)$/

/** `latency{phase:end-to-end}`; throws with one line. */
export function parseMeasure(text: string): Pick<Threshold, 'measure' | 'tags'> {
  const match = /^([a-z-]+)(?:\{(.*)\})?$/.exec(text)
  const word = match?.[1] ?? text
  const measure = measures.find((candidate) => candidate === word)
  if (measure === undefined) {
    throw new Error(`there is no measure "${word}"${didYouMean(word, measures)}`)
  }
  return { measure, tags: parseTags(match?.[2] ?? '') }
}

function parseTags(text: string): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {}
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const colon = part.indexOf(':')
    const name = part.slice(0, Math.max(colon, 0)).trim()
    if (!tagNames.includes(name)) {
      const hint = didYouMean(name, tagNames)
      throw new Error(`"${part.trim()}" is no tag: write group:payment${hint}`)
    }
    tags[name] = part.slice(colon + 1).trim()
  }
  return tags
}

/** One rule of a measure; throws with one line. */
export function parseThreshold(measureText: string, rule: string): Threshold {
  const { measure, tags } = parseMeasure(measureText)
  const match = RULE.exec(rule.trim())
  if (match === null) {
    throw new Error(`"${rule}" is no rule: write p(99)<500ms, avg<20ms or max<30s`)
  }
  const aggregate = match[1]?.startsWith('p(') ? 'p' : (match[1] as Threshold['aggregate'])
  const percentile = match[2] === undefined ? undefined : Number(match[2])
  if (percentile !== undefined && percentile > 100) {
    throw new Error(`"${rule}": a percentile is at most 100`)
  }
  return {
    measure,
    tags,
    aggregate,
    ...(percentile === undefined ? {} : { percentile }),
    operator: match[3] as Threshold['operator'],
    limit: limitOf(measure, { aggregate, rule, text: match[4] ?? '' }),
    text: { measure: measureText, rule },
  }
}

const US_PER_MS = 1_000

interface Limit {
  readonly aggregate: Threshold['aggregate']
  readonly rule: string
  readonly text: string
}

function limitOf(measure: Measure, { aggregate, rule, text }: Limit): number {
  const bare = /^\d+(\.\d+)?$/.test(text)
  // How many samples there are is a number, whatever is measured.
  if (timeMeasures.includes(measure) && aggregate !== 'count') {
    return bare ? Number(text) * US_PER_MS : parseDuration(text)
  }
  if (bare) return Number(text)
  throw new Error(`"${rule}": ${measure} is a number of records, without a unit`)
}
