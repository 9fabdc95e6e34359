/**
 * A cluster in the real kernel for tests of groups: one ZooKeeper server, three brokers, members.
 *
 * Consumers of the group read a topic in which nothing is written; a speaker is a client that sends
 * exactly the requests a test gives it, and keeps the answers.
 */

import type { HostConfig } from '../../../../sim/host.ts'
import type { AnyBehaviour, Behaviour, Body, Connection } from '../../../../sim/process.ts'
import { Simulation } from '../../../../sim/simulation.ts'
import type { RestartPolicy } from '../../../../sim/supervisor.ts'
import { History } from '../../../../model/history.ts'
import { effectStore } from '../../../../model/kafka/application/effect-store.ts'
import { applicationNamed } from '../../../../model/kafka/application/patterns.ts'
import type { Broker } from '../../../../model/kafka/broker-state.ts'
import { broker } from '../../../../model/kafka/broker.ts'
import { type Admin, adminProcess, isAdminIdle } from '../../../../model/kafka/clients/admin.ts'
import { consumerProcess, type Member } from '../../../../model/kafka/clients/consumer/process.ts'
import { brokerConfig } from '../../../../model/kafka/config/broker-config.ts'
import { consumerConfig } from '../../../../model/kafka/config/consumer-config.ts'
import type { Properties } from '../../../../model/kafka/config/reader.ts'
import { topicConfig } from '../../../../model/kafka/config/topic-config.ts'
import { DurableMetadata } from '../../../../model/kafka/durable-metadata.ts'
import { groupPartition } from '../../../../model/kafka/group/placement.ts'
import type { Group } from '../../../../model/kafka/group/state.ts'
import { sizeOf } from '../../../../model/kafka/message-size.ts'
import { brokerName, type KafkaRequest, type ToConsumer } from '../../../../model/kafka/messages.ts'
import { protocolsOf } from '../../../../model/kafka/protocols.ts'
import { OFFSETS_TOPIC, Topics } from '../../../../model/kafka/topics.ts'
import { type PartitionId, partitionId } from '../../../../model/record.ts'
import { CommitRecorder } from '../../../../model/zookeeper/commit-recorder.ts'
import { zooKeeperServer } from '../../../../model/zookeeper/server.ts'

export const GROUP = 'payment'
const BROKERS = [1, 2, 3]
const OFFSETS_PARTITIONS = 4
const ORDERS_PARTITIONS = 6
const SPEAKER = 'speaker-1'
const LIMIT_US = 300_000_000
/** A broker whose former session still stands gives up and has to be started again (KB C22). */
const SUPERVISED: RestartPolicy = { afterUs: 2_000_000, backoff: 2, maxUs: 30_000_000 }
/** Virtual time between two looks. */
const LOOK_US = 10_000

export const GROUP_PARTITION: PartitionId = partitionId(
  0,
  groupPartition(GROUP, OFFSETS_PARTITIONS),
)

interface Say extends Body {
  readonly type: 'Say'
  readonly to: string
  readonly request: KafkaRequest
}

type GroupAnswer = Exclude<
  ToConsumer,
  {
    readonly type:
      'FetchResponse' | 'ListOffsetsResponse' | 'OffsetForLeaderEpochResponse' | 'MetadataResponse'
  }
>

interface Speaker {
  readonly connections: Map<string, Connection>
  readonly answers: GroupAnswer[]
}

export class GroupCluster {
  readonly world: Simulation
  readonly durable: DurableMetadata
  readonly members: string[] = []
  /** What was seen of partitions with two owners of one generation. */
  readonly twoOwners: string[] = []
  readonly #topics = new Topics(['orders'])
  readonly #history: History

  constructor(seed: number, members: number, consumer: Properties = {}) {
    this.world = new Simulation({ seed, delayBetween: () => ({ baseUs: 300, jitterUs: 50 }) })
    this.#history = new History(() => this.world.nowUs)
    this.durable = new DurableMetadata(this.#topics, null)
    this.#addZooKeeper()
    for (const id of BROKERS) this.#addBroker(id)
    this.#add(
      'admin-1',
      adminProcess({ topics: this.#topics, brokers: BROKERS, history: this.#history }),
    )
    this.#add(SPEAKER, speaker())
    for (let number = 1; number <= members; number += 1) this.#addMember(number, consumer)
    this.#boot()
  }

  get coordinator(): number {
    return this.durable.leaderOf(GROUP_PARTITION)
  }

  /** The group as a broker knows it. */
  groupAt(id: number): Group | undefined {
    return this.#stateOf<Broker>(brokerName(id))?.groups.groups.get(GROUP)
  }

  membership(name: string): Member['consumer']['membership'] | undefined {
    return this.#stateOf<Member>(name)?.consumer.membership
  }

  /** Whether these members, and no others, are stable in one generation and own everything. */
  isStable(names: readonly string[] = this.members): boolean {
    const group = this.groupAt(this.coordinator)
    if (group === undefined || group.phase !== 'Stable') return false
    const owned: PartitionId[] = []
    for (const name of names) {
      const membership = this.membership(name)
      if (membership?.state !== 'stable' || membership.generation !== group.generation) return false
      const positions = this.#stateOf<Member>(name)?.consumer.positions.values() ?? []
      owned.push(...positions.map(({ partition }) => partition))
    }
    return owned.length === ORDERS_PARTITIONS && group.members.size === names.length
  }

  /**
   * Drives the world until something holds; the time that took, in ms. Fails after five minutes.
   */
  reach(what: string, holds: () => boolean): number {
    const from = this.world.nowUs
    while (!holds()) {
      if (this.world.nowUs - from > LIMIT_US) throw new Error(`not reached: ${what}`)
      this.runMs(LOOK_US / 1_000)
    }
    return (this.world.nowUs - from) / 1_000
  }

  /** Kills a process and keeps it down; `revive` ends that. */
  kill(name: string): void {
    this.world.crash(name)
    this.world.holdDown(name)
  }

  revive(name: string): void {
    this.world.letUp(name)
  }

  runMs(ms: number): void {
    const untilUs = this.world.nowUs + ms * 1_000
    while (this.world.nowUs < untilUs) {
      this.world.runUntil(Math.min(untilUs, this.world.nowUs + LOOK_US))
      this.#lookAtOwners()
    }
  }

  /** KC I14: members of the newest generation that hold the same partition at the same time. */
  #lookAtOwners(): void {
    const owners = new Map<PartitionId, number>()
    for (const name of this.members) {
      const consumer = this.#stateOf<Member>(name)?.consumer
      if (consumer?.membership.state !== 'stable') continue
      const { generation } = consumer.membership
      for (const { partition } of consumer.positions.values()) {
        if (owners.get(partition) === generation) this.twoOwners.push(`${name} at ${partition}`)
        owners.set(partition, generation)
      }
    }
  }

  /** Asks one broker and waits for the answer; undefined if there is none within two seconds. */
  ask<Answer>(id: number, request: KafkaRequest): Answer | undefined {
    const before = this.#answers().length
    const say: Say = { type: 'Say', to: brokerName(id), request }
    this.world.inject(SPEAKER, say)
    for (let waited = 0; waited < 200 && this.#answers().length === before; waited += 1) {
      this.runMs(10)
    }
    return this.#answers()[before] as Answer | undefined
  }

  #answers(): readonly GroupAnswer[] {
    return this.#stateOf<Speaker>(SPEAKER)?.answers ?? []
  }

  #stateOf<State>(name: string): State | undefined {
    const runtime = this.world.process(name)
    return runtime?.phase === 'running' || runtime?.phase === 'paused'
      ? (runtime.state as State)
      : undefined
  }

  #addZooKeeper(): void {
    const server = {
      id: 1,
      peers: [{ id: 1, name: 'zookeeper-1' }],
      tickMs: 2_000,
      initLimit: 10,
      syncLimit: 5,
      minSessionTimeoutMs: 4_000,
      maxSessionTimeoutMs: 40_000,
      finalizeWaitMs: 200,
      observer: this.durable,
    }
    this.#add('zookeeper-1', zooKeeperServer(server, new CommitRecorder(this.durable)))
  }

  #addBroker(id: number): void {
    const config = brokerConfig({
      'offsets.topic.num.partitions': OFFSETS_PARTITIONS,
      'zookeeper.session.timeout.ms': 6_000,
    })
    const behaviour = broker({
      id,
      rack: null,
      config,
      topicConfig: () => topicConfig({ 'min.insync.replicas': 2 }, config),
      topics: this.#topics,
      protocols: protocolsOf({}),
      zookeeper: ['zookeeper-1'],
      facts: null,
    })
    this.#add(brokerName(id), behaviour)
  }

  #addMember(number: number, properties: Properties): void {
    const name = `${GROUP}-${number}`
    const store = effectStore(this.#history.messages)
    const pattern = {
      effect: GROUP,
      effectPer: 'record',
      calls: [],
      produces: null,
      store,
    } as const
    const behaviour = consumerProcess({
      groupId: GROUP,
      groupNumber: groupPartition(GROUP, OFFSETS_PARTITIONS),
      topics: ['orders'],
      brokers: BROKERS,
      topicTable: this.#topics,
      config: consumerConfig(properties),
      autoCommit: false,
      history: this.#history,
      application: () => applicationNamed('process-then-commit', pattern),
      store,
      work: { p50Us: 1_000, p99Us: 1_000 },
      producer: null,
    })
    this.#add(name, behaviour)
    this.members.push(name)
  }

  #add(name: string, behaviour: AnyBehaviour): void {
    this.world.addHost(host(name))
    this.world.addProcess({ name, host: name, behaviour, restart: SUPERVISED })
  }

  #boot(): void {
    for (const name of ['zookeeper-1', ...BROKERS.map(brokerName), 'admin-1', SPEAKER]) {
      this.world.start(name)
    }
    this.reach('brokers registered', () => BROKERS.every((id) => this.durable.isRegistered(id)))
    this.#createTopics()
    for (const name of this.members) this.world.start(name)
  }

  #createTopics(): void {
    const topic = { replicationFactor: 3, assignment: null, config: {} }
    const topics = [
      { ...topic, name: OFFSETS_TOPIC, partitions: OFFSETS_PARTITIONS },
      { ...topic, name: 'orders', partitions: ORDERS_PARTITIONS },
    ]
    const action = { kind: 'create-topics', topics } as const
    const command = { type: 'AdminCommand', action, timeoutMs: Infinity }
    this.world.inject('admin-1', command)
    this.runMs(1)
    const admin = (): Admin | undefined => this.#stateOf<Admin>('admin-1')
    this.reach('topics created', () => {
      const state = admin()
      return state !== undefined && isAdminIdle(state)
    })
    this.reach('leaders elected', () => this.#whole())
  }

  #whole(): boolean {
    const partitions = this.durable.partitions()
    return (
      partitions.length === OFFSETS_PARTITIONS + ORDERS_PARTITIONS &&
      partitions.every((partition) => this.durable.isrOf(partition).length === BROKERS.length)
    )
  }
}

function host(name: string): HostConfig {
  const disk = { dir: 'data-0', syncUs: 500, bytesPerUs: 0, writeBackUs: Infinity, tornShare: 0 }
  return {
    name,
    zone: 'rack-1',
    cores: 0,
    nicBytesPerUs: 0,
    wallStartMs: 1_605_023_400_000,
    disks: [disk],
  }
}

/** A client that says what it is told to. */
function speaker(): Behaviour<Speaker, Say | GroupAnswer> {
  const hear = (self: Speaker, answer: GroupAnswer): void => void self.answers.push(answer)
  return {
    stations: { app: { servers: 1 } },
    start: () => ({ connections: new Map(), answers: [] }),
    receive: {
      Say: (self, say, _connection, context) => {
        let connection = self.connections.get(say.to)
        if (connection === undefined || connection.open === false) {
          connection = context.connect(say.to)
          self.connections.set(say.to, connection)
        }
        context.send(connection, say.request, sizeOf(say.request))
      },
      FindCoordinatorResponse: hear,
      JoinGroupResponse: hear,
      SyncGroupResponse: hear,
      HeartbeatResponse: hear,
      LeaveGroupResponse: hear,
      OffsetCommitResponse: hear,
      OffsetFetchResponse: hear,
    },
    expire: {},
  }
}
