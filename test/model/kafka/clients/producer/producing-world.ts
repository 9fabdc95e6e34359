/**
 * A whole small cluster in the simulated world, with two instances of a producing service and an
 * auditor that reads the logs at the end.
 */

import { History, Outcome } from '../../../../../model/history.ts'
import { broker } from '../../../../../model/kafka/broker.ts'
import { adminProcess } from '../../../../../model/kafka/clients/admin.ts'
import {
  type Auditor,
  auditorProcess,
  isAuditComplete,
} from '../../../../../model/kafka/clients/auditor.ts'
import {
  isProducingDone,
  producerProcess,
} from '../../../../../model/kafka/clients/producer/process.ts'
import type { ProducingService } from '../../../../../model/kafka/clients/producer/service.ts'
import { brokerConfig } from '../../../../../model/kafka/config/broker-config.ts'
import { producerConfig } from '../../../../../model/kafka/config/producer-config.ts'
import type { Properties } from '../../../../../model/kafka/config/reader.ts'
import { topicConfig } from '../../../../../model/kafka/config/topic-config.ts'
import { defaultProtocols } from '../../../../../model/kafka/protocols.ts'
import { Topics } from '../../../../../model/kafka/topics.ts'
import { recordsOf } from '../../../../../model/record.ts'
import { createEnsemble } from '../../../../../model/zookeeper/ensemble.ts'
import type { AnyBehaviour, Body } from '../../../../../sim/process.ts'
import { Simulation } from '../../../../../sim/simulation.ts'

export interface ProducingWorldOptions {
  readonly seed: number
  readonly properties?: Properties
  readonly resendOnTimeout?: boolean
  readonly guardsOff?: readonly string[]
}

export const SECOND = 1_000_000
const BROKERS = [1, 2, 3]
const BROKER_NAMES = BROKERS.map((id) => `broker-${id}`)
const PRODUCERS = ['orders-1', 'orders-2']
const LOAD_SECONDS = 20
const RESTART = { afterUs: 2 * SECOND, backoff: 1, maxUs: 10 * SECOND }
const BRISK: Properties = {
  'request.timeout.ms': 1500,
  'delivery.timeout.ms': 30_000,
  'linger.ms': 5,
}

export class ProducingWorld {
  readonly world: Simulation
  readonly history: History
  readonly topics = new Topics(['orders'])
  readonly #options: ProducingWorldOptions
  #originUs = Infinity

  constructor(options: ProducingWorldOptions) {
    this.#options = options
    this.world = new Simulation({
      seed: options.seed,
      delayBetween: () => ({ baseUs: 300, jitterUs: 100 }),
      guardsOff: options.guardsOff ?? [],
    })
    this.history = new History(() => this.world.nowUs)
    this.#addServers()
    for (const name of PRODUCERS) this.#addProducer(name)
  }

  /** Boots the cluster and begins the load; torment comes between this and `finish`. */
  begin(): void {
    for (const { name } of createEnsemble({ servers: 1 }, null)) this.world.start(name)
    for (const name of BROKER_NAMES) this.world.start(name)
    this.world.start('admin-1')
    this.run(10)
    const topics = [
      { name: 'orders', partitions: 4, replicationFactor: 3, assignment: null, config: {} },
    ]
    const action = { kind: 'create-topics', topics }
    this.#tell('admin-1', { type: 'AdminCommand', timeoutMs: Infinity, action })
    this.run(5)
    for (const name of PRODUCERS) this.world.start(name)
    this.#originUs = this.world.nowUs
    for (const name of PRODUCERS) this.#tell(name, { type: 'LoadCommand', command: 'start' })
  }

  /** A fault at a time of the load, in seconds. */
  at(seconds: number, run: () => void): void {
    this.world.at(this.#originUs + seconds * SECOND, `nemesis/${seconds}`, run)
  }

  /** Lets the load end and all sends with it, then reads the logs. */
  finish(): void {
    this.run(LOAD_SECONDS + 60)
    this.world.start('auditor-1')
    const isolation = 'read_uncommitted'
    this.#tell('auditor-1', { type: 'AuditCommand', isolation, topics: ['orders'] })
    this.run(30)
  }

  run(seconds: number): void {
    this.world.runUntil(this.world.nowUs + seconds * SECOND)
  }

  /** True if every send has ended and every log has been read. */
  get done(): boolean {
    const audited = isAuditComplete(this.world.stateOf<Auditor>('auditor-1') as Auditor)
    return (
      audited &&
      PRODUCERS.every((name) =>
        isProducingDone(this.world.stateOf<ProducingService>(name) as ProducingService),
      )
    )
  }

  /** The records of each log as `stream/index`, in the order of offsets. */
  logs(): string[][] {
    const { logs } = this.world.stateOf<Auditor>('auditor-1') as Auditor
    return logs.map(({ entries }) =>
      entries.flatMap(({ batch }) =>
        recordsOf(batch).map(({ stream, index }) => `${stream}/${index}`),
      ),
    )
  }

  /** The records whose sends ended so. */
  sent(outcome: Outcome): string[] {
    const { sends } = this.history
    const found: string[] = []
    for (let row = 0; row < sends.length; row += 1) {
      if (sends.get('outcome', row) !== outcome) continue
      found.push(`${sends.get('stream', row)}/${sends.get('index', row)}`)
    }
    return found
  }

  probes(name: string): number {
    return this.world.probesByName()[name] ?? 0
  }

  #addServers(): void {
    for (const { name, behaviour } of createEnsemble({ servers: 1 }, null)) {
      this.#addProcess(name, behaviour)
    }
    const config = brokerConfig({
      'min.insync.replicas': 2,
      'zookeeper.session.timeout.ms': 6000,
      'replica.lag.time.max.ms': 3000,
    })
    const topic = topicConfig({}, config)
    const { topics, history } = this
    for (const id of BROKERS) {
      const behaviour = broker({
        id,
        rack: null,
        config,
        topicConfig: () => topic,
        topics,
        protocols: defaultProtocols,
        zookeeper: ['zookeeper-1'],
        facts: null,
      })
      this.#addProcess(`broker-${id}`, behaviour)
    }
    this.#addProcess('admin-1', adminProcess({ topics, brokers: BROKERS, history }))
    this.#addProcess('auditor-1', auditorProcess({ topics, brokers: BROKERS }))
  }

  #addProducer(name: string): void {
    const behaviour = producerProcess({
      topic: this.topics.id('orders') as number,
      topics: this.topics,
      brokers: BROKERS,
      config: producerConfig({ ...BRISK, ...this.#options.properties }),
      load: {
        arrival: 'poisson',
        points: [{ atUs: 0, perSecond: 40 }],
        endUs: LOAD_SECONDS * SECOND,
        keys: { kind: 'fixed', count: 10 },
        recordBytes: 200,
      },
      resendOnTimeout: this.#options.resendOnTimeout ?? false,
      history: this.history,
      elapsedUs: () => this.world.nowUs - this.#originUs,
    })
    this.#addProcess(name, behaviour)
  }

  #addProcess(name: string, behaviour: AnyBehaviour): void {
    this.world.addHost({
      name,
      zone: 'here',
      cores: 0,
      nicBytesPerUs: 0,
      wallStartMs: 1_605_023_400_000,
      disks: [
        { dir: 'data-0', syncUs: 500, bytesPerUs: 0, writeBackUs: 5 * SECOND, tornShare: 0.5 },
      ],
    })
    this.world.addProcess({ name, host: name, behaviour, restart: RESTART })
  }

  #tell(process: string, message: Body & Readonly<Record<string, unknown>>): void {
    this.world.inject(process, message)
  }
}
