/**
 * Thresholds of a scenario, answered: k6's form over the measures of a run.
 *
 * Tags choose what is measured: `phase` (produce or end-to-end) and `producer` for latency,
 * `group`, `topic` and `partition` where a measure has them, `resource` and `host` (else the
 * brokers) for utilisation. Over time, as for backlog and lateness, `max` is exact and the other
 * aggregates are over the points of the series. Nothing measured meets no threshold.
 */

import { drainOf } from '../checks/drain.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { ThresholdAnswer } from '../result.ts'
import type { Consumer, Threshold } from '../schema/scenario.ts'
import { disksFilled, isrShrinks, rebalances } from './happenings.ts'
import { Histogram } from './histogram.ts'
import { endToEndLatency, produceLatency } from './latency.ts'
import { duplicatedIn, type Found, redeliveredIn } from './measures.ts'
import { waitsByPartition, waitsOf } from './series.ts'
import { aggregate, isMet } from './threshold-rule.ts'
import { throughputOf } from './throughput.ts'
import { writeSilences } from './write-silence.ts'
import { topicOf } from '../../model/record.ts'

export function answerThresholds(judgement: Judgement, found: Found): readonly ThresholdAnswer[] {
  const { aborted } = judgement.result
  return judgement.scenario.thresholds.map((threshold, place) => {
    // What ended the run is answered as it was found then.
    const ends = aborted?.threshold === place
    const value = ends ? aborted.value : valueOf(judgement, found, threshold)
    const { unit, text } = threshold
    return { ...text, value, unit, met: value !== null && isMet(threshold, value) }
  })
}

function valueOf(judgement: Judgement, found: Found, threshold: Threshold): number | null {
  const { tags } = threshold
  switch (threshold.measure) {
    case 'latency':
      return aggregate(threshold, latencyOf(judgement, tags))
    case 'lateness':
    case 'backlog':
      return aggregate(threshold, overTime(judgement, threshold))
    case 'drain':
      return drainTime(judgement, threshold)
    case 'write-silence':
      return aggregate(threshold, silences(judgement, tags['topic']))
    case 'lost':
      // What a run that was ended early did not come to is not lost.
      return judgement.result.aborted === undefined ? sum(found('no-loss'), tags['group']) : null
    case 'reordered':
      return most(found('order-by-key'), tags['group'])
    case 'duplicated':
      return duplicatedIn(judgement)
    case 'redelivered':
      return redeliveredIn(judgement, tags['group'])
    case 'throughput':
      return throughputValue(judgement, threshold)
    case 'utilisation':
      return shareOf(threshold, utilisations(judgement, threshold))
    case 'disk-full':
      return disksFilled(judgement, tags['host'])
    case 'isr-shrinks':
      return isrShrinks(judgement, { topic: tags['topic'], partition: tags['partition'] })
    case 'rebalances':
      return rebalances(judgement, tags['group'])
  }
}

/** The mean is over all that is measured; the other aggregates are over windows. */
function throughputValue(judgement: Judgement, threshold: Threshold): number | null {
  const { topic, producer, group } = threshold.tags
  const found = throughputOf(judgement, { topic, producer, group })
  const bytes = threshold.unit === 'bytes/s'
  if (threshold.aggregate === 'avg') return bytes ? found.meanBytes : found.meanRecords
  const values = new Histogram()
  for (const rate of bytes ? found.bytes : found.records) values.record(rate)
  return aggregate(threshold, values)
}

/** A share as the whole numbers that a histogram counts. */
const PARTS = 10_000

/** Each step of the load, of whichever resource and host the tags leave. */
function utilisations({ result, scenario }: Judgement, { tags }: Threshold): Histogram {
  const values = new Histogram()
  const { resources = null } = result
  const untilUs = result.aborted?.atUs ?? scenario.measureUntilUs ?? scenario.durationUs
  for (const { host, uses } of resources?.hosts ?? []) {
    if (tags['host'] === undefined ? !host.startsWith('broker-') : host !== tags['host']) continue
    for (const { resource, utilisation } of uses) {
      if (tags['resource'] !== undefined && !isOf(resource, tags['resource'])) continue
      utilisation.forEach((share, step) => {
        const atUs = resources?.atUs[step] ?? Infinity
        if (atUs > untilUs) return
        if (atUs - (resources?.stepUs ?? 0) < (scenario.measureFromUs ?? 0)) return
        values.record((share ?? 0) * PARTS)
      })
    }
  }
  return values
}

function shareOf(threshold: Threshold, values: Histogram): number | null {
  const value = aggregate(threshold, values)
  return value === null || threshold.aggregate === 'count' ? value : value / PARTS
}

/** A pool of one thread is told in the singular. */
function isOf(resource: string, wanted: string): boolean {
  return resource === wanted || `${resource}s` === wanted || resource === `${wanted}s`
}

function latencyOf(judgement: Judgement, tags: Threshold['tags']): Histogram {
  const { group, topic, producer, phase } = tags
  const selection = { group, topic, producer }
  return phase === 'produce'
    ? produceLatency(judgement, selection)
    : endToEndLatency(judgement, selection)
}

interface GroupTopic {
  readonly consumer: Consumer
  readonly topic: string
}

function chosen(judgement: Judgement, { group, topic }: Threshold['tags']): readonly GroupTopic[] {
  return judgement.scenario.consumers
    .filter((consumer) => group === undefined || consumer.group === group)
    .flatMap((consumer) => consumer.topics.map((name) => ({ consumer, topic: name })))
    .filter((one) => topic === undefined || one.topic === topic)
}

/** Backlog or lateness at each point of the series, and its peak. */
function overTime(judgement: Judgement, threshold: Threshold): Histogram {
  const values = new Histogram()
  const isBacklog = threshold.measure === 'backlog'
  const { partition } = threshold.tags
  for (const { consumer, topic } of chosen(judgement, threshold.tags)) {
    const waits =
      partition === undefined
        ? waitsOf(judgement, consumer, topic)
        : waitsByPartition(judgement, consumer, topic).get(Number(partition))
    if (waits === undefined) continue
    if (threshold.aggregate === 'max') {
      values.record(
        isBacklog ? waits.peak().backlog : peakLateness(judgement, consumer, { topic, partition }),
      )
      continue
    }
    const { backlog, latenessUs } = waits.series()
    for (const value of isBacklog ? backlog : latenessUs) values.record(value)
  }
  return values
}

function peakLateness(
  judgement: Judgement,
  consumer: Consumer,
  { topic, partition }: { readonly topic: string; readonly partition: string | undefined },
): number {
  if (partition !== undefined) {
    const waits = waitsByPartition(judgement, consumer, topic).get(Number(partition))
    return waits?.latenessPeak().latenessUs ?? 0
  }
  const folded = waitsOf(judgement, consumer, topic).foldedLatenessUs
  return Math.max(drainOf(judgement, consumer, topic).latenessPeakUs, folded)
}

/** Null if some of the groups never drained. */
function drainTime(judgement: Judgement, threshold: Threshold): number | null {
  const values = new Histogram()
  for (const { consumer, topic } of chosen(judgement, threshold.tags)) {
    const { drainUs } = drainOf(judgement, consumer, topic)
    if (drainUs === null) return null
    values.record(drainUs)
  }
  return aggregate(threshold, values)
}

function silences(judgement: Judgement, topic: string | undefined): Histogram {
  const values = new Histogram()
  for (const [partition, us] of writeSilences(judgement)) {
    if (topic === undefined || judgement.result.topics[topicOf(partition)] === topic) {
      values.record(us)
    }
  }
  return values
}

type Findings = ReturnType<Found>

function sum(findings: Findings, group: string | undefined): number {
  return counts(findings, group).reduce((total, count) => total + count, 0)
}

function most(findings: Findings, group: string | undefined): number {
  return counts(findings, group).reduce((greatest, count) => Math.max(greatest, count), 0)
}

function counts(findings: Findings, group: string | undefined): readonly number[] {
  return findings
    .filter(({ scope }) => group === undefined || scope === group || scope.endsWith(`:${group}`))
    .map(({ finding }) => (finding.verdict === 'broken' ? finding.count : 0))
}
