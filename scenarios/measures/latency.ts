/**
 * How long sends and whole ways take, as histograms.
 *
 * `produce`: from the time at which a send was due to its acknowledgement. `end-to-end`: from the
 * time at which a record's first send was due to the end of its first processing by a group, each
 * group a sample of its own. What was due before `measureFrom` is warm-up and counts nowhere, nor
 * does what is due once measuring has ended.
 */

import { Outcome } from '../../model/history.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { FoldedLatency } from '../fold/sums.ts'
import type { Percentiles } from '../result.ts'
import { Histogram } from './histogram.ts'
import { moreOf, recordRange } from './within-range.ts'

/** Which records count; absent: all. */
export interface Selection {
  readonly group?: string | undefined
  readonly topic?: string | undefined
  readonly producer?: string | undefined
  /** True time in which the acknowledgement or the processing falls; what was folded is in none. */
  readonly within?: { readonly fromUs: number; readonly toUs: number } | undefined
}

export function produceLatency(judgement: Judgement, selection: Selection = {}): Histogram {
  const latency = new Histogram()
  const { data, length } = judgement.result.history.sends
  const selected = streamsOf(judgement, selection)
  const fromUs = measuredFromUs(judgement)
  const untilUs = measuredUntilUs(judgement)
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    if (selected !== null && selected[data.stream[row] as number] !== true) continue
    const dueUs = (data.invokedUs[row] as number) - (data.lateUs[row] as number)
    if (dueUs < fromUs || dueUs >= untilUs) continue
    if (isOutside(selection, data.endedUs[row] as number)) continue
    const tookUs = (data.endedUs[row] as number) - dueUs
    recordRange(latency, tookUs, data.waitedUs[row] as number, data.count[row] as number)
  }
  for (const folded of foldedIn(judgement, selection, selected)) latency.add(folded.produce)
  return latency
}

export function endToEndLatency(judgement: Judgement, selection: Selection = {}): Histogram {
  const latency = new Histogram()
  const { atoms } = judgement
  const selected = streamsOf(judgement, selection)
  const folded = foldedIn(judgement, selection, selected)
  const fromUs = measuredFromUs(judgement)
  const untilUs = measuredUntilUs(judgement)
  judgement.scenario.consumers.forEach((consumer, place) => {
    if (selection.group !== undefined && selection.group !== consumer.group) return
    for (const { endToEnd } of folded) latency.add(endToEnd[place] as Histogram)
    const processed = judgement.processed(consumer.group)
    for (let stream = 0; stream < atoms.streams; stream += 1) {
      if (selected !== null && selected[stream] !== true) continue
      if (!judgement.reads(consumer, stream)) continue
      const end = atoms.end(stream)
      let index = 0
      for (let atom = atoms.first(stream); atom < end; atom += 1) {
        const weight = atoms.weight(atom)
        const from = index
        index += weight
        if (processed.times[atom] === 0 || judgement.sends.isSettled(atom)) continue
        const dueUs = dueUsOf(judgement, atom)
        if (dueUs < fromUs || dueUs >= untilUs) continue
        if (isOutside(selection, processed.firstUs(atom))) continue
        const tookUs = processed.firstUs(atom) - dueUs
        const row = (processed.firstRow[atom] as number) - 1
        const send = (judgement.sends.firstRow[atom] as number) - 1
        const more = moreOf(judgement.result.history, { send, row, index: from, weight })
        latency.recordEven(tookUs + more.first, tookUs + more.last, weight)
      }
    }
  })
  return latency
}

function isOutside({ within }: Selection, us: number): boolean {
  return within !== undefined && (us < within.fromUs || us >= within.toUs)
}

/** What was folded of the streams of a selection; a stream stands for all of its sender. */
function foldedIn(
  judgement: Judgement,
  { within }: Selection,
  selected: boolean[] | null,
): readonly FoldedLatency[] {
  if (within !== undefined) return []
  const latencies = judgement.result.folded?.sums.latencies ?? []
  return latencies.filter(({ stream }) => selected === null || selected[stream] === true)
}

/** When a record should have been sent first: a stall must not hide what it held up. */
export function dueUsOf({ sends, result }: Judgement, atom: number): number {
  const first = sends.firstRow[atom] as number
  if (first === 0) return result.phases.originUs
  const { data } = result.history.sends
  return (data.invokedUs[first - 1] as number) - (data.lateUs[first - 1] as number)
}

/** True time at which measuring begins: what comes before is warm-up. */
export function measuredFromUs({ result, scenario }: Judgement): number {
  // Without a warm-up nothing is left out, not even what a clock puts before t = 0.
  const { measureFromUs } = scenario
  return measureFromUs === undefined ? -Infinity : result.phases.originUs + measureFromUs
}

/** True time at which measuring ends; Infinity: what is due until the end of the load counts. */
export function measuredUntilUs({ result, scenario }: Judgement): number {
  const { measureUntilUs } = scenario
  return measureUntilUs === undefined ? Infinity : result.phases.originUs + measureUntilUs
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
    mean: latency.mean,
    max: latency.max,
    count: latency.count,
  }
}
