/**
 * An ensemble and brokers that consist of registration and controller alone, in a simulated world.
 *
 * Brokers obey every control request and note it. What the ensemble commits is kept, so that tests
 * can hold the whole history of `/controller` and of the partition states against the rules.
 */

import { broker } from '../../../../model/kafka/broker.ts'
import type {
  Broker,
  BrokerIo,
  BrokerOptions,
  BrokerTimer,
} from '../../../../model/kafka/broker-state.ts'
import { brokerConfig } from '../../../../model/kafka/config/broker-config.ts'
import { topicConfig } from '../../../../model/kafka/config/topic-config.ts'
import {
  controllerClosed,
  controllerExpire,
  controllerReceive,
  startController,
} from '../../../../model/kafka/controller/controller.ts'
import type { ControlRequest } from '../../../../model/kafka/controller/state.ts'
import { DurableMetadata } from '../../../../model/kafka/durable-metadata.ts'
import {
  brokerName,
  type KafkaRequest,
  type KafkaResponse,
  type ToBroker,
} from '../../../../model/kafka/messages.ts'
import { startMetadataCache } from '../../../../model/kafka/metadata-cache.ts'
import { PartitionTable } from '../../../../model/kafka/replication/partition-table.ts'
import { startTopicConfigs } from '../../../../model/kafka/topic-configs.ts'
import { defaultProtocols } from '../../../../model/kafka/protocols.ts'
import {
  sessionExpire,
  sessionReceive,
  startBrokerSession,
  startRegistration,
} from '../../../../model/kafka/registration.ts'
import { respond } from '../../../../model/kafka/respond.ts'
import { clientClosed } from '../../../../model/zookeeper/client.ts'
import { createEnsemble } from '../../../../model/zookeeper/ensemble.ts'
import type { EnsembleObserver, ZnodeChange } from '../../../../model/zookeeper/observer.ts'
import type { AnyBehaviour, Behaviour, Body, Connection, Context } from '../../../../sim/process.ts'
import { Simulation } from '../../../../sim/simulation.ts'
import { topics } from './controllers.ts'

export interface Commit {
  readonly zxid: number
  readonly changes: readonly ZnodeChange[]
}

/** A control request as a broker received it. */
export interface Told {
  readonly broker: number
  readonly incarnation: number
  readonly connection: number
  readonly request: ControlRequest
}

interface Ask extends Body {
  readonly type: 'Ask'
  readonly to: number
  readonly request: KafkaRequest
}

export interface WorldOptions {
  readonly seed?: number
  readonly brokers?: number
  readonly guardsOff?: readonly string[]
  /** Whole brokers instead of reduced ones. */
  readonly whole?: boolean
}

const SESSION_MS = 6000

export class ControllerWorld {
  readonly simulation: Simulation
  readonly durable = new DurableMetadata(topics, null)
  readonly commits: Commit[] = []
  readonly told: Told[] = []
  readonly responses: KafkaResponse[] = []
  readonly exits: { readonly name: string; readonly reason: string }[] = []
  readonly brokers: readonly number[]
  readonly servers: readonly string[]

  constructor(options: WorldOptions = {}) {
    const { seed = 1, brokers = 3, guardsOff = [] } = options
    this.brokers = Array.from({ length: brokers }, (_, index) => index + 1)
    this.simulation = new Simulation({
      seed,
      delayBetween: () => ({ baseUs: 250, jitterUs: 100 }),
      guardsOff,
      listener: {
        started: () => {},
        stopped: (name, _incarnation, reason) => void this.exits.push({ name, reason }),
      },
    })
    const members = createEnsemble({ servers: 3, tickMs: 1000 }, this.#observer())
    this.servers = members.map(({ name }) => name)
    for (const { name, behaviour } of members) this.#add(name, behaviour)
    for (const id of this.brokers) {
      const brokerOptions = optionsOf(id)
      const behaviour =
        options.whole === true ? broker(brokerOptions) : this.#reduced(brokerOptions)
      this.#add(brokerName(id), behaviour, true)
    }
    this.#add('admin', this.#admin())
  }

  start(): void {
    for (const name of this.simulation.processNames()) this.simulation.start(name)
    this.runUntil(() => this.durable.controller() !== -1, 20_000)
    this.runUntil(() => this.durable.registered().length === this.brokers.length, 20_000)
    this.runFor(500)
  }

  runFor(ms: number): void {
    this.simulation.runUntil(this.simulation.nowUs + ms * 1000)
  }

  /** Runs until `condition` holds, checked every 10 ms; throws if it does not within `ms`. */
  runUntil(condition: () => boolean, ms: number): void {
    const end = this.simulation.nowUs + ms * 1000
    while (!condition()) {
      if (this.simulation.nowUs >= end) throw new Error('the condition did not come true in time')
      this.simulation.runUntil(this.simulation.nowUs + 10_000)
    }
  }

  self(id: number): Broker | undefined {
    return this.simulation.stateOf<Broker>(brokerName(id))
  }

  /** Brokers that take themselves for the controller. */
  active(): readonly number[] {
    return this.brokers.filter((id) => this.self(id)?.controller.active === true)
  }

  ask(to: number, request: KafkaRequest): void {
    this.simulation.inject('admin', { type: 'Ask', to, request } as Ask)
    this.runFor(100)
  }

  /** Creates `orders` with these replica lists, and waits for its leaders. */
  createOrders(assignment: readonly (readonly number[])[]): void {
    this.ask(this.durable.controller(), {
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
    this.runUntil(() => this.durable.partitions().length === assignment.length, 5000)
    this.runFor(200)
  }

  leaders(): readonly number[] {
    return this.durable.partitions().map((partition) => this.durable.leaderOf(partition))
  }

  #observer(): EnsembleObserver {
    return {
      committed: (zxid, changes) => {
        this.commits.push({ zxid, changes })
        this.durable.committed(zxid, changes)
      },
      led: (server, epoch) => this.durable.led(server, epoch),
      sessionOpened: () => {},
      sessionExpired: () => {},
    }
  }

  #reduced(options: BrokerOptions): AnyBehaviour {
    const obey = (
      self: Broker,
      request: ControlRequest,
      connection: Connection,
      context: Parameters<(typeof controllerReceive)['AlterPartitionRequest']>[3],
    ): void => {
      const { incarnation } = context
      this.told.push({ broker: options.id, incarnation, connection: connection.id, request })
      self.metadata.controllerId = request.controllerId
      const { correlationId } = request
      const type = request.type.replace('Request', 'Response')
      const response = { type, correlationId, error: 'NONE', partitions: [] } as never
      respond(self, connection, response, context)
    }
    const behaviour: Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo> = {
      stations: { io: { servers: 8 }, controllerEvent: { servers: 1 } },
      start: (disk, context) => {
        const self = {
          options,
          disk,
          brokerEpoch: -1,
          waiting: null,
          registration: startRegistration(),
          metadata: startMetadataCache(),
          topicConfigs: startTopicConfigs(),
          replicas: { partitions: new PartitionTable(), checksRetention: false },
          controller: startController(context),
        } as unknown as Broker
        return Object.assign(self, { zookeeper: startBrokerSession(self, options, context) })
      },
      receive: {
        ...sessionReceive,
        ...controllerReceive,
        LeaderAndIsrRequest: obey,
        UpdateMetadataRequest: obey,
        StopReplicaRequest: obey,
      } as never,
      expire: { ...sessionExpire, ...controllerExpire } as never,
      closed: (self, connection, reason, context) =>
        void (
          clientClosed(self.zookeeper, connection, reason, context) ||
          controllerClosed(self, connection, context)
        ),
    }
    return behaviour
  }

  #admin(): AnyBehaviour {
    const hear = (_self: null, response: KafkaResponse): void => void this.responses.push(response)
    const behaviour: Behaviour<null, Ask | Body> = {
      stations: { app: { servers: 1 } },
      start: () => null,
      receive: {
        Ask: (_self: null, { to, request }: Ask, _connection: Connection, context: Context) =>
          context.send(context.connect(brokerName(to)), request, 100),
        CreateTopicsResponse: hear,
        CreatePartitionsResponse: hear,
        ElectLeadersResponse: hear,
        AlterPartitionResponse: hear,
        InitProducerIdResponse: hear,
      } as never,
      expire: {},
    }
    return behaviour
  }

  #add(name: string, behaviour: AnyBehaviour, supervised = false): void {
    const disk = {
      dir: 'data',
      syncUs: 500,
      bytesPerUs: 0,
      writeBackUs: Infinity,
      tornShare: 0,
    }
    this.simulation.addHost({
      name: `host-${name}`,
      zone: 'rack-1',
      cores: 4,
      nicBytesPerUs: 0,
      wallStartMs: 1_600_000_000_000,
      disks: [disk],
    })
    const process = { name, host: `host-${name}`, behaviour }
    const restart = { afterUs: 1_000_000, backoff: 1, maxUs: 1_000_000 }
    this.simulation.addProcess(supervised ? { ...process, restart } : process)
  }
}

function optionsOf(id: number): BrokerOptions {
  const config = brokerConfig({ 'zookeeper.session.timeout.ms': String(SESSION_MS) })
  return {
    id,
    rack: null,
    config,
    topicConfig: () => topicConfig({}, config),
    topics,
    protocols: defaultProtocols,
    zookeeper: ['zookeeper-1', 'zookeeper-2', 'zookeeper-3'],
    facts: null,
  }
}

/** What was committed to the state of partition `number` of `orders`, oldest first. */
export function statesCommitted(world: ControllerWorld, number: number): readonly ZnodeChange[] {
  const path = `/brokers/topics/orders/partitions/${number}/state`
  return world.commits.flatMap(({ changes }) => changes.filter((change) => change.path === path))
}
