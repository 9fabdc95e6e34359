/**
 * Expands what makes a producer a fleet, and says what its counted records cannot be used for.
 *
 * Counted records are ranges of a stream: they have no values, and keys only in so far as a key
 * bucket has its partition. What looks at single records is refused here, in one line each.
 */

import type { Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import type { Consumer, Fleet, Producer, Scenario, Topic } from './scenario.ts'
import type { ProducerEntry } from './surface.ts'
import { parseDuration } from './units.ts'

const SLOT_US_MIN = 1_000
const SLOT_US_MAX = 10_000_000

/** Undefined: a producer whose instances are single clients. */
export function fleetOf(
  entry: ProducerEntry,
  path: Path,
  { findings }: Expansion,
): Fleet | undefined {
  const { clients, records, slot } = entry
  if (clients === undefined && records === undefined && slot === undefined) return undefined
  if (entry.keys === 'per-order') {
    findings.add(
      [...path, 'keys'],
      'a fleet has buckets of keys and no orders: say how many keys, or none',
    )
  }
  if (entry.load.users !== undefined) {
    findings.add(
      [...path, 'load', 'users'],
      'the clients of a fleet do not wait for their outcomes: give it a rate',
    )
  }
  if (entry.pattern === 'resend') {
    findings.add([...path, 'pattern'], 'a fleet does not send again what timed out: leave it out')
  }
  return { clients: clients ?? 1, records: records ?? 'counted', slotUs: slotOf() }

  function slotOf(): number {
    if (slot === undefined || slot === 'auto') return 0
    const us = findings.attempt([...path, 'slot'], SLOT_US_MIN, () => parseDuration(slot))
    if (us < SLOT_US_MIN || us > SLOT_US_MAX) {
      findings.add([...path, 'slot'], 'is from 1ms to 10s, or auto')
    }
    return us
  }
}

type Parts = Pick<Scenario, 'cluster' | 'topics' | 'producers' | 'consumers'>

/** Says where a scenario asks of counted records, or of a fleet, what they do not have. */
export function checkFleets(parts: Parts, expansion: Expansion): void {
  const fleets = parts.producers.filter(({ fleet }) => fleet !== undefined)
  const counted = fleets.filter(({ fleet }) => fleet?.records === 'counted')
  parts.producers.forEach((producer, index) => {
    if (producer.fleet?.records !== 'counted') return
    checkTopic(producer, ['producers', index], parts, expansion)
  })
  parts.consumers.forEach((consumer, index) => {
    const source = counted.find(({ topic }) => consumer.topics.includes(topic))
    if (source !== undefined) checkConsumer(consumer, source, ['consumers', index], expansion)
  })
  checkTimeline(fleets, counted, expansion)
}

function checkTopic(producer: Producer, path: Path, parts: Parts, { findings }: Expansion): void {
  const topic = parts.topics.find(({ name }) => name === producer.topic)
  if (topic === undefined || !isCompacted(topic, parts)) return
  findings.add(
    [...path, 'records'],
    `${topic.name} is compacted, and counted records have no keys to compact by: ` +
      'set records: explicit',
  )
}

function isCompacted({ config }: Topic, { cluster }: Parts): boolean {
  const policy = config['cleanup.policy'] ?? cluster.config['log.cleanup.policy'] ?? 'delete'
  return String(policy).includes('compact')
}

function checkConsumer(
  consumer: Consumer,
  source: Producer,
  path: Path,
  { findings }: Expansion,
): void {
  const why = `the records of ${source.topic} are counted: set producers.${source.name}.records=explicit`
  const refuse = (key: string, what: string): void =>
    findings.add([...path, key], `${what}, ${why}`)
  if (consumer.pattern === 'handler') refuse('handler', 'a handler is given single records')
  if (consumer.pattern.startsWith('idempotent-mark')) {
    refuse('pattern', `${consumer.pattern} marks single records`)
  }
  if (consumer.effectPer === 'key') refuse('effects', 'per-order looks at single keys')
  if (consumer.calls.length > 0) refuse('services', 'services are called for single records')
  if (consumer.produces !== undefined) refuse('produces', 'records are derived from single ones')
  if (consumer.failures?.deadLetter !== undefined) {
    refuse('deadLetter', 'single records are put aside')
  }
}

function checkTimeline(
  fleets: readonly Producer[],
  counted: readonly Producer[],
  { file, findings }: Expansion,
): void {
  const topicIn = (entry: Readonly<Record<string, unknown>>, kind: string): string => {
    const value = entry[kind] ?? (entry['kind'] === kind ? entry : undefined)
    if (typeof value === 'string') return value
    const { topic } = (value ?? {}) as { readonly topic?: unknown }
    return typeof topic === 'string' ? topic : ''
  }
  ;(file.timeline ?? []).forEach((entry, index) => {
    const poisoned = counted.find(({ topic }) => topic === topicIn(entry, 'poison'))
    if (poisoned !== undefined) {
      findings.add(
        ['timeline', index, 'poison'],
        `single records are poisoned, and those of ${poisoned.topic} are counted: ` +
          `set producers.${poisoned.name}.records=explicit`,
      )
    }
    const grown = fleets.find(({ topic }) => topic === topicIn(entry, 'add-partitions'))
    if (grown !== undefined) {
      findings.add(
        ['timeline', index, 'add-partitions'],
        `the clients of ${grown.name} are a fleet and keep to the partitions of ${grown.topic} ` +
          'that were there at first: leave out its clients, records and slot',
      )
    }
  })
  const drawn = file.swarm?.operations ?? []
  const [first] = counted
  if (first !== undefined && drawn.includes('poison')) {
    findings.add(
      ['swarm', 'operations'],
      `poison strikes single records, and ${first.topic} has counted ones`,
    )
  }
  const [fleet] = fleets
  if (fleet !== undefined && drawn.includes('add-partitions')) {
    findings.add(
      ['swarm', 'operations'],
      `add-partitions does not move the records of a fleet, as ${fleet.name} is`,
    )
  }
}
