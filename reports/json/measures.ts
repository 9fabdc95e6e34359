/**
 * What a run came to in the JSON answer: operations, magnitudes, groups, throughput, latency and
 * thresholds.
 */

import { z } from 'zod'
import type {
  GroupMeasures,
  Judged,
  Measures,
  PartitionMeasures,
  Percentiles,
  ThresholdAnswer,
  TopicThroughput,
} from '../../scenarios/result.ts'
import type { MeasureUnit } from '../../scenarios/schema/scenario.ts'
import { count, counts, type Fields, milliseconds, number } from './fields.ts'

export interface MeasuresJson {
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
}

interface MagnitudesJson {
  readonly lost: number | null
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

const latency: z.ZodType<LatencyJson | null> = z
  .strictObject({ p50: z.number(), p99: z.number(), p999: z.number() })
  .nullable()

const magnitudes: z.ZodType<MagnitudesJson> = z.strictObject({
  lost: number.describe('null: a threshold ended the run before that could be said'),
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

export const measureFields: Fields<MeasuresJson> = {
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
}

export function measuresJson({ measures, thresholds }: Judged): MeasuresJson {
  return {
    operations: measures.operations,
    consumed: Object.fromEntries(consumedByGroup(measures.groups)),
    magnitudes: magnitudesJson(measures),
    groups: measures.groups.map(groupJson),
    throughput: measures.throughput.map(throughputJson),
    latencyMs: {
      produce: latencyJson(measures.latency.produce),
      endToEnd: latencyJson(measures.latency.endToEnd),
    },
    thresholds: thresholds.map(thresholdJson),
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
