/**
 * How long sends and whole ways take, as histograms.
 *
 * `produce`: from a send to its acknowledgement. `end-to-end`: from a record's first send to the
 * end of its first processing by a group, each group a sample of its own.
 */

import { Outcome } from '../../model/history.ts'
import { sentUs } from '../checks/drain.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { Percentiles } from '../result.ts'
import { Histogram } from './histogram.ts'

/** Which records count; absent: all. */
export interface Selection {
  readonly group?: string | undefined
  readonly topic?: string | undefined
  readonly producer?: string | undefined
}

export function produceLatency(judgement: Judgement, selection: Selection = {}): Histogram {
  const latency = new Histogram()
  const { data, length } = judgement.result.history.sends
  const selected = streamsOf(judgement, selection)
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    if (selected !== null && selected[data.stream[row] as number] !== true) continue
    const took = (data.endedUs[row] as number) - (data.invokedUs[row] as number)
    latency.record(took, data.count[row])
  }
  return latency
}

export function endToEndLatency(judgement: Judgement, selection: Selection = {}): Histogram {
  const latency = new Histogram()
  const { atoms } = judgement
  const selected = streamsOf(judgement, selection)
  for (const consumer of judgement.scenario.consumers) {
    if (selection.group !== undefined && selection.group !== consumer.group) continue
    const processed = judgement.processed(consumer.group)
    for (let stream = 0; stream < atoms.streams; stream += 1) {
      if (selected !== null && selected[stream] !== true) continue
      if (!judgement.reads(consumer, stream)) continue
      const end = atoms.end(stream)
      for (let atom = atoms.first(stream); atom < end; atom += 1) {
        if (processed.times[atom] === 0) continue
        latency.record(processed.firstUs(atom) - sentUs(judgement, atom), atoms.weight(atom))
      }
    }
  }
  return latency
}

/** Which streams belong to the topic and the producer of a selection; null: all. */
function streamsOf(judgement: Judgement, { topic, producer }: Selection): boolean[] | null {
  if (topic === undefined && producer === undefined) return null
  return judgement.result.history.streams.map(
    (info, stream) =>
      (topic === undefined || judgement.topicOfStream(stream) === topic) &&
      (producer === undefined ||
        info.producer === producer ||
        judgement.senderOfStream(stream).name === producer),
  )
}

/** The figures of an answer; null without a sample. */
export function percentilesOf(latency: Histogram): Percentiles | null {
  if (latency.count === 0) return null
  return {
    p50: latency.percentile(50),
    p95: latency.percentile(95),
    p99: latency.percentile(99),
    p999: latency.percentile(99.9),
    max: latency.max,
    count: latency.count,
  }
}
