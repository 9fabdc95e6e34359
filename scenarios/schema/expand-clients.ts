/**
 * Expands producers, consumer groups and the services they call.
 */

import { commitsAutomatically } from '../../model/kafka/application/patterns.ts'
import { consumerConfig } from '../../model/kafka/config/consumer-config.ts'
import { producerConfig } from '../../model/kafka/config/producer-config.ts'
import { checkView, expandConfig } from './expand-config.ts'
import { fleetOf } from './expand-fleet.ts'
import { COUNTED_ARRIVALS_MAX, expandLoad } from './expand-load.ts'
import { expandSizes, expandWork, sizeOf } from './expand-work.ts'
import type { Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import { hardwareName } from './hardware.ts'
import { isFileName } from './files.ts'
import { didYouMean } from './nearest.ts'
import { presetOf } from './preset.ts'
import type {
  Config,
  Consumer,
  ConsumerPattern,
  Failures,
  Keys,
  Output,
  OwnHandler,
  Producer,
  Service,
  ServiceCall,
  Topic,
} from './scenario.ts'
import type { CallEntry, ConsumerEntry, OutputEntry, ProducerEntry } from './surface.ts'
import { parseDuration } from './units.ts'

const DEFAULT_RECORD = '100B'

/** Attempts at a record where there are dead letters and nothing is said. */
const DEFAULT_ATTEMPTS = 3
const DEFAULT_BACKOFF = '100ms'
const BACKOFF_US_MIN = 1_000

export function expandProducers(
  expansion: Expansion,
  topics: readonly Topic[],
): readonly Producer[] {
  return (expansion.file.producers ?? []).map((entry, index) =>
    expandProducer(entry, ['producers', index], topics, expansion),
  )
}

function expandProducer(
  entry: ProducerEntry,
  path: Path,
  topics: readonly Topic[],
  expansion: Expansion,
): Producer {
  knownTopic(entry.topic, [...path, 'topic'], topics, expansion)
  const fleet = fleetOf(entry, path, expansion)
  const arrivalsMax = fleet?.records === 'counted' ? COUNTED_ARRIVALS_MAX : undefined
  return {
    name: entry.name,
    count: entry.count ?? 1,
    topic: entry.topic,
    keys: keysOf(entry, path, expansion),
    ...expandSizes(entry.recordBytes ?? DEFAULT_RECORD, [...path, 'recordBytes'], expansion),
    load: expandLoad(entry.load, [...path, 'load'], expansion, arrivalsMax),
    pattern: entry.pattern ?? 'send',
    ...(entry.stopAfter === undefined ? {} : { stopAfterRecords: entry.stopAfter }),
    ...(fleet === undefined ? {} : { fleet }),
    hardware: hardwareName(entry.hardware, [...path, 'hardware'], expansion),
    config: producerProperties(entry.config, [...path, 'config'], expansion),
  }
}

function keysOf(entry: ProducerEntry, path: Path, expansion: Expansion): Keys {
  const { keys, events, eventGap } = entry
  const { findings } = expansion
  if (keys === 'per-order') {
    const gapUs = findings.attempt([...path, 'eventGap'], 0, () => parseDuration(eventGap ?? '0s'))
    if (entry.load.users !== undefined && (events ?? 1) > 1) {
      findings.add([...path, 'events'], 'users send one record and wait for it: leave events out')
    }
    return { kind: 'per-order', events: events ?? 1, gapUs }
  }
  if (events !== undefined) findings.add([...path, 'events'], 'needs keys: per-order beside it')
  if (eventGap !== undefined) findings.add([...path, 'eventGap'], 'needs keys: per-order beside it')
  if (typeof keys === 'number') return { kind: 'fixed', count: keys }
  if (typeof keys !== 'object') return { kind: 'none' }
  const { count, zipf = 0 } = keys
  return { kind: 'fixed', count, ...(zipf === 0 ? {} : { exponent: zipf }) }
}

function producerProperties(config: Config | undefined, path: Path, expansion: Expansion): Config {
  const preset = presetOf(expansion.timeouts).producer
  const block = { kind: 'producer', path, config, preset } as const
  const expanded = expandConfig(block, expansion.findings, expansion.notices)
  checkView(block, expansion.findings, () => producerConfig(expanded))
  return expanded
}

export function expandConsumers(
  expansion: Expansion,
  topics: readonly Topic[],
): readonly Consumer[] {
  return (expansion.file.consumers ?? []).map((entry, index) =>
    expandConsumer(entry, ['consumers', index], topics, expansion),
  )
}

function expandConsumer(
  entry: ConsumerEntry,
  path: Path,
  topics: readonly Topic[],
  expansion: Expansion,
): Consumer {
  entry.topics.forEach((topic, index) => {
    knownTopic(topic, [...path, 'topics', index], topics, expansion)
  })
  const handler = handlerOf(entry, path, expansion)
  const pattern = handler === null ? patternOf(entry) : 'handler'
  const automatic =
    pattern === 'handler' ? handler?.commit === 'automatic' : commitsAutomatically(pattern)
  const failures = failuresOf(entry, path, topics, expansion)
  const calls = (entry.services ?? []).map((call, index) =>
    callOf(call, [...path, 'services', index], expansion),
  )
  const { produces } = entry
  return {
    group: entry.group,
    members: entry.members ?? 1,
    topics: entry.topics,
    work: expandWork(entry.work, [...path, 'work'], expansion),
    pattern,
    effectPer: entry.effects === 'per-order' ? 'key' : 'record',
    calls,
    ...(produces === undefined
      ? {}
      : { produces: outputOf(produces, [...path, 'produces'], topics, expansion) }),
    ...(failures === null ? {} : { failures }),
    ...(handler === null ? {} : { handler }),
    hardware: hardwareName(entry.hardware, [...path, 'hardware'], expansion),
    config: consumerProperties(entry.config, automatic, path, expansion),
  }
}

function patternOf({ pattern = 'process-then-commit' }: ConsumerEntry): ConsumerPattern {
  return pattern === 'idempotent-atomic' ? 'idempotent' : (pattern as ConsumerPattern)
}

/** Null: a pattern of dmqsim. */
function handlerOf(
  { handler, pattern = '', produces }: ConsumerEntry,
  path: Path,
  expansion: Expansion,
): OwnHandler | null {
  const loaded = expansion.options.handlers?.get(path[1] as number)
  if (loaded === undefined) {
    if (handler === undefined && !isFileName(pattern)) return null
    expansion.findings.add([...path, 'handler'], 'needs loadScenario or parseScenario to load it')
    return null
  }
  if (handler !== undefined && pattern !== '') {
    expansion.findings.add(
      [...path, 'pattern'],
      'a handler of your own takes its place: leave it out',
    )
  }
  const config = typeof produces === 'object' ? produces.config : undefined
  const producer = producerProperties(config, [...path, 'produces', 'config'], expansion)
  return { ...loaded, producer }
}

/** Null: nothing is said, and a record that fails is tried again for ever. */
function failuresOf(
  { deadLetter, retry }: ConsumerEntry,
  path: Path,
  topics: readonly Topic[],
  expansion: Expansion,
): Failures | null {
  if (retry === undefined && deadLetter === undefined) return null
  const { findings } = expansion
  const backoffPath = [...path, 'retry', 'backoff']
  const backoffUs = findings.attempt(backoffPath, BACKOFF_US_MIN, () =>
    parseDuration(retry?.backoff ?? DEFAULT_BACKOFF),
  )
  if (backoffUs < BACKOFF_US_MIN) findings.add(backoffPath, 'has to be 1ms or more')
  const attempts = retry?.attempts ?? (deadLetter === undefined ? 0 : DEFAULT_ATTEMPTS)
  if (deadLetter === undefined) return { attempts, backoffUs }
  const output = outputOf(deadLetter, [...path, 'deadLetter'], topics, expansion)
  return { attempts, backoffUs, deadLetter: output }
}

/** An application that commits by itself switches the automatic commits off, unless told not to. */
function consumerProperties(
  config: Config | undefined,
  autoCommit: boolean,
  path: Path,
  expansion: Expansion,
): Config {
  const preset = { ...presetOf(expansion.timeouts).consumer, 'enable.auto.commit': autoCommit }
  const block = { kind: 'consumer', path: [...path, 'config'], config, preset } as const
  const expanded = expandConfig(block, expansion.findings, expansion.notices)
  checkView(block, expansion.findings, () => consumerConfig(expanded))
  return expanded
}

function callOf(entry: CallEntry, path: Path, expansion: Expansion): ServiceCall {
  const { findings, file } = expansion
  const call = typeof entry === 'string' ? { name: entry } : entry
  const known = (file.services ?? []).map((service) => service.name)
  if (!known.includes(call.name)) {
    const hint = didYouMean(call.name, known) || ': describe it under "services:"'
    findings.add(path, `there is no service "${call.name}"${hint}`)
  }
  const usual = (file.services ?? []).find((service) => service.name === call.name)?.timeout
  const read = (key: 'timeout' | 'retryBackoff', otherwise: string): number =>
    findings.attempt([...path, key], 0, () => parseDuration(call[key] ?? otherwise))
  return {
    service: call.name,
    timeoutUs: read('timeout', usual ?? '1s'),
    retryBackoffUs: read('retryBackoff', '100ms'),
  }
}

function outputOf(
  entry: OutputEntry,
  path: Path,
  topics: readonly Topic[],
  expansion: Expansion,
): Output {
  const output = typeof entry === 'string' ? { topic: entry } : entry
  const short = typeof entry === 'string'
  knownTopic(output.topic, short ? path : [...path, 'topic'], topics, expansion)
  return {
    topic: output.topic,
    recordBytes: sizeOf(output.recordBytes ?? DEFAULT_RECORD, [...path, 'recordBytes'], expansion),
    config: producerProperties(output.config, [...path, 'config'], expansion),
  }
}

export function expandServices(expansion: Expansion): readonly Service[] {
  const services = expansion.file.services ?? []
  return services.map((entry, index) => ({
    name: entry.name,
    workers: entry.workers ?? 1,
    work: expandWork(entry.work, ['services', index, 'work'], expansion),
    ...(entry.queue === undefined ? {} : { queueMax: entry.queue }),
    ...serviceTimeout(entry.timeout, ['services', index, 'timeout'], expansion),
  }))
}

function serviceTimeout(
  text: string | undefined,
  path: Path,
  { findings }: Expansion,
): { timeoutUs?: number } {
  if (text === undefined) return {}
  const timeoutUs = findings.attempt(path, 0, () => parseDuration(text))
  if (timeoutUs === 0) findings.add(path, 'has to be more than nothing')
  return { timeoutUs }
}

/** Hosts are called by these names, so a group and a producer cannot share one. */
export function checkClientNames(expansion: Expansion): void {
  const { file } = expansion
  const named = [
    ...(file.producers ?? []).map(
      (entry, index) => [entry.name, 'producers', index, 'name'] as const,
    ),
    ...(file.consumers ?? []).map(
      (entry, index) => [entry.group, 'consumers', index, 'group'] as const,
    ),
    ...(file.services ?? []).map(
      (entry, index) => [entry.name, 'services', index, 'name'] as const,
    ),
  ]
  const seen = new Set<string>()
  for (const [name, ...path] of named) {
    if (seen.has(name)) {
      expansion.findings.add(path, `"${name}" is taken: producers, groups and services share names`)
    }
    seen.add(name)
  }
}

function knownTopic(
  name: string,
  path: Path,
  topics: readonly Topic[],
  expansion: Expansion,
): void {
  const known = topics.map((topic) => topic.name)
  if (known.includes(name)) return
  expansion.findings.add(path, `there is no topic "${name}"${didYouMean(name, known)}`)
}
