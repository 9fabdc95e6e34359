/**
 * Thresholds of a scenario, answered: k6's form over the measures of a run.
 *
 * Tags choose what is measured: `phase` (produce or end-to-end) and `producer` for latency, `group`
 * and `topic` where a measure has them. Over time, as for backlog and lateness, `max` is exact and
 * the other aggregates are over the points of the series. Nothing measured meets no threshold.
 */

import { drainOf } from '../checks/drain.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { ThresholdAnswer } from '../result.ts'
import type { Consumer, Threshold } from '../schema/scenario.ts'
import { Histogram } from './histogram.ts'
import { endToEndLatency, produceLatency } from './latency.ts'
import { duplicatedIn, type Found, redeliveredIn } from './measures.ts'
import { waitsOf } from './series.ts'
import { writeSilences } from './write-silence.ts'
import { topicOf } from '../../model/record.ts'

export function answerThresholds(judgement: Judgement, found: Found): readonly ThresholdAnswer[] {
  return judgement.scenario.thresholds.map((threshold) => {
    const value = valueOf(judgement, found, threshold)
    const { measure, rule } = threshold.text
    return { measure, rule, value, met: value !== null && isMet(threshold, value) }
  })
}

function isMet({ operator, limit }: Threshold, value: number): boolean {
  switch (operator) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    case '==':
      return value === limit
    case '!=':
      return value !== limit
  }
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
      return sum(found('no-loss'), tags['group'])
    case 'reordered':
      return most(found('order-by-key'), tags['group'])
    case 'duplicated':
      return duplicatedIn(judgement)
    case 'redelivered':
      return redeliveredIn(judgement, tags['group'])
  }
}

function aggregate(threshold: Threshold, values: Histogram): number | null {
  if (threshold.aggregate === 'count') return values.count
  if (values.count === 0) return null
  switch (threshold.aggregate) {
    case 'avg':
      return values.mean
    case 'min':
      return values.min
    case 'max':
      return values.max
    case 'med':
      return values.percentile(50)
    case 'p':
      return values.percentile(threshold.percentile ?? 50)
  }
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
  for (const { consumer, topic } of chosen(judgement, threshold.tags)) {
    const waits = waitsOf(judgement, consumer, topic)
    if (threshold.aggregate === 'max') {
      const peak = isBacklog
        ? waits.peak().backlog
        : Math.max(drainOf(judgement, consumer, topic).latenessPeakUs, waits.foldedLatenessUs)
      values.record(peak)
      continue
    }
    const { backlog, latenessUs } = waits.series()
    for (const value of isBacklog ? backlog : latenessUs) values.record(value)
  }
  return values
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
