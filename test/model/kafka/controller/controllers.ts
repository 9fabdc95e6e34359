/**
 * Brokers that consist of registration and controller alone, around one hand-held ZooKeeper.
 *
 * What they send to brokers stays in their contexts, to be looked at and answered by the test.
 */

import type { Behaviour, Body } from '../../../../sim/process.ts'
import type { GuardId } from '../../../../sim/registry.ts'
import type { Broker, BrokerIo, BrokerTimer } from '../../../../model/kafka/broker-state.ts'
import { brokerConfig } from '../../../../model/kafka/config/broker-config.ts'
import { topicConfig } from '../../../../model/kafka/config/topic-config.ts'
import {
  controllerClosed,
  controllerExpire,
  controllerReceive,
  startController,
} from '../../../../model/kafka/controller/controller.ts'
import type { ControlRequest } from '../../../../model/kafka/controller/state.ts'
import { type StateNode, statePath } from '../../../../model/kafka/controller/znodes.ts'
import { DurableMetadata } from '../../../../model/kafka/durable-metadata.ts'
import type { KafkaResponse, ToBroker } from '../../../../model/kafka/messages.ts'
import { startMetadataCache } from '../../../../model/kafka/metadata-cache.ts'
import { PartitionTable } from '../../../../model/kafka/replication/partition-table.ts'
import { startTopicConfigs } from '../../../../model/kafka/topic-configs.ts'
import { defaultProtocols, type Protocols } from '../../../../model/kafka/protocols.ts'
import {
  sessionExpire,
  sessionReceive,
  startBrokerSession,
  startRegistration,
} from '../../../../model/kafka/registration.ts'
import { Topics } from '../../../../model/kafka/topics.ts'
import { partitionId } from '../../../../model/record.ts'
import { clientClosed } from '../../../../model/zookeeper/client.ts'
import type { FromZooKeeperClient } from '../../../../model/zookeeper/messages.ts'
import { HandHeld, type HandHeldConnection } from '../hand-held-context.ts'
import { HandHeldZooKeeper } from './hand-held-zookeeper.ts'

type Reduced = Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo>
type HandHeldBroker = HandHeld<Broker, ToBroker, BrokerTimer, BrokerIo>

export const topics = new Topics(['orders'])

/** Partition `number` of `orders`. */
export function orders(number: number): number {
  return partitionId(topics.id('orders') ?? -1, number)
}

export interface ClusterOptions {
  readonly racks?: Readonly<Record<number, string>>
  readonly guardsOff?: readonly GuardId[]
  readonly protocols?: Partial<Protocols>
  readonly unclean?: boolean
  readonly topicsMayGo?: boolean
  readonly isrsChangeByNode?: boolean
  readonly config?: Readonly<Record<string, string>>
}

function reducedBroker(id: number, options: ClusterOptions): Reduced {
  const config = brokerConfig(options.config ?? {})
  const unclean = String(options.unclean ?? false)
  const brokerOptions: Broker['options'] = {
    id,
    rack: options.racks?.[id] ?? null,
    config,
    topicConfig: (_topic, altered) =>
      topicConfig({ 'unclean.leader.election.enable': unclean, ...altered }, config),
    topics,
    protocols: { ...defaultProtocols, ...options.protocols },
    zookeeper: ['zookeeper-1'],
    topicsMayGo: options.topicsMayGo ?? false,
    isrsChangeByNode: options.isrsChangeByNode ?? false,
    facts: null,
  }
  return {
    stations: { all: { servers: 1 } },
    start: (disk, context) => {
      const self = {
        options: brokerOptions,
        disk,
        brokerEpoch: -1,
        waiting: null,
        registration: startRegistration(),
        metadata: startMetadataCache(),
        topicConfigs: startTopicConfigs(),
        replicas: { partitions: new PartitionTable(), checksRetention: false },
        controller: startController(context),
      } as unknown as Broker
      return Object.assign(self, { zookeeper: startBrokerSession(self, brokerOptions, context) })
    },
    receive: { ...sessionReceive, ...controllerReceive } as unknown as Reduced['receive'],
    expire: { ...sessionExpire, ...controllerExpire } as unknown as Reduced['expire'],
    closed: (self, connection, reason, context) =>
      void (
        clientClosed(self.zookeeper, connection, reason, context) ||
        controllerClosed(self, connection, context)
      ),
  }
}

interface Member {
  readonly hand: HandHeldBroker
  session: number
  /** How many of the sent messages have been carried to ZooKeeper. */
  carried: number
  cut: boolean
}

export class Controllers {
  readonly durable = new DurableMetadata(topics, null)
  readonly zookeeper = new HandHeldZooKeeper(this.durable)
  readonly #members = new Map<number, Member>()
  readonly #options: ClusterOptions

  constructor(ids: readonly number[], options: ClusterOptions = {}) {
    this.#options = options
    for (const id of ids) {
      this.add(id)
      this.settle()
    }
  }

  add(id: number): void {
    const guardsOff = this.#options.guardsOff ?? []
    const hand = new HandHeld(reducedBroker(id, this.#options), { name: `broker-${id}`, guardsOff })
    this.#members.set(id, { hand, session: 0, carried: 0, cut: false })
  }

  hand(id: number): HandHeldBroker {
    return this.#member(id).hand
  }

  self(id: number): Broker {
    return this.#member(id).hand.state
  }

  session(id: number): number {
    return this.#member(id).session
  }

  /** Nothing passes between this broker and ZooKeeper any more; its connection breaks. */
  cut(id: number): void {
    const member = this.#member(id)
    member.cut = true
    const others = this.zookeeper.outgoing.filter(({ session }) => session !== member.session)
    this.zookeeper.outgoing.splice(0, Infinity, ...others)
    const connection = member.hand.connectionTo('zookeeper-1')
    member.hand.closed(connection, 'reset')
  }

  /** The way is free again, and the broker's next attempt falls due. */
  heal(id: number): void {
    const member = this.#member(id)
    member.cut = false
    member.carried = member.hand.context.sent.length
    member.hand.fire('zookeeper.reconnect', 0)
  }

  /** The process dies; its session lives on. */
  crash(id: number): void {
    this.#member(id).cut = true
  }

  restart(id: number): void {
    const member = this.#member(id)
    member.cut = false
    member.session = 0
    member.carried = member.hand.context.sent.length
    member.hand.restart()
  }

  expire(id: number): void {
    this.zookeeper.expire(this.#member(id).session)
  }

  /** Carries one round of messages to ZooKeeper and back. True if there were any. */
  round(): boolean {
    const carried = this.carry()
    return this.deliver() || carried
  }

  /** Carries what the brokers have sent to ZooKeeper, which answers but is not heard yet. */
  carry(): boolean {
    let moved = false
    for (const member of this.#members.values()) moved = this.#carry(member) || moved
    return moved
  }

  settle(): void {
    while (this.round());
  }

  /** Control requests that this broker has sent, as `LISR to 2` in short, oldest first. */
  control(id: number): readonly { readonly to: string; readonly request: ControlRequest }[] {
    return this.#member(id)
      .hand.context.sent.filter(({ message }) => isControl(message))
      .map(({ connection, message }) => ({
        to: connection.peer,
        request: message as ControlRequest,
      }))
  }

  /** Answers control requests until no more come; brokers in `silent` stay silent. */
  answerControl(id: number, silent: readonly number[] = []): void {
    const { hand } = this.#member(id)
    let at = 0
    while (at < hand.context.sent.length) {
      const { connection, message } = hand.context.sent[at++] as (typeof hand.context.sent)[number]
      if (!isControl(message) || connection.ended !== null) continue
      if (silent.some((broker) => connection.peer === `broker-${broker}`)) continue
      hand.deliver(connection, responseTo(message))
      this.settle()
    }
  }

  /** Delivers a request to a broker over a new connection, settles, and gives the response. */
  ask<Response extends KafkaResponse>(id: number, request: ToBroker): Response {
    const { hand } = this.#member(id)
    const connection = hand.accept('somebody')
    hand.deliver(connection, request)
    this.settle()
    return this.answerOn<Response>(id, connection)
  }

  answerOn<Response extends KafkaResponse>(id: number, connection: HandHeldConnection): Response {
    const found = this.#member(id).hand.context.sent.findLast(
      (sent) => sent.connection.id === connection.id,
    )
    if (found === undefined) throw new Error('no response was sent')
    return found.message as unknown as Response
  }

  /** Creates `orders` with these replica lists through the controller. */
  createOrders(id: number, assignment: readonly (readonly number[])[]): void {
    this.ask(id, {
      type: 'CreateTopicsRequest',
      correlationId: 1,
      clientId: 'admin',
      apiVersion: 0,
      topics: [
        {
          name: 'orders',
          partitions: assignment.length,
          replicationFactor: 1,
          assignment,
          config: {},
        },
      ],
    })
  }

  #member(id: number): Member {
    const member = this.#members.get(id)
    if (member === undefined) throw new Error(`there is no broker ${id}`)
    return member
  }

  #carry(member: Member): boolean {
    const { sent } = member.hand.context
    let moved = false
    while (member.carried < sent.length) {
      const { connection, message } = sent[member.carried++] as (typeof sent)[number]
      if (member.cut || connection.peer !== 'zookeeper-1') continue
      member.session = this.zookeeper.take(member.session, message as FromZooKeeperClient)
      moved = true
    }
    return moved
  }

  /** Lets the brokers hear what ZooKeeper has answered. */
  deliver(): boolean {
    const outgoing = this.zookeeper.outgoing.splice(0)
    for (const { session, message } of outgoing) {
      for (const member of this.#members.values()) {
        if (member.session !== session || member.cut) continue
        const connection = member.hand.connectionTo('zookeeper-1')
        if (connection.ended !== null) continue
        if (message.type === 'ConnectResponse' && message.timeoutMs === 0) member.session = 0
        member.hand.deliver(connection, message)
      }
    }
    return outgoing.length > 0
  }
}

function isControl(message: Body): message is ControlRequest {
  return (
    message.type === 'LeaderAndIsrRequest' ||
    message.type === 'UpdateMetadataRequest' ||
    message.type === 'StopReplicaRequest'
  )
}

function responseTo(request: ControlRequest): ToBroker {
  const { type, correlationId } = request
  if (type === 'StopReplicaRequest') {
    const partitions = request.partitions.map(({ partition }) => {
      return { partition, error: 'NONE' } as const
    })
    return { type: 'StopReplicaResponse', correlationId, error: 'NONE', partitions }
  }
  if (type === 'UpdateMetadataRequest') {
    return { type: 'UpdateMetadataResponse', correlationId, error: 'NONE' }
  }
  return { type: 'LeaderAndIsrResponse', correlationId, error: 'NONE', partitions: [] }
}

/** The durable state of partition `number` of `orders`. */
export function stateOf(cluster: Controllers, number: number): StateNode | undefined {
  return cluster.zookeeper.data<StateNode>(statePath(topics, orders(number)))
}

/** How often a broker has marked a moment. */
export function probed(cluster: Controllers, id: number, probe: number): number {
  return cluster.hand(id).context.probes.filter((one) => one.probe === probe).length
}
