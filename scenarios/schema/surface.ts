/**
 * A scenario as its author writes it, in YAML, JSON or TypeScript: short, with units and words.
 *
 * Quantities are texts with a unit (`units.ts`), targets are phrases (`target.ts`), and nearly
 * everything has a default. `expand` makes the canonical `Scenario` of it; the zod schema in
 * `surface-schema.ts` is held to these types by the compiler.
 */

import type { InspectionSubject } from '../../model/kafka/clients/inspector/subject-names.ts'
import type { Handler, HandlerCommit } from '../handlers/handler.ts'
import type {
  BiasName,
  Budget,
  CheckAlias,
  CheckName,
  Config,
  Expectation,
  Problem,
  ProducerPattern,
  SwarmFamily,
  SwarmKnob,
  SwarmOperation,
  SwarmTarget,
  Timeouts,
} from './scenario.ts'

export interface ScenarioFile {
  name?: string | undefined
  question?: string | undefined
  problem?: Problem | undefined
  system: 'kafka'
  /** Load and torment together. */
  duration: string
  warmUp?: string | undefined
  /** Percentiles, means and rates leave out what was due before. */
  measureFrom?: string | undefined
  drain?: string | undefined
  seed?: number | undefined
  timeouts?: Timeouts | undefined
  history?: 'whole' | 'folded' | undefined
  cluster?: ClusterEntry | undefined
  network?: NetworkEntry | undefined
  hardware?: Record<string, HardwareEntry> | undefined
  restart?: RestartEntry | undefined
  topics: TopicEntry[]
  producers?: ProducerEntry[] | undefined
  consumers?: ConsumerEntry[] | undefined
  services?: ServiceEntry[] | undefined
  /** A client that asks all the time what must be refused. */
  inspect?:
    | {
        topic?: string | undefined
        pause?: string | undefined
        about?: InspectionSubject[] | undefined
      }
    | undefined
  timeline?: TimelineWords[] | undefined
  swarm?: SwarmEntry | undefined
  checks?: (CheckName | CheckAlias)[] | undefined
  expect?: Record<string, Expectation> | undefined
  thresholds?: Record<string, RuleEntry[]> | undefined
  requiredProbes?: string[] | undefined
  guardsOff?: string[] | undefined
  protocols?: Record<string, string> | undefined
  hazard?: HazardEntry | undefined
  plan?: PlanEntry | undefined
}

export interface HazardEntry {
  id: string
  title: string
  sets?: Record<string, string | number | boolean> | undefined
  check: string
  mechanism?: string | undefined
  bias?: string | undefined
  within: number
  fix:
    | 'none'
    | {
        kind: 'protocol' | 'config' | 'guard'
        sets?: Record<string, string | number | boolean> | undefined
        leavesOut?: SwarmOperation[] | undefined
      }
}

export interface ClusterEntry {
  /** How many, or one by one. */
  brokers?: number | BrokerEntry[] | undefined
  zookeeper?: number | ZooKeeperEntry[] | undefined
  /** How many racks counted hosts are spread over, in turn: a, b, c … */
  racks?: number | undefined
  /** Of every host of the cluster that does not say otherwise. */
  hardware?: string | undefined
  config?: Config | undefined
  zookeeperConfig?: Config | undefined
}

export interface BrokerEntry {
  id: number
  rack?: string | undefined
  disks?: number | undefined
  hardware?: string | undefined
  config?: Config | undefined
}

export interface ZooKeeperEntry {
  id: number
  rack?: string | undefined
  hardware?: string | undefined
}

export type LatencyEntry = string | { base: string; jitter?: string | undefined }

export interface NetworkEntry {
  withinRack?: LatencyEntry | undefined
  betweenRacks?: LatencyEntry | undefined
  toClients?: LatencyEntry | undefined
}

export interface HardwareEntry {
  /** Another profile, of which this one says what differs. */
  like?: string | undefined
  /** Whose costs of work: a set that comes with dmqsim, or a file. */
  calibration?: string | undefined
  cores?: number | undefined
  requestCpuNs?: number | undefined
  batchCpuNs?: number | undefined
  recordCpuNs?: number | undefined
  kibibyteCpuNs?: number | undefined
  partitionCpuNs?: number | undefined
  checksumCpuNs?: number | undefined
  sendCpuNs?: number | undefined
  tlsCpuNs?: number | undefined
  codecPercent?: number | undefined
  clientRequestCpuNs?: number | undefined
  clientBatchCpuNs?: number | undefined
  clientRecordCpuNs?: number | undefined
  controllerCpuNs?: number | undefined
  zookeeperCpuNs?: number | undefined
  disk?:
    | {
        bandwidth?: string | undefined
        operation?: string | undefined
        sync?: string | undefined
        space?: string | undefined
        count?: number | undefined
      }
    | undefined
  nic?: string | undefined
  /** What is not heap caches pages. */
  memory?: string | undefined
  heap?: string | undefined
}

export interface RestartEntry {
  after?: string | undefined
  backoff?: number | undefined
  max?: string | undefined
}

export interface TopicEntry {
  name: string
  partitions?: number | undefined
  replicationFactor?: number | undefined
  replicas?: number[][] | undefined
  config?: Config | undefined
}

/** One of `rate`, `stages`, `csv`, `preset` and `users`. */
export interface LoadEntry {
  rate?: string | undefined
  stages?: StageEntry[] | undefined
  csv?: string | undefined
  /** Of a CSV with several series: whose rate; of several the sum. */
  column?: string | string[] | undefined
  /** What a CSV means where it has no value: a straight line between its neighbours, or nothing. */
  gaps?: 'line' | 'zero' | undefined
  preset?: 'double-eleven' | undefined
  year?: number | undefined
  /** A part of a CSV or a preset, from the first row or from midnight. */
  from?: string | undefined
  to?: string | undefined
  /** Multiplies every rate: 0.5 or 50%. */
  scale?: number | string | undefined
  /** Divides every time of a CSV or a preset. */
  compress?: number | undefined
  arrival?: 'poisson' | 'steady' | 'bursty' | undefined
  burst?: BurstEntry | undefined
  /** A closed loop: each sends, waits for the outcome and thinks. */
  users?: number | undefined
  think?: WorkEntry | undefined
}

export interface BurstEntry {
  factor?: number | undefined
  length?: string | undefined
  share?: number | string | undefined
}

/** `to`: rises or falls to it in a line; `rate`: jumps to it and stays. */
export interface StageEntry {
  for: string
  to?: string | undefined
  rate?: string | undefined
}

export interface ProducerEntry {
  name: string
  count?: number | undefined
  topic: string
  /** `zipf`: the exponent of Zipf's law, so that some keys are hot. */
  keys?: number | { count: number; zipf?: number | undefined } | 'none' | 'per-order' | undefined
  /** Records an order makes, with `keys: per-order`. */
  events?: number | undefined
  eventGap?: string | undefined
  recordBytes?: SizesEntry | undefined
  load: LoadEntry
  pattern?: ProducerPattern | undefined
  stopAfter?: number | undefined
  /** A fleet: how many real clients an instance stands for. */
  clients?: number | undefined
  /** Of a fleet: records one by one, or ranges of them. Default: counted. */
  records?: 'explicit' | 'counted' | undefined
  /** Of a fleet: the time for which arrivals are drawn together, or `auto`. */
  slot?: string | undefined
  hardware?: string | undefined
  config?: Config | undefined
}

/** One size, log-normal, exponential, or sizes with their weights. */
export type SizesEntry =
  | string
  | { p50: string; p99: string }
  | { mean: string }
  | { size: string; weight?: number | undefined }[]

export type WorkEntry = string | { p50: string; p99: string } | { mean: string }

export type CallEntry =
  string | { name: string; timeout?: string | undefined; retryBackoff?: string | undefined }

export type OutputEntry =
  string | { topic: string; recordBytes?: string | undefined; config?: Config | undefined }

/** A file, beside the scenario; or in a program the function itself. */
export type HandlerEntry =
  | string
  | Handler
  | { module: string; export?: string | undefined; commit?: HandlerCommit | undefined }
  | { handle: Handler; commit?: HandlerCommit | undefined }

export interface ConsumerEntry {
  group: string
  members?: number | undefined
  topics: string[]
  work?: WorkEntry | undefined
  /** A pattern, or the file of a handler of your own. */
  pattern?: string | undefined
  handler?: HandlerEntry | undefined
  effects?: 'per-record' | 'per-order' | undefined
  services?: CallEntry[] | undefined
  produces?: OutputEntry | undefined
  /** What becomes of a record whose processing fails. */
  retry?: { attempts?: number | undefined; backoff?: string | undefined } | undefined
  /** Topic for records that failed for the last time. */
  deadLetter?: OutputEntry | undefined
  hardware?: string | undefined
  config?: Config | undefined
}

export interface ServiceEntry {
  name: string
  workers?: number | undefined
  work?: WorkEntry | undefined
  /** Calls that may wait; more are refused. */
  queue?: number | undefined
  /** How long a call may wait, and how long callers wait that do not say. */
  timeout?: string | undefined
}

/** One verb with its target or options, `at` or `on`, and `for`; or the form with `kind`. */
export type TimelineWords = Record<string, unknown>

export interface SwarmEntry {
  families: SwarmFamily[]
  operations?: SwarmOperation[] | undefined
  faults?: { min?: number | undefined; max?: number | undefined } | undefined
  budget?: Budget | undefined
  knobs?: SwarmKnob[] | undefined
  durations?: { min?: string | undefined; max?: string | undefined } | undefined
  targets?: SwarmTarget[] | undefined
  biases?: BiasName[] | undefined
  topics?: string[] | undefined
}

/** One value, a list, or from min to max. */
export type ValuesEntry =
  number | number[] | { min: number; max: number; step?: number | undefined }

export type DrillEntry =
  | 'normal'
  | 'one-broker-down'
  | 'rack-down'
  | { 'rack-down': string }
  | { 'consumer-outage': { group: string; for: string } }

export interface PricesEntry {
  currency: string
  perHour: Record<string, number>
  perGigabyteMonth?: number | undefined
  perConsumerHour?: number | undefined
}

/** What `dmqsim plan` searches, and what it must find. */
export interface PlanEntry {
  search?:
    | {
        brokers?: ValuesEntry | undefined
        hardware?: string | string[] | undefined
        /** Of every topic. */
        replicationFactor?: ValuesEntry | undefined
        partitions?: Record<string, ValuesEntry> | undefined
        consumers?: Record<string, ValuesEntry> | undefined
        'batch.size'?: ValuesEntry | string | (number | string)[] | undefined
        'linger.ms'?: ValuesEntry | undefined
      }
    | undefined
  thresholds?: Record<string, RuleEntry[]> | undefined
  drills?: DrillEntry[] | undefined
  /** Hosts go over so many racks in turn; absent: they stand where the scenario has them. */
  racks?: number | undefined
  window?:
    | {
        peak?: string | undefined
        before?: string | undefined
        after?: string | undefined
      }
    | undefined
  seeds?: number | undefined
  utilisation?: string | undefined
  /** A list of one's own, or the file that it stands in. */
  prices?: string | PricesEntry | undefined
}

/** A rule of a threshold: a text, or in k6's longer form. */
export type RuleEntry =
  | string
  | {
      threshold: string
      abortOnFail?: boolean | undefined
      delayAbortEval?: string | undefined
    }
