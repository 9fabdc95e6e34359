/**
 * What a run gives back, and what judging it says.
 *
 * `Result` is what happened; `Judged` adds verdicts, magnitudes and measures. Reports read these
 * types and nothing else of the simulation. Times named `…Us` count from t = 0, when the cluster
 * had converged; boot lies before it.
 */

import type { History } from '../model/history.ts'
import type { LogEntry, PartitionId } from '../model/record.ts'
import type { Case } from './case.ts'
import type { Folded } from './fold/fold.ts'
import type { HandlerError } from './handlers/handler.ts'
import type { LatencySeries } from './measures/latency-steps.ts'
import type { Abort } from './measures/so-far.ts'
import type { Resources } from './resources.ts'
import type { CheckName, Expectation, MeasureUnit, Scenario } from './schema/scenario.ts'

/** Aborted: by a threshold that asks for it. */
export type Ended = 'drained' | 'stuck' | 'aborted' | 'time-limit' | 'internal-error'

/** One partition as the auditor read it from its start, at both isolation levels. */
export interface FinalLog {
  readonly partition: PartitionId
  readonly topic: string
  readonly number: number
  readonly entries: readonly LogEntry[]
  /** The auditor could not read it to the end: a reason, or null. */
  readonly unread: string | null
}

export interface FinalLogs {
  readonly uncommitted: readonly FinalLog[]
  readonly committed: readonly FinalLog[]
}

/** A breach of what must hold inside the system whatever clients see. */
export interface TruthBreach {
  readonly property:
    | 'TypeOk'
    | 'LeaderInIsr'
    | 'WeakIsr'
    | 'StrongIsr'
    | 'MinIsr'
    | 'LogMatching'
    | 'LeaderCompleteness'
    | 'OneLeaderPerEpoch'
    | 'EnsembleVotes'
    | 'EnsembleEpochs'
    | 'EnsembleAgreement'
  readonly atUs: number
  /** −1: of the ensemble, not of a partition. */
  readonly partition: PartitionId
  /** One sentence with brokers, offsets and epochs. */
  readonly sentence: string
  readonly brokers: readonly number[]
}

/**
 * Why a committed record could be gone, told by truth: the cause that excuses its loss, or null.
 */
export interface Excuse {
  readonly partition: PartitionId
  readonly atUs: number
  readonly fromOffset: number
  readonly untilOffset: number
  readonly cause: 'unclean-election' | 'disk' | 'topic-deleted'
}

/**
 * Where records left a log, committed or not: a broker began to lead without them, cut them off to
 * follow another, found at load that a power loss had taken them, or deleted them by age while it
 * led. What a follower deletes is told when it leads.
 */
export interface Removal {
  readonly partition: PartitionId
  readonly atUs: number
  readonly fromOffset: number
  readonly untilOffset: number
  readonly broker: number
  /** Of the leadership that passed them over, −1 for the others. */
  readonly leaderEpoch: number
  readonly how: 'elected' | 'elected-uncleanly' | 'truncated' | 'disk' | 'retention'
}

/** A change of a partition's durable metadata, for charts and evidence. */
export interface LeaderChange {
  readonly atUs: number
  readonly partition: PartitionId
  readonly leader: number
  readonly leaderEpoch: number
  readonly isr: readonly number[]
  readonly clean: boolean
  /** Epoch of the controller that wrote it; absent where nobody kept it. */
  readonly controllerEpoch?: number
  /** Epoch of the newest controller that had been elected by then; absent where nobody kept it. */
  readonly reigningEpoch?: number
}

/** A timeline entry as it went. */
export interface Struck {
  /** Place in the case's timeline. */
  readonly index: number
  readonly kind: string
  /** The target in words, as an author writes it. */
  readonly target: string
  /** Hosts or names it was resolved to; null if it never fired. */
  readonly resolved: readonly string[] | null
  readonly atUs: number | null
  /** When it ended (interval faults), null if instant or never. */
  readonly untilUs: number | null
  readonly refused: string | null
  /** The cluster told the administrator nothing of it: it may have been done. */
  readonly unanswered?: true
}

/** Times of the five steps; null where the run did not get there. */
export interface Phases {
  /** True time of t = 0. */
  readonly originUs: number
  readonly healUs: number
  readonly settledUs: number | null
  readonly wroteUs: number | null
  readonly producersDoneUs: number | null
  readonly drainedUs: number | null
  readonly endUs: number
}

/** How much went through a run, and how finely it was told. */
export interface Volume {
  /** That leaders appended. */
  readonly batches: number
  readonly records: number
  /** Records of the largest batch. */
  readonly largest: number
  /** The longest that a partition waited for its next batch, while it had no leader too. */
  readonly longestGapUs: number
  /** The longest between two sends of a fleet to a partition; null where each came by itself. */
  readonly longestTurnUs: number | null
  /** Slot of time in which arrivals were drawn at the peak; null where each came by itself. */
  readonly slotAtPeakUs: number | null
  /** Sends that the history does not have row by row. */
  readonly folded: number
}

export interface Result {
  readonly case: Case
  /** 16 hex digits: every event. */
  readonly traceHash: string
  /** 16 hex digits: what clients saw. */
  readonly historyHash: string
  readonly ended: Ended
  /** For stuck: the reason from the closed list; for internal-error: what was thrown. */
  readonly reason: string | null
  /** For aborted: which threshold ended the run, and when. */
  readonly aborted?: Abort
  /** For stuck: what was in the way, in one line with names. */
  readonly detail?: string | null
  /** History's times are true time: subtract `phases.originUs`. */
  readonly history: History
  readonly logs: FinalLogs
  readonly truth: readonly TruthBreach[]
  readonly excuses: readonly Excuse[]
  /** For the evidence of losses; absent where nobody kept it. */
  readonly removals?: readonly Removal[]
  readonly leaders: readonly LeaderChange[]
  readonly struck: readonly Struck[]
  readonly phases: Phases
  readonly probes: Readonly<Record<string, number>>
  /** Probes reached around each kind of fault that struck; absent where nobody looked. */
  readonly around?: Readonly<Record<string, readonly string[]>>
  /** Decisive evaluations by guard. */
  readonly guards: Readonly<Record<string, number>>
  readonly virtualUs: number
  readonly events: number
  /** Of them, those after the heal. */
  readonly drainEvents?: number
  /** Topic names by id, and the group names of the scenario. */
  readonly topics: readonly string[]
  /** What was used of the hardware; null or absent: no host has any. */
  readonly resources?: Resources | null
  /** Absent where nobody counted. */
  readonly volume?: Volume
  /** What is kept of records that were folded; absent: none was. */
  readonly folded?: Folded
  /** What handlers of the user's own threw; absent: nothing. Times since t = 0. */
  readonly handlerErrors?: readonly HandlerError[]
}

export type VerdictWord = 'kept' | 'broken' | 'unknown' | 'vacuous'

/** One piece of evidence: a sentence, and what it speaks of. */
export interface Evidence {
  readonly sentence: string
  readonly atUs: number | null
  readonly partition: string | null
  readonly offset: number | null
  /** `stream:index` of the records concerned, the first few. */
  readonly records: readonly string[]
}

export interface Verdict {
  readonly check: CheckName
  /** `stored`, `processed:payment`, a group, a truth property, or `all`. */
  readonly scope: string
  readonly verdict: VerdictWord
  readonly expected: Expectation | null
  /**
   * What configuration and faults promise; a breach of something unpromised is counted, not failed.
   */
  readonly promised: boolean
  readonly asExpected: boolean
  /** Records or events concerned. */
  readonly count: number
  /** One sentence in the scenario's nouns. */
  readonly sentence: string
  /** Stable over seeds: the check, the scope and the mechanism, for grouping failures. */
  readonly signature: string
  readonly evidence: readonly Evidence[]
}

export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly mean: number
  readonly max: number
  readonly count: number
}

/**
 * Steps over time by their ends, in µs from t = 0; all arrays of one length. Each has the greatest
 * backlog and lateness of its step.
 */
export interface GroupSeries {
  readonly group: string
  readonly topic: string
  readonly atUs: readonly number[]
  readonly backlog: readonly number[]
  readonly latenessUs: readonly number[]
}

export interface GroupMeasures {
  readonly group: string
  readonly topic: string
  readonly consumed: number
  readonly redelivered: number
  readonly backlogPeak: number
  readonly backlogPeakAtUs: number
  readonly latenessPeakUs: number
  readonly backlogAtHeal: number
  /** From heal until the backlog was back at its base; null if never. */
  readonly drainUs: number | null
  /** Those of each partition in which anything was stored; null unless they were asked for. */
  readonly partitions: readonly PartitionMeasures[] | null
}

export interface PartitionMeasures {
  readonly partition: number
  readonly backlogPeak: number
  readonly backlogPeakAtUs: number
  readonly latenessPeakUs: number
  /** When the latest record had waited longest: at its processing, or at the end. */
  readonly latenessPeakAtUs: number
}

/** What was acknowledged in a topic, over what is measured of the load. */
export interface TopicThroughput {
  readonly topic: string
  readonly recordsPerSecond: number
  /** Of records, without the overhead of batches and requests. */
  readonly bytesPerSecond: number
  readonly peakRecordsPerSecond: number
  /** Length of the windows of the series, of which the peak is one. */
  readonly windowUs: number
  /** Records a second in each whole window from `measureFrom` on. */
  readonly series: readonly number[]
}

export interface Measures {
  readonly operations: {
    readonly invoked: number
    readonly ok: number
    readonly failed: number
    readonly unknown: number
  }
  readonly magnitudes: {
    /** Null: a threshold ended the run before that could be said. */
    readonly lost: number | null
    readonly duplicated: number
    readonly redelivered: number
    readonly reordered: number
    readonly longestWriteSilenceUs: number
  }
  /** In µs; null without a sample. */
  readonly latency: { readonly produce: Percentiles | null; readonly endToEnd: Percentiles | null }
  readonly groups: readonly GroupMeasures[]
  readonly throughput: readonly TopicThroughput[]
  readonly series: {
    readonly stepUs: number
    readonly atUs: readonly number[]
    /** Records acknowledged and processed in each step. */
    readonly produced: readonly number[]
    readonly consumed: Readonly<Record<string, readonly number[]>>
    readonly groups: readonly GroupSeries[]
    /** Of what was due in each of a hundred steps; absent where nothing was measured. */
    readonly latency?: { readonly produce: LatencySeries; readonly endToEnd: LatencySeries }
  }
}

export interface ThresholdAnswer {
  readonly measure: string
  readonly rule: string
  readonly value: number | null
  /** Of the value. */
  readonly unit: MeasureUnit
  readonly met: boolean
}

export interface Judged {
  readonly result: Result
  readonly scenario: Scenario
  readonly verdicts: readonly Verdict[]
  readonly measures: Measures
  readonly thresholds: readonly ThresholdAnswer[]
  /** The plain first line of every answer. */
  readonly sentence: string
}
