/**
 * What a command has to say, before it is written as text or JSON.
 *
 * A run's answer is `Judged` with what surrounds it: the seed, the time it took, where its inputs
 * came from, and the command that does it again. Builders and layouts read these types alone.
 */

import type { Comparison } from '../scenarios/explain/compare.ts'
import type { Explanation } from '../scenarios/explain/explain.ts'
import type { Failure } from '../scenarios/explore/failure.ts'
import type { Exploration } from '../scenarios/explore/explore.ts'
import type { PlanAnswer } from '../scenarios/plan/plan-answer.ts'
import type { VarySample } from '../scenarios/explore/vary.ts'
import type { Judged } from '../scenarios/result.ts'
import type { Backtest } from '../scenarios/calibration/backtest.ts'
import type { Calibrated } from '../scenarios/calibration/calibrate.ts'
import type { FittedConstant } from '../scenarios/validation/chapter.ts'
import type { ValidationRow } from '../scenarios/validation/row.ts'
import type { BaselineComparison } from './baseline.ts'

/** The first part of every JSON answer. */
export interface Head {
  /** Of dmqsim. */
  readonly version: string
  readonly command: string
  readonly seed: number | null
  /** Real time that the command took. */
  readonly wallMs: number
  /** Of Node. */
  readonly node: string
}

/** Where an input came from. */
export type Source = 'given' | 'imported' | 'fitted' | 'default'

export interface Input {
  readonly name: string
  readonly value: string
  readonly source: Source
  /** Who says so, where it is known: `published by its vendor`. */
  readonly from?: string
}

/** What an answer says of the configuration it was given. */
export interface Configuration {
  readonly inputs: readonly Input[]
  /** Known to the product, without effect here. */
  readonly ignored: readonly string[]
  /** Ready lines about prices and about what was ignored. */
  readonly notices: readonly string[]
}

/** What a command took of the machine so far. */
export interface Cost {
  /** Processor time of all threads. */
  readonly cpuMs: number
  /** The most memory that the process had at once. */
  readonly peakBytes: number
}

export interface RunAnswer {
  readonly head: Head
  /** Absent where nobody measured. */
  readonly cost?: Cost
  readonly judged: Judged
  readonly configuration: Configuration
  /** The command that does the same again. */
  readonly again: string
  /** Folder of report and result as people would write it; null where nothing was written. */
  readonly folder: string | null
  /** Hashes of the same case run elsewhere; null where that was not asked for. */
  readonly determinism: Determinism | null
}

export interface Determinism {
  /** Runs in between, in the other thread. */
  readonly others: number
  readonly hashes: readonly { readonly where: string; readonly hash: string }[]
  readonly same: boolean
}

/** How a replay differs from what was kept. */
export interface Difference {
  /** Number of the first event that differs; null where no trace of the first run is there. */
  readonly event: number | null
  readonly atMs: number | null
  readonly was: string
  readonly is: string
}

export interface ReplayAnswer extends RunAnswer {
  /** What broke, where a failure file was replayed. */
  readonly failure: Failure | null
  /** Hash that was kept; null for a token or a report, which keep the case alone. */
  readonly recordedHash: string | null
  /** Version that kept it. */
  readonly recordedEngine: string
  readonly same: boolean
  /** Whether two replays agreed with each other; null where one was enough. */
  readonly repeatable: boolean | null
  readonly firstDifference: Difference | null
  /** Null if nothing broke. */
  readonly explanation: Explanation | null
  /** The command that runs it with the settings that mend it; null where there are none. */
  readonly mendCommand: string | null
}

/** One setting, and its runs. */
export interface VaryRow {
  readonly value: string
  /** By index; all rows have the same indexes. */
  readonly samples: readonly VarySample[]
}

export interface VaryAnswer {
  readonly head: Head
  readonly scenario: string
  /** The path that is varied. */
  readonly key: string
  readonly rows: readonly VaryRow[]
  readonly again: string
}

export interface PlanReportAnswer {
  readonly head: Head
  readonly plan: PlanAnswer
  readonly again: string
  /** Where the report stands; null: none was written. */
  readonly report: string | null
}

export interface CompareAnswer {
  readonly head: Head
  /** What was compared, as it was given. */
  readonly names: readonly [string, string]
  readonly comparison: Comparison
  readonly again: string
}

/** A failure of an exploration that was written down. */
export interface KeptFailure {
  readonly failure: Failure
  /** Runs that broke the same check in the same way. */
  readonly runs: number
  /** The most that one of them counts of it; `failure` counts what its shrunk case does. */
  readonly most: number
  /** Elements of the shrunk case, as `HazardRow` has them. */
  readonly elements: number
  /** How the first of them was drawn. */
  readonly bias: string | null
  readonly token: string
  /** As people would write it; null where nothing was written. */
  readonly file: string | null
}

export interface ExploreAnswer {
  readonly head: Head
  readonly exploration: Exploration
  readonly failures: readonly KeptFailure[]
  readonly configuration: Configuration
  readonly again: string
  readonly folder: string | null
  readonly hashes: boolean
  /** Real time of the runs alone, without loading and shrinking. */
  readonly exploredMs: number
  /** What stopped it before the runs asked for were done. */
  readonly stopped: 'time' | 'bail' | 'interrupt' | null
  readonly runsAsked: number | null
  /** Every probe there is, by name. */
  readonly probesKnown: readonly string[]
  /** Of `merge`: which parts there are and which are missing; null for an exploration. */
  readonly shards: {
    readonly there: readonly { readonly shard: string; readonly runs: number }[]
    readonly missing: readonly string[]
  } | null
  /** Held against an earlier answer; null where none was given. */
  readonly baseline: BaselineComparison | null
}

export interface GuardRow {
  readonly name: string
  readonly rule: string
  readonly sentence: string
  readonly protects: string
  readonly whenOff: string
  /** Source that registers it; null where the sources are not at hand. */
  readonly file: string | null
  readonly exercise: string
  readonly hazards: readonly string[]
}

export interface ProbeRow {
  readonly name: string
  readonly sentence: string
  readonly rule: string
  readonly file: string | null
}

export interface ProtocolRow {
  readonly feature: string
  readonly rule: string
  readonly sentence: string
  readonly default: string
  readonly zookeeperMode: boolean
  readonly levels: readonly {
    readonly name: string
    readonly releases: string
    readonly kip: string | null
    readonly sentence: string
    readonly hazards: readonly string[]
    readonly modelled: boolean
  }[]
}

export interface Preset {
  readonly name: string
  readonly sets: Readonly<Record<string, string>>
}

export interface ListRow {
  readonly name: string
  readonly question: string
  readonly problem: string
  readonly expect: Readonly<Record<string, string>>
  /** The published bug that it shows, by its id; null for none. */
  readonly hazard: string | null
}

export type Oracle = 'history' | 'truth' | 'liveness'

export interface GuardScore {
  readonly name: string
  readonly exercise: string
  /** Evaluations in which it rejected, over the surveyed runs, in which nothing is missing. */
  readonly decisive: number
  /** Cases that were run again without it. */
  readonly pairs: number
  readonly noticed: boolean
  /** Check, truth property or `stuck` that noticed first. */
  readonly by: string | null
  readonly oracle: Oracle | null
  /** The pair that noticed, from 0. */
  readonly firstPair: number | null
  /** Runs that broke the model itself: neither noticed nor silent. */
  readonly internalErrors: number
  /** Why it was not noticed. */
  readonly reason: string | null
}

/** A protocol level with a published defect, in cases that keep everything at today's level. */
export interface LevelScore {
  readonly feature: string
  readonly level: string
  readonly exercise: string
  readonly noticed: boolean
  readonly by: string | null
  readonly oracle: Oracle | null
  /** Cases that were run again at this level, the one that noticed among them. */
  readonly runs: number
  readonly internalErrors: number
  readonly reason: string | null
}

export interface ScoreAnswer {
  readonly head: Head
  readonly guards: readonly GuardScore[]
  readonly levels: readonly LevelScore[]
  readonly runs: number
  /** Runs with nothing missing that broke the model itself. */
  readonly errors: number
  readonly stopped: 'time' | 'interrupt' | null
  /** Not all guards or not all scenarios were asked for: the target says nothing then. */
  readonly partial: boolean
}

export type Values = Readonly<Record<string, string | number | boolean>>

/** A published bug: how it was found, and whether its fix held. */
export interface HazardRow {
  readonly id: string
  readonly title: string
  readonly scenario: string
  readonly sets: Values
  readonly check: string
  /** How the bug breaks the check; null where it is the only way. */
  readonly mechanism: string | null
  readonly bias: string
  readonly found: boolean
  /** Until it was found, or all that were done. */
  readonly runs: number
  /** The run that found it. */
  readonly index: number | null
  /** In its shortest story; null where none was made. */
  readonly faults: number | null
  readonly faultsBefore: number | null
  /** Timeline entries, brokers, servers, topics, instances, members and services of that story. */
  readonly elements: number | null
  readonly shrinkRuns: number | null
  readonly shrinkMs: number | null
  /** What ended the shrinking before nothing smaller was left to try. */
  readonly shrinkStopped: 'runs' | 'events' | 'time' | null
  readonly token: string | null
  readonly file: string | null
  readonly fix: {
    readonly kind: 'protocol' | 'config' | 'guard' | 'none'
    readonly sets: Values
    readonly runs: number
    /** Runs with the fix that broke the check as the bug does. */
    readonly broken: number
    /** Runs that broke the same check by something else, which the fix does not mend. */
    readonly otherwise: readonly { readonly mechanism: string; readonly runs: number }[]
    /** Runs with the fix in which dmqsim itself failed. */
    readonly errors: number
    readonly upperBound: number | null
  }
  /** Null where there is no fix. */
  readonly fixKept: boolean | null
}

export interface HazardsAnswer {
  readonly head: Head
  readonly rows: readonly HazardRow[]
}

/** A remedy tried on a problem of a queue. */
export interface RemedyRow {
  readonly problem: 'duplicates' | 'loss' | 'disorder' | 'backlog'
  readonly remedy: string
  readonly variant: string | null
  /** Of the problem, with nothing done about it. */
  readonly scenario: string
  readonly sets: Readonly<Record<string, string>>
  readonly check: string
  readonly verdict: 'kept' | 'broken' | 'does-not-apply'
  readonly runs: number
  /** Runs that could tell and do not show it. */
  readonly kept: number
  /** Runs that show the problem. */
  readonly broken: number
  readonly firstAt: number | null
  readonly upperBound: number | null
  /** The other problems in the same runs. */
  readonly sideEffects: Readonly<
    Record<string, { readonly verdict: 'kept' | 'broken'; readonly broken: number }>
  >
  readonly token: string | null
  readonly file: string | null
}

export interface RemediesAnswer {
  readonly head: Head
  readonly rows: readonly RemedyRow[]
}

/** Theory and published figures held against the simulator. */
export interface ValidationAnswer {
  readonly head: Head
  /** Constants that were fitted to rows of the table, and what to. */
  readonly constants: readonly FittedConstant[]
  readonly rows: readonly ValidationRow[]
}

/** Constants fitted to measured points. */
export interface CalibrateAnswer {
  readonly head: Head
  readonly calibrated: Calibrated
  /** Where the set was written, as people would write it. */
  readonly file: string
}

/** Measured series against the simulation. */
export interface BacktestAnswer {
  readonly head: Head
  readonly scenario: string
  /** The file of the series, as it was given. */
  readonly measured: string
  readonly backtest: Backtest
  /** A series that is further off on the judged half, as a share, is no forecast. */
  readonly tolerance: number
}
