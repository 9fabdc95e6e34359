/**
 * Several brokers' replicas in the real kernel, under a controller that the test scripts.
 *
 * The controller keeps each partition's durable state in memory, as ZooKeeper would: it elects whom
 * it is told to, takes ISR changes with the right version, and tells every broker. One writer sends
 * acks=all to whoever leads, without retries. Truth watches all of it.
 */

import { Simulation } from '../../../../sim/simulation.ts'
import { guardEntries, type GuardId } from '../../../../sim/registry.ts'
import { stream, type Stream } from '../../../../sim/random.ts'
import type { AnyBehaviour, Body, Connection, Context } from '../../../../sim/process.ts'
import {
  brokerName,
  type AlterPartitionRequest,
  type KafkaRequest,
  type KafkaResponse,
  type PartitionState,
  type ProduceResponse,
} from '../../../../model/kafka/messages.ts'
import { sizeOf } from '../../../../model/kafka/message-size.ts'
import type { Broker } from '../../../../model/kafka/broker-state.ts'
import { partitionId, type Batch, type PartitionId } from '../../../../model/record.ts'
import { Truth } from '../../../../scenarios/truth/truth.ts'
import { batch, optionsOf, replicaBehaviour, type ReplicasOptions } from './hand-held-replicas.ts'

function guardName(guard: GuardId): string {
  return guardEntries()[guard]?.name ?? ''
}

const CONTROLLER_ID = 9
const CONTROLLER = brokerName(CONTROLLER_ID)
const WRITER = 'writer-1'

export interface ReplicaClusterOptions extends ReplicasOptions {
  readonly seed: number
  readonly brokers?: number
  readonly partitions?: number
}

interface Durable {
  readonly partition: PartitionId
  state: PartitionState
}

interface Elect extends Body {
  readonly type: 'Elect'
  readonly partition: PartitionId
  readonly leader: number
}

/** Something that was told long ago arrives once more, on another connection. */
interface Repeat extends Body {
  readonly type: 'Repeat'
  readonly broker: number
  readonly index: number
}

interface Live extends Body {
  readonly type: 'Live'
  readonly brokers: readonly number[]
}

interface Write extends Body {
  readonly type: 'Write'
  readonly partition: PartitionId
  readonly leader: number
  readonly batch: Batch
}

interface ControllerState {
  live: readonly number[]
  readonly connections: Map<number, Connection>
  readonly told: KafkaRequest[]
  correlationId: number
}

export class ReplicaCluster {
  readonly world: Simulation
  readonly truth: Truth
  readonly random: Stream
  readonly brokers: readonly number[]
  readonly durable: readonly Durable[]
  /** Batches whose write was acknowledged. */
  readonly acknowledged: { readonly partition: PartitionId; readonly batch: Batch }[] = []
  #writes = 0

  constructor(options: ReplicaClusterOptions) {
    const { seed, brokers = 3, partitions = 2 } = options
    this.random = stream(seed, 'replica cluster test')
    this.truth = new Truth(() => this.world.nowUs)
    this.world = new Simulation({
      seed,
      delayBetween: () => ({ baseUs: 200, jitterUs: 300 }),
      listener: {
        started: () => {},
        stopped: (name) => {
          const id = Number(name.slice('broker-'.length))
          if (this.brokers.includes(id)) this.truth.brokerStopped(id)
        },
      },
    })
    this.brokers = Array.from({ length: brokers }, (_, index) => index + 1)
    this.durable = Array.from({ length: partitions }, (_, index) => ({
      partition: partitionId(2, index),
      state: {
        leader: (index % brokers) + 1,
        leaderEpoch: 0,
        isr: this.brokers,
        partitionEpoch: 0,
        controllerEpoch: 1,
      },
    }))
    for (const id of this.brokers) {
      const behaviour = replicaBehaviour(optionsOf(id, { ...options, facts: this.truth }))
      this.#add(brokerName(id), behaviour, (options.guardsOff ?? []).map(guardName))
    }
    this.#add(CONTROLLER, this.#controller(), [])
    this.#add(WRITER, this.#writer(), [])
    for (const { partition, state } of this.durable) {
      this.truth.stateCommitted(partition, { ...state, clean: true })
    }
    this.live(...this.brokers)
    this.world.runUntil(1_000_000)
  }

  /** The controller hears who is alive, cleans the ISRs, elects and tells everybody. */
  live(...brokers: number[]): void {
    this.world.inject(CONTROLLER, { type: 'Live', brokers } as Live)
  }

  /** The controller elects `leader`, if it may. */
  elect(partition: PartitionId, leader: number): void {
    this.world.inject(CONTROLLER, { type: 'Elect', partition, leader } as Elect)
  }

  /** A request to take roles that was sent before, to any broker, reaches this one now. */
  repeat(broker: number): void {
    const index = this.random.int(1_000_000)
    this.world.inject(CONTROLLER, { type: 'Repeat', broker, index } as Repeat)
  }

  /** Sends one batch with acks=all to the durable leader, or to whom a client takes for it. */
  write(partition: PartitionId, count = 1, leader = this.stateOf(partition).leader): void {
    if (leader === -1) return
    const stamped: Batch = {
      ...batch(count),
      content: {
        kind: 'counted',
        ranges: [{ stream: 0, index: (this.#writes += count), count }],
        requests: 1,
        batches: 1,
      },
    }
    this.world.inject(WRITER, { type: 'Write', partition, leader, batch: stamped } as Write)
  }

  runFor(us: number): void {
    this.world.runUntil(this.world.nowUs + us)
  }

  stateOf(partition: PartitionId): PartitionState {
    const found = this.durable.find((one) => one.partition === partition)
    if (found === undefined) throw new Error(`no partition ${partition}`)
    return found.state
  }

  isUp(broker: number): boolean {
    return this.world.stateOf(brokerName(broker)) !== undefined
  }

  broker(id: number): Broker {
    return this.world.stateOf(brokerName(id)) as Broker
  }

  /** Offset and epoch of each batch in a broker's log. */
  log(broker: number, partition: PartitionId): readonly string[] {
    const log = this.broker(broker).replicas.partitions.get(partition)?.log
    return (log?.entries ?? []).map(({ baseOffset, leaderEpoch }) => `${baseOffset}@${leaderEpoch}`)
  }

  /** Acknowledged batches that a broker does not have. */
  missing(broker: number): number {
    return this.acknowledged.filter(({ partition, batch: one }) => {
      const log = this.broker(broker).replicas.partitions.get(partition)?.log
      return log?.entries.some((entry) => entry.batch === one) !== true
    }).length
  }

  #add(name: string, behaviour: AnyBehaviour, guardsOff: readonly string[]): void {
    this.world.addHost({
      name: `host-${name}`,
      zone: 'rack-1',
      cores: 4,
      nicBytesPerUs: 0,
      wallStartMs: 1_700_000_000_000,
      disks: [{ dir: 'data-0', syncUs: 500, bytesPerUs: 0, writeBackUs: Infinity, tornShare: 0.5 }],
    })
    this.world.addProcess({ name, host: `host-${name}`, behaviour, guardsOff })
    this.world.start(name)
  }

  #controller(): AnyBehaviour {
    return {
      stations: { io: { servers: 1 } },
      start: (): ControllerState => ({
        live: [],
        connections: new Map(),
        told: [],
        correlationId: 0,
      }),
      receive: {
        Live: (self: ControllerState, { brokers }: Live, _: Connection, context: Context) =>
          this.#onLive(self, brokers, context),
        Elect: (self: ControllerState, command: Elect, _: Connection, context: Context) =>
          this.#onElect(self, command, context),
        Repeat: (
          self: ControllerState,
          { broker, index }: Repeat,
          _: Connection,
          context: Context,
        ) => {
          const request = self.told[index % self.told.length]
          if (request === undefined) return
          context.send(context.connect(brokerName(broker)), request, sizeOf(request))
        },
        AlterPartitionRequest: (
          self: ControllerState,
          request: AlterPartitionRequest,
          connection: Connection,
          context: Context,
        ) => this.#onAlterPartition(self, request, connection, context),
        LeaderAndIsrResponse: () => {},
        UpdateMetadataResponse: () => {},
      } as never,
      expire: {},
      closed: (self: ControllerState, connection: Connection) => {
        for (const [id, known] of self.connections) {
          if (known === connection) self.connections.delete(id)
        }
      },
    }
  }

  #onLive(self: ControllerState, brokers: readonly number[], context: Context): void {
    self.live = brokers
    for (const one of this.durable) {
      const { isr, leader } = one.state
      const left = isr.filter((id) => brokers.includes(id))
      const kept = left.length === 0 ? isr.slice(0, 1) : left
      const leads = brokers.includes(leader) && kept.includes(leader)
      this.#commit(one, { leader: leads ? leader : (left[0] ?? -1), isr: kept })
    }
    this.#tellAll(self, this.durable, context)
  }

  #onElect(self: ControllerState, { partition, leader }: Elect, context: Context): void {
    const one = this.durable.find((known) => known.partition === partition)
    if (one === undefined || !one.state.isr.includes(leader) || !self.live.includes(leader)) return
    this.#commit(one, { leader, isr: one.state.isr })
    this.#tellAll(self, [one], context)
  }

  #onAlterPartition(
    self: ControllerState,
    request: AlterPartitionRequest,
    connection: Connection,
    context: Context,
  ): void {
    const partitions = request.partitions.map((row) => {
      const one = this.durable.find((known) => known.partition === row.partition)
      if (one === undefined || row.leaderEpoch !== one.state.leaderEpoch) {
        return { partition: row.partition, error: 'FENCED_LEADER_EPOCH', state: null } as const
      }
      if (row.partitionEpoch !== one.state.partitionEpoch) {
        return { partition: row.partition, error: 'INVALID_UPDATE_VERSION', state: null } as const
      }
      if (!row.newIsr.every((id) => self.live.includes(id))) {
        return { partition: row.partition, error: 'INELIGIBLE_REPLICA', state: null } as const
      }
      const { partitionEpoch } = one.state
      one.state = { ...one.state, isr: row.newIsr, partitionEpoch: partitionEpoch + 1 }
      this.truth.stateCommitted(one.partition, { ...one.state, clean: true })
      return { partition: row.partition, error: 'NONE', state: one.state } as const
    })
    const { correlationId } = request
    const response: KafkaResponse = {
      type: 'AlterPartitionResponse',
      correlationId,
      error: 'NONE',
      partitions,
    }
    context.send(connection, response, sizeOf(response))
  }

  #commit(one: Durable, next: { readonly leader: number; readonly isr: readonly number[] }): void {
    const { leaderEpoch, partitionEpoch, controllerEpoch } = one.state
    one.state = {
      ...next,
      leaderEpoch: leaderEpoch + 1,
      partitionEpoch: partitionEpoch + 1,
      controllerEpoch,
    }
    this.truth.stateCommitted(one.partition, { ...one.state, clean: true })
  }

  #tellAll(self: ControllerState, changed: readonly Durable[], context: Context): void {
    for (const broker of self.live) {
      const connection = self.connections.get(broker) ?? context.connect(brokerName(broker))
      self.connections.set(broker, connection)
      const head = {
        clientId: 'controller',
        apiVersion: 7,
        controllerId: CONTROLLER_ID,
        controllerEpoch: 1,
        brokerEpoch: 7,
      }
      const rows = changed.map(({ partition, state }) => ({
        partition,
        state,
        replicas: this.brokers,
        isNew: false,
      }))
      const metadata = {
        ...head,
        type: 'UpdateMetadataRequest' as const,
        correlationId: self.correlationId++,
        liveBrokers: self.live,
        partitions: rows,
      }
      const roles = {
        ...head,
        type: 'LeaderAndIsrRequest' as const,
        correlationId: self.correlationId++,
        partitions: rows,
        liveLeaders: self.live,
      }
      self.told.push(roles)
      context.send(connection, metadata, sizeOf(metadata))
      context.send(connection, roles, sizeOf(roles))
    }
  }

  #writer(): AnyBehaviour {
    const sent = new Map<number, { partition: PartitionId; batch: Batch }>()
    let correlationId = 0
    return {
      stations: { app: { servers: 1 } },
      start: () => null,
      receive: {
        Write: (_self: null, write: Write, _: Connection, context: Context) => {
          const request = {
            type: 'ProduceRequest' as const,
            correlationId: correlationId++,
            clientId: 'writer',
            apiVersion: 9,
            acks: -1 as const,
            timeoutMs: 30_000,
            transactionalId: null,
            partitions: [{ partition: write.partition, batch: write.batch }],
          }
          sent.set(request.correlationId, write)
          context.send(context.connect(brokerName(write.leader)), request, sizeOf(request))
        },
        ProduceResponse: (
          _self: null,
          response: ProduceResponse,
          connection: Connection,
          context: Context,
        ) => {
          const write = sent.get(response.correlationId)
          const ok = response.partitions[0]?.error === 'NONE'
          if (ok && write !== undefined) this.acknowledged.push(write)
          context.close(connection)
        },
      } as never,
      expire: {},
    }
  }
}
