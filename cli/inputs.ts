/**
 * Where the figures of an answer came from: what the scenario gives and what dmqsim assumes.
 *
 * A canonical scenario no longer knows what was written and what was filled in, so a value that
 * equals the default counts as one.
 */

import type { Input, Source } from '../reports/answer.ts'
import { grouped } from '../reports/text/numbers.ts'
import { wordOf } from '../scenarios/schema/hardware-words.ts'
import type {
  Config,
  FigureSource,
  Hardware,
  Latency,
  Scenario,
} from '../scenarios/schema/scenario.ts'
import { formatDuration } from '../scenarios/schema/units.ts'

const RECORD_BYTES = 100
const LATENCY_DEFAULTS: Readonly<Record<keyof Scenario['network'], Latency>> = {
  withinRack: { baseUs: 150, jitterUs: 50 },
  betweenRacks: { baseUs: 500, jitterUs: 150 },
  toClients: { baseUs: 500, jitterUs: 150 },
}

export function inputsOf(scenario: Scenario): readonly Input[] {
  return [
    given('duration', exactly(scenario.durationUs)),
    given('load', loadText(scenario)),
    ...configInputs(scenario),
    sized(scenario),
    ...latencies(scenario),
    ...hardware(scenario),
    {
      name: 'restart of a process after',
      value: exactly(scenario.restart.afterUs),
      source: scenario.restart.afterUs === 1_000_000 ? 'default' : 'given',
    },
  ]
}

function given(name: string, value: string): Input {
  return { name, value, source: 'given' }
}

/** Nothing is rounded away: `150 µs`, `1500 ms`. */
function exactly(us: number): string {
  const [, value = '', unit = ''] = /^([\d.]+)(\D+)$/.exec(formatDuration(us)) ?? []
  return `${grouped(Number(value))} ${unit === 'us' ? 'µs' : unit === 'm' ? 'min' : unit}`
}

/** The highest rate of each producer. */
function loadText({ producers }: Scenario): string {
  const texts = producers.map(({ name, load }) => {
    if (load.closed !== undefined) return `${name} ${grouped(load.closed.users)} users`
    const peak = Math.max(0, ...load.points.map((point) => point.perSecond))
    return `${name} up to ${grouped(Number(peak.toFixed(1)))}/s`
  })
  return texts.length === 0 ? 'none' : texts.join(', ')
}

function configInputs(scenario: Scenario): Input[] {
  const kinds: readonly [string, readonly Config[]][] = [
    ['brokers', [scenario.cluster.config, ...scenario.cluster.brokers.map((one) => one.config)]],
    ['topics', scenario.topics.map((one) => one.config)],
    ['producers', scenario.producers.map((one) => one.config)],
    ['consumers', scenario.consumers.map((one) => one.config)],
  ]
  const set = kinds.flatMap(([kind, configs]) => {
    const names = new Set(configs.flatMap((config) => Object.keys(config)))
    return names.size === 0 ? [] : [`${names.size} of ${kind}`]
  })
  const rest: Input = {
    name: 'every other property',
    value: 'Kafka 3.9’s own value',
    source: 'default',
  }
  return set.length === 0 ? [rest] : [given('properties that are set', set.join(', ')), rest]
}

function sized({ producers }: Scenario): Input {
  const sizes = [...new Set(producers.map((one) => one.recordBytes))].sort((a, b) => a - b)
  const varies = new Set(producers.filter((one) => one.sizes !== undefined).map(bytesOf))
  const plain = varies.size === 0 && sizes.every((size) => size === RECORD_BYTES)
  const source: Source = plain ? 'default' : 'given'
  const value = sizes
    .map((size) => `${varies.has(size) ? 'on average ' : ''}${grouped(size)} B`)
    .join(', ')
  return { name: 'record size', value, source }
}

function bytesOf({ recordBytes }: Scenario['producers'][number]): number {
  return recordBytes
}

function latencies({ network }: Scenario): Input[] {
  const words = {
    withinRack: 'latency within a rack',
    betweenRacks: 'between racks',
    toClients: 'to clients',
  } as const
  return (['withinRack', 'betweenRacks', 'toClients'] as const).map((name) => {
    const { baseUs, jitterUs } = network[name]
    const usual = LATENCY_DEFAULTS[name]
    const isDefault = baseUs === usual.baseUs && jitterUs === usual.jitterUs
    const value = `${exactly(baseUs)} + ${exactly(jitterUs)} of jitter`
    return { name: words[name], value, source: isDefault ? 'default' : 'given' }
  })
}

function hardware({ cluster, hardware: profiles, ...scenario }: Scenario): Input[] {
  const names = [...new Set(cluster.brokers.map((broker) => broker.hardware))]
  const ideal = names.every((name) => name === 'ideal')
  const clients = [...scenario.producers, ...scenario.consumers].map((client) => client.hardware)
  return [
    {
      name: 'hardware of brokers',
      value: ideal ? 'ideal (work takes no time)' : names.join(', '),
      source: ideal ? 'default' : 'given',
    },
    ...[...new Set([...names, ...clients])].flatMap((name) => figures(name, profiles[name])),
  ]
}

/** How the sources of a profile's figures are told, and as what they count. */
const figureSources: readonly (readonly [FigureSource, string, Source])[] = [
  ['published', 'published by its vendor', 'imported'],
  ['derived', 'reckoned from what is published', 'imported'],
  ['fitted', 'fitted', 'fitted'],
  ['assumed', 'assumed', 'default'],
  ['given', 'changed', 'given'],
]

/** The figures of one profile, by where they are from. */
function figures(name: string, profile: Hardware | undefined): Input[] {
  const { origin } = profile ?? {}
  if (profile === undefined || origin === undefined) return []
  return figureSources.flatMap(([figure, words, source]): Input[] => {
    const fields = Object.keys(origin.sources).filter((field) => origin.sources[field] === figure)
    if (fields.length === 0) return []
    const value = fields.map((field) => figureText(field, profile)).join(', ')
    const by = figure === 'fitted' ? ` by ${origin.calibration}` : ''
    return [{ name, value, source, from: `${words}${by}` }]
  })
}

function figureText(field: string, profile: Hardware): string {
  const value = profile[field as keyof Omit<Hardware, 'origin'>]
  if (field.endsWith('Us')) return `${wordOf(field)} ${exactly(value)}`
  if (field.endsWith('PerSecond')) return `${wordOf(field)} ${megabytes(value)} MB/s`
  if (field.endsWith('Bytes')) return `${shortWord(field)} ${gibibytes(value)} GiB`
  return `${wordOf(field)} ${grouped(Number(value.toFixed(1)))}`
}

function shortWord(field: string): string {
  return field === 'pageCacheBytes' ? 'page cache' : wordOf(field)
}

function megabytes(bytes: number): number {
  return Number((bytes / 1e6).toFixed(1))
}

function gibibytes(bytes: number): number {
  return Number((bytes / 1_073_741_824).toFixed(1))
}
