/**
 * The JSON answer of `dmqsim run`; `replay` has all of it and says how it compares.
 */

import { z } from 'zod'
import type { Cost, Head, ReplayAnswer, RunAnswer, Source } from '../answer.ts'
import { notModelledSentences } from '../not-modelled.ts'
import { type Thrown, thrownBy } from '../thrown.ts'
import type {
  GroupMeasures,
  Measures,
  PartitionMeasures,
  Percentiles,
  Struck,
  ThresholdAnswer,
  TopicThroughput,
  Verdict,
  Volume,
} from '../../scenarios/result.ts'
import type { MeasureUnit } from '../../scenarios/schema/scenario.ts'
import { type ExplanationJson, explanationJson, explanationSchema } from './explanation.ts'
import {
  count,
  counts,
  type ExpectationText,
  expectation,
  type Fields,
  headFields,
  milliseconds,
  names,
  number,
  text,
  type VerdictText,
  verdictWord,
} from './common.ts'
import { type ResourcesJson, resourcesJson, resourcesSchema } from './resources.ts'

export interface RunJson extends Head {
  readonly sentence: string
  readonly scenario: string
  readonly traceHash: string
  readonly historyHash: string
  readonly ended: 'drained' | 'stuck' | 'time-limit' | 'internal-error'
  /** Why it is stuck, or what was thrown. */
  readonly reason: string | null
  readonly virtualMs: number
  readonly events: number
  readonly verdicts: readonly VerdictJson[]
  readonly operations: Measures['operations']
  /** Records processed, by group. */
  readonly consumed: Readonly<Record<string, number>>
  readonly magnitudes: MagnitudesJson
  readonly groups: readonly GroupJson[]
  readonly throughput: readonly ThroughputJson[]
  readonly latencyMs: {
    readonly produce: LatencyJson | null
    readonly endToEnd: LatencyJson | null
  }
  readonly thresholds: readonly ThresholdJson[]
  /** Null where no host has a hardware profile. */
  readonly resources: ResourcesJson | null
  readonly volume: VolumeJson | null
  /** Of the machine that ran it. */
  readonly cost: Cost | null
  readonly probes: Readonly<Record<string, number>>
  readonly guards: Readonly<Record<string, number>>
  readonly timeline: readonly TimelineJson[]
  readonly handlerErrors: readonly HandlerErrorJson[]
  readonly inputs: readonly InputJson[]
  readonly notModelled: readonly string[]
  readonly ignoredConfig: readonly string[]
  readonly determinism: DeterminismJson | null
  readonly case: unknown
}

interface VolumeJson {
  readonly batches: number
  readonly records: number
  readonly largestBatch: number
  readonly longestGapMs: number
  readonly longestTurnMs: number | null
  readonly slotAtPeakMs: number | null
  readonly folded: number
}

interface VerdictJson {
  readonly check: string
  readonly scope: string
  readonly verdict: VerdictText
  readonly expected: ExpectationText | null
  readonly promised: boolean
  readonly asExpected: boolean
  readonly count: number
  readonly sentence: string
  readonly signature: string
  readonly evidence: readonly {
    readonly sentence: string
    readonly atMs: number | null
    readonly partition: string | null
    readonly offset: number | null
    readonly records: readonly string[]
  }[]
}

interface MagnitudesJson {
  readonly lost: number
  readonly duplicated: number
  readonly redelivered: number
  readonly reordered: number
  readonly longestWriteSilenceMs: number
}

interface GroupJson {
  readonly group: string
  readonly topic: string
  readonly backlogPeak: number
  readonly backlogPeakAtMs: number
  readonly latenessPeakMs: number
  readonly backlogAtHeal: number
  readonly drainMs: number | null
  /** With `--partitions`; else null. */
  readonly partitions: readonly PartitionJson[] | null
}

interface PartitionJson {
  readonly partition: number
  readonly backlogPeak: number
  readonly backlogPeakAtMs: number
  readonly latenessPeakMs: number
  readonly latenessPeakAtMs: number
}

interface LatencyJson {
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

interface ThresholdJson {
  readonly measure: string
  readonly rule: string
  readonly value: number | null
  readonly unit: ThresholdUnit
  readonly met: boolean
}

/** A share is 0 to 1. */
const thresholdUnits = ['ms', 'records', 'records/s', 'B/s', 'share', 'times'] as const
type ThresholdUnit = (typeof thresholdUnits)[number]

/** What was acknowledged in a topic during the load, from `measureFrom` on. */
interface ThroughputJson {
  readonly topic: string
  readonly recordsPerSecond: number
  /** Of records, without the overhead of batches and requests. */
  readonly mebibytesPerSecond: number
  /** Of the highest window. */
  readonly peakRecordsPerSecond: number
  readonly windowMs: number
}

interface TimelineJson {
  readonly atMs: number | null
  readonly kind: string
  readonly target: string
  readonly resolved: string | null
  readonly forMs: number | null
  readonly refused: boolean
  readonly reason: string | null
  readonly unanswered: boolean
}

/** A line of a handler of the user's own that threw. */
interface HandlerErrorJson {
  readonly group: string
  readonly place: string
  readonly count: number
  readonly firstMs: number
  /** What it said the first time. */
  readonly message: string
  /** How many different things it said. */
  readonly messages: number
}

interface InputJson {
  readonly name: string
  readonly value: string
  readonly source: Source
  /** Who says so, where it is known. */
  readonly from: string | null
}

interface DeterminismJson {
  readonly others: number
  readonly same: boolean
  readonly hashes: readonly { readonly where: string; readonly hash: string }[]
}

const latency: z.ZodType<LatencyJson | null> = z
  .strictObject({ p50: z.number(), p99: z.number(), p999: z.number() })
  .nullable()

const verdict: z.ZodType<VerdictJson> = z.strictObject({
  check: z.string(),
  scope: z.string(),
  verdict: verdictWord,
  expected: expectation,
  promised: z.boolean(),
  asExpected: z.boolean(),
  count,
  sentence: z.string(),
  signature: z.string(),
  evidence: z.array(
    z.strictObject({
      sentence: z.string(),
      atMs: number,
      partition: text,
      offset: z.int().nullable(),
      records: names,
    }),
  ),
})

const magnitudes: z.ZodType<MagnitudesJson> = z.strictObject({
  lost: count,
  duplicated: count,
  redelivered: count,
  reordered: count,
  longestWriteSilenceMs: z.number(),
})

const group: z.ZodType<GroupJson> = z.strictObject({
  group: z.string(),
  topic: z.string(),
  backlogPeak: count,
  backlogPeakAtMs: z.number(),
  latenessPeakMs: z.number(),
  backlogAtHeal: count,
  drainMs: number,
  partitions: z
    .array(
      z.strictObject({
        partition: count,
        backlogPeak: count,
        backlogPeakAtMs: z.number(),
        latenessPeakMs: z.number(),
        latenessPeakAtMs: z.number(),
      }),
    )
    .nullable()
    .describe('null without --partitions'),
})

const throughput: z.ZodType<ThroughputJson> = z.strictObject({
  topic: z.string(),
  recordsPerSecond: z.number(),
  mebibytesPerSecond: z.number().describe('of records, without the overhead of batches'),
  peakRecordsPerSecond: z.number().describe('of the highest window'),
  windowMs: z.number(),
})

const timelineEntry: z.ZodType<TimelineJson> = z.strictObject({
  atMs: number,
  kind: z.string(),
  target: z.string(),
  resolved: text,
  forMs: number,
  refused: z.boolean(),
  reason: text,
  unanswered: z.boolean().describe('the cluster told nothing of it: it may have been done'),
})

const handlerError: z.ZodType<HandlerErrorJson> = z.strictObject({
  group: z.string(),
  place: z.string().describe('the handler’s line, as order-handler.js:17:9'),
  count,
  firstMs: z.number(),
  message: z.string().describe('what it said the first time'),
  messages: count.describe('how many different things it said'),
})

const volume: z.ZodType<VolumeJson> = z.strictObject({
  batches: count.describe('that leaders appended'),
  records: count,
  largestBatch: count.describe('records'),
  longestGapMs: z.number().describe('that a partition waited for its next batch'),
  longestTurnMs: number.describe('between two sends of a fleet to a partition'),
  slotAtPeakMs: number.describe('in which arrivals were drawn; null where each came by itself'),
  folded: count.describe('sends that the history does not have row by row'),
})

const cost: z.ZodType<Cost> = z.strictObject({
  cpuMs: z.number().describe('of all threads'),
  peakBytes: count.describe('the most memory at once'),
})

const runFields: Fields<RunJson> = {
  ...headFields,
  sentence: z.string(),
  scenario: z.string(),
  traceHash: z.string().regex(/^[0-9a-f]{16}$/),
  historyHash: z.string().regex(/^[0-9a-f]{16}$/),
  ended: z.enum(['drained', 'stuck', 'time-limit', 'internal-error']),
  reason: text,
  virtualMs: z.number(),
  events: count,
  verdicts: z.array(verdict),
  operations: z.strictObject({ invoked: count, ok: count, failed: count, unknown: count }),
  consumed: counts,
  magnitudes,
  groups: z.array(group),
  throughput: z.array(throughput),
  latencyMs: z.strictObject({ produce: latency, endToEnd: latency }),
  thresholds: z.array(
    z.strictObject({
      measure: z.string(),
      rule: z.string(),
      value: number,
      unit: z.enum(thresholdUnits),
      met: z.boolean(),
    }),
  ),
  resources: resourcesSchema.nullable().describe('null where no host has a hardware profile'),
  volume: volume.nullable(),
  cost: cost.nullable().describe('null where nobody measured'),
  probes: counts,
  guards: counts,
  timeline: z.array(timelineEntry),
  handlerErrors: z.array(handlerError),
  inputs: z.array(
    z.strictObject({
      name: z.string(),
      value: z.string(),
      source: z.enum(['given', 'imported', 'fitted', 'default']),
      from: text.describe('who says so, where it is known'),
    }),
  ),
  notModelled: names,
  ignoredConfig: names,
  determinism: z
    .strictObject({
      others: count,
      same: z.boolean(),
      hashes: z.array(z.strictObject({ where: z.string(), hash: z.string() })),
    })
    .nullable(),
  case: z.looseObject({ format: z.literal(1) }).describe('what dmqsim replay takes'),
}

export const runSchema: z.ZodType<RunJson> = z.strictObject(runFields)

export interface ReplayJson extends RunJson {
  readonly same: boolean
  readonly recordedHash: string | null
  readonly firstDifference: {
    readonly event: number | null
    readonly atMs: number | null
    readonly was: string
    readonly is: string
  } | null
  readonly explanation: ExplanationJson | null
}

export const replaySchema: z.ZodType<ReplayJson> = z.strictObject({
  ...runFields,
  same: z.boolean(),
  recordedHash: text,
  firstDifference: z
    .strictObject({
      event: z.int().nullable(),
      atMs: number,
      was: z.string(),
      is: z.string(),
    })
    .nullable(),
  explanation: explanationSchema.nullable().describe('null if nothing broke'),
})

export function runJson(answer: RunAnswer): RunJson {
  const { head, judged, configuration, determinism } = answer
  const { result, scenario, measures } = judged
  return {
    ...head,
    sentence: judged.sentence,
    scenario: scenario.name,
    traceHash: result.traceHash,
    historyHash: result.historyHash,
    ended: result.ended,
    reason: result.reason,
    virtualMs: milliseconds(result.virtualUs),
    events: result.events,
    verdicts: judged.verdicts.map(verdictJson),
    operations: measures.operations,
    consumed: Object.fromEntries(consumedByGroup(measures.groups)),
    magnitudes: magnitudesJson(measures),
    groups: measures.groups.map(groupJson),
    throughput: measures.throughput.map(throughputJson),
    latencyMs: {
      produce: latencyJson(measures.latency.produce),
      endToEnd: latencyJson(measures.latency.endToEnd),
    },
    thresholds: judged.thresholds.map(thresholdJson),
    resources: resourcesJson(result.resources ?? null),
    volume: volumeJson(result.volume),
    cost: answer.cost ?? null,
    probes: result.probes,
    guards: result.guards,
    timeline: result.struck.map(timelineJson),
    handlerErrors: thrownBy(result).map(handlerErrorJson),
    inputs: configuration.inputs.map((input) => ({ ...input, from: input.from ?? null })),
    notModelled: notModelledSentences(scenario),
    ignoredConfig: configuration.ignored,
    determinism,
    case: result.case,
  }
}

export function replayJson(answer: ReplayAnswer): ReplayJson {
  const { same, recordedHash, firstDifference } = answer
  const { explanation, mendCommand } = answer
  return {
    ...runJson(answer),
    same,
    recordedHash,
    firstDifference,
    explanation: explanation === null ? null : explanationJson(explanation, mendCommand),
  }
}

function volumeJson(of: Volume | undefined): VolumeJson | null {
  if (of === undefined) return null
  return {
    batches: of.batches,
    records: of.records,
    largestBatch: of.largest,
    longestGapMs: milliseconds(of.longestGapUs),
    longestTurnMs: milliseconds(of.longestTurnUs),
    slotAtPeakMs: milliseconds(of.slotAtPeakUs),
    folded: of.folded,
  }
}

function verdictJson(one: Verdict): VerdictJson {
  const { evidence, ...rest } = one
  return {
    ...rest,
    evidence: evidence.map(({ sentence, atUs, partition, offset, records }) => ({
      sentence,
      atMs: milliseconds(atUs),
      partition,
      offset,
      records,
    })),
  }
}

/** A group that reads several topics has one number. */
function consumedByGroup(groups: readonly GroupMeasures[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const { group: name, consumed } of groups) {
    found.set(name, (found.get(name) ?? 0) + consumed)
  }
  return found
}

function magnitudesJson({ magnitudes: of }: Measures): MagnitudesJson {
  const { longestWriteSilenceUs, ...rest } = of
  return { ...rest, longestWriteSilenceMs: milliseconds(longestWriteSilenceUs) }
}

function groupJson(of: GroupMeasures): GroupJson {
  return {
    group: of.group,
    topic: of.topic,
    backlogPeak: of.backlogPeak,
    backlogPeakAtMs: milliseconds(of.backlogPeakAtUs),
    latenessPeakMs: milliseconds(of.latenessPeakUs),
    backlogAtHeal: of.backlogAtHeal,
    drainMs: milliseconds(of.drainUs),
    partitions: of.partitions?.map(partitionJson) ?? null,
  }
}

function partitionJson(of: PartitionMeasures): PartitionJson {
  return {
    partition: of.partition,
    backlogPeak: of.backlogPeak,
    backlogPeakAtMs: milliseconds(of.backlogPeakAtUs),
    latenessPeakMs: milliseconds(of.latenessPeakUs),
    latenessPeakAtMs: milliseconds(of.latenessPeakAtUs),
  }
}

const MEBIBYTE = 1_048_576

function throughputJson(of: TopicThroughput): ThroughputJson {
  return {
    topic: of.topic,
    recordsPerSecond: rounded(of.recordsPerSecond),
    mebibytesPerSecond: rounded(of.bytesPerSecond / MEBIBYTE),
    peakRecordsPerSecond: rounded(of.peakRecordsPerSecond),
    windowMs: milliseconds(of.windowUs),
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(3))
}

const unitsInJson: Readonly<Record<MeasureUnit, ThresholdUnit>> = {
  us: 'ms',
  records: 'records',
  'records/s': 'records/s',
  'bytes/s': 'B/s',
  share: 'share',
  times: 'times',
}

function thresholdJson({ measure, rule, value, unit, met }: ThresholdAnswer): ThresholdJson {
  const told = unit === 'us' ? milliseconds(value) : value
  return { measure, rule, value: told, unit: unitsInJson[unit], met }
}

function latencyJson(of: Percentiles | null): LatencyJson | null {
  if (of === null) return null
  return { p50: milliseconds(of.p50), p99: milliseconds(of.p99), p999: milliseconds(of.p999) }
}

function handlerErrorJson({ firstUs, ...rest }: Thrown): HandlerErrorJson {
  return { ...rest, firstMs: milliseconds(firstUs) }
}

function timelineJson(struck: Struck): TimelineJson {
  const { kind, target, resolved, atUs, untilUs, refused, unanswered } = struck
  return {
    atMs: milliseconds(atUs),
    kind,
    target,
    resolved: resolved === null ? null : resolved.join(', '),
    forMs: atUs === null || untilUs === null ? null : milliseconds(untilUs - atUs),
    refused: refused !== null,
    reason: refused,
    unanswered: unanswered === true,
  }
}
