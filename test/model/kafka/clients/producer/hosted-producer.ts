/**
 * A process that is nothing but one producer, and a recorder of what its owner hears.
 */

import { murmur2 } from '../../../../../model/kafka/partitioner.ts'
import type { ProducerConfig } from '../../../../../model/kafka/config/producer-config.ts'
import { producerConfig } from '../../../../../model/kafka/config/producer-config.ts'
import {
  onClosed,
  onNetworkTimer,
  onOpened,
  onResponse,
} from '../../../../../model/kafka/clients/network.ts'
import {
  onRunSender,
  send,
  startProducer,
} from '../../../../../model/kafka/clients/producer/producer.ts'
import type {
  Producer,
  ProducerListener,
  ProducerTimer,
  SendError,
} from '../../../../../model/kafka/clients/producer/state.ts'
import type { ToProducer } from '../../../../../model/kafka/messages.ts'
import { Topics } from '../../../../../model/kafka/topics.ts'
import type { PartitionId } from '../../../../../model/record.ts'
import type { Behaviour } from '../../../../../sim/process.ts'
import type { GuardId } from '../../../../../sim/registry.ts'
import { HandHeld } from '../../hand-held-context.ts'

export interface Completion {
  readonly token: number
  readonly error: SendError
  readonly partition: PartitionId
  readonly offset: number
  readonly mayBeWritten: boolean
  readonly atUs: number
}

export interface Recorder {
  readonly completions: Completion[]
  flushes: number
  closes: number
}

export const topics: Topics = new Topics(['orders'])
export const ORDERS: number = topics.id('orders') as number

const listener: ProducerListener<Recorder> = {
  completed(recorder, token, { error, partition, offset, mayBeWritten }, context) {
    const atUs = context.monotonicUs()
    recorder.completions.push({ token, error, partition, offset, mayBeWritten, atUs })
  },
  flushed: (recorder) => void (recorder.flushes += 1),
  closed: (recorder) => void (recorder.closes += 1),
}

type Properties = Readonly<Record<string, string | number | boolean>>

function hosted(
  config: ProducerConfig,
  brokers: readonly number[],
): Behaviour<Producer<Recorder>, ToProducer, ProducerTimer> {
  return {
    stations: { sender: { servers: 1 } },
    start: (_disk, context) =>
      startProducer(
        { clientId: context.name, key: 0, config, topics, brokers },
        { owner: { completions: [], flushes: 0, closes: 0 }, listener },
        context,
      ),
    receive: {
      ProduceResponse: (_self, response, connection, context) =>
        onResponse(connection, response, context),
      MetadataResponse: (_self, response, connection, context) =>
        onResponse(connection, response, context),
      InitProducerIdResponse: (_self, response, connection, context) =>
        onResponse(connection, response, context),
    },
    expire: {
      runSender: (self, _key, context) => onRunSender(self, context),
      network: (self, _key, context) => onNetworkTimer(self.network, context),
    },
    opened: (_self, connection, context) => void onOpened(connection, context),
    closed: (_self, connection, _reason, context) => void onClosed(connection, context),
  }
}

export type HeldProducer = HandHeld<Producer<Recorder>, ToProducer, ProducerTimer, never>

export interface HoldOptions {
  readonly properties?: Properties
  readonly brokers?: readonly number[]
  readonly guardsOff?: readonly GuardId[]
}

export function holdProducer(options: HoldOptions = {}): HeldProducer {
  const config = producerConfig(options.properties ?? {})
  return new HandHeld(hosted(config, options.brokers ?? [1, 2, 3]), {
    name: 'producer-1',
    guardsOff: options.guardsOff ?? [],
  })
}

/** Sends one record; its token is also its index in stream 0. */
export function sendRecord(
  held: HeldProducer,
  token: number,
  key: string | null,
  options: { readonly bytes?: number; readonly partition?: number } = {},
): void {
  const { context } = held
  const record = {
    stream: 0,
    index: token,
    key,
    value: null,
    bytes: options.bytes ?? 100,
    timestampMs: context.wallMs(),
  }
  const partition = options.partition ?? -1
  const keyHash = key === null ? 0 : murmur2(key)
  send(
    held.state,
    { topic: ORDERS, partition, record, count: 1, counted: null, keyHash, token, next: null },
    context,
  )
}
