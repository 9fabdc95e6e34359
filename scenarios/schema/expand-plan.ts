/**
 * Expands `plan:`: values of every dimension written out, names checked, and a search space that
 * holds no candidate, or no measure that could be met, refused with one line.
 */

import { producerConfig } from '../../model/kafka/config/producer-config.ts'
import type { Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import { hardwareName } from './hardware.ts'
import { didYouMean, didYouMeanOf } from './nearest.ts'
import type {
  Plan,
  PlanDrill,
  PlanDrillName,
  PlanSearch,
  PlanThreshold,
  PlanWindow,
  Prices,
} from './plan.ts'
import { parsePriceList, pricesOf } from './price-list.ts'
import type { Scenario, Threshold } from './scenario.ts'
import type { DrillEntry, PlanEntry, ValuesEntry } from './surface.ts'
import { parseThreshold } from './threshold.ts'
import { parseBytes, parseDuration, parseShare } from './units.ts'

type Parts = Pick<Scenario, 'cluster' | 'topics' | 'producers' | 'consumers'>

export interface PlanSurroundings {
  readonly parts: Parts
  readonly thresholds: readonly Threshold[]
  /** Finds tags that name nobody. */
  readonly checkTags: (threshold: Threshold, path: Path) => void
}

/** What a search can get through, however little each candidate takes. */
const CANDIDATES_MAX = 20_000
const DEFAULT_SEEDS = 10
const DEFAULT_BEFORE = '60s'
const DEFAULT_AFTER = '120s'

export function expandPlan(entry: PlanEntry, around: PlanSurroundings, expansion: Expansion): Plan {
  const { parts } = around
  const { findings } = expansion
  const before = findings.list.length
  const search = expandSearch(entry, parts, expansion)
  const drills = expandDrills(entry, parts, expansion)
  const thresholds = expandThresholds(entry, around, drills, expansion)
  if (findings.list.length === before) {
    checkSpace(search, expansion)
    checkMet(thresholds, expansion)
    if (parts.producers.length === 0) findings.add(['plan'], 'there are no producers to plan for')
  }
  const { utilisation } = entry
  return {
    search,
    racks: entry.racks ?? null,
    thresholds,
    drills,
    window: expandWindow(entry, expansion),
    seeds: entry.seeds ?? DEFAULT_SEEDS,
    utilisation:
      utilisation === undefined
        ? null
        : findings.attempt(['plan', 'utilisation'], 1, () => parseShare(utilisation)),
    prices: expandPrices(entry, search, expansion),
  }
}

function expandSearch({ search = {} }: PlanEntry, parts: Parts, expansion: Expansion): PlanSearch {
  const { findings } = expansion
  const path = ['plan', 'search']
  const [broker] = parts.cluster.brokers
  const values = (
    name: 'brokers' | 'replicationFactor' | 'linger.ms',
    otherwise: readonly number[],
  ): readonly number[] => {
    const found = search[name]
    return found === undefined ? otherwise : valuesOf(found, [...path, name], expansion)
  }
  const hardware = search.hardware ?? broker?.hardware ?? 'ideal'
  const named = typeof hardware === 'string' ? [hardware] : hardware
  named.forEach((one, index) => {
    const at = typeof hardware === 'string' ? [] : [index]
    hardwareName(one, [...path, 'hardware', ...at], expansion)
  })
  const factors = parts.topics.map((topic) => topic.replicationFactor)
  checkNames(
    search.partitions,
    parts.topics.map(({ name }) => name),
    [...path, 'partitions'],
    {
      what: 'topic',
      expansion,
    },
  )
  checkNames(
    search.consumers,
    parts.consumers.map(({ group }) => group),
    [...path, 'consumers'],
    {
      what: 'group',
      expansion,
    },
  )
  const usual = parts.producers.map(({ config }) =>
    findings.attempt(path, null, () => producerConfig(config)),
  )
  return {
    brokers: values('brokers', [parts.cluster.brokers.length]),
    hardware: [...new Set(named)],
    replicationFactor: values('replicationFactor', [Math.max(1, ...factors)]),
    partitions: parts.topics.map(({ name, partitions }) => {
      const found = search.partitions?.[name]
      const at = [...path, 'partitions', name]
      return {
        topic: name,
        values: found === undefined ? [partitions] : valuesOf(found, at, expansion),
      }
    }),
    consumers: parts.consumers.map(({ group, members }) => {
      const found = search.consumers?.[group]
      const at = [...path, 'consumers', group]
      return { group, values: found === undefined ? [members] : valuesOf(found, at, expansion) }
    }),
    batchBytes: sizesOf(search['batch.size'], usual[0]?.batchSize ?? 16_384, expansion),
    lingerMs: values('linger.ms', [usual[0]?.lingerMs ?? 0]),
  }
}

interface Naming {
  readonly what: string
  readonly expansion: Expansion
}

function checkNames(
  entries: Readonly<Record<string, unknown>> | undefined,
  known: readonly string[],
  path: Path,
  { what, expansion }: Naming,
): void {
  for (const name of Object.keys(entries ?? {})) {
    if (known.includes(name)) continue
    const hint = didYouMeanOf(name, known)
    expansion.findings.addKey([...path, name], `there is no ${what} "${name}"${hint}`)
  }
}

function valuesOf(entry: ValuesEntry, path: Path, { findings }: Expansion): readonly number[] {
  if (typeof entry === 'number') return [entry]
  if (Array.isArray(entry)) return ascending(entry)
  const { min, max, step = 1 } = entry
  if (min > max) {
    findings.add(path, `min ${min} is greater than max ${max}: there is nothing between them`)
    return [min]
  }
  const found: number[] = []
  for (let value = min; value <= max && found.length <= CANDIDATES_MAX; value += step) {
    found.push(value)
  }
  return found
}

function sizesOf(
  entry: NonNullable<PlanEntry['search']>['batch.size'],
  otherwise: number,
  expansion: Expansion,
): readonly number[] {
  if (entry === undefined) return [otherwise]
  const path = ['plan', 'search', 'batch.size']
  if (typeof entry === 'object' && !Array.isArray(entry)) return valuesOf(entry, path, expansion)
  const list = Array.isArray(entry) ? entry : [entry]
  return ascending(
    list.map((one, index) =>
      typeof one === 'number'
        ? one
        : expansion.findings.attempt([...path, index], otherwise, () => parseBytes(one)),
    ),
  )
}

function ascending(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}

function expandDrills(entry: PlanEntry, parts: Parts, expansion: Expansion): PlanDrill[] {
  const { drills } = entry
  const racks = racksOf(entry, parts)
  const entries: readonly DrillEntry[] = drills ?? ['normal', 'one-broker-down']
  const found = entries.map((one, index) =>
    drillOf(one, { parts, racks }, ['plan', 'drills', index], expansion),
  )
  // Normal running comes first: what misses there needs no drill.
  const normal: PlanDrill = { name: 'normal' }
  return [normal, ...found.filter(({ name }) => name !== 'normal')]
}

/** As they are called: a, b, c and so on where the plan says how many there are. */
function racksOf({ racks }: PlanEntry, { cluster }: Parts): readonly string[] {
  if (racks === undefined) return [...new Set(cluster.brokers.map(({ rack }) => rack))]
  return Array.from({ length: racks }, (_none, at) => String.fromCharCode(97 + at))
}

interface Struck {
  readonly parts: Parts
  readonly racks: readonly string[]
}

function drillOf(
  entry: DrillEntry,
  { parts, racks }: Struck,
  path: Path,
  expansion: Expansion,
): PlanDrill {
  const { findings } = expansion
  const isRack = entry === 'rack-down' || (typeof entry === 'object' && 'rack-down' in entry)
  if (isRack && racks.length === 1) {
    findings.add(path, 'takes the whole cluster down: it stands in one rack, set racks: 3 in plan:')
  }
  if (entry === 'rack-down') return { name: 'rack-down', rack: null }
  if (typeof entry === 'string') return { name: entry }
  const among = (name: string, known: readonly string[], at: Path, what: string): void => {
    if (known.includes(name)) return
    findings.add([...path, ...at], `there is no ${what} "${name}"${didYouMeanOf(name, known)}`)
  }
  if ('rack-down' in entry) {
    among(entry['rack-down'], racks, ['rack-down'], 'rack')
    return { name: 'rack-down', rack: entry['rack-down'] }
  }
  const outage = entry['consumer-outage']
  const groups = parts.consumers.map(({ group }) => group)
  among(outage.group, groups, ['consumer-outage', 'group'], 'group')
  const at = [...path, 'consumer-outage', 'for']
  const forUs = findings.attempt(at, 1, () => parseDuration(outage.for))
  if (forUs === 0) findings.add(at, 'has to be more than nothing')
  return { name: 'consumer-outage', group: outage.group, forUs }
}

/** `latency{phase:end-to-end,drill:normal}`: the tag `drill` is of plans alone. */
function expandThresholds(
  { thresholds }: PlanEntry,
  around: PlanSurroundings,
  drills: readonly PlanDrill[],
  expansion: Expansion,
): readonly PlanThreshold[] {
  if (thresholds === undefined) {
    return around.thresholds.map((threshold) => ({ threshold, drill: null }))
  }
  const found: PlanThreshold[] = []
  for (const [text, rules] of Object.entries(thresholds)) {
    const path = ['plan', 'thresholds', text]
    const { measure, drill } = withoutDrill(text)
    const known = drills.map(({ name }) => name)
    if (drill !== null && !known.includes(drill as PlanDrillName)) {
      const hint = didYouMean(drill, known) || `: the drills are ${[...new Set(known)].join(', ')}`
      expansion.findings.addKey(path, `there is no drill "${drill}"${hint}`)
    }
    rules.forEach((rule, index) => {
      const threshold = expansion.findings.attempt<Threshold | null>([...path, index], null, () =>
        parseThreshold(measure, rule),
      )
      if (threshold === null) return
      if (index === 0) around.checkTags(threshold, path)
      found.push({ threshold, drill: drill as PlanDrillName | null })
    })
  }
  return found
}

function withoutDrill(text: string): { readonly measure: string; readonly drill: string | null } {
  const match = /^([^{]*)\{(.*)\}$/.exec(text)
  if (match === null) return { measure: text, drill: null }
  const tags = (match[2] ?? '').split(',').map((tag) => tag.trim())
  const drill = tags.find((tag) => tag.startsWith('drill:'))
  if (drill === undefined) return { measure: text, drill: null }
  const rest = tags.filter((tag) => tag !== drill).join(',')
  const name = match[1] ?? ''
  return {
    measure: rest === '' ? name : `${name}{${rest}}`,
    drill: drill.slice('drill:'.length).trim(),
  }
}

function expandWindow({ window = {} }: PlanEntry, { findings, file }: Expansion): PlanWindow {
  const read = (key: 'before' | 'after', otherwise: string): number =>
    findings.attempt(['plan', 'window', key], 0, () => parseDuration(window[key] ?? otherwise))
  const { peak } = window
  const afterUs = read('after', DEFAULT_AFTER)
  if (afterUs === 0) {
    findings.add(['plan', 'window', 'after'], 'has to be more than nothing: the peak is in it')
  }
  const path = ['plan', 'window', 'peak']
  const peakAtUs = peak === undefined ? null : findings.attempt(path, 0, () => parseDuration(peak))
  const durationUs = findings.attempt(['duration'], 0, () => parseDuration(file.duration))
  if (peakAtUs !== null && durationUs > 0 && peakAtUs >= durationUs) {
    findings.add(path, `lies beyond the end of the load, ${file.duration}`)
  }
  return { peakAtUs, beforeUs: read('before', DEFAULT_BEFORE), afterUs }
}

function expandPrices(
  { prices }: PlanEntry,
  search: PlanSearch,
  { findings, options }: Expansion,
): Prices | null {
  if (prices === undefined) return null
  const path = ['plan', 'prices']
  const found = findings.attempt<Prices | null>(path, null, () => {
    if (typeof prices !== 'string') return pricesOf(prices)
    if (options.readText === undefined) throw new Error('a price list is read beside a scenario')
    return parsePriceList(options.readText(prices), prices)
  })
  if (found === null) return null
  for (const name of search.hardware) {
    if (Object.hasOwn(found.perHour, name)) continue
    const hint = didYouMean(name, Object.keys(found.perHour)) || ': add it under perHour'
    findings.add(path, `has no price for the hardware "${name}"${hint}`)
  }
  return found
}

/** Whether there is a candidate at all. */
function checkSpace(search: PlanSearch, { findings }: Expansion): void {
  const path = ['plan', 'search']
  const most = search.brokers.at(-1) ?? 0
  const least = search.replicationFactor[0] ?? 1
  if (least > most) {
    findings.add(
      [...path, 'replicationFactor'],
      `replicationFactor ${least} needs ${least} brokers, and the search goes up to ${most}`,
    )
  }
  const count = [
    search.brokers,
    search.hardware,
    search.replicationFactor,
    search.batchBytes,
    search.lingerMs,
    ...search.partitions.map(({ values }) => values),
    ...search.consumers.map(({ values }) => values),
  ].reduce((product, values) => product * values.length, 1)
  if (count > CANDIDATES_MAX) {
    findings.add(path, `has ${count} candidates: a search takes ${CANDIDATES_MAX}, widen a step`)
  }
}

function checkMet(thresholds: readonly PlanThreshold[], { findings }: Expansion): void {
  if (thresholds.length > 0) return
  findings.add(
    ['plan'],
    'has no thresholds, and any cluster would do: write some under plan: or in the scenario',
  )
}
