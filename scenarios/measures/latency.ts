/**
 * How long sends and whole ways take, as histograms.
 *
 * `produce`: from a send to its acknowledgement. `end-to-end`: from a record's first send to the
 * end of its first processing by a group, each group a sample of its own.
 */

import { Outcome } from '../../model/history.ts'
import { sentUs } from '../checks/drain.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { FoldedLatency } from '../fold/sums.ts'
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
  for (const folded of foldedIn(judgement, selected)) latency.add(folded.produce)
  return latency
}

export function endToEndLatency(judgement: Judgement, selection: Selection = {}): Histogram {
  const latency = new Histogram()
  const { atoms } = judgement
  const selected = streamsOf(judgement, selection)
  const folded = foldedIn(judgement, selected)
  judgement.scenario.consumers.forEach((consumer, place) => {
    if (selection.group !== undefined && selection.group !== consumer.group) return
    for (const { endToEnd } of folded) latency.add(endToEnd[place] as Histogram)
    const processed = judgement.processed(consumer.group)
    for (let stream = 0; stream < atoms.streams; stream += 1) {
      if (selected !== null && selected[stream] !== true) continue
      if (!judgement.reads(consumer, stream)) continue
      const end = atoms.end(stream)
      for (let atom = atoms.first(stream); atom < end; atom += 1) {
        if (processed.times[atom] === 0 || judgement.sends.isSettled(atom)) continue
        latency.record(processed.firstUs(atom) - sentUs(judgement, atom), atoms.weight(atom))
      }
    }
  })
  return latency
}

/** What was folded of the streams of a selection; a stream stands for all of its sender. */
function foldedIn(judgement: Judgement, selected: boolean[] | null): readonly FoldedLatency[] {
  const latencies = judgement.result.folded?.sums.latencies ?? []
  return latencies.filter(({ stream }) => selected === null || selected[stream] === true)
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
