/**
 * What a topic promises to keep, and which records were deleted by that promise (KB L21, HZ S01).
 *
 * Kafka counts a record's age from its timestamp. The promise that people read is in true time: a
 * record is there for retention.ms after it was sent. No two clocks agree, so a tenth of it is
 * allowed, or what message.timestamp.before.max.ms lets a timestamp lie behind, if that is more.
 */

import type { Config } from '../schema/scenario.ts'
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
  return deletion.atUs - place.invokedUs >= promisedUs(judgement, topic)
}

/** By the broker that keeps records for the shortest time. */
function promisedUs({ scenario }: Judgement, topic: string): number {
  const { brokers, config } = scenario.cluster
  const own = scenario.topics.find(({ name }) => name === topic)?.config ?? {}
  let least = promisedMs(own, config)
  for (const broker of brokers) {
    least = Math.min(least, promisedMs(own, { ...config, ...broker.config }))
  }
  return least * US_PER_MS
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
