/**
 * Brokers just big enough for a client in the hand: logs without replicas, leaders that move,
 * duplicate detection by the rules of KB P15, and trouble drawn from a seed. Nothing of it is
 * shared with the model of a broker.
 */

import type {
  FetchRequest,
  InitProducerIdRequest,
  KafkaRequest,
  KafkaResponse,
  ListOffsetsRequest,
  MetadataRequest,
  ProduceRequest,
} from '../../../../model/kafka/messages.ts'
import type { KafkaError } from '../../../../model/kafka/errors.ts'
import type { Topics } from '../../../../model/kafka/topics.ts'
import {
  type Batch,
  type LogEntry,
  type PartitionId,
  partitionId,
  partitionOf,
  topicOf,
} from '../../../../model/record.ts'
import type { Body } from '../../../../sim/process.ts'
import { type Stream, stream } from '../../../../sim/random.ts'
import type { HandHeld, HandHeldConnection } from '../hand-held-context.ts'

export interface TinyOptions {
  readonly seed: number
  readonly brokers: number
  readonly topics: Topics
  /** Partitions of each topic of the scenario. */
  readonly partitions: number
  /** Chances per request, until `calmUs`. */
  readonly trouble: Trouble
  /** From here on nothing goes wrong. */
  readonly calmUs: number
  /** One-way latency is drawn up to this. */
  readonly latencyMaxUs?: number
}

export interface Trouble {
  /** The connection closes before the broker sees the request. */
  readonly requestLost: number
  /** The connection closes after the broker has handled it. */
  readonly answerLost: number
  /** The leader of the request's first partition moves first. */
  readonly leaderMoves: number
  /** A retriable error for the first partition, without an append. */
  readonly refused: number
  /** A retriable error for the first partition, after the append. */
  readonly refusedAfterAppend: number
  /** The broker takes 5 s for it. */
  readonly slow: number
}

export const CALM: Trouble = {
  requestLost: 0,
  answerLost: 0,
  leaderMoves: 0,
  refused: 0,
  refusedAfterAppend: 0,
  slow: 0,
}

interface ProducerEntry {
  epoch: number
  last: { first: number; last: number; offset: number }[]
}

interface TinyPartition {
  leader: number
  leaderEpoch: number
  readonly entries: LogEntry[]
  nextOffset: number
  readonly producers: Map<number, ProducerEntry>
}

interface Wire {
  readonly connection: HandHeldConnection
  readonly broker: number
  readonly requests: KafkaRequest[]
  busy: boolean
  lastArrivalUs: number
}

interface Pending {
  readonly atUs: number
  readonly sequence: number
  readonly run: () => void
}

type Held = HandHeld<unknown, Body, string, string>

export class TinyCluster {
  readonly held: Held
  readonly partitions = new Map<PartitionId, TinyPartition>()
  /** Most requests ever in flight on one connection, counted as the client counts them. */
  inFlightMost = 0
  readonly requests: KafkaRequest[] = []
  readonly #options: TinyOptions
  readonly #random: Stream
  readonly #pending: Pending[] = []
  readonly #wires = new Map<HandHeldConnection, Wire>()
  #sequence = 0
  #producerIds = 1000
  /** Brokers that refuse connections and have dropped theirs. */
  readonly down = new Set<number>()
  /** Each step calls it: for what must hold at all times. */
  watch: () => void = () => {}

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  constructor(held: HandHeld<any, any, any, any>, options: TinyOptions) {
    this.held = held as Held
    this.#options = options
    this.#random = stream(options.seed, 'tiny-cluster')
    for (const name of options.topics.names()) {
      if (name.startsWith('__')) continue
      const topic = options.topics.id(name) as number
      for (let number = 0; number < options.partitions; number += 1) {
        this.partitions.set(partitionId(topic, number), {
          leader: 1 + (number % options.brokers),
          leaderEpoch: 0,
          entries: [],
          nextOffset: 0,
          producers: new Map(),
        })
      }
    }
    this.#collect()
  }

  get nowUs(): number {
    return this.held.context.nowUs
  }

  /** Runs until `us` of monotonic time. */
  runUntil(us: number): void {
    this.#collect()
    for (;;) {
      const timerUs = this.#nextTimerUs()
      const next = this.#nextPending()
      const atUs = Math.min(timerUs, next?.atUs ?? Infinity)
      if (atUs > us) break
      if (next !== undefined && next.atUs <= timerUs) {
        this.#pending.splice(this.#pending.indexOf(next), 1)
        this.held.context.nowUs = Math.max(this.nowUs, next.atUs)
        next.run()
      } else {
        this.held.advance(Math.max(0, timerUs - this.nowUs))
      }
      this.#collect()
      this.watch()
    }
    this.held.context.nowUs = Math.max(this.nowUs, us)
  }

  at(us: number, run: () => void): void {
    this.#pending.push({ atUs: us, sequence: (this.#sequence += 1), run })
  }

  partition(id: PartitionId): TinyPartition {
    const found = this.partitions.get(id)
    if (found === undefined) throw new Error(`no partition ${id}`)
    return found
  }

  moveLeader(id: PartitionId, leader: number): void {
    const partition = this.partition(id)
    partition.leader = leader
    partition.leaderEpoch += 1
  }

  takeDown(broker: number): void {
    this.down.add(broker)
    for (const wire of this.#wires.values()) {
      if (wire.broker === broker) this.#cut(wire)
    }
    this.#collect()
  }

  #nextTimerUs(): number {
    let earliest = Infinity
    for (const { atUs } of this.held.context.timers.values()) earliest = Math.min(earliest, atUs)
    return earliest
  }

  #nextPending(): Pending | undefined {
    let best: Pending | undefined
    for (const one of this.#pending) {
      const sooner =
        best === undefined ||
        one.atUs < best.atUs ||
        (one.atUs === best.atUs && one.sequence < best.sequence)
      if (sooner) best = one
    }
    return best
  }

  #latencyUs(): number {
    return 200 + this.#random.int(this.#options.latencyMaxUs ?? 2000)
  }

  #collect(): void {
    const { context } = this.held
    for (const connection of context.connections) {
      if (this.#wires.has(connection) || !connection.outgoing) continue
      const broker = Number(connection.peer.slice('broker-'.length))
      const wire = { connection, broker, requests: [], busy: false, lastArrivalUs: 0 }
      this.#wires.set(connection, wire)
      this.at(this.nowUs + this.#latencyUs(), () => this.#establish(wire))
    }
    for (const sent of context.sent.splice(0)) {
      const wire = this.#wires.get(sent.connection) as Wire
      const arrivalUs = Math.max(wire.lastArrivalUs, this.nowUs + this.#latencyUs())
      wire.lastArrivalUs = arrivalUs
      this.at(arrivalUs, () => this.#arrive(wire, sent.message as KafkaRequest))
    }
  }

  #establish(wire: Wire): void {
    if (wire.connection.ended !== null) return
    if (this.down.has(wire.broker)) this.held.closed(wire.connection, 'refused')
    else this.held.open(wire.connection)
  }

  #cut(wire: Wire): void {
    if (!wire.connection.open) return
    this.held.closed(wire.connection, 'reset')
  }

  /** A broker reads a request also from a connection that its client has closed since. */
  #arrive(wire: Wire, request: KafkaRequest): void {
    if (this.down.has(wire.broker)) return
    if (!wire.connection.open && wire.connection.ended === null) return
    wire.requests.push(request)
    this.requests.push(request)
    this.inFlightMost = Math.max(this.inFlightMost, wire.requests.length)
    if (!wire.busy) this.#handleNext(wire)
  }

  #handleNext(wire: Wire): void {
    const [request] = wire.requests
    wire.busy = request !== undefined
    if (request === undefined) return
    const { trouble, calmUs } = this.#options
    const chances = this.nowUs < calmUs ? trouble : CALM
    if (this.#random.chance(chances.requestLost)) {
      this.#cut(wire)
      return
    }
    const delayUs = this.#random.chance(chances.slow) ? 5_000_000 : 100
    this.at(this.nowUs + delayUs, () => this.#handle(wire, request, chances))
  }

  #handle(wire: Wire, request: KafkaRequest, chances: Trouble): void {
    wire.requests.shift()
    if (this.down.has(wire.broker)) return
    const response = this.#answer(wire.broker, request, chances)
    if (this.#random.chance(chances.answerLost)) {
      this.#cut(wire)
      return
    }
    if (response !== null) {
      this.at(this.nowUs + 200, () => {
        if (!wire.connection.open) return
        this.held.deliver(wire.connection, response)
      })
    }
    this.#handleNext(wire)
  }

  #answer(broker: number, request: KafkaRequest, chances: Trouble): KafkaResponse | null {
    switch (request.type) {
      case 'ProduceRequest':
        return this.#onProduce(broker, request, chances)
      case 'MetadataRequest':
        return this.#onMetadata(request)
      case 'InitProducerIdRequest':
        return this.#onInitProducerId(request)
      case 'ListOffsetsRequest':
        return this.#onListOffsets(request)
      case 'FetchRequest':
        return this.#onFetch(broker, request)
      default:
        throw new Error(`the tiny cluster does not answer ${request.type}`)
    }
  }

  #onProduce(broker: number, request: ProduceRequest, chances: Trouble): KafkaResponse | null {
    const first = request.partitions[0]?.partition as PartitionId
    if (this.#random.chance(chances.leaderMoves)) {
      this.moveLeader(first, 1 + this.#random.int(this.#options.brokers))
    }
    const refused = this.#random.chance(chances.refused)
    const refusedAfter = this.#random.chance(chances.refusedAfterAppend)
    const partitions = request.partitions.map(({ partition, batch }) => {
      const state = this.partition(partition)
      let error: KafkaError = 'NONE'
      let baseOffset = -1
      if (state.leader !== broker) error = 'NOT_LEADER_OR_FOLLOWER'
      else if (refused && partition === first) error = 'NOT_ENOUGH_REPLICAS'
      else {
        ;({ error, baseOffset } = append(state, batch))
        if (error === 'NONE' && refusedAfter && partition === first) {
          error = 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
        }
      }
      const moved = error === 'NOT_LEADER_OR_FOLLOWER'
      return {
        partition,
        error,
        baseOffset: error === 'NONE' ? baseOffset : -1,
        logAppendTimeMs: -1,
        logStartOffset: 0,
        currentLeader: moved ? state.leader : -1,
        currentLeaderEpoch: moved ? state.leaderEpoch : -1,
      }
    })
    if (request.acks === 0) return null
    return { type: 'ProduceResponse', correlationId: request.correlationId, partitions }
  }

  #onMetadata(request: MetadataRequest): KafkaResponse {
    const { topics, brokers } = this.#options
    const names = request.topics ?? topics.names().filter((name) => !name.startsWith('__'))
    const ids = Array.from({ length: brokers }, (_, index) => index + 1)
    return {
      type: 'MetadataResponse',
      correlationId: request.correlationId,
      brokers: ids,
      controllerId: 1,
      topics: names.map((name) => {
        const topic = topics.id(name) as number
        const own = [...this.partitions].filter(([id]) => topicOf(id) === topic)
        own.sort(([one], [other]) => partitionOf(one) - partitionOf(other))
        return {
          topic,
          name,
          error: 'NONE' as const,
          partitions: own.map(([partition, { leader, leaderEpoch }]) => ({
            partition,
            leader,
            leaderEpoch,
            replicas: [leader],
            isr: [leader],
          })),
        }
      }),
    }
  }

  #onInitProducerId(request: InitProducerIdRequest): KafkaResponse {
    this.#producerIds += 1
    return {
      type: 'InitProducerIdResponse',
      correlationId: request.correlationId,
      error: 'NONE',
      producerId: this.#producerIds,
      producerEpoch: 0,
    }
  }

  #onListOffsets(request: ListOffsetsRequest): KafkaResponse {
    return {
      type: 'ListOffsetsResponse',
      correlationId: request.correlationId,
      partitions: request.partitions.map(({ partition, timestamp }) => {
        const { nextOffset, leaderEpoch } = this.partition(partition)
        const offset = timestamp === 'earliest' ? 0 : nextOffset
        return { partition, error: 'NONE' as const, offset, leaderEpoch }
      }),
    }
  }

  #onFetch(broker: number, request: FetchRequest): KafkaResponse {
    return {
      type: 'FetchResponse',
      correlationId: request.correlationId,
      partitions: request.partitions.map(({ partition, fetchOffset }) => {
        const { leader, leaderEpoch, nextOffset, entries } = this.partition(partition)
        const own = leader === broker
        const from = entries.filter(
          ({ baseOffset, batch }) => baseOffset + batch.count > fetchOffset,
        )
        return {
          partition,
          error: own ? ('NONE' as const) : ('NOT_LEADER_OR_FOLLOWER' as const),
          highWatermark: nextOffset,
          lastStableOffset: nextOffset,
          logStartOffset: 0,
          divergingEpoch: null,
          abortedTransactions: [],
          // Two batches at a time, so that reading a log takes more than one round.
          entries: own ? from.slice(0, 2) : [],
          currentLeader: own ? -1 : leader,
          currentLeaderEpoch: own ? -1 : leaderEpoch,
        }
      }),
    }
  }
}

/** KB P15, read anew. */
function append(partition: TinyPartition, batch: Batch): { error: KafkaError; baseOffset: number } {
  if (batch.producerId === -1) return { error: 'NONE', baseOffset: write(partition, batch) }
  const first = batch.baseSequence
  const last = first + batch.count - 1
  const known = partition.producers.get(batch.producerId)
  if (known !== undefined) {
    const same = known.epoch === batch.producerEpoch
    const duplicate = known.last.find((one) => one.first === first && one.last === last)
    if (same && duplicate !== undefined) return { error: 'NONE', baseOffset: duplicate.offset }
    if (batch.producerEpoch < known.epoch) {
      return { error: 'INVALID_PRODUCER_EPOCH', baseOffset: -1 }
    }
    const expected = same ? (known.last.at(-1)?.last ?? -1) + 1 : 0
    if (first !== expected) return { error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', baseOffset: -1 }
  }
  const baseOffset = write(partition, batch)
  const kept = known?.epoch === batch.producerEpoch ? known.last : []
  partition.producers.set(batch.producerId, {
    epoch: batch.producerEpoch,
    last: [...kept, { first, last, offset: baseOffset }].slice(-5),
  })
  return { error: 'NONE', baseOffset }
}

function write(partition: TinyPartition, batch: Batch): number {
  const baseOffset = partition.nextOffset
  partition.entries.push({ baseOffset, leaderEpoch: partition.leaderEpoch, batch })
  partition.nextOffset += batch.count
  return baseOffset
}
