/**
 * Operations, magnitudes, latencies and thresholds of one run.
 */

import type {
  Judged,
  Percentiles,
  ThresholdAnswer,
  TopicThroughput,
} from '../../scenarios/result.ts'
import { table } from '../table/table.ts'
import { valueText } from '../thresholds.ts'
import { type Page, title, wrap } from './layout.ts'
import { bytes, counted, duration, grouped, rate } from './numbers.ts'

export function operationLines({ measures }: Judged, page: Page): string[] {
  const { operations, magnitudes, groups } = measures
  const { invoked, ok, failed, unknown } = operations
  const sends = [
    counted(invoked, 'record') + ' sent',
    `${grouped(ok)} acknowledged`,
    `${grouped(failed)} failed`,
    `${grouped(unknown)} unknown`,
  ]
  const counts = [
    magnitudes.lost === null ? 'loss not judged' : `${grouped(magnitudes.lost)} lost`,
    `${grouped(magnitudes.duplicated)} duplicated`,
    `${grouped(magnitudes.redelivered)} redelivered`,
    `${grouped(magnitudes.reordered)} out of order`,
    `longest write silence ${duration(magnitudes.longestWriteSilenceUs)}`,
  ]
  const rates = measures.throughput.map(throughputText)
  const consumed = groups.map(
    ({ group, topic, consumed: n }) => `${group} ${grouped(n)} of ${topic}`,
  )
  return [
    title('Operations', page),
    ...indented(sends.join(' · '), page),
    ...(rates.length === 0 ? [] : indented(rates.join(' · '), page)),
    ...(consumed.length === 0 ? [] : indented(`processed: ${consumed.join(' · ')}`, page)),
    ...indented(counts.join(' · '), page),
  ]
}

function throughputText(of: TopicThroughput): string {
  const mean = `${rate(of.recordsPerSecond)} records/s`
  return `${of.topic} took ${mean} (${bytes(of.bytesPerSecond)}/s), at most ${rate(of.peakRecordsPerSecond)}/s`
}

function indented(text: string, page: Page): string[] {
  return wrap(text, page.width - 2).map((line) => `  ${line}`)
}

export function latencyLines({ measures }: Judged, page: Page): string[] {
  const { produce, endToEnd } = measures.latency
  const rows = [row('send to acknowledged', produce), row('send to processed', endToEnd)].filter(
    (one) => one !== null,
  )
  if (rows.length === 0) return []
  const columns = ['', 'p50', 'p95', 'p99', 'p99.9', 'highest', 'samples'].map((name, at) => ({
    title: name,
    right: at > 0,
  }))
  const lines = table(columns, rows, page.width - 2).map((line) => `  ${line}`)
  return [title('Latency', page), ...lines]
}

function row(name: string, of: Percentiles | null): string[] | null {
  if (of === null) return null
  const times = [of.p50, of.p95, of.p99, of.p999, of.max].map((us) => duration(Math.round(us)))
  return [name, ...times, grouped(of.count)]
}

export function thresholdLines({ thresholds }: Judged, page: Page): string[] {
  if (thresholds.length === 0) return []
  const lines = thresholds.map((one) => {
    const { measure, rule, met } = one
    const line = `  ${met ? '✓' : '✗'} ${measure} ${rule}: ${foundText(one)}`
    return met ? page.paint.green(line) : page.paint.red(line)
  })
  return [title('Thresholds', page), ...lines]
}

/** What a threshold found, in the unit that fits. */
export function foundText(answer: ThresholdAnswer): string {
  const text = valueText(answer)
  return text === null ? 'not measured' : `found ${text}`
}
