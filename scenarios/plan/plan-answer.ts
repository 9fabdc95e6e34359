/**
 * What a plan answers: the cheapest cluster that holds, why, what breaks first, and how sure that
 * is.
 *
 * Plain JSON that every report reads. Times are milliseconds from the start of the window that was
 * simulated; shares are 0…1; what is absent is null. Estimates are means over seeds with a 95 %
 * interval (Student), taken on common random numbers: every candidate sees the same arrivals.
 */

import type { Scenario } from '../schema/scenario.ts'
import type { Doubts } from './doubts-answer.ts'

export interface PlanAnswer {
  /** `smallest`: what must be bought. `peak`: up to which peak the given cluster holds. */
  readonly kind: 'smallest' | 'peak'
  readonly scenario: string
  readonly question: string
  /** The plain first line of every form of the answer. */
  readonly sentence: string
  /** A setting that meets all thresholds in all drills was found; of `peak`: the given one does. */
  readonly feasible: boolean
  /** The cheapest that holds; of `peak` the given setting. Null: none of the search space holds. */
  readonly answer: Setting | null
  /** Per hour; null without prices. */
  readonly cost: Cost | null
  readonly window: Window
  readonly seed: number
  /** Runs of each drill of the answer; other candidates were given fewer. */
  readonly seeds: number
  readonly runs: number
  /** In the order of the plan: normal first. Of the answer, or of the nearest candidate. */
  readonly drills: readonly DrillAnswer[]
  /** Cheapest first. */
  readonly candidates: readonly Candidate[]
  readonly search: Search
  /** The next cheaper candidate than the answer, and what it misses; null: there is none. */
  readonly nextCheaper: Candidate | null
  /** What gives way first, second, and so on, as the traffic grows. */
  readonly walls: readonly Wall[]
  /** Up to which factor every threshold holds; null unless it was searched for. */
  readonly peak: PeakAnswer | null
  readonly whatIf: readonly WhatIf[]
  /** Greatest effect first. */
  readonly sensitivity: readonly Sensitivity[]
  /** Null: not tried, or no threshold of normal running has a limit to be near to. */
  readonly doubts: Doubts | null
  /** The three public formulas on the same figures. */
  readonly formulas: readonly FormulaAnswer[]
  readonly inputs: readonly PlanInput[]
  readonly belief: Belief
  /** Enough to run the same plan again. */
  readonly embedded: EmbeddedPlan
}

/** One point of the search space, written out. */
export interface Setting {
  readonly brokers: number
  /** Name of a hardware profile. */
  readonly hardware: string
  readonly replicationFactor: number
  /** Of all topics together. */
  readonly partitions: number
  /** Members of all groups together. */
  readonly consumers: number
  readonly 'batch.size': number
  readonly 'linger.ms': number
  readonly topics: readonly { readonly topic: string; readonly partitions: number }[]
  readonly groups: readonly { readonly group: string; readonly members: number }[]
}

export interface Cost {
  readonly currency: string
  readonly perHour: number
  readonly items: readonly {
    /** `9 × m7g.2xlarge`, `12,400 GB of disk`. */
    readonly what: string
    readonly count: number
    readonly price: number
    /** `per hour`, `per GB-month`. */
    readonly unit: string
    readonly perHour: number
  }[]
}

/** The part of the curve that was simulated. */
export interface Window {
  /** On the curve as the file gives it. */
  readonly fromMs: number
  readonly untilMs: number
  readonly peakAtMs: number
  /** Records a second of all producers together. */
  readonly peakPerSecond: number
  readonly meanPerSecond: number
  /** Bytes a second at the peak, before compression. */
  readonly peakBytesPerSecond: number
  /** What is cut off at the beginning of each run. */
  readonly warmUpMs: number
}

export interface Estimate {
  readonly value: number
  /** 95 %; null where one run says nothing of its spread. */
  readonly ci: readonly [number, number] | null
}

export type Unit = 'ms' | 'records' | 'records/s' | 'bytes' | 'bytes/s' | 'share' | 'count'

export interface PlanMeasure extends Estimate {
  readonly unit: Unit
}

export type DrillName = 'normal' | 'one-broker-down' | 'rack-down' | 'consumer-outage'

export interface DrillAnswer {
  readonly name: DrillName
  /** `one broker down at the peak`, `payment out for 5 min`. */
  readonly title: string
  /** Of `consumer-outage`, else null. */
  readonly group: string | null
  readonly seeds: number
  /** Runs that a threshold with `abortOnFail` ended: they say that it was missed and no more. */
  readonly endedEarly: number
  readonly met: boolean
  readonly thresholds: readonly ThresholdResult[]
  /**
   * The resource that is nearest to its limit over the window; null without hardware, and where
   * every run was ended early.
   */
  readonly bottleneck: Bottleneck | null
  /** 1 less the bottleneck's utilisation. */
  readonly headroom: number | null
  /** By name: `endToEnd p(99)`, `produce p(99)`, `throughput`, `backlog payment`. */
  readonly measures: Readonly<Record<string, PlanMeasure>>
  readonly groups: readonly DrillGroup[]
  readonly resources: readonly ResourceUse[]
  /** Checks that broke in a run although the scenario says they hold. */
  readonly broken: readonly {
    readonly check: string
    readonly scope: string
    readonly runs: number
  }[]
  /** Of the first seed. */
  readonly curves: Curves | null
}

export interface ThresholdResult {
  /** As written: `latency{phase:end-to-end}`. */
  readonly measure: string
  /** As written: `p(99)<500ms`. */
  readonly rule: string
  /** Null: nothing was measured, which meets no threshold. */
  readonly value: PlanMeasure | null
  /** Runs that met it, of those in which it was judged. */
  readonly runsMet: number
  readonly runsJudged: number
  /** Null: judged in none, because another threshold ended them early. */
  readonly met: boolean | null
}

export interface Bottleneck {
  /** `nic-out`, `disk`, `handler-threads`, … */
  readonly resource: string
  /** `broker 4`. */
  readonly host: string
  /** In the busiest second of the window, mean over the seeds. */
  readonly utilisation: number
}

export interface DrillGroup {
  readonly group: string
  readonly topic: string
  readonly members: number
  readonly backlogPeak: Estimate
  readonly latenessPeakMs: Estimate
  /** End to end; null: the group processed nothing. */
  readonly latencyP50Ms: Estimate | null
  readonly latencyP99Ms: Estimate | null
  /** From the end of the fault until the backlog was back at its base; null: not within the run. */
  readonly drainMs: Estimate | null
}

/** Of one resource of one host over the window. */
export interface ResourceUse {
  readonly host: string
  readonly resource: string
  readonly mean: Estimate
  /** In the busiest step of the series. */
  readonly peak: Estimate
}

/** Every array of a part has the length of its `atMs`; null where nothing was there to measure. */
export interface Curves {
  readonly stepMs: number
  readonly atMs: readonly number[]
  /** Where the load curve has its greatest value. */
  readonly peakAtMs: number
  /** End of the window; the load goes on for a moment, and what waits is worked off. */
  readonly untilMs: number
  /** Records a second that the curve asks for. */
  readonly traffic: readonly number[]
  /** Records a second acknowledged. */
  readonly throughput: readonly number[]
  readonly consumed: readonly { readonly group: string; readonly perSecond: readonly number[] }[]
  readonly latency: readonly LatencyCurve[]
  readonly groups: readonly {
    readonly group: string
    readonly topic: string
    readonly atMs: readonly number[]
    readonly backlog: readonly number[]
    readonly latenessMs: readonly number[]
  }[]
  readonly utilisation: readonly {
    readonly host: string
    readonly resource: string
    readonly atMs: readonly number[]
    readonly values: readonly (number | null)[]
  }[]
  readonly faults: readonly {
    readonly atMs: number
    /** Null: instant, or until the end. */
    readonly untilMs: number | null
    readonly what: string
  }[]
}

/** Of what was sent in each step. */
export interface LatencyCurve {
  readonly phase: 'produce' | 'end-to-end'
  readonly atMs: readonly number[]
  readonly p50: readonly (number | null)[]
  readonly p99: readonly (number | null)[]
  readonly p999: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

export interface Candidate extends Setting {
  /** Null without prices. */
  readonly costPerHour: number | null
  readonly met: boolean
  /**
   * `answer`, `met` (holds too), `missed` (simulated, misses `failed`), `ruled-out` (`by` says
   * why it cannot hold: nothing was simulated), `not-run` (dearer than the answer, or not
   * reached in time).
   */
  readonly state: 'answer' | 'met' | 'missed' | 'ruled-out' | 'not-run'
  /** `one-broker-down: latency{phase:end-to-end} p(99)<500ms`. */
  readonly failed: readonly string[]
  /**
   * What ruled it out, or why it was not run: `the network cards of 6 brokers carry 1.1 GB/s, the
   * peak needs 1.4 GB/s`.
   */
  readonly by: string | null
  readonly runs: number
  /** Of the normal drill; null where it was not simulated to its end. */
  readonly bottleneck: Bottleneck | null
}

export interface Search {
  /** Points of the search space. */
  readonly of: number
  readonly simulated: number
  readonly ruledOut: number
  readonly notRun: number
  /** The time was up before everything was simulated. */
  readonly timeUp: boolean
  /** How the search went, one sentence each. */
  readonly how: readonly string[]
}

export interface Wall {
  /** From 1. */
  readonly order: number
  readonly drill: DrillName
  /** The threshold that breaks, or `utilisation 100 %` of a resource. */
  readonly what: string
  readonly resource: string | null
  readonly host: string | null
  /** How many times the peak of the curve. Null: above all that was tried. */
  readonly factor: number | null
  /** The highest factor known to hold and the lowest known to break; null where extrapolated. */
  readonly between: readonly [number, number] | null
  readonly recordsPerSecond: number | null
  /**
   * `simulated`: bisected in simulation; `extrapolated`: from utilisation at the peak, linearly.
   */
  readonly how: 'simulated' | 'extrapolated'
  readonly sentence: string
}

export interface PeakAnswer {
  /** The highest factor at which every threshold holds in every drill; null: not even the least. */
  readonly factor: number | null
  readonly recordsPerSecond: number | null
  readonly triedFrom: number
  readonly triedTo: number
  /** To so much the factors are exact. */
  readonly resolution: number
}

/** The answer with one thing changed, simulated anew. */
export interface WhatIf {
  /** `traffic +20 %`, `one more broker`. */
  readonly change: string
  readonly setting: Setting
  readonly costPerHour: number | null
  readonly met: boolean
  readonly failed: readonly string[]
  /** Of normal running; null where that was ended early. */
  readonly bottleneck: Bottleneck | null
  readonly headroom: number | null
  /** End-to-end p99 of the normal drill in ms. */
  readonly endToEndP99: Estimate | null
  readonly backlogPeak: Estimate | null
}

/** One figure changed: what the search would answer then. */
export interface Sensitivity {
  /** `record bytes +20 %`. */
  readonly assumption: string
  /** Where the figure came from. */
  readonly source: PlanInput['source']
  /** Null: no setting of the search space holds then. */
  readonly answer: Setting | null
  readonly costPerHour: number | null
  /** The answer is another one. */
  readonly moves: boolean
  /** Change of the bottleneck's utilisation at the answer, in points of share; orders the table. */
  readonly utilisationChange: number | null
}

export interface FormulaAnswer {
  readonly name: 'aws' | 'google' | 'alibaba'
  /** What it counts: brokers, or vCPUs. */
  readonly unit: 'brokers' | 'vCPUs'
  readonly value: number
  /** In brokers of the answer's hardware; null where that has no cores. */
  readonly brokers: number | null
  readonly formula: string
  readonly inputs: readonly {
    readonly name: string
    readonly value: number
    readonly unit: string
  }[]
  readonly source: string
}

export interface PlanInput {
  readonly name: string
  readonly value: string
  readonly source: 'given' | 'default' | 'profile' | 'fitted'
  /** Of a profile: where its figures are from. */
  readonly from: string | null
}

/** How far to believe. */
export interface Belief {
  readonly engine: string
  /** Constants that were fitted, and to what; null: none were. */
  readonly calibrationSet: string | null
  readonly constants: readonly {
    readonly name: string
    readonly value: number
    readonly unit: string
    readonly rows: readonly string[]
  }[]
  /** Null: nothing measured is known of a cluster like this one. */
  readonly backtest: Backtest | null
  readonly validatedRange: Readonly<Record<string, readonly [number, number]>>
  /** One sentence for each figure that lies outside of what was validated. */
  readonly extrapolates: readonly string[]
  readonly notModelled: readonly string[]
}

export interface Backtest {
  readonly source: string
  readonly rows: readonly {
    readonly series: string
    /** Mean absolute error as a share of the measured mean. */
    readonly fitted: number | null
    readonly judged: number | null
  }[]
}

export interface EmbeddedPlan {
  readonly format: 1
  readonly engine: string
  readonly seed: number
  readonly find: 'peak' | null
  /** With its plan. */
  readonly scenario: Scenario
}
