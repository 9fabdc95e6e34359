/**
 * The producing side of an application: records it derives, sent one at a time through a producer
 * of its own.
 *
 * A record that is sent again is the same record under the same identity, as a resend of a
 * producing service is. Left out: sending several before the first is acknowledged.
 */

import type { Context } from '../../../sim/process.ts'
import type { Step } from '../../application.ts'
import { type History, Outcome } from '../../history.ts'
import type { DataRecord, StreamId, TopicId } from '../../record.ts'
import { murmur2 } from '../partitioner.ts'
import { send, startProducer } from '../clients/producer/producer.ts'
import type { Outgoing, Producer, ProducerListener, SendResult } from '../clients/producer/state.ts'
import type { ProducerConfig } from '../config/producer-config.ts'
import type { Topics } from '../topics.ts'

type SendStep = Extract<Step, { readonly do: 'send' }>

export interface SendsOptions {
  /** Tells this producer's timers and streams from those of others in the process. */
  readonly key: number
  readonly config: ProducerConfig
  readonly topics: Topics
  readonly brokers: readonly number[]
  readonly history: History
  /** A send that was answered by `later` ended. */
  readonly ended: (outcome: 'ok' | 'failed', context: Context) => void
}

interface Attempt {
  readonly step: SendStep
  readonly topic: TopicId
  readonly record: DataRecord
  readonly attempt: number
}

/** What the listener of the producer writes to. */
interface Desk {
  readonly options: SendsOptions
  readonly process: number
  /** Row of the send that waits; −1: none. */
  row: number
  /** How it ended, while `sendDerived` has not returned. */
  ended: 'ok' | 'failed' | null
  calling: boolean
  /** The last attempt, to know a resend by. */
  last: Attempt | null
  /** Streams by topic and key: to look one up in the history builds its name. */
  readonly streams: Map<TopicId, Map<string | null, StreamId>>
}

export interface Sends {
  readonly desk: Desk
  readonly producer: Producer<Desk>
}

export function startSends(options: SendsOptions, context: Context): Sends {
  const { brokers, config, history, key, topics } = options
  const desk: Desk = {
    options,
    process: history.name(context.name),
    row: -1,
    ended: null,
    calling: false,
    last: null,
    streams: new Map(),
  }
  const producer = startProducer(
    { clientId: context.name, key, config, topics, brokers },
    { owner: desk, listener },
    context,
  )
  return { desk, producer }
}

/** Sends the record of a step; the same step again is a resend of the same record. */
export function sendDerived(
  self: Sends,
  step: SendStep,
  context: Context,
): 'ok' | 'failed' | 'later' {
  const { desk, producer } = self
  const attempt = attemptOf(desk, step, context)
  if (attempt === null) return 'failed'
  const { record, topic } = attempt
  const { history } = desk.options
  desk.last = attempt
  desk.row = history.sendInvoked(
    desk.process,
    record.stream,
    record.index,
    1,
    topic,
    attempt.attempt,
  )
  desk.calling = true
  const keyHash = record.key === null ? 0 : murmur2(record.key)
  const token = desk.row
  const outgoing: Outgoing = {
    topic,
    partition: -1,
    record,
    count: 1,
    counted: null,
    keyHash,
    token,
    next: null,
  }
  send(producer, outgoing, context)
  desk.calling = false
  const { ended } = desk
  desk.ended = null
  return ended ?? 'later'
}

const listener: ProducerListener<Desk> = {
  completed: onCompleted,
  flushed() {},
  closed() {},
}

function onCompleted(desk: Desk, token: number, result: SendResult, context: Context): void {
  const { error, mayBeWritten, offset, partition } = result
  const failed = mayBeWritten ? Outcome.unknown : Outcome.failed
  const outcome = error === 'NONE' ? Outcome.ok : failed
  desk.options.history.sendEnded(token, outcome, partition, offset)
  if (token !== desk.row) return
  desk.row = -1
  const ended = error === 'NONE' ? 'ok' : 'failed'
  if (desk.calling) desk.ended = ended
  else desk.options.ended(ended, context)
}

/** Null for a topic that the deployment does not have. */
function attemptOf(desk: Desk, step: SendStep, context: Context): Attempt | null {
  const { last, options } = desk
  if (last !== null && last.step === step) {
    const record: DataRecord = { ...last.record, timestampMs: context.wallMs() }
    return { ...last, record, attempt: last.attempt + 1 }
  }
  const topic = options.topics.id(step.topic)
  if (topic === undefined) return null
  const stream = streamOf(desk, topic, step.key, context)
  const record: DataRecord = {
    stream,
    index: options.history.takeIndexes(stream, 1),
    key: step.key,
    value: step.value,
    bytes: step.bytes,
    timestampMs: context.wallMs(),
  }
  return { step, topic, record, attempt: 0 }
}

function streamOf(desk: Desk, topic: TopicId, key: string | null, context: Context): StreamId {
  let streams = desk.streams.get(topic)
  if (streams === undefined) {
    streams = new Map()
    desk.streams.set(topic, streams)
  }
  let stream = streams.get(key)
  if (stream === undefined) {
    const { name, incarnation } = context
    stream = desk.options.history.stream({ producer: name, incarnation, topic, key })
    streams.set(key, stream)
  }
  return stream
}
