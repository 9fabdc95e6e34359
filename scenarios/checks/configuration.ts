/**
 * What a check reads from a scenario's configuration to know what is promised.
 *
 * Property names and defaults are those of Kafka 3.9 (KB 7, KC 5), read here a second time: a check
 * shares neither code nor assumptions with the model that it judges.
 */

import type { Config, Consumer, Producer, Scenario } from '../schema/scenario.ts'

/** Who sends the records of a stream: a producer, or a group that derives records. */
export interface Sender {
  readonly name: string
  readonly config: Config
  /** Its application sends again, as a new record, what timed out. */
  readonly resends: boolean
}

/** max.in.flight.requests.per.connection: 5 by default, and at most that with idempotence. */
const IN_FLIGHT = 5

/** retries: 2^31 − 1 by default. */
const RETRIES = 2_147_483_647

export function numberOf(config: Config, name: string, otherwise: number): number {
  const value = config[name]
  return value === undefined ? otherwise : Number(value)
}

export function textOf(config: Config, name: string, otherwise: string): string {
  const value = config[name]
  return value === undefined ? otherwise : String(value)
}

/** acks: all by default. */
export function acksOf(config: Config): 'none' | 'leader' | 'all' {
  const acks = textOf(config, 'acks', 'all')
  if (acks === '0') return 'none'
  return acks === '1' ? 'leader' : 'all'
}

/** enable.idempotence: true by default, and silently off where another setting rules it out. */
export function isIdempotent(config: Config): boolean {
  return (
    textOf(config, 'enable.idempotence', 'true') === 'true' &&
    acksOf(config) === 'all' &&
    numberOf(config, 'retries', RETRIES) > 0 &&
    inFlightOf(config) <= IN_FLIGHT
  )
}

/** Whether the client keeps its own retries from duplicating a record (KC I3, P01). */
export function storesOnce(config: Config): boolean {
  return isIdempotent(config) || numberOf(config, 'retries', RETRIES) === 0
}

/** Whether the client keeps its own retries from reordering records (KC 1.7, P02). */
export function keepsOrder(config: Config): boolean {
  return storesOnce(config) || inFlightOf(config) === 1
}

function inFlightOf(config: Config): number {
  return numberOf(config, 'max.in.flight.requests.per.connection', IN_FLIGHT)
}

/** The sender behind a process name such as `order-service-1` or `payment-2`. */
export function senderOf(scenario: Scenario, process: string): Sender {
  const name = process.replace(/-\d+$/, '')
  const producer = scenario.producers.find((one) => one.name === name || one.name === process)
  if (producer !== undefined) return fromProducer(producer)
  const consumer = scenario.consumers.find((one) => one.group === name || one.group === process)
  if (consumer !== undefined) return fromConsumer(consumer)
  return { name: process, config: {}, resends: false }
}

function fromProducer(producer: Producer): Sender {
  const { name, config, pattern } = producer
  return { name, config, resends: pattern === 'resend' }
}

/** A consumer that derives records sends until it is acknowledged. */
function fromConsumer(consumer: Consumer): Sender {
  return {
    name: consumer.group,
    config: consumer.produces?.config ?? consumer.handler?.producer ?? {},
    resends: true,
  }
}

/** auto.offset.reset: latest by default. */
export function startsEarliest(consumer: Consumer): boolean {
  return textOf(consumer.config, 'auto.offset.reset', 'latest') === 'earliest'
}

/** isolation.level: read_uncommitted by default. */
export function readsCommitted(consumer: Consumer): boolean {
  return textOf(consumer.config, 'isolation.level', 'read_uncommitted') === 'read_committed'
}

/** Whether a group commits only what it has processed (KC A1, A4, A8; not A3). */
export function processesFirst(consumer: Consumer): boolean {
  const { handler, pattern } = consumer
  if (handler !== undefined) return handler.commit !== 'before' && handler.commit !== 'handler'
  return pattern !== 'commit-then-process'
}

/** Whether a group goes on without a record that it could not process, and keeps it nowhere. */
export function skipsFailures({ failures }: Consumer): boolean {
  return failures !== undefined && failures.attempts > 0 && failures.deadLetter === undefined
}

const US_PER_MS = 1_000

/** Longest that the rebalance timeout counts in a bound (contracts §6). */
const REBALANCE_US_MAX = 60_000_000

/** session.timeout.ms (45 s) and the rebalance timeout, max.poll.interval.ms (5 min), capped. */
export function membershipTimeoutsUs(consumer: Consumer): number {
  const session = numberOf(consumer.config, 'session.timeout.ms', 45_000) * US_PER_MS
  const rebalance = numberOf(consumer.config, 'max.poll.interval.ms', 300_000) * US_PER_MS
  return session + Math.min(rebalance, REBALANCE_US_MAX)
}
