/**
 * A group coordinator held in the hand: clients that ask, a log whose appends end when the test
 * says.
 *
 * The broker around it has no replicas; `HandHeldLog` stands for them. A batch stands in the log
 * from its append on, and is committed or not when its append ends.
 */

import type { Behaviour } from '../../../../sim/process.ts'
import { protocolsOf as levels } from '../../../../model/kafka/protocols.ts'
import type { GuardId, ProbeId } from '../../../../sim/registry.ts'
import type {
  Broker,
  BrokerContext,
  BrokerIo,
  BrokerOptions,
  BrokerTimer,
} from '../../../../model/kafka/broker-state.ts'
import { brokerConfig } from '../../../../model/kafka/config/broker-config.ts'
import type { Properties } from '../../../../model/kafka/config/reader.ts'
import type { KafkaError } from '../../../../model/kafka/errors.ts'
import {
  groupExpire,
  groupReceive,
  onCoordinatorAppend,
  onOffsetsPartitionLed,
  onOffsetsPartitionResigned,
  startGroups,
} from '../../../../model/kafka/group/coordinator.ts'
import { groupPartition } from '../../../../model/kafka/group/placement.ts'
import type { Group, OffsetsLog } from '../../../../model/kafka/group/state.ts'
import { startMetadataCache, updateCache } from '../../../../model/kafka/metadata-cache.ts'
import { startTopicConfigs } from '../../../../model/kafka/topic-configs.ts'
import type {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  JoinGroupRequest,
  JoinGroupResponse,
  LeaveGroupRequest,
  LeaveGroupResponse,
  MemberAssignment,
  OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetFetchRequest,
  OffsetFetchResponse,
  SyncGroupRequest,
  SyncGroupResponse,
} from '../../../../model/kafka/messages.ts'
import { Topics } from '../../../../model/kafka/topics.ts'
import {
  type Batch,
  type LogEntry,
  type PartitionId,
  partitionId,
} from '../../../../model/record.ts'
import { HandHeld, type HandHeldConnection, type Sent } from '../hand-held-context.ts'

export const GROUP = 'payment'
export const OFFSETS_PARTITIONS = 4
/** Number of the partition that keeps `GROUP`. */
export const PLACE: number = groupPartition(GROUP, OFFSETS_PARTITIONS)
/** Partitions of the topic `orders`. */
export const ORDERS = 5
export const ORDERS_0: PartitionId = partitionId(2, 0)
export const ORDERS_1: PartitionId = partitionId(2, 1)
export const SESSION_MS = 10_000
export const REBALANCE_MS = 60_000
export const INITIAL_DELAY_MS = 3_000

type ToGroups =
  | FindCoordinatorRequest
  | JoinGroupRequest
  | SyncGroupRequest
  | HeartbeatRequest
  | LeaveGroupRequest
  | OffsetCommitRequest
  | OffsetFetchRequest

interface HeldAppend {
  readonly token: number
  readonly baseOffset: number
}

/** The replicas as the coordinator sees them. */
export class HandHeldLog implements OffsetsLog {
  /** `commit` ends each append at once with `error`; `hold` lets the test end it. */
  mode: 'commit' | 'hold' = 'commit'
  error: KafkaError = 'NONE'
  readonly held: HeldAppend[] = []
  readonly logs = new Map<PartitionId, LogEntry[]>()

  append(
    self: Broker,
    partition: PartitionId,
    append: { readonly batch: Batch; readonly timeoutMs: number; readonly token: number },
    context: BrokerContext,
  ): void {
    const { batch, token } = append
    const log = this.entries(self, partition)
    const last = log.at(-1)
    const baseOffset = last === undefined ? 0 : last.baseOffset + last.batch.count
    if (this.mode === 'hold' || this.error === 'NONE') {
      log.push({ baseOffset, leaderEpoch: 1, batch })
    }
    if (this.mode === 'hold') this.held.push({ token, baseOffset })
    else onCoordinatorAppend(self, { token, error: this.error, baseOffset }, context)
  }

  entries(_self: Broker, partition: PartitionId): LogEntry[] {
    let log = this.logs.get(partition)
    if (log === undefined) {
      log = []
      this.logs.set(partition, log)
    }
    return log
  }
}

export interface HandHeldGroupsOptions {
  readonly properties?: Properties
  readonly guardsOff?: readonly GuardId[]
  readonly protocols?: Readonly<Record<string, string>>
  readonly seed?: number
  /** Whether the partition of `GROUP` is led and loaded at the start; true unless said. */
  readonly led?: boolean
}

/** A request on a connection of its own, and its answer, which may not be there yet. */
export class Asked<Response> {
  readonly connection: HandHeldConnection
  readonly #sent: readonly Sent[]
  #looked: number
  #answer: Response | undefined = undefined

  constructor(connection: HandHeldConnection, sent: readonly Sent[], from: number) {
    this.connection = connection
    this.#sent = sent
    this.#looked = from
  }

  get answer(): Response | undefined {
    for (; this.#answer === undefined && this.#looked < this.#sent.length; this.#looked += 1) {
      const sent = this.#sent[this.#looked]
      if (sent?.connection === this.connection) this.#answer = sent.message as Response
    }
    return this.#answer
  }
}

/** A join under an id that was asked for before. */
export interface Entry {
  readonly memberId: string
  readonly joined: Asked<JoinGroupResponse>
}

export type JoinTraits = Partial<
  Pick<
    JoinGroupRequest,
    | 'memberId'
    | 'protocols'
    | 'protocolType'
    | 'sessionTimeoutMs'
    | 'rebalanceTimeoutMs'
    | 'apiVersion'
    | 'groupId'
  >
>

export class HandHeldGroups {
  readonly log: HandHeldLog = new HandHeldLog()
  readonly hand: HandHeld<Broker, ToGroups, BrokerTimer, BrokerIo>
  #correlations = 0

  constructor(options: HandHeldGroupsOptions = {}) {
    const properties = { 'offsets.topic.num.partitions': OFFSETS_PARTITIONS, ...options.properties }
    this.hand = new HandHeld(behaviour(this.log, properties, options.protocols), {
      ...(options.guardsOff === undefined ? {} : { guardsOff: options.guardsOff }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    })
    this.hear()
    if (options.led ?? true) this.lead(1)
  }

  get broker(): Broker {
    return this.hand.state
  }

  get group(): Group {
    const found = this.broker.groups.groups.get(GROUP)
    if (found === undefined) throw new Error(`no group ${GROUP}`)
    return found
  }

  /** The controller tells this broker of the cluster: broker 1 leads everything. */
  hear(leader = 1): void {
    const offsets = Array.from({ length: OFFSETS_PARTITIONS }, (_, number) =>
      partitionId(0, number),
    )
    const orders = Array.from({ length: ORDERS }, (_, number) => partitionId(2, number))
    const partitions = [...offsets, ...orders]
    const state = { leader, leaderEpoch: 1, isr: [1], partitionEpoch: 1, controllerEpoch: 1 }
    updateCache(this.broker.metadata, {
      type: 'UpdateMetadataRequest',
      correlationId: 0,
      clientId: 'controller',
      apiVersion: 8,
      controllerId: 1,
      controllerEpoch: 1,
      brokerEpoch: 1,
      liveBrokers: [1, 2],
      partitions: partitions.map((partition) => ({ partition, state, replicas: [1, 2] })),
    })
  }

  /** This broker leads the partition of `GROUP`, and has loaded it. */
  lead(leaderEpoch: number): void {
    this.beginToLead(leaderEpoch)
    this.advanceMs(0)
    while (this.broker.groups.tasks.length > 0) this.advanceMs(1)
  }

  beginToLead(leaderEpoch: number, place = PLACE): void {
    onOffsetsPartitionLed(this.broker, partitionId(0, place), leaderEpoch, this.hand.context)
  }

  resign(): void {
    onOffsetsPartitionResigned(this.broker, partitionId(0, PLACE), this.hand.context)
  }

  /** Ends the oldest append that is held, or the one at `index`. */
  finishAppend(error: KafkaError = 'NONE', index = 0): void {
    const [held] = this.log.held.splice(index, 1)
    if (held === undefined) throw new Error('no append is held')
    onCoordinatorAppend(this.broker, { ...held, error }, this.hand.context)
  }

  advanceMs(ms: number): void {
    this.hand.advance(ms * 1_000)
  }

  probes(probe: ProbeId): number {
    return this.hand.context.probes.filter((noted) => noted.probe === probe).length
  }

  join(clientId: string, traits: JoinTraits = {}): Asked<JoinGroupResponse> {
    return this.#ask<JoinGroupResponse>({
      type: 'JoinGroupRequest',
      ...this.#header(clientId),
      apiVersion: 9,
      groupId: GROUP,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: '',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: protocolsOf('range'),
      ...traits,
    })
  }

  /** Asks for an id and joins with it. */
  enter(clientId: string, traits: JoinTraits = {}): Entry {
    const memberId = this.join(clientId, traits).answer?.memberId ?? ''
    return { memberId, joined: this.join(clientId, { ...traits, memberId }) }
  }

  sync(
    of: { readonly memberId: string; readonly generation: number },
    assignments: readonly MemberAssignment[] = [],
    protocolName = 'range',
  ): Asked<SyncGroupResponse> {
    return this.#ask<SyncGroupResponse>({
      type: 'SyncGroupRequest',
      ...this.#header(of.memberId),
      groupId: GROUP,
      generationId: of.generation,
      memberId: of.memberId,
      groupInstanceId: null,
      protocolName,
      assignments,
    })
  }

  heartbeat(of: { readonly memberId: string; readonly generation: number }): KafkaError {
    return (
      this.#ask<HeartbeatResponse>({
        type: 'HeartbeatRequest',
        ...this.#header(of.memberId),
        groupId: GROUP,
        generationId: of.generation,
        memberId: of.memberId,
        groupInstanceId: null,
      }).answer?.error ?? unanswered()
    )
  }

  leave(memberId: string): KafkaError {
    return (
      this.#ask<LeaveGroupResponse>({
        type: 'LeaveGroupRequest',
        ...this.#header(memberId),
        groupId: GROUP,
        memberId,
      }).answer?.error ?? unanswered()
    )
  }

  commit(
    of: { readonly memberId: string; readonly generation: number },
    offset: number,
    partition: PartitionId = ORDERS_0,
  ): Asked<OffsetCommitResponse> {
    return this.#ask<OffsetCommitResponse>({
      type: 'OffsetCommitRequest',
      ...this.#header(of.memberId),
      groupId: GROUP,
      generationId: of.generation,
      memberId: of.memberId,
      groupInstanceId: null,
      partitions: [{ partition, offset, leaderEpoch: 1 }],
    })
  }

  committed(requireStable = true, partition: PartitionId = ORDERS_0): OffsetFetchResponse {
    return (
      this.#ask<OffsetFetchResponse>({
        type: 'OffsetFetchRequest',
        ...this.#header('reader'),
        groupId: GROUP,
        requireStable,
        partitions: [partition],
      }).answer ?? unanswered()
    )
  }

  findCoordinator(key = GROUP): FindCoordinatorResponse {
    return (
      this.#ask<FindCoordinatorResponse>({
        type: 'FindCoordinatorRequest',
        ...this.#header('reader'),
        keyType: 'group',
        key,
      }).answer ?? unanswered()
    )
  }

  #header(clientId: string): { correlationId: number; clientId: string; apiVersion: number } {
    this.#correlations += 1
    return { correlationId: this.#correlations, clientId, apiVersion: 4 }
  }

  #ask<Response>(request: ToGroups): Asked<Response> {
    const connection = this.hand.accept(request.clientId)
    const { sent } = this.hand.context
    const asked = new Asked<Response>(connection, sent, sent.length)
    this.hand.deliver(connection, request)
    return asked
  }
}

function unanswered(): never {
  throw new Error('there is no answer')
}

export function protocolsOf(...names: readonly string[]): JoinGroupRequest['protocols'] {
  return names.map((name) => ({
    name,
    subscription: { topics: ['orders'], ownedPartitions: [], generation: -1 },
  }))
}

function behaviour(
  log: OffsetsLog,
  properties: Properties,
  protocols: Readonly<Record<string, string>> = {},
): Behaviour<Broker, ToGroups, BrokerTimer, BrokerIo> {
  const options = {
    id: 1,
    config: brokerConfig(properties),
    topics: new Topics(['orders']),
    protocols: levels(protocols),
  } as BrokerOptions
  const parts = {
    stations: { io: { servers: 8 } },
    start: (_disk: unknown, context: BrokerContext) =>
      ({
        options,
        metadata: startMetadataCache(),
        topicConfigs: startTopicConfigs(),
        groups: startGroups(options, log, context),
      }) as Broker,
    receive: groupReceive,
    expire: groupExpire,
  }
  return parts as unknown as Behaviour<Broker, ToGroups, BrokerTimer, BrokerIo>
}

/**
 * Two members and a stable group of generation 1: the first has `ORDERS_0`, the second `ORDERS_1`.
 */
export interface StablePair {
  readonly first: { readonly memberId: string; readonly generation: number }
  readonly second: { readonly memberId: string; readonly generation: number }
}

export function stablePair(groups: HandHeldGroups): StablePair {
  const first = { memberId: groups.enter('a').memberId, generation: 1 }
  const second = { memberId: groups.enter('b').memberId, generation: 1 }
  groups.advanceMs(2 * INITIAL_DELAY_MS)
  groups.sync(second)
  groups.sync(first, [
    { memberId: first.memberId, partitions: [ORDERS_0] },
    { memberId: second.memberId, partitions: [ORDERS_1] },
  ])
  return { first, second }
}
