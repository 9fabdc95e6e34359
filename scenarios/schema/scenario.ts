/**
 * A scenario in its canonical form: what a case holds and every other part reads.
 *
 * Plain JSON with integers that carry their unit in the name, every default of dmqsim written
 * out, names checked against each other. Authors write the shorter form of `surface.ts`, and
 * `expand` makes this of it. Kafka's own defaults are not written out: they are facts of a
 * release (`model/kafka/config`), and `config` holds what was set over them. Its larger parts stand
 * in `scenario/`.
 */

import type { Plan } from './plan.ts'
import type { Consumer, Inspector, Producer, Service } from './scenario/clients.ts'
import type { Hardware } from './scenario/hardware.ts'
import type { CheckName, Expectation, Threshold } from './scenario/judged.ts'
import type { Swarm, SwarmOperation } from './scenario/swarm.ts'
import type { TimelineEntry } from './timeline.ts'

export type * from './scenario/clients.ts'
export type * from './scenario/hardware.ts'
export type * from './scenario/judged.ts'
export type * from './scenario/load.ts'
export type * from './scenario/swarm.ts'

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
