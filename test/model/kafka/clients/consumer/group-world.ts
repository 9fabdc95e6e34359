/**
 * A whole small cluster with one consumer group in the simulated world: an ensemble, three brokers,
 * a producing service, members of group `payment`, and a bank.
 */

import { History, Outcome } from '../../../../../model/history.ts'
import {
  type EffectStore,
  effectStore,
} from '../../../../../model/kafka/application/effect-store.ts'
import type { PatternOptions } from '../../../../../model/kafka/application/pattern-parts.ts'
import {
  applicationNamed,
  commitsAutomatically,
  type PatternName,
} from '../../../../../model/kafka/application/patterns.ts'
import { serviceLedger, serviceProcess } from '../../../../../model/kafka/application/service.ts'
import { broker } from '../../../../../model/kafka/broker.ts'
import { adminProcess } from '../../../../../model/kafka/clients/admin.ts'
import {
  consumerProcess,
  type ConsumerProcessOptions,
  type Member,
} from '../../../../../model/kafka/clients/consumer/process.ts'
import { producerProcess } from '../../../../../model/kafka/clients/producer/process.ts'
import { brokerConfig } from '../../../../../model/kafka/config/broker-config.ts'
import { consumerConfig } from '../../../../../model/kafka/config/consumer-config.ts'
import { producerConfig } from '../../../../../model/kafka/config/producer-config.ts'
import type { Properties } from '../../../../../model/kafka/config/reader.ts'
import { topicConfig } from '../../../../../model/kafka/config/topic-config.ts'
import { defaultProtocols } from '../../../../../model/kafka/protocols.ts'
import { OFFSETS_TOPIC, Topics } from '../../../../../model/kafka/topics.ts'
import { createEnsemble } from '../../../../../model/zookeeper/ensemble.ts'
import type { AnyBehaviour, Body } from '../../../../../sim/process.ts'
import { Simulation } from '../../../../../sim/simulation.ts'

export interface GroupWorldOptions {
  readonly seed?: number
  readonly members: number
  readonly pattern: PatternName
  readonly partitions?: number
  /** Orders a second, each of three events. */
  readonly ordersPerSecond?: number
  readonly workUs?: number
  readonly config?: Properties
  readonly guardsOff?: readonly string[]
  readonly application?: Partial<PatternOptions>
  readonly over?: Partial<ConsumerProcessOptions>
}

const SECOND_US = 1_000_000
const BRISK: Properties = {
  'session.timeout.ms': 6000,
  'heartbeat.interval.ms': 1000,
  'max.poll.interval.ms': 10_000,
  'max.poll.records': 50,
  'request.timeout.ms': 2000,
  'metadata.max.age.ms': 5000,
  'auto.offset.reset': 'earliest',
}
const BROKERS = [1, 2, 3]
const RESTART = { afterUs: SECOND_US, backoff: 2, maxUs: 10 * SECOND_US }

export class GroupWorld {
  readonly world: Simulation
  readonly history: History
  readonly topics = new Topics(['orders', 'payments'])
  readonly members: string[] = []
  readonly #options: GroupWorldOptions
  readonly #store: EffectStore
  #originUs = Infinity

  constructor(options: GroupWorldOptions) {
    this.#options = options
    this.world = new Simulation({
      seed: options.seed ?? 1,
      delayBetween: () => ({ baseUs: 300, jitterUs: 100 }),
      ...(options.guardsOff === undefined ? {} : { guardsOff: options.guardsOff }),
    })
    this.history = new History(() => this.world.nowUs)
    this.#store = effectStore(this.history.messages)
    this.#addServers()
    this.#addProducer()
    for (let n = 0; n < options.members; n += 1) this.addMember()
  }

  /** Boots the cluster, starts the members and waits until the group is stable. */
  boot(): void {
    for (const id of [1, 2, 3]) this.world.start(`zookeeper-${id}`)
    for (const id of BROKERS) this.world.start(`broker-${id}`)
    this.world.start('admin-1')
    this.world.start('service-bank')
    this.run(10)
    const replicated = { replicationFactor: 3, assignment: null, config: {} }
    this.#tell('admin-1', {
      type: 'AdminCommand',
      timeoutMs: Infinity,
      action: {
        kind: 'create-topics',
        topics: [
          { name: OFFSETS_TOPIC, partitions: 4, ...replicated },
          { name: 'orders', partitions: this.#options.partitions ?? 4, ...replicated },
          { name: 'payments', partitions: 4, ...replicated },
        ],
      },
    })
    this.run(5)
    for (const name of this.members) this.world.start(name)
    this.run(10)
  }

  /** Produces from now on. */
  produce(): void {
    this.#originUs = this.world.nowUs
    this.world.start('orders-1')
    this.#tell('orders-1', { type: 'LoadCommand', command: 'start' })
  }

  stopProducing(): void {
    this.#tell('orders-1', { type: 'LoadCommand', command: 'stop' })
  }

  addPartitions(count: number): void {
    const action = { kind: 'create-partitions', topic: 'orders', count }
    this.#tell('admin-1', { type: 'AdminCommand', timeoutMs: 60_000, action })
  }

  stop(member: string): void {
    this.world.holdDown(member)
    this.#tell(member, { type: 'ConsumerCommand', command: 'stop', factor: 1 })
  }

  run(seconds: number): void {
    this.world.runUntil(this.world.nowUs + seconds * SECOND_US)
  }

  member(name: string): Member {
    const state = this.world.stateOf<Member>(name)
    if (state === undefined) throw new Error(`${name} is down`)
    return state
  }

  /** What each running member owns, as `name: partitions`. */
  owners(): Record<string, number[]> {
    const owned: Record<string, number[]> = {}
    for (const name of this.members) {
      const state = this.world.stateOf<Member>(name)
      if (state === undefined) continue
      const partitions = state.consumer.positions.values().map(({ partition }) => partition % 4096)
      owned[name] = partitions.toSorted((one, other) => one - other)
    }
    return owned
  }

  /**
   * How often each acknowledged record of `orders` was processed to its end, by stream and index.
   */
  processed(): Map<string, number> {
    const counts = new Map<string, number>()
    const { sends, processings } = this.history
    const orders = this.topics.id('orders')
    for (let row = 0; row < sends.length; row += 1) {
      if (sends.get('outcome', row) !== Outcome.ok || sends.get('topic', row) !== orders) continue
      counts.set(`${sends.get('stream', row)}/${sends.get('index', row)}`, 0)
    }
    for (let row = 0; row < processings.length; row += 1) {
      if (processings.get('outcome', row) !== Outcome.ok) continue
      const key = `${processings.get('stream', row)}/${processings.get('index', row)}`
      const count = counts.get(key)
      if (count !== undefined) counts.set(key, count + 1)
    }
    return counts
  }

  /** How often each effect of a name was applied, by message. */
  applied(effect: string): Map<number, number> {
    const counts = new Map<number, number>()
    const { effects } = this.history
    const name = this.history.name(effect)
    for (let row = 0; row < effects.length; row += 1) {
      if (effects.get('effect', row) !== name) continue
      const message = effects.get('message', row)
      counts.set(message, (counts.get(message) ?? 0) + effects.get('applied', row))
    }
    return counts
  }

  addMember(): string {
    const { application, config, over, pattern, workUs } = this.#options
    const name = `payment-${this.members.length + 1}`
    const work = { p50Us: workUs ?? 1000, p99Us: workUs ?? 1000 }
    const behaviour = consumerProcess({
      groupId: 'payment',
      groupNumber: 0,
      topics: ['orders'],
      brokers: BROKERS,
      topicTable: this.topics,
      config: consumerConfig({ ...BRISK, ...config }),
      autoCommit: commitsAutomatically(pattern),
      history: this.history,
      application: () =>
        applicationNamed(pattern, {
          effect: 'payment',
          effectPer: 'record',
          calls: [],
          produces: null,
          store: this.#store,
          ...application,
        }),
      store: this.#store,
      work,
      producer: producerConfig({}),
      ...over,
    })
    this.#addProcess(name, behaviour)
    this.members.push(name)
    return name
  }

  #addServers(): void {
    for (const { name, behaviour } of createEnsemble({ servers: 3 }, null)) {
      this.#addProcess(name, behaviour)
    }
    const config = brokerConfig({
      'offsets.topic.num.partitions': 4,
      'min.insync.replicas': 2,
      'zookeeper.session.timeout.ms': 6000,
      'replica.lag.time.max.ms': 3000,
    })
    const topic = topicConfig({}, config)
    for (const id of BROKERS) {
      const behaviour = broker({
        id,
        rack: null,
        config,
        topicConfig: () => topic,
        topics: this.topics,
        protocols: defaultProtocols,
        zookeeper: ['zookeeper-1', 'zookeeper-2', 'zookeeper-3'],
        facts: null,
      })
      this.#addProcess(`broker-${id}`, behaviour)
    }
    const { history, topics } = this
    this.#addProcess('admin-1', adminProcess({ topics, brokers: BROKERS, history }))
    const bank = { name: 'bank', workers: 8, work: { p50Us: 5000, p99Us: 5000 }, history }
    this.#addProcess('service-bank', serviceProcess({ ...bank, ledger: serviceLedger() }))
  }

  #addProducer(): void {
    const behaviour = producerProcess({
      topic: this.topics.id('orders') as number,
      topics: this.topics,
      brokers: BROKERS,
      config: producerConfig({
        'request.timeout.ms': 2000,
        'delivery.timeout.ms': 30_000,
        'metadata.max.age.ms': 5000,
      }),
      load: {
        arrival: 'steady',
        points: [{ atUs: 0, perSecond: this.#options.ordersPerSecond ?? 20 }],
        endUs: 600 * SECOND_US,
        keys: { kind: 'per-order', events: 3, gapUs: 50_000 },
        recordBytes: 200,
      },
      resendOnTimeout: false,
      history: this.history,
      elapsedUs: () => (this.#originUs === Infinity ? -1 : this.world.nowUs - this.#originUs),
    })
    this.#addProcess('orders-1', behaviour)
  }

  #addProcess(name: string, behaviour: AnyBehaviour): void {
    this.world.addHost({
      name,
      zone: 'here',
      cores: 0,
      nicBytesPerUs: 0,
      wallStartMs: 1_605_023_400_000,
      disks: [
        { dir: 'data-0', syncUs: 500, bytesPerUs: 0, writeBackUs: 5 * SECOND_US, tornShare: 0.5 },
      ],
    })
    this.world.addProcess({ name, host: name, behaviour, restart: RESTART })
  }

  #tell(process: string, message: Body & Readonly<Record<string, unknown>>): void {
    this.world.inject(process, message)
  }
}
