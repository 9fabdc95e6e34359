/**
 * Takes thresholds apart: `latency{phase:end-to-end}` with `p(99)<500ms`, in k6's form.
 *
 * A value without a unit is milliseconds where time is measured, as in k6, and records a second
 * where throughput is; tags stand in braces, and each measure has its own.
 */

import { didYouMean, didYouMeanOf } from './nearest.ts'
import type { Measure, MeasureUnit, Threshold } from './scenario.ts'
import type { RuleEntry } from './surface.ts'
import { parseBandwidth, parseDuration, parseRate, parseShare } from './units.ts'

interface Kind {
  readonly unit: MeasureUnit
  readonly tags: readonly string[]
}

const kinds: Readonly<Record<Measure, Kind>> = {
  latency: { unit: 'us', tags: ['phase', 'group', 'topic', 'producer'] },
  lateness: { unit: 'us', tags: ['group', 'topic', 'partition'] },
  drain: { unit: 'us', tags: ['group', 'topic'] },
  'write-silence': { unit: 'us', tags: ['topic'] },
  backlog: { unit: 'records', tags: ['group', 'topic', 'partition'] },
  lost: { unit: 'records', tags: ['group'] },
  duplicated: { unit: 'records', tags: [] },
  redelivered: { unit: 'records', tags: ['group'] },
  reordered: { unit: 'records', tags: ['group'] },
  throughput: { unit: 'records/s', tags: ['topic', 'producer', 'group'] },
  utilisation: { unit: 'share', tags: ['resource', 'host'] },
  'disk-full': { unit: 'times', tags: ['host'] },
  'isr-shrinks': { unit: 'times', tags: ['topic', 'partition'] },
  rebalances: { unit: 'times', tags: ['group'] },
}
const measures = Object.keys(kinds) as readonly Measure[]
const tagNames: readonly string[] = [...new Set(Object.values(kinds).flatMap(({ tags }) => tags))]

/** What the sampler watches; a host may lack some of them. */
export const resourceNames: readonly string[] = [
  'cpu',
  'nic-in',
  'nic-out',
  'disk',
  'disk-space',
  'network-threads',
  'handler-threads',
  'fetcher-threads',
  'controller-thread',
  'scheduler-thread',
  'server-thread',
  'app-thread',
  'sender-thread',
]

const RULE = /^(avg|min|max|med|count|p\((\d+(?:\.\d+)?)\)) ?(<=|>=|==|!=|<|>) ?(\S+)$/

/** `latency{phase:end-to-end}`; throws with one line. */
export function parseMeasure(text: string): Pick<Threshold, 'measure' | 'tags'> {
  const match = /^([a-z-]+)(?:\{(.*)\})?$/.exec(text)
  const word = match?.[1] ?? text
  const measure = measures.find((candidate) => candidate === word)
  if (measure === undefined) {
    throw new Error(`there is no measure "${word}"${didYouMeanOf(word, measures)}`)
  }
  return { measure, tags: parseTags(measure, match?.[2] ?? '') }
}

function parseTags(measure: Measure, text: string): Readonly<Record<string, string>> {
  const known = kinds[measure].tags
  const tags: Record<string, string> = {}
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const colon = part.indexOf(':')
    const name = part.slice(0, Math.max(colon, 0)).trim()
    if (!tagNames.includes(name)) {
      const hint = didYouMean(name, tagNames)
      throw new Error(`"${part.trim()}" is no tag: write group:payment${hint}`)
    }
    if (!known.includes(name)) {
      const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`
      throw new Error(`${measure} has no tag "${name}": ${has}`)
    }
    tags[name] = part.slice(colon + 1).trim()
  }
  return tags
}

/** What can be measured while a run goes on. */
const measuredSoFar: readonly Measure[] = ['latency', 'lateness', 'backlog']

/** One rule of a measure, as a text or in k6's longer form; throws with one line. */
export function parseThreshold(measureText: string, entry: RuleEntry): Threshold {
  if (typeof entry === 'string') return parseRule(measureText, entry)
  const found = parseRule(measureText, entry.threshold)
  const { abortOnFail = false, delayAbortEval } = entry
  const delayUs = delayAbortEval === undefined ? 0 : parseDuration(delayAbortEval)
  if (!abortOnFail) {
    if (delayAbortEval === undefined) return found
    throw new Error(
      'delayAbortEval is of abortOnFail alone: add abortOnFail: true, or leave it out',
    )
  }
  if (!measuredSoFar.includes(found.measure)) {
    throw new Error(
      `${found.measure} is known only at the end of a run: abortOnFail is for ` +
        `${measuredSoFar.join(', ')}; leave it out here`,
    )
  }
  return { ...found, abort: { delayUs } }
}

function parseRule(measureText: string, rule: string): Threshold {
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
    ...limitOf(measure, { aggregate, rule, text: match[4] ?? '' }),
    text: { measure: measureText, rule },
  }
}

const US_PER_MS = 1_000

interface Limit {
  readonly aggregate: Threshold['aggregate']
  readonly rule: string
  readonly text: string
}

type Read = Pick<Threshold, 'limit' | 'unit'>

function limitOf(measure: Measure, { aggregate, rule, text }: Limit): Read {
  const { unit } = kinds[measure]
  const bare = /^\d+(\.\d+)?$/.test(text)
  // How many samples there are is a number, whatever is measured.
  if (aggregate === 'count' && unit !== 'times') {
    if (bare) return { limit: Number(text), unit: 'records' }
    throw new Error(`"${rule}": ${measure} is a number of records, without a unit`)
  }
  switch (unit) {
    case 'us':
      return { limit: bare ? Number(text) * US_PER_MS : parseDuration(text), unit }
    case 'records/s':
    case 'bytes/s':
      return rateOf(text, bare)
    case 'share':
      return { limit: bare ? Number(text) : parseShare(text), unit }
    case 'records':
    case 'times':
      if (bare) return { limit: Number(text), unit }
      throw new Error(`"${rule}": ${measure} is a number${ofWhat(unit)}, without a unit`)
  }
}

function ofWhat(unit: MeasureUnit): string {
  return unit === 'records' ? ' of records' : ''
}

/** `90000`, `90k/s`, or bytes: `50MiB/s`. */
function rateOf(text: string, bare: boolean): Read {
  if (bare) return { limit: Number(text), unit: 'records/s' }
  return /(B|bit)\/s$/.test(text)
    ? { limit: parseBandwidth(text), unit: 'bytes/s' }
    : { limit: parseRate(text), unit: 'records/s' }
}
