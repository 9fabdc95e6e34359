/**
 * Magnitudes, latency and backlog of a run: numbers beside the words of its verdicts.
 */

import type { Finding } from '../checks/finding.ts'
import { drainOf } from '../checks/drain.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { GroupMeasures, Measures, PartitionMeasures } from '../result.ts'
import type { Consumer } from '../schema/scenario.ts'
import { endToEndLatency, percentilesOf, produceLatency } from './latency.ts'
import { seriesOf, waitsByPartition, waitsOf } from './series.ts'
import { throughputOfTopics } from './throughput.ts'
import { writeSilences } from './write-silence.ts'

/** Gives what a check found in a scope; made once. */
export type Found = (
  check: 'no-loss' | 'order-by-key',
) => readonly { readonly scope: string; readonly finding: Finding }[]

const NO_SERIES: Measures['series'] = {
  stepUs: 0,
  atUs: [],
  produced: [],
  consumed: {},
  groups: [],
}

export interface MeasureOptions {
  readonly series: boolean
  /** Figures of groups by partition too. */
  readonly partitions: boolean
}

/** Without series no latencies and no figures of groups either: exploring is many runs. */
export function measure(judgement: Judgement, found: Found, options: MeasureOptions): Measures {
  const { sends } = judgement
  const { series, partitions } = options
  const { invoked, ok, definitelyFailed } = sends
  return {
    operations: { invoked, ok, failed: definitelyFailed, unknown: invoked - ok - definitelyFailed },
    magnitudes: magnitudesOf(judgement, found),
    latency: {
      produce: series ? percentilesOf(produceLatency(judgement)) : null,
      endToEnd: series ? percentilesOf(endToEndLatency(judgement)) : null,
    },
    groups: series
      ? judgement.scenario.consumers.flatMap((one) => groupsOf(judgement, one, partitions))
      : [],
    throughput: series ? throughputOfTopics(judgement) : [],
    series: series ? seriesOf(judgement) : NO_SERIES,
  }
}

function magnitudesOf(judgement: Judgement, found: Found): Measures['magnitudes'] {
  return {
    lost: judgement.result.aborted === undefined ? lostIn(found) : null,
    duplicated: duplicatedIn(judgement),
    redelivered: redeliveredIn(judgement),
    reordered: reorderedIn(found),
    longestWriteSilenceUs: longestSilence(judgement),
  }
}

/** Records acknowledged and not stored, and for each group records stored and never processed. */
function lostIn(found: Found): number {
  let lost = 0
  for (const { finding } of found('no-loss')) lost += brokenCount(finding)
  return lost
}

/** Records out of order where that was worst: a disorder in the log is one in every group too. */
function reorderedIn(found: Found): number {
  let most = 0
  for (const { finding } of found('order-by-key')) most = Math.max(most, brokenCount(finding))
  return most
}

function brokenCount({ verdict, count }: Finding): number {
  return verdict === 'broken' ? count : 0
}

/** Copies in the logs beyond the first. */
export function duplicatedIn(judgement: Judgement): number {
  const { atoms, stored } = judgement
  const { copies } = stored
  let duplicated = 0
  for (let atom = 0; atom < copies.length; atom += 1) {
    const more = (copies[atom] as number) - 1
    if (more > 0) duplicated += more * atoms.weight(atom)
  }
  return duplicated
}

/** Processings beyond the first, of one group or of all. */
export function redeliveredIn(judgement: Judgement, group?: string): number {
  let redelivered = 0
  for (const consumer of judgement.scenario.consumers) {
    if (group !== undefined && consumer.group !== group) continue
    redelivered += judgement.processed(consumer.group).redelivered
  }
  return redelivered
}

function longestSilence(judgement: Judgement): number {
  let longest = 0
  for (const us of writeSilences(judgement).values()) longest = Math.max(longest, us)
  return longest
}

/** One row for each topic of a group. */
function groupsOf(
  judgement: Judgement,
  consumer: Consumer,
  partitions: boolean,
): readonly GroupMeasures[] {
  return consumer.topics.map((topic) => {
    const drain = drainOf(judgement, consumer, topic)
    const waits = waitsOf(judgement, consumer, topic)
    const peak = waits.peak()
    return {
      group: consumer.group,
      topic,
      ...consumedOf(judgement, consumer, topic),
      backlogPeak: peak.backlog,
      backlogPeakAtUs: peak.atUs,
      latenessPeakUs: Math.max(drain.latenessPeakUs, waits.foldedLatenessUs),
      backlogAtHeal: drain.backlogAtHeal,
      drainUs: drain.drainUs,
      partitions: partitions ? partitionsOf(judgement, consumer, topic) : null,
    }
  })
}

function partitionsOf(
  judgement: Judgement,
  consumer: Consumer,
  topic: string,
): readonly PartitionMeasures[] {
  return [...waitsByPartition(judgement, consumer, topic)].map(([partition, waits]) => {
    const peak = waits.peak()
    const late = waits.latenessPeak()
    return {
      partition,
      backlogPeak: peak.backlog,
      backlogPeakAtUs: peak.atUs,
      latenessPeakUs: late.latenessUs,
      latenessPeakAtUs: late.atUs,
    }
  })
}

function consumedOf(
  judgement: Judgement,
  consumer: Consumer,
  topic: string,
): { readonly consumed: number; readonly redelivered: number } {
  const { atoms } = judgement
  const { times } = judgement.processed(consumer.group)
  let consumed = 0
  let redelivered = 0
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (judgement.topicOfStream(stream) !== topic) continue
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      const processed = times[atom] as number
      if (processed === 0) continue
      const weight = atoms.weight(atom)
      consumed += processed * weight
      redelivered += (processed - 1) * weight
    }
  }
  return { consumed, redelivered }
}
