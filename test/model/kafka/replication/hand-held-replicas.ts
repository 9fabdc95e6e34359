/**
 * The replicas of one broker held in the hand: the test is its controller, its leader, its
 * followers and its clients. Topic `orders` has partitions on brokers 1, 2 and 3; the broker under
 * test is 1.
 */

import type { Behaviour } from '../../../../sim/process.ts'
import type { GuardId, ProbeId } from '../../../../sim/registry.ts'
import type { Facts } from '../../../../model/facts.ts'
import type {
  Broker,
  BrokerContext,
  BrokerIo,
  BrokerOptions,
  BrokerTimer,
  CoordinatorAppend,
} from '../../../../model/kafka/broker-state.ts'
import { brokerConfig } from '../../../../model/kafka/config/broker-config.ts'
import type { Properties } from '../../../../model/kafka/config/reader.ts'
import { topicConfig } from '../../../../model/kafka/config/topic-config.ts'
import type { KafkaError } from '../../../../model/kafka/errors.ts'
import type {
  FetchPartition,
  FetchRequest,
  FetchResponse,
  LeaderAndIsrResponse,
  ProduceRequest,
  ProduceResponse,
  ToBroker,
} from '../../../../model/kafka/messages.ts'
import { metadataReceive, startMetadataCache } from '../../../../model/kafka/metadata-cache.ts'
import { startTopicConfigs } from '../../../../model/kafka/topic-configs.ts'
import { protocolsOf } from '../../../../model/kafka/protocols.ts'
import {
  replicaDone,
  replicaExpire,
  replicaReceive,
  replicasClosed,
  startReplicas,
} from '../../../../model/kafka/replication/replicas.ts'
import type { Partition } from '../../../../model/kafka/replication/state.ts'
import { Topics } from '../../../../model/kafka/topics.ts'
import { type Batch, type PartitionId, partitionId } from '../../../../model/record.ts'
import {
  HandHeld,
  type HandHeldConnection,
  type HandHeldDisk,
  type HandHeldContext,
} from '../hand-held-context.ts'

export const P0: PartitionId = partitionId(2, 0)
export const P1: PartitionId = partitionId(2, 1)
export const REPLICAS: readonly number[] = [1, 2, 3]

/** A batch of `count` records, with the sequence of an idempotent producer if one is named. */
export function batch(
  count = 1,
  producer: Partial<Pick<Batch, 'producerId' | 'producerEpoch' | 'baseSequence'>> = {},
): Batch {
  return {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    transactional: false,
    control: 'none',
    count,
    bytes: 100 * count,
    maxTimestampMs: 1_700_000_000_000,
    content: { kind: 'counted', ranges: [], requests: 1, batches: 1 },
    ...producer,
  }
}

export interface ReplicasOptions {
  readonly broker?: Properties
  readonly topic?: Properties
  readonly protocols?: Readonly<Record<string, string>>
  readonly guardsOff?: readonly GuardId[]
  readonly facts?: Facts
  readonly disks?: readonly HandHeldDisk[]
}

export function optionsOf(id: number, given: ReplicasOptions = {}): BrokerOptions {
  const config = brokerConfig(given.broker ?? {})
  return {
    id,
    rack: null,
    config,
    topicConfig: () => topicConfig(given.topic ?? {}, config),
    topics: new Topics(['orders']),
    protocols: protocolsOf(given.protocols ?? {}),
    zookeeper: [],
    facts: given.facts ?? null,
  }
}

/** What the group coordinator would have heard. */
export interface Heard {
  readonly led: PartitionId[]
  readonly resigned: PartitionId[]
  readonly appended: CoordinatorAppend[]
}

export function replicaBehaviour(
  options: BrokerOptions,
  heard: Heard = { led: [], resigned: [], appended: [] },
): Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo> {
  const hooks = {
    logsClosed: (_self: Broker, context: BrokerContext): void => context.exit('shut down'),
    directoryFailed: (): void => {},
    offsetsPartitionLed: (_self: Broker, partition: PartitionId): void =>
      void heard.led.push(partition),
    offsetsPartitionResigned: (_self: Broker, partition: PartitionId): void =>
      void heard.resigned.push(partition),
    coordinatorAppended: (_self: Broker, result: CoordinatorAppend): void =>
      void heard.appended.push(result),
  }
  return {
    stations: { io: { servers: 8 }, fetcher: { servers: 8 }, scheduler: { servers: 1 } },
    threads: { FetchResponse: 'fetcher' },
    start: (disk: unknown, context: BrokerContext) =>
      ({
        options,
        disk,
        brokerEpoch: 7,
        metadata: startMetadataCache(),
        topicConfigs: startTopicConfigs(),
        replicas: startReplicas(options, hooks, context),
      }) as unknown as Broker,
    receive: { ...replicaReceive, ...metadataReceive } as never,
    expire: replicaExpire as never,
    done: replicaDone as never,
    closed: (self: Broker, connection: HandHeldConnection, _reason: unknown, context: never) =>
      void replicasClosed(self, connection, context),
  } as unknown as Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo>
}

/** Broker 1 and everybody it talks to. */
export class Replicas {
  readonly heard: Heard = { led: [], resigned: [], appended: [] }
  readonly hand: HandHeld<Broker, ToBroker, BrokerTimer, BrokerIo>
  readonly controller: HandHeldConnection
  readonly producer: HandHeldConnection
  readonly consumer: HandHeldConnection
  #correlationId = 0
  #leaderEpoch = 0
  readonly #followers = new Map<number, HandHeldConnection>()

  constructor(given: ReplicasOptions = {}) {
    this.hand = new HandHeld(replicaBehaviour(optionsOf(1, given), this.heard), {
      name: 'broker-1',
      ...(given.guardsOff === undefined ? {} : { guardsOff: given.guardsOff }),
      ...(given.disks === undefined ? {} : { disks: given.disks }),
    })
    this.controller = this.hand.accept('broker-2')
    this.producer = this.hand.accept('order-service-1')
    this.consumer = this.hand.accept('payment-1')
  }

  get context(): HandHeldContext<BrokerTimer, BrokerIo> {
    return this.hand.context
  }

  partition(id: PartitionId = P0): Partition {
    const found = this.hand.state.replicas.partitions.get(id)
    if (found === undefined) throw new Error(`partition ${id} is not hosted`)
    return found
  }

  /** The controller says who lives. */
  live(...brokers: number[]): void {
    this.hand.deliver(this.controller, {
      ...this.#control(),
      type: 'UpdateMetadataRequest',
      liveBrokers: brokers,
      partitions: [],
    })
  }

  /** The controller appoints a leader; answers the error for the partition. */
  appoint(
    leader: number,
    change: {
      readonly isr?: readonly number[]
      readonly leaderEpoch?: number
      readonly partitionEpoch?: number
      readonly controllerEpoch?: number
      readonly brokerEpoch?: number
      readonly partition?: PartitionId
    } = {},
  ): KafkaError {
    this.#leaderEpoch = change.leaderEpoch ?? this.#leaderEpoch + 1
    const { controllerEpoch = 1, brokerEpoch = 7, partition = P0 } = change
    const state = {
      leader,
      leaderEpoch: this.#leaderEpoch,
      isr: change.isr ?? REPLICAS,
      partitionEpoch: change.partitionEpoch ?? this.#leaderEpoch,
      controllerEpoch,
    }
    this.hand.deliver(this.controller, {
      ...this.#control(),
      controllerEpoch,
      brokerEpoch,
      type: 'LeaderAndIsrRequest',
      partitions: [{ partition, state, replicas: REPLICAS, isNew: false }],
      liveLeaders: [leader],
    })
    const response = this.context.lastOf<LeaderAndIsrResponse>('LeaderAndIsrResponse')
    return response.partitions[0]?.error ?? response.error
  }

  produce(
    batches: Batch | readonly (readonly [PartitionId, Batch])[],
    acks: -1 | 0 | 1 = -1,
    connection: HandHeldConnection = this.producer,
  ): void {
    const rows = 'count' in batches ? ([[P0, batches]] as const) : batches
    const request: ProduceRequest = {
      type: 'ProduceRequest',
      correlationId: this.#correlationId++,
      clientId: 'test',
      apiVersion: 9,
      acks,
      timeoutMs: 30_000,
      transactionalId: null,
      partitions: rows.map(([partition, one]) => ({ partition, batch: one })),
    }
    this.hand.deliver(connection, request)
  }

  /** Responses to produces, oldest first, as error and base offset of their first partition. */
  acknowledged(): readonly (readonly [KafkaError, number])[] {
    return this.context
      .sentOf<ProduceResponse>('ProduceResponse')
      .map(({ partitions }) => [partitions[0]?.error ?? 'NONE', partitions[0]?.baseOffset ?? -1])
  }

  followerConnection(broker: number): HandHeldConnection {
    let found = this.#followers.get(broker)
    if (found === undefined) {
      found = this.hand.accept(`broker-${broker}`)
      this.#followers.set(broker, found)
    }
    return found
  }

  /** A follower fetches; the response comes at once or later. */
  followerFetch(broker: number, fetchOffset: number, row: Partial<FetchPartition> = {}): void {
    const partition = this.partition(row.partition ?? P0)
    this.hand.deliver(
      this.followerConnection(broker),
      this.#fetch(broker, {
        partition: P0,
        fetchOffset,
        logStartOffset: 0,
        currentLeaderEpoch: partition.leaderEpoch,
        lastFetchedEpoch: -1,
        maxBytes: 1_000_000,
        ...row,
      }),
    )
  }

  consumerFetch(fetchOffset: number, request: Partial<FetchRequest> = {}): void {
    const row: FetchPartition = {
      partition: P0,
      fetchOffset,
      logStartOffset: -1,
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
      maxBytes: 1_000_000,
    }
    this.hand.deliver(this.consumer, { ...this.#fetch(-1, row), ...request })
  }

  /** The newest fetch response's first partition. */
  fetched(): FetchResponse['partitions'][number] | undefined {
    return this.context.lastOf<FetchResponse>('FetchResponse').partitions[0]
  }

  fetchResponses(): readonly FetchResponse[] {
    return this.context.sentOf<FetchResponse>('FetchResponse')
  }

  count(probe: ProbeId): number {
    return this.context.probes.filter((one) => one.probe === probe).length
  }

  #fetch(replicaId: number, row: FetchPartition): FetchRequest {
    return {
      type: 'FetchRequest',
      correlationId: this.#correlationId++,
      clientId: 'test',
      apiVersion: 17,
      replicaId,
      replicaEpoch: -1,
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 10_000_000,
      isolation: 'read_uncommitted',
      partitions: [row],
    }
  }

  #control(): {
    readonly correlationId: number
    readonly clientId: string
    readonly apiVersion: number
    readonly controllerId: number
    readonly controllerEpoch: number
    readonly brokerEpoch: number
  } {
    return {
      correlationId: this.#correlationId++,
      clientId: 'controller',
      apiVersion: 7,
      controllerId: 2,
      controllerEpoch: 1,
      brokerEpoch: 7,
    }
  }
}

/** Broker 1 leads `orders-0` in epoch 1 with all in the ISR, and all are alive. */
export function leading(given: ReplicasOptions = {}): Replicas {
  const replicas = new Replicas(given)
  replicas.live(1, 2, 3)
  replicas.appoint(1)
  replicas.context.clearSent()
  return replicas
}
