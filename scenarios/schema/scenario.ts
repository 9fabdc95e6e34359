/**
 * A scenario in its canonical form: what a case holds and every other part reads.
 *
 * Plain JSON with integers that carry their unit in the name, every default of dmqsim written
 * out, names checked against each other. Authors write the shorter form of `surface.ts`, and
 * `expand` makes this of it. Kafka's own defaults are not written out: they are facts of a
 * release (`model/kafka/config`), and `config` holds what was set over them.
 */

import type { InspectionSubject } from '../../model/kafka/clients/inspector/subject-names.ts'
import type { HandlerCommit, HandlerReference } from '../handlers/handler.ts'
import type { Plan } from './plan.ts'
import type { TimelineEntry } from './timeline.ts'

/** Dotted property names of the product with the values that were set. */
export type Config = Readonly<Record<string, string | number | boolean>>

export type Problem = 'loss' | 'duplicate' | 'order' | 'backlog'

export interface Scenario {
  readonly name: string
  /** One sentence that ends in a question mark. */
  readonly question: string
  readonly problem: Problem
  readonly system: 'kafka'
  /** Load and torment together; the drain comes after it. */
  readonly durationUs: number
  /** The cluster must have converged within it, before t = 0. */
  readonly warmUpUs: number
  /** What was due before it counts in no percentile, mean or rate; verdicts see the whole run. */
  readonly measureFromUs?: number
  /**
   * What is due later counts in no latency, rate, utilisation or greatest lateness, though the
   * load goes on: set by trials of a plan alone.
   */
  readonly measureUntilUs?: number
  /** The drain ends at the latest then, after the heal. */
  readonly drainLimitUs: number
  readonly seed?: number
  /** Which timeouts apply unless `config` says otherwise; already written into the configs. */
  readonly timeouts: Timeouts
  /** Whether what is over stays in the history row by row; absent: it does. */
  readonly history?: 'folded'
  readonly cluster: Cluster
  readonly network: Network
  /** The profiles that hosts name, by name. */
  readonly hardware: Readonly<Record<string, Hardware>>
  readonly restart: Restart
  readonly topics: readonly Topic[]
  readonly producers: readonly Producer[]
  readonly consumers: readonly Consumer[]
  readonly services: readonly Service[]
  readonly inspector?: Inspector
  readonly timeline: readonly TimelineEntry[]
  readonly swarm?: Swarm
  readonly checks: readonly CheckName[]
  /** By check, or by check and scope: `no-loss`, `no-loss:stored`, `no-loss:processed:payment`. */
  readonly expect: Readonly<Record<string, Expectation>>
  readonly thresholds: readonly Threshold[]
  /** An exploration that misses one of them proves nothing. */
  readonly requiredProbes: readonly string[]
  readonly guardsOff: readonly string[]
  readonly protocols: Readonly<Record<string, string>>
  /** The published bug that this scenario shows, for `table hazards`. */
  readonly hazard?: Hazard
  /** The search space of `plan`, read by that command alone. */
  readonly plan?: Plan
}

export type Timeouts = 'kafka' | 'brisk'

/** Values by the path that `--set` takes. */
export type Sets = Readonly<Record<string, string | number | boolean>>

/**
 * An entry of the catalogue of published bugs (hazards.md): the scenario has the bug, `fix` mends
 * it.
 */
export interface Hazard {
  /** As in hazards.md: `R01`. */
  readonly id: string
  readonly title: string
  /** What of the scenario makes the bug possible; it has these values already. */
  readonly sets: Sets
  /** The check that the bug breaks, with its scope where one alone counts: `no-loss:stored`. */
  readonly check: string
  /** How the bug breaks it, as its signature says; what breaks it otherwise is not this bug. */
  readonly mechanism?: string
  /** What the search is told beside families and targets, or `none`. */
  readonly bias: string
  /** An exploration from seed 1 finds it within so many runs. */
  readonly within: number
  readonly fix: HazardFix
}

export interface HazardFix {
  /** `none`: there is none in ZooKeeper mode. */
  readonly kind: 'protocol' | 'config' | 'guard' | 'none'
  readonly sets: Sets
  /** Operations that nobody does any more. */
  readonly leavesOut?: readonly SwarmOperation[]
}

export interface Cluster {
  readonly brokers: readonly Broker[]
  readonly zookeeper: readonly ZooKeeperServer[]
  /** Properties of every broker. */
  readonly config: Config
  /** Properties of every ZooKeeper server, as in zoo.cfg. */
  readonly zookeeperConfig: Config
}

export interface Broker {
  readonly id: number
  readonly rack: string
  /** Log directories, each on a disk of its own. */
  readonly disks: number
  readonly hardware: string
  /** Properties of this broker alone, over those of the cluster. */
  readonly config: Config
}

export interface ZooKeeperServer {
  readonly id: number
  readonly rack: string
  readonly hardware: string
}

/** One way: every packet takes `baseUs` and a drawn part whose mean is `jitterUs`. */
export interface Latency {
  readonly baseUs: number
  readonly jitterUs: number
}

export interface Network {
  readonly withinRack: Latency
  readonly betweenRacks: Latency
  /** Between a client or service and any other host. */
  readonly toClients: Latency
}

/** What work costs on a host. All zeros is `ideal`: the path is the same, the time is none. */
export interface Hardware {
  /** CPU servers; 0: as many as are asked for. */
  readonly cores: number
  readonly requestCpuNs: number
  readonly batchCpuNs: number
  readonly recordCpuNs: number
  /** For 1024 bytes that a network thread copies in, or a handler into the log. */
  readonly kibibyteCpuNs: number
  /** For each partition of a fetch, on the handler. */
  readonly partitionCpuNs: number
  /** For 1024 bytes whose checksum is looked at. */
  readonly checksumCpuNs: number
  /** For 1024 bytes that a response carries, on the network thread. */
  readonly sendCpuNs: number
  /** For 1024 bytes that are encrypted or decrypted; 0: plaintext. */
  readonly tlsCpuNs: number
  /** Time of compression as a share of the table's, in percent; 0: none. */
  readonly codecPercent: number
  /** Of a client: for each request, batch and record that it sends or gets. */
  readonly clientRequestCpuNs: number
  readonly clientBatchCpuNs: number
  readonly clientRecordCpuNs: number
  /** Of a broker that is the controller, for each operation of ZooKeeper. */
  readonly controllerCpuNs: number
  /** For each message of a ZooKeeper server. */
  readonly zookeeperCpuNs: number
  /** Memory that caches pages; 0: as much as is needed. */
  readonly pageCacheBytes: number
  /** Of a broker that does not say how many it has. */
  readonly disks: number
  /** 0: without limit. */
  readonly diskBytesPerSecond: number
  /** Of a switch to another file. */
  readonly diskOperationUs: number
  /** Of each disk; 0: without end. */
  readonly diskSpaceBytes: number
  readonly syncUs: number
  /** In each direction; 0: without limit. */
  readonly nicBytesPerSecond: number
  /** Where the figures are from; absent: all of them stand in the scenario. */
  readonly origin?: HardwareOrigin
}

/**
 * Where a figure is from: published by who sells it, reckoned from that, fitted, a guess, or given.
 */
export type FigureSource = 'published' | 'derived' | 'fitted' | 'assumed' | 'given'

export interface HardwareOrigin {
  /** The profile that came with dmqsim; null: only the calibration did. */
  readonly profile: string | null
  readonly calibration: string | null
  /** By field. */
  readonly sources: Readonly<Record<string, FigureSource>>
}

/** The supervisor of every host: how long until a process that ended is started again. */
export interface Restart {
  readonly afterUs: number
  /** Each further start in a row waits so many times longer. */
  readonly backoff: number
  readonly maxUs: number
}

export interface Topic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  /** Broker ids by partition, the preferred leader first; absent: Kafka's rack-aware assignment. */
  readonly replicas?: readonly (readonly number[])[]
  readonly config: Config
}

/**
 * How arrivals find their key.
 *
 * `none`: no key. `fixed`: drawn from `count` keys, evenly or by Zipf's law with `exponent`.
 * `per-order`: a fresh key each arrival, which makes `events` records one after the other.
 */
export type Keys =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly count: number; readonly exponent?: number }
  | { readonly kind: 'per-order'; readonly events: number; readonly gapUs: number }

/**
 * Arrivals a second of all instances together: linear between the points, the last one for
 * ever. Two points at one time are a jump. An arrival is one record, or one order with all of
 * its events.
 */
export interface Load {
  readonly arrival: 'poisson' | 'steady' | 'bursty'
  /** None in a closed loop. */
  readonly points: readonly LoadPoint[]
  /** Of arrivals that are bursty. */
  readonly bursts?: Bursts
  /** Users of all instances together, in place of a curve. */
  readonly closed?: ClosedLoop
}

/** The rate is `factor` times as high for `share` of the time, and lower in between. */
export interface Bursts {
  readonly factor: number
  /** On average. */
  readonly lengthUs: number
  readonly share: number
}

/** Each user sends a record, waits for its outcome and thinks. */
export interface ClosedLoop {
  readonly users: number
  readonly think: Work
}

/** How large records are where they are not all of one size. */
export type Sizes =
  | { readonly kind: 'log-normal'; readonly p50: number; readonly p99: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | {
      readonly kind: 'list'
      readonly bytes: readonly number[]
      readonly weights: readonly number[]
    }

export interface LoadPoint {
  readonly atUs: number
  /** Not always whole: a curve may be scaled. */
  readonly perSecond: number
}

/** `resend`: an application that sends again, as a new record, what timed out. */
export type ProducerPattern = 'send' | 'resend'

export interface Producer {
  readonly name: string
  /** Instances, named `<name>-1` and so on. */
  readonly count: number
  readonly topic: string
  readonly keys: Keys
  /** Of each record; with `sizes` their mean. */
  readonly recordBytes: number
  readonly sizes?: Sizes
  readonly load: Load
  readonly pattern: ProducerPattern
  /** Each instance ends after so many records. */
  readonly stopAfterRecords?: number
  /** Each instance stands for many clients; absent: it is one. */
  readonly fleet?: Fleet
  readonly hardware: string
  readonly config: Config
}

/** Many producing clients in one process, whose arrivals are drawn by slot and key bucket. */
export interface Fleet {
  /** How many real clients an instance stands for. */
  readonly clients: number
  /** `counted`: what comes in a slot is sent as ranges; `explicit`: record by record. */
  readonly records: 'explicit' | 'counted'
  /** Length of a slot; 0: by the rate, from 10 ms at the peak to 1 s. */
  readonly slotUs: number
}

/** Time to work on one record: constant where the two are equal, else log-normal through them. */
export interface Work {
  readonly p50Us: number
  readonly p99Us: number
  /** Exponential with this mean instead; the two follow from it. */
  readonly meanUs?: number
}

export type ConsumerPattern =
  | 'auto-commit'
  | 'commit-then-process'
  | 'process-then-commit'
  | 'idempotent-mark-before'
  | 'idempotent-mark-after'
  | 'idempotent'
  /** A handler of the user's own. */
  | 'handler'

export interface Consumer {
  readonly group: string
  /** Members, named `<group>-1` and so on. */
  readonly members: number
  readonly topics: readonly string[]
  readonly work: Work
  readonly pattern: ConsumerPattern
  /** What an effect is identified by: each record, or each key (an order is charged once). */
  readonly effectPer: 'record' | 'key'
  /** Services called for each effect, in order, before it is recorded. */
  readonly calls: readonly ServiceCall[]
  /** A record written for each effect, under the key of its cause. */
  readonly produces?: Output
  /** What becomes of a record whose processing fails; absent: it is tried again for ever. */
  readonly failures?: Failures
  /** Of the pattern `handler`. */
  readonly handler?: OwnHandler
  readonly hardware: string
  readonly config: Config
}

export interface OwnHandler extends HandlerReference {
  readonly commit: HandlerCommit
  /** Properties of the producer that it sends with. */
  readonly producer: Config
}

export interface Failures {
  /** Attempts at a record, the first included; 0: without end. */
  readonly attempts: number
  readonly backoffUs: number
  /** Where a record goes after the last attempt; absent: it is skipped. */
  readonly deadLetter?: Output
}

export interface ServiceCall {
  readonly service: string
  /** A call without an answer for so long is made again after the back-off. */
  readonly timeoutUs: number
  readonly retryBackoffUs: number
}

export interface Output {
  readonly topic: string
  readonly recordBytes: number
  readonly config: Config
}

export interface Service {
  readonly name: string
  /** Calls worked on at the same time. */
  readonly workers: number
  readonly work: Work
  /** Calls that may wait for a worker, more are refused; absent: none is refused. */
  readonly queueMax?: number
  /** A call that waited so long is dropped; absent: it waits. */
  readonly timeoutUs?: number
}

/** A client of the harness that asks, one after the other, what must be refused. */
export interface Inspector {
  readonly topic: string
  /** Between two inspections, on average. */
  readonly pauseUs: number
  /** What it asks about; absent: everything. */
  readonly about?: readonly InspectionSubject[]
}

export type SwarmFamily =
  | 'crash'
  | 'power-loss'
  | 'pause'
  | 'restart'
  | 'cut'
  | 'flap'
  | 'bridge'
  | 'reset'
  | 'half-open'
  | 'hold'
  | 'clog'
  | 'slow'
  | 'clock'
  | 'disk-full'
  | 'io-error'
  | 'lying-sync'
  | 'bit-rot'
  | 'wipe'

export type SwarmOperation =
  | 'add-partitions'
  | 'add-members'
  | 'stop-members'
  | 'deploy'
  | 'elect-leader'
  | 'reassign'
  | 'alter-config'
  | 'create-topic'
  | 'delete-topic'
  | 'slow-work'
  | 'poison'
  | 'rolling-restart'

/** Roles that drawn faults strike; `all-zookeeper` and `others` are ends of links alone. */
export type SwarmTarget =
  | 'leader'
  | 'follower'
  | 'controller'
  | 'broker'
  | 'zookeeper-leader'
  | 'zookeeper'
  | 'coordinator'
  | 'member'
  | 'producer'
  | 'service'
  | 'rack'
  | 'replicas'
  | 'half'
  | 'all-zookeeper'
  | 'others'

/**
 * Knobs of topology and configuration that an exploration may turn. None of them weakens what the
 * scenario promises: replicas and `min.insync.replicas` only grow.
 */
export type SwarmKnob =
  | 'brokers'
  | 'zookeeper'
  | 'partitions'
  | 'replication-factor'
  | 'min.insync.replicas'
  | 'members'
  | 'rate'
  | 'linger.ms'
  | 'batch.size'
  | 'max.in.flight'

/** Ways to search, each good at something else; `scenarios/explore/biases.ts` says what. */
export type BiasName =
  | 'uniform'
  | 'weights'
  | 'slow-controller'
  | 'slow-zookeeper'
  | 'one-broker'
  | 'bursts'
  | 'moments'
  | 'pauses'
  | 'correlated'
  | 'held-leader-and-isr'

/**
 * How far faults may go: `within` the budget, at its `edge` (what the budget's letter allows and no
 * caution beside it), or `beyond` it.
 */
export type Budget = 'within' | 'edge' | 'beyond'

/** What an exploration draws timelines from, beside the timeline of the scenario. */
export interface Swarm {
  readonly families: readonly SwarmFamily[]
  readonly operations: readonly SwarmOperation[]
  readonly faults: { readonly min: number; readonly max: number }
  readonly budget: Budget
  /** Absent: none is turned. */
  readonly knobs?: readonly SwarmKnob[]
  /** How long a drawn fault lasts; absent: from milliseconds to longer than every timeout. */
  readonly durations?: { readonly minUs: number; readonly maxUs: number }
  /** Absent: whoever the family can strike. */
  readonly targets?: readonly SwarmTarget[]
  /** Absent: every bias whose families are there. */
  readonly biases?: readonly BiasName[]
  /** Topics that drawn operations delete and create; absent: those without producers and groups. */
  readonly topics?: readonly string[]
}

export type CheckName =
  | 'no-loss'
  | 'no-log-duplicates'
  | 'no-duplicates'
  | 'effects-once'
  | 'order-by-key'
  | 'backlog-drains'
  | 'lateness'
  | 'committed-offset-regression'
  | 'availability'
  | 'truth'
  | 'refusals'
  | 'anomalies'
  | 'one-owner'
  | 'fencing'
  | 'leader-epoch-monotonic'
  | 'content'
  | 'compaction'
  | 'transaction-atomicity'
  | 'backlog-bounded'
  | 'ledgers-agree'
  | 'no-oversell'
  | 'rebalance-storm'
  | 'send-promises'

/** Another name of a check; answers use the first one. */
export type CheckAlias = 'exactly-once-effects'

export type Expectation = 'kept' | 'breaks' | 'may-break'

export type Measure =
  | 'latency'
  | 'lateness'
  | 'backlog'
  | 'drain'
  | 'write-silence'
  | 'lost'
  | 'duplicated'
  | 'redelivered'
  | 'reordered'
  | 'throughput'
  | 'utilisation'
  | 'isr-shrinks'
  | 'rebalances'
  | 'disk-full'

/** What values and limits of a threshold are in. */
export type MeasureUnit = 'us' | 'records' | 'records/s' | 'bytes/s' | 'share' | 'times'

/** `latency{phase:end-to-end}` with `p(99)<500ms`, taken apart. */
export interface Threshold {
  readonly measure: Measure
  readonly tags: Readonly<Record<string, string>>
  readonly aggregate: 'avg' | 'min' | 'max' | 'med' | 'p' | 'count'
  /** Of aggregate `p`: 0 to 100. */
  readonly percentile?: number
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!='
  readonly limit: number
  /** Of the limit, and of what is found. */
  readonly unit: MeasureUnit
  /** The run ends as soon as it is broken; not looked at before so much of the load has gone by. */
  readonly abort?: { readonly delayUs: number }
  /** As written, for the answer: the measure with its tags, and the rule. */
  readonly text: { readonly measure: string; readonly rule: string }
}
