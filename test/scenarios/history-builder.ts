/**
 * A run told by hand: a history in few words, the final logs that go with it, and the result.
 *
 * Times are in ms from t = 0. `send` both tells history and stores the record, unless the test says
 * otherwise, so that a planted history differs from a correct one by one word.
 */

import { History, Lifecycle, Outcome, Ownership, TransactionPart } from '../../model/history.ts'
import { type LogEntry, partitionId, type PartitionId } from '../../model/record.ts'
import type { Case } from '../../scenarios/case.ts'
import type { FinalLog, Phases, Result, Struck } from '../../scenarios/result.ts'
import type { Consumer, Producer, Scenario } from '../../scenarios/schema/scenario.ts'
import type { TimelineEntry } from '../../scenarios/schema/timeline.ts'

const ORIGIN_US = 5_000_000
const US = 1_000

export const topics: readonly string[] = [
  '__consumer_offsets',
  '__transaction_state',
  'orders',
  'payments',
]

export const orders: number = topics.indexOf('orders')

export function ordersPartition(partition = 0): PartitionId {
  return partitionId(orders, partition)
}

export interface Sent {
  readonly stream: number
  readonly index: number
  readonly count: number
  readonly row: number
  readonly partition: number
  /** −1 if it is not stored. */
  readonly offset: number
}

export interface SendOptions {
  readonly producer?: string
  readonly incarnation?: number
  readonly key?: string | null
  readonly partition?: number
  readonly topic?: string
  readonly outcome?: Outcome
  readonly count?: number
  /** False: it is in no log. */
  readonly stored?: boolean
  /** How long the send took. */
  readonly tookMs?: number
  /** A further attempt of the same records. */
  readonly again?: Sent
}

export interface ProcessOptions {
  readonly group?: string
  readonly member?: string
  readonly generation?: number
  readonly outcome?: Outcome
  readonly tookMs?: number
  /** Whether the poll that returned it is told too. */
  readonly delivered?: boolean
}

export class Run {
  readonly history: History
  readonly #logs = new Map<PartitionId, LogEntry[]>()
  readonly #unread = new Map<PartitionId, string>()
  #nowUs = ORIGIN_US
  #scenario: Scenario = scenario()
  #timeline: TimelineEntry[] = []
  #struck: Struck[] = []
  #result: Partial<Result> = {}
  #phases: Phases = phases()

  constructor() {
    this.history = new History(() => this.#nowUs)
  }

  /** Sets parts of the scenario. */
  given(parts: Partial<Scenario>): this {
    this.#scenario = { ...this.#scenario, ...parts }
    return this
  }

  /** Sets parts of the result. */
  ended(parts: Partial<Omit<Result, 'phases'>> & { readonly phases?: Partial<Phases> }): this {
    const { phases: changed, ...rest } = parts
    this.#phases = { ...this.#phases, ...changed }
    this.#result = { ...this.#result, ...rest }
    return this
  }

  /** An entry of the timeline that took effect, or was refused. */
  strikes(entry: TimelineEntry, atMs: number | null, refused: string | null = null): this {
    this.#struck.push({
      index: this.#timeline.length,
      kind: entry.kind,
      target: 'broker 1',
      resolved: atMs === null ? null : ['broker-1'],
      atUs: atMs === null ? null : atMs * US,
      untilUs: null,
      refused,
    })
    this.#timeline.push(entry)
    return this
  }

  crash(atMs: number): this {
    return this.strikes({ kind: 'crash', target: { of: 'broker', id: 1 }, atUs: atMs * US }, atMs)
  }

  unread(partition: number, reason: string): this {
    this.#unread.set(ordersPartition(partition), reason)
    this.#log(ordersPartition(partition))
    return this
  }

  send(atMs: number, options: SendOptions = {}): Sent {
    const { producer = 'order-service-1', incarnation = 0, key = 'a', count = 1 } = options
    const { outcome = Outcome.ok, tookMs = 2, again } = options
    const topic = topics.indexOf(options.topic ?? 'orders')
    const partition = partitionId(topic, options.partition ?? 0)
    const { history } = this
    const stream = again?.stream ?? history.stream({ producer, incarnation, topic, key })
    const index = again?.index ?? history.takeIndexes(stream, count)
    this.#at(atMs)
    const attempt = again === undefined ? 0 : 1
    const row = history.sendInvoked(history.name(producer), stream, index, count, topic, attempt)
    const kept = options.stored ?? outcome === Outcome.ok
    const place = this.#log(partition).length === 0 ? 0 : this.#end(partition)
    if (kept) this.store({ stream, index, count, row, partition, offset: place })
    if (outcome !== Outcome.open) {
      this.#at(atMs + tookMs)
      const known = outcome === Outcome.ok
      history.sendEnded(row, outcome, known ? partition : -1, known ? place : -1)
    }
    return { stream, index, count, row, partition, offset: kept ? place : -1 }
  }

  /** Appends a copy of a record to a log. */
  store(sent: Sent, options: PartitionId | StoreOptions = {}): this {
    const as: StoreOptions = typeof options === 'number' ? { partition: options } : options
    const { stream, index, count } = sent
    const partition = as.partition ?? sent.partition
    const log = this.#log(partition)
    const key = this.history.streams[stream]?.key ?? null
    const bytes = as.bytes ?? 100
    const record = { stream, index, key, value: null, bytes, timestampMs: 0 }
    log.push({
      baseOffset: as.offset ?? this.#end(partition),
      leaderEpoch: as.leaderEpoch ?? 0,
      batch: {
        producerId: as.producerId ?? -1,
        producerEpoch: as.producerEpoch ?? -1,
        baseSequence: -1,
        transactional: false,
        control: 'none',
        count,
        bytes: 100 * count,
        maxTimestampMs: 0,
        content:
          count === 1
            ? { kind: 'explicit', records: [record] }
            : { kind: 'counted', ranges: [{ stream, index, count }], requests: 1, batches: 1 },
      },
    })
    return this
  }

  process(sent: Sent, atMs: number, options: ProcessOptions = {}): this {
    const { group = 'payment', generation = 1, outcome = Outcome.ok, tookMs = 1 } = options
    const { history } = this
    const process = history.name(options.member ?? `${group}-1`)
    const id = history.name(group)
    const { stream, index, count, partition, offset } = sent
    this.#at(atMs)
    if (options.delivered ?? true) {
      history.delivered(process, id, generation, 0, partition, offset, stream, index, count)
    }
    const row = history.processingBegan(
      process,
      id,
      generation,
      partition,
      offset,
      stream,
      index,
      count,
    )
    if (outcome === Outcome.open) return this
    this.#at(atMs + tookMs)
    history.processingEnded(row, outcome)
    return this
  }

  /** One range of a poll; its row is the last of the deliveries. */
  deliver(sent: Sent, atMs: number, options: DeliverOptions = {}): this {
    const { stream, index, count, partition } = sent
    const { group = 'payment', generation = 1, poll = atMs, leaderEpoch = -1 } = options
    this.#at(atMs)
    const { history } = this
    history.delivered(
      history.name(options.member ?? `${group}-1`),
      history.name(group),
      generation,
      poll,
      partition,
      options.offset ?? sent.offset,
      stream,
      index,
      count,
      leaderEpoch,
    )
    return this
  }

  /** A transaction of sends and of deliveries, by their rows. */
  transaction(atMs: number, parts: TransactionParts): this {
    const { history } = this
    this.#at(atMs)
    const row = history.transactionBegan(history.name(parts.process ?? 'payment-1'))
    for (const { row: send } of parts.sends ?? []) {
      history.inTransaction(row, TransactionPart.send, send)
    }
    for (const delivery of parts.deliveries ?? []) {
      history.inTransaction(row, TransactionPart.delivery, delivery)
    }
    for (const commit of parts.commits ?? []) {
      history.inTransaction(row, TransactionPart.commit, commit)
    }
    history.transactionEnded(row, parts.outcome ?? Outcome.ok)
    return this
  }

  lives(member: string, atMs: number, kind: Lifecycle = Lifecycle.started): this {
    this.#at(atMs)
    this.history.lived(this.history.name(member), kind, 0)
    return this
  }

  commit(offset: number, atMs: number, options: CommitOptions = {}): this {
    const { group = 'payment', outcome = Outcome.ok, tookMs = 1, partition = 0 } = options
    const { generation = 1 } = options
    const { history } = this
    this.#at(atMs)
    const process = history.name(options.member ?? `${group}-1`)
    const of = ordersPartition(partition)
    const row = history.commitInvoked(process, history.name(group), generation, of, offset)
    if (outcome === Outcome.open) return this
    this.#at(atMs + tookMs)
    history.commitEnded(row, outcome)
    return this
  }

  owns(
    offset: number,
    atMs: number,
    kind: Ownership = Ownership.assigned,
    options: OwnOptions = {},
  ): this {
    const { history } = this
    const { group = 'payment', generation = 2, partition = 0 } = options
    this.#at(atMs)
    const process = history.name(options.member ?? `${group}-2`)
    const of = ordersPartition(partition)
    history.owned(process, history.name(group), generation, of, kind, offset)
    return this
  }

  /** Among the dead letters of payment. */
  putAside({ stream, index }: Sent, atMs: number): this {
    this.#at(atMs)
    const { history } = this
    history.deadLettered(history.name('payment-1'), history.name('payment'), stream, index)
    return this
  }

  effect(sent: Sent, atMs: number, options: EffectOptions = {}): this {
    const { effect = 'bank', message = `${sent.stream}/${sent.index}`, applied = true } = options
    this.#at(atMs)
    const { history } = this
    const id = history.name(effect)
    const group = history.name(options.group ?? 'payment')
    const process = history.name('service-bank')
    history.effected(
      process,
      id,
      history.messages.ofText(message),
      sent.stream,
      sent.index,
      applied,
      group,
    )
    return this
  }

  /** An amount in a ledger; with message null it is what the ledger opened with. */
  book(atMs: number, ledger: string, amount: number, options: BookOptions = {}): this {
    const { item = 'phone', message = null, process = `service-${ledger}` } = options
    const { history } = this
    this.#at(atMs)
    history.booked(history.name(process), history.name(ledger), history.name(item), amount, message)
    return this
  }

  /** The inspector asked what must be refused. */
  inspect(atMs: number, name: string, outcome: Outcome): this {
    this.#at(atMs)
    const row = this.history.inspectionInvoked(
      this.history.name('inspector-1'),
      this.history.name(name),
    )
    this.history.inspectionEnded(row, outcome)
    return this
  }

  result(): Result {
    const logs = [...this.#logs].map(([partition, entries]): FinalLog => ({
      partition,
      topic: topics[Math.floor(partition / 4096)] ?? '',
      number: partition % 4096,
      entries,
      unread: this.#unread.get(partition) ?? null,
    }))
    return {
      case: caseOf(this.#scenario, this.#timeline),
      traceHash: '0'.repeat(16),
      historyHash: '0'.repeat(16),
      ended: 'drained',
      reason: null,
      history: this.history,
      logs: { uncommitted: logs, committed: logs },
      truth: [],
      excuses: [],
      leaders: [],
      struck: this.#struck,
      phases: this.#phases,
      probes: {},
      guards: {},
      virtualUs: this.#phases.endUs,
      events: 1,
      topics,
      ...this.#result,
    }
  }

  /** Histories are told in the order of time. */
  #at(ms: number): void {
    this.#nowUs = ORIGIN_US + ms * US
  }

  #log(partition: PartitionId): LogEntry[] {
    let log = this.#logs.get(partition)
    if (log === undefined) {
      log = []
      this.#logs.set(partition, log)
    }
    return log
  }

  #end(partition: PartitionId): number {
    const last = this.#log(partition).at(-1)
    return last === undefined ? 0 : last.baseOffset + last.batch.count
  }
}

interface StoreOptions {
  readonly partition?: PartitionId
  /** Beyond the end of the log it leaves a gap. */
  readonly offset?: number
  readonly leaderEpoch?: number
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly bytes?: number
}

interface CommitOptions {
  readonly group?: string
  readonly generation?: number
  readonly member?: string
  readonly partition?: number
  readonly outcome?: Outcome
  readonly tookMs?: number
}

interface DeliverOptions {
  readonly group?: string
  readonly member?: string
  readonly generation?: number
  /** Number of the poll; the time by default. */
  readonly poll?: number
  readonly offset?: number
  readonly leaderEpoch?: number
}

interface TransactionParts {
  readonly process?: string
  readonly sends?: readonly Sent[]
  readonly deliveries?: readonly number[]
  readonly commits?: readonly number[]
  readonly outcome?: Outcome
}

interface OwnOptions {
  readonly group?: string
  readonly member?: string
  readonly generation?: number
  readonly partition?: number
}

interface BookOptions {
  readonly item?: string
  readonly message?: string | null
  readonly process?: string
}

interface EffectOptions {
  readonly effect?: string
  /** The group that asked for it. */
  readonly group?: string
  readonly message?: string
  readonly applied?: boolean
}

/** Load and faults to 60 s, heal then, everything done at 90 s. */
function phases(): Phases {
  return {
    originUs: ORIGIN_US,
    healUs: 60_000_000,
    settledUs: 65_000_000,
    wroteUs: 66_000_000,
    producersDoneUs: 67_000_000,
    drainedUs: 80_000_000,
    endUs: 90_000_000,
  }
}

export function producer(parts: Partial<Producer> = {}): Producer {
  return {
    name: 'order-service',
    count: 1,
    topic: 'orders',
    keys: { kind: 'fixed', count: 10 },
    recordBytes: 100,
    load: { arrival: 'steady', points: [{ atUs: 0, perSecond: 1 }] },
    pattern: 'send',
    hardware: 'ideal',
    config: {},
    ...parts,
  }
}

export function consumer(parts: Partial<Consumer> = {}): Consumer {
  return {
    group: 'payment',
    members: 2,
    topics: ['orders'],
    work: { p50Us: 1_000, p99Us: 1_000 },
    pattern: 'process-then-commit',
    effectPer: 'record',
    calls: [],
    hardware: 'ideal',
    config: { 'auto.offset.reset': 'earliest' },
    ...parts,
  }
}

export function scenario(parts: Partial<Scenario> = {}): Scenario {
  const latency = { baseUs: 0, jitterUs: 0 }
  return {
    name: 'planted',
    question: 'Does the check see it?',
    problem: 'loss',
    system: 'kafka',
    durationUs: 60_000_000,
    warmUpUs: 30_000_000,
    drainLimitUs: 60_000_000,
    timeouts: 'kafka',
    cluster: { brokers: [], zookeeper: [], config: {}, zookeeperConfig: {} },
    network: { withinRack: latency, betweenRacks: latency, toClients: latency },
    hardware: {},
    restart: { afterUs: 1_000_000, backoff: 1, maxUs: 1_000_000 },
    topics: [{ name: 'orders', partitions: 2, replicationFactor: 3, config: {} }],
    producers: [producer()],
    consumers: [consumer()],
    services: [],
    timeline: [],
    checks: [],
    expect: {},
    thresholds: [],
    requiredProbes: [],
    guardsOff: [],
    protocols: {},
    ...parts,
  }
}

function caseOf(of: Scenario, timeline: readonly TimelineEntry[]): Case {
  return {
    format: 1,
    engine: '0.0.0',
    scenario: of,
    timeline,
    seed: 1,
    protocols: {},
    guardsOff: [],
  }
}
