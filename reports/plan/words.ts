/**
 * The parts of a plan's answer in words: settings, figures with their units, drills, candidates.
 */

import type {
  Bottleneck,
  Candidate,
  DrillAnswer,
  DrillName,
  Estimate,
  FormulaAnswer,
  PlanAnswer,
  PlanInput,
  Setting,
  ThresholdResult,
  Unit,
  Wall,
} from '../../scenarios/plan/plan-answer.ts'
import { hostName } from '../resource-names.ts'
import { bytes, clock, counted, duration, grouped, percent } from '../text/numbers.ts'

/** `9 × m7g.2xlarge` */
export function clusterText({ brokers, hardware }: Setting): string {
  return `${grouped(brokers)} × ${hardware}`
}

export function figureText(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return duration(Math.round(value * 1_000))
    case 'records':
      return grouped(Math.round(value))
    case 'records/s':
      return `${grouped(Math.round(value))} records/s`
    case 'bytes':
      return bytes(value)
    case 'bytes/s':
      return `${bytes(value)}/s`
    case 'share':
      return percent(value)
    case 'count':
      return grouped(Math.round(value * 10) / 10)
  }
}

/** `201 ms to 224 ms`; null where one run says nothing of its spread. */
export function intervalText({ ci }: Estimate, unit: Unit): string | null {
  if (ci === null) return null
  const [low, high] = ci.map((bound) => figureText(bound, unit))
  return low === high ? null : `${low} to ${high}`
}

export function costText(perHour: number | null, currency: string | null): string {
  if (perHour === null) return '–'
  const amount = amountText(perHour)
  return currency === null ? `${amount}/h` : `${amount} ${currency}/h`
}

/** Of an hour, under a title that says so. */
export function amountText(perHour: number | null): string {
  if (perHour === null) return '–'
  const [whole = '0', cents] = perHour.toFixed(perHour < 100 ? 2 : 0).split('.')
  return cents === undefined ? grouped(Number(whole)) : `${grouped(Number(whole))}.${cents}`
}

export function costTitle(currency: string | null): string {
  return currency === null ? 'Cost/h' : `${currency}/h`
}

export function currencyOf({ cost }: PlanAnswer): string | null {
  return cost?.currency ?? null
}

export function factorText(factor: number): string {
  return `${Number(factor.toFixed(2))}×`
}

/** `network out of broker 4, 71 %` */
export function bottleneckText(bottleneck: Bottleneck | null): string {
  if (bottleneck === null) return '–'
  const { resource, host, utilisation } = bottleneck
  return `${resource} of ${hostName(host)}, ${percent(utilisation)}`
}

const drillNames: Readonly<Record<DrillName, string>> = {
  normal: 'normal running',
  'one-broker-down': 'one broker down',
  'rack-down': 'one rack down',
  'consumer-outage': 'a group out',
}

export function drillText(name: DrillName): string {
  return drillNames[name]
}

/** Unique on a page and in a folder. */
export function drillKey({ name, group }: DrillAnswer): string {
  const key = group === null ? name : `${name}-${group}`
  return key.replaceAll(/[^\w-]+/g, '-')
}

const states: Readonly<Record<Candidate['state'], string>> = {
  answer: 'the answer',
  met: 'holds',
  missed: 'misses',
  'ruled-out': 'ruled out',
  'not-run': 'not run',
}

export function stateText({ state }: Candidate): string {
  return states[state]
}

/** What it misses, or what ruled it out. */
export function reasonText({ state, failed, by }: Candidate): string {
  if (by !== null) return by
  if (failed.length > 0) return failed.join('; ')
  return state === 'not-run' ? 'dearer than the answer' : ''
}

/** The settings of a candidate, each by its name. */
export const settingColumns: readonly {
  readonly title: string
  readonly of: (setting: Setting) => string
  readonly number: boolean
}[] = [
  { title: 'Brokers', of: ({ brokers }) => grouped(brokers), number: true },
  { title: 'Hardware', of: ({ hardware }) => hardware, number: false },
  { title: 'Replicas', of: (one) => grouped(one.replicationFactor), number: true },
  { title: 'Partitions', of: ({ partitions }) => grouped(partitions), number: true },
  { title: 'Consumers', of: ({ consumers }) => grouped(consumers), number: true },
  { title: 'batch.size', of: (one) => grouped(one['batch.size']), number: true },
  { title: 'linger.ms', of: (one) => grouped(one['linger.ms']), number: true },
]

/** Those in which candidates differ; the others are told once. */
export function varyingColumns(settings: readonly Setting[]): typeof settingColumns {
  return settingColumns.filter(({ of }) => new Set(settings.map(of)).size > 1)
}

/** `replicas 3 · batch.size 131,072`; empty where everything differs. */
export function fixedText(settings: readonly Setting[]): string {
  const [first] = settings
  if (first === undefined) return ''
  const varying = varyingColumns(settings)
  const fixed = settingColumns.filter((column) => !varying.includes(column))
  return fixed
    .map(({ title, of }) => `${/[A-Z]/.test(title) ? title.toLowerCase() : title} ${of(first)}`)
    .join(' · ')
}

/** What another answer changes: `10 brokers (+1)`. */
export function changeText(setting: Setting | null, from: Setting | null): string {
  if (setting === null) return 'no setting holds'
  if (from === null) return clusterText(setting)
  const numbers: readonly (readonly [string, number, number])[] = [
    ['broker', setting.brokers, from.brokers],
    ['partition', setting.partitions, from.partitions],
    ['consumer', setting.consumers, from.consumers],
    ['replica', setting.replicationFactor, from.replicationFactor],
  ]
  const changed = numbers
    .filter(([, now, before]) => now !== before)
    .map(([word, now, before]) => `${counted(now, word)} (${signed(now - before)})`)
  const properties = (['batch.size', 'linger.ms'] as const)
    .filter((name) => setting[name] !== from[name])
    .map((name) => `${name} ${grouped(setting[name])}`)
  const hardware = setting.hardware === from.hardware ? [] : [setting.hardware]
  const all = [...changed, ...hardware, ...properties]
  return all.length === 0 ? 'the same' : all.join(', ')
}

/** `+1`, `−2` */
export function signed(value: number): string {
  return value < 0 ? `−${grouped(-value)}` : `+${grouped(value)}`
}

/** Change of a share in points: `+14 points`. */
export function pointsText(change: number | null): string {
  if (change === null) return '–'
  const points = Number((change * 100).toFixed(1))
  return points === 0 ? 'none' : `${signed(points)} points`
}

export const formulaNames: Readonly<Record<FormulaAnswer['name'], string>> = {
  aws: 'AWS',
  google: 'Google',
  alibaba: 'Alibaba',
}

export const sourceNames: Readonly<Record<PlanInput['source'], string>> = {
  given: 'given',
  default: 'by default',
  profile: 'hardware profile',
  fitted: 'fitted',
}

/** The drill with the least headroom; undefined where no drill knows any. */
export function tightest(drills: readonly DrillAnswer[]): DrillAnswer | undefined {
  return drills
    .filter(({ headroom }) => headroom !== null)
    .sort((left, right) => (left.headroom ?? 0) - (right.headroom ?? 0))[0]
}

/** The first that was simulated, as the sentence of a plan has it; else the first of all. */
export function firstWall(walls: readonly Wall[]): Wall | undefined {
  return walls.find(({ how }) => how === 'simulated') ?? walls[0]
}

/** Thresholds of all drills, each once, in their order. */
export function thresholdNames(drills: readonly DrillAnswer[]): readonly string[] {
  const all = drills.flatMap(({ thresholds }) => thresholds.map(thresholdName))
  return [...new Set(all)]
}

export function thresholdName({
  measure,
  rule,
}: {
  readonly measure: string
  readonly rule: string
}): string {
  return `${measure} ${rule}`
}

/** `2 of 3 runs met it`, `judged in 1 of 3 runs`; null where all were judged and met it. */
export function runsText(
  { runsMet, runsJudged }: Pick<ThresholdResult, 'runsMet' | 'runsJudged'>,
  runs: number,
): string | null {
  if (runsJudged === 0) return null
  const all = counted(runs, 'run')
  const judged = runsJudged === runs ? '' : `judged in ${grouped(runsJudged)} of ${all}`
  const met =
    runsMet === runsJudged ? '' : `${grouped(runsMet)} of ${counted(runsJudged, 'run')} met it`
  const parts = [met, judged].filter((part) => part !== '')
  return parts.length === 0 ? null : parts.join(', ')
}

export const NOT_JUDGED = 'not judged'

/** Why a drill knows less than it asked; null: every run came to its end. */
export function endedEarlyText({ endedEarly, seeds }: DrillAnswer): string | null {
  if (endedEarly === 0) return null
  return `${grouped(endedEarly)} of ${counted(seeds, 'run')} ended early by a threshold`
}

/** Groups that let brokers wait for bytes: their latency is what they asked for. */
export function waitingGroups({ embedded }: PlanAnswer): readonly string[] {
  return embedded.scenario.consumers.flatMap(({ group, config }) => {
    const bytes = Number(config['fetch.min.bytes'] ?? 1)
    if (bytes <= 1) return []
    const waitMs = Number(config['fetch.max.wait.ms'] ?? 500)
    const wait = `fetch.min.bytes of ${grouped(bytes)}`
    return [`${group} waits for its ${wait}, up to ${figureText(waitMs, 'ms')}`]
  })
}

/** Times of the curve: `23:59:00`. */
export function clockText(ms: number): string {
  return clock(Math.round(ms / 1_000))
}
