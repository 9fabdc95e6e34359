/**
 * One member of a group and a cluster of two brokers that a test plays by hand: broker 1
 * coordinates the group, and leads partition 0 of topic `orders`; broker 2 leads partition 1.
 */

import type { Answer, Application, Delivered, Step } from '../../../../../model/application.ts'
import { History } from '../../../../../model/history.ts'
import { effectStore } from '../../../../../model/kafka/application/effect-store.ts'
import {
  consumerProcess,
  type ConsumerProcessOptions,
  type Member,
  type MemberIo,
  type MemberTimer,
  type ToMember,
} from '../../../../../model/kafka/clients/consumer/process.ts'
import { consumerConfig } from '../../../../../model/kafka/config/consumer-config.ts'
import type { Properties } from '../../../../../model/kafka/config/reader.ts'
import type { KafkaError } from '../../../../../model/kafka/errors.ts'
import type {
  FetchPartitionResponse,
  FetchRequest,
  JoinGroupRequest,
  KafkaRequest,
  OffsetCommitRequest,
  OffsetFetchRequest,
  SyncGroupRequest,
} from '../../../../../model/kafka/messages.ts'
import { Topics } from '../../../../../model/kafka/topics.ts'
import {
  BATCH_HEADER_BYTES,
  type LogEntry,
  type PartitionId,
  partitionId,
} from '../../../../../model/record.ts'
import type { GuardId } from '../../../../../sim/registry.ts'
import { HandHeld, type HandHeldConnection, type HandHeldContext } from '../../hand-held-context.ts'

export const topicTable = new Topics(['orders', 'payments'])
export const ORDERS: number = topicTable.id('orders') as number
export const FIRST: PartitionId = partitionId(ORDERS, 0)
export const SECOND: PartitionId = partitionId(ORDERS, 1)

type Unanswered = ToMember extends infer One
  ? One extends unknown
    ? Omit<One, 'correlationId'>
    : never
  : never

export interface ByHandOptions {
  readonly config?: Properties
  readonly autoCommit?: boolean
  readonly guardsOff?: readonly GuardId[]
  readonly over?: Partial<ConsumerProcessOptions>
}

/** One batch of `count` records of stream 7, whose indexes are their offsets. */
export function entryAt(baseOffset: number, count: number, leaderEpoch = 0): LogEntry {
  const records = Array.from({ length: count }, (_, at) => ({
    stream: 7,
    index: baseOffset + at,
    key: 'order-1',
    value: null,
    bytes: 100,
    timestampMs: 5,
  }))
  return {
    baseOffset,
    leaderEpoch,
    batch: {
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      transactional: false,
      control: 'none',
      count,
      bytes: BATCH_HEADER_BYTES + count * 100,
      maxTimestampMs: 5,
      content: { kind: 'explicit', records },
    },
  }
}

export function fetched(
  partition: PartitionId,
  over: Partial<FetchPartitionResponse> = {},
): FetchPartitionResponse {
  return {
    partition,
    error: 'NONE',
    highWatermark: 100,
    lastStableOffset: 100,
    logStartOffset: 0,
    divergingEpoch: null,
    abortedTransactions: [],
    entries: [],
    currentLeader: -1,
    currentLeaderEpoch: -1,
    ...over,
  }
}

export class MemberByHand {
  readonly history: History
  readonly held: HandHeld<Member, ToMember, MemberTimer, MemberIo>
  /** Batches that the application was given; it sleeps 1 s over each, then takes `steps`. */
  readonly batches: (readonly Delivered[])[] = []
  readonly answers: Answer[] = []
  /** What the application does with a batch. */
  steps: readonly Step[] = [{ do: 'sleep', us: 1_000_000 }]
  /** Leader and leader epoch by partition number. */
  leaders: (readonly [number, number])[] = [
    [1, 0],
    [2, 0],
  ]

  constructor(options: ByHandOptions = {}) {
    this.history = new History(() => this.held?.context.nowUs ?? 0)
    const behaviour = consumerProcess({
      groupId: 'payment',
      groupNumber: 13,
      topics: ['orders'],
      brokers: [1, 2],
      topicTable,
      config: consumerConfig({ 'auto.offset.reset': 'earliest', ...options.config }),
      autoCommit: options.autoCommit ?? false,
      history: this.history,
      application: () => this.#application(),
      store: effectStore(this.history.messages),
      work: { p50Us: 1000, p99Us: 1000 },
      producer: null,
      ...options.over,
    })
    this.held = new HandHeld(behaviour, {
      name: 'payment-1',
      ...(options.guardsOff === undefined ? {} : { guardsOff: options.guardsOff }),
    })
  }

  get context(): HandHeldContext<MemberTimer, MemberIo> {
    return this.held.context
  }

  get consumer(): Member['consumer'] {
    return this.held.state.consumer
  }

  /** Establishes every connection that the member has asked for. */
  connectAll(): void {
    for (const connection of this.context.connections) {
      if (!connection.open && connection.ended === null) this.held.open(connection)
    }
  }

  /** The newest request of a type that has no answer yet. */
  pending<Request extends KafkaRequest>(
    type: Request['type'],
    broker?: number,
  ): { readonly request: Request; readonly connection: HandHeldConnection } {
    const found = this.context.sent.findLast(
      ({ message, connection }) =>
        message.type === type && (broker === undefined || connection.peer === `broker-${broker}`),
    )
    if (found === undefined) throw new Error(`no ${type} is pending`)
    return { request: found.message as Request, connection: found.connection }
  }

  has(type: KafkaRequest['type'], broker?: number): boolean {
    return this.context.sent.some(
      ({ message, connection }) =>
        message.type === type && (broker === undefined || connection.peer === `broker-${broker}`),
    )
  }

  /** Answers the newest pending request of a type; it counts as pending no longer. */
  answer(type: KafkaRequest['type'], response: Unanswered, broker?: number): void {
    const { request, connection } = this.pending(type, broker)
    const at = this.context.sent.findLastIndex(({ message }) => message === request)
    this.context.sent.splice(at, 1)
    const { correlationId } = request
    this.held.deliver(connection, { ...response, correlationId } as unknown as ToMember)
    this.connectAll()
  }

  answerMetadata(partitions = this.leaders.length): void {
    const { connection } = this.pending('MetadataRequest')
    // A broker answers in order: the fetch that waits before it comes back empty.
    const first = this.context.sent.find((sent) => sent.connection === connection)
    const broker = connection.peer === 'broker-1' ? 1 : 2
    if (first?.message.type === 'FetchRequest') this.answerFetch(broker)
    this.answer('MetadataRequest', {
      type: 'MetadataResponse',
      brokers: [1, 2],
      controllerId: 1,
      topics: [
        {
          topic: ORDERS,
          name: 'orders',
          error: 'NONE',
          partitions: this.leaders.slice(0, partitions).map(([leader, leaderEpoch], number) => ({
            partition: partitionId(ORDERS, number),
            leader,
            leaderEpoch,
            replicas: [1, 2],
            isr: [1, 2],
          })),
        },
      ],
    })
  }

  /** From the start to the JoinGroup that is about to be answered. */
  findGroup(): void {
    this.connectAll()
    this.answerMetadata()
    this.answer('FindCoordinatorRequest', {
      type: 'FindCoordinatorResponse',
      error: 'NONE',
      coordinator: 1,
    })
    if (!this.has('JoinGroupRequest')) this.held.advance(1000)
  }

  answerHeartbeat(error: KafkaError): void {
    this.answer('HeartbeatRequest', { type: 'HeartbeatResponse', error })
  }

  refuseJoin(error: KafkaError, memberId = ''): void {
    this.answer('JoinGroupRequest', {
      type: 'JoinGroupResponse',
      error,
      generationId: -1,
      protocolName: '',
      leader: '',
      memberId,
      skipAssignment: false,
      members: [],
    })
  }

  /** Answers all partitions of the pending commit alike, and gives its request. */
  answerCommit(error: KafkaError = 'NONE'): OffsetCommitRequest {
    const { request } = this.pending<OffsetCommitRequest>('OffsetCommitRequest')
    const partitions = request.partitions.map(({ partition }) => ({ partition, error }))
    this.answer('OffsetCommitRequest', { type: 'OffsetCommitResponse', partitions })
    return request
  }

  answerJoin(generationId: number, memberId = 'member-1', leader = memberId): void {
    const { request } = this.pending<JoinGroupRequest>('JoinGroupRequest')
    const subscription = request.protocols[0]?.subscription ?? {
      topics: [],
      ownedPartitions: [],
      generation: -1,
    }
    this.answer('JoinGroupRequest', {
      type: 'JoinGroupResponse',
      error: 'NONE',
      generationId,
      protocolName: 'range',
      leader,
      memberId,
      skipAssignment: false,
      members: leader === memberId ? [{ memberId, groupInstanceId: null, subscription }] : [],
    })
  }

  /** Gives the member what its own leader assigned, or the given partitions. */
  answerSync(partitions?: readonly PartitionId[]): void {
    const { request } = this.pending<SyncGroupRequest>('SyncGroupRequest')
    const own = request.assignments.find(({ memberId }) => memberId === request.memberId)
    this.answer('SyncGroupRequest', {
      type: 'SyncGroupResponse',
      error: 'NONE',
      partitions: partitions ?? own?.partitions ?? [],
    })
  }

  /** Committed offsets by partition number; −1: none. */
  answerCommitted(offsets: readonly number[], leaderEpoch = -1): void {
    const { request } = this.pending<OffsetFetchRequest>('OffsetFetchRequest')
    this.answer('OffsetFetchRequest', {
      type: 'OffsetFetchResponse',
      error: 'NONE',
      partitions: (request.partitions ?? []).map((partition, at) => ({
        partition,
        error: 'NONE',
        offset: offsets[at] ?? -1,
        leaderEpoch,
      })),
    })
  }

  /** A stable member that fetches both partitions from the given offsets. */
  fetchFrom(offsets: readonly number[] = [10, 20]): void {
    this.findGroup()
    this.answerJoin(1)
    this.answerSync()
    this.answerCommitted(offsets)
  }

  answerFetch(broker: number, ...partitions: readonly FetchPartitionResponse[]): void {
    this.answer('FetchRequest', { type: 'FetchResponse', partitions }, broker)
  }

  fetchOf(broker: number): FetchRequest {
    return this.pending<FetchRequest>('FetchRequest', broker).request
  }

  /** The application's sleep over its batch ends. */
  finishBatch(): void {
    this.held.fire('applicationSleep', 0)
  }

  names(column: ArrayLike<number>): string[] {
    return Array.from(column, (id) => this.history.names[id] ?? '')
  }

  #application(): Application {
    const { batches, answers } = this
    const steps = (): readonly Step[] => this.steps
    return {
      name: 'by-hand',
      *handle(records): Generator<Step, void, Answer> {
        batches.push(records)
        for (const step of steps()) answers.push(yield step)
      },
    }
  }
}

/** How often it passed a probe. */
export function probed(member: MemberByHand, probe: number): number {
  return member.context.probes.filter((one) => one.probe === probe).length
}

/** What the history has of it: kind, partition, offset, generation. */
export function ownerships(member: MemberByHand): number[][] {
  const { ownerships: rows } = member.history
  return Array.from({ length: rows.length }, (_, row) => [
    rows.get('kind', row),
    rows.get('partition', row),
    rows.get('offset', row),
    rows.get('generation', row),
  ])
}

/** Asks for metadata each second. */
export const restless: { readonly config: Properties } = {
  config: { 'metadata.max.age.ms': 1000 },
}
