/**
 * What a topic promises to keep, and which records were deleted by that promise (KB L21, HZ S01).
 *
 * Kafka counts a record's age from its timestamp. The promise that people read is in true time: a
 * record is there for retention.ms after it was sent. No two clocks agree, so a tenth of it is
 * allowed, or what message.timestamp.before.max.ms lets a timestamp lie behind, if that is more.
 */

import type { Config, Scenario } from '../schema/scenario.ts'
import { deletionOf, type Place } from './causes.ts'
import { numberOf } from './configuration.ts'
import type { Judgement } from './judgement.ts'

const US_PER_MS = 1_000
/** Clocks may be off by retention.ms over this. */
const TOLERANCE = 10
/** log.retention.hours: 168 by default. */
const RETENTION_HOURS = 168
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** True if the record was deleted, and was old enough for it when it was. */
export function isExpired(judgement: Judgement, topic: string, place: Place): boolean {
  const deletion = deletionOf(judgement, place)
  if (deletion === null) return false
  return deletion.atUs - place.invokedUs >= promisedUs(judgement.scenario, topic)
}

/** By the broker that keeps records for the shortest time, and the shortest that was ever set. */
export function promisedUs(scenario: Scenario, topic: string): number {
  const { brokers, config } = scenario.cluster
  const broad = [config, ...brokers.map((broker) => ({ ...config, ...broker.config }))]
  let least = Infinity
  for (const own of configsOf(scenario, topic)) {
    for (const broker of broad) least = Math.min(least, promisedMs(own, broker))
  }
  return least * US_PER_MS
}

/** What a topic begins with, and what it has after each time an administrator altered it. */
function configsOf({ topics, timeline }: Scenario, topic: string): readonly Config[] {
  const configs: Config[] = [topics.find(({ name }) => name === topic)?.config ?? {}]
  for (const entry of timeline) {
    if (entry.kind !== 'alter-config' || entry.topic !== topic) continue
    configs.push({ ...configs.at(-1), ...entry.config })
  }
  return configs
}

function promisedMs(topic: Config, broker: Config): number {
  const kept = numberOf(topic, 'retention.ms', retentionOf(broker))
  if (kept < 0) return Infinity
  const past = numberOf(
    topic,
    'message.timestamp.before.max.ms',
    numberOf(broker, 'log.message.timestamp.before.max.ms', Infinity),
  )
  return kept - Math.max(past < kept ? past : 0, kept / TOLERANCE)
}

/** log.retention.ms, else .minutes, else .hours. */
function retentionOf(broker: Config): number {
  const hours = numberOf(broker, 'log.retention.hours', RETENTION_HOURS)
  const minutes = numberOf(broker, 'log.retention.minutes', (hours * HOUR_MS) / MINUTE_MS)
  return numberOf(broker, 'log.retention.ms', minutes * MINUTE_MS)
}
