/**
 * Records a second that were acknowledged in a topic, or processed by a group, over time.
 *
 * The mean is over what is measured of the load: from `measureFrom` to the end of `duration`,
 * or to where a trial of a plan stops measuring.
 * Bytes are those of records (key and value), without the overhead of batches and requests; where
 * sizes are drawn, the mean size stands for each. A rate over time is that of whole windows, at
 * least a second long, so that chance within milliseconds is no peak.
 */

import { Outcome } from '../../model/history.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { FoldedSums } from '../fold/sums.ts'
import type { TopicThroughput } from '../result.ts'
import { stepFor } from './series.ts'

const WINDOW_US_MIN = 1_000_000
const US_PER_SECOND = 1_000_000
const DEFAULT_BYTES = 100

/** What is counted; absent: whatever is there. */
export interface Counted {
  readonly topic?: string | undefined
  readonly producer?: string | undefined
  /** What this group processed, in place of what was acknowledged. */
  readonly group?: string | undefined
}

export interface Throughput {
  readonly windowUs: number
  /** A second, in each whole window that is measured. */
  readonly records: readonly number[]
  readonly bytes: readonly number[]
  readonly meanRecords: number
  readonly meanBytes: number
}

export function throughputOf(judgement: Judgement, counted: Counted): Throughput {
  const rates = new Rates(judgement)
  const { sends, processings } = judgement.result.history
  const { group } = counted
  const table = group === undefined ? sends : processings
  const groupId = group === undefined ? -1 : judgement.groupId(group)
  const bytes = bytesByStream(judgement, counted)
  const { outcome, stream, endedUs, count } = table.data
  for (let row = 0; row < table.length; row += 1) {
    if (outcome[row] !== Outcome.ok) continue
    const each = bytes[stream[row] as number] ?? 0
    if (each === 0) continue
    if (groupId !== -1 && processings.data.group[row] !== groupId) continue
    rates.add(endedUs[row] as number, count[row] as number, each)
  }
  addFolded(judgement, rates, counted)
  return rates.throughput()
}

/** What was folded is known by its topic and sender, or by its group and topic, in bins of time. */
function addFolded(judgement: Judgement, rates: Rates, counted: Counted): void {
  const sums = judgement.result.folded?.sums
  if (sums === undefined) return
  for (const folded of foldedRates(judgement, sums, counted)) rates.addBins(folded)
}

interface FoldedRate {
  readonly records: Float64Array
  /** Length of each entry. */
  readonly everyUs: number
  readonly bytes: number
}

function foldedRates(
  judgement: Judgement,
  { latencies, waits, binUs, pointUs }: FoldedSums,
  { topic, producer, group }: Counted,
): readonly FoldedRate[] {
  if (group !== undefined) {
    return waits
      .filter((one) => one.group === group && (topic === undefined || one.topic === topic))
      .map((one) => {
        return { records: one.done, everyUs: binUs, bytes: usualBytes(judgement, one.topic) }
      })
  }
  const bytes = bytesByStream(judgement, { topic, producer })
  return latencies.flatMap(({ stream, produced }) => {
    const each = bytes[stream] ?? 0
    return each === 0 ? [] : [{ records: produced, everyUs: pointUs, bytes: each }]
  })
}

/** Of the first producer of a topic: whose records they were is no longer known. */
function usualBytes({ scenario }: Judgement, topic: string): number {
  return scenario.producers.find((one) => one.topic === topic)?.recordBytes ?? DEFAULT_BYTES
}

/** Of each topic that is written to. */
export function throughputOfTopics(judgement: Judgement): readonly TopicThroughput[] {
  const rates = ratesByTopic(judgement)
  return judgement.scenario.topics.flatMap(({ name }) => {
    const found = rates.get(name)?.throughput()
    if (found === undefined) return []
    return [
      {
        topic: name,
        recordsPerSecond: found.meanRecords,
        bytesPerSecond: found.meanBytes,
        peakRecordsPerSecond: found.records.reduce((most, one) => Math.max(most, one), 0),
        windowUs: found.windowUs,
        series: found.records,
      },
    ]
  })
}

/** In one pass, however many topics there are. */
function ratesByTopic(judgement: Judgement): ReadonlyMap<string, Rates> {
  const { history, topics, folded } = judgement.result
  const rates = new Map<string, Rates>()
  const ofStream = history.streams.map((info) => {
    const topic = topics[info.topic] ?? ''
    let found = rates.get(topic)
    if (found === undefined) rates.set(topic, (found = new Rates(judgement)))
    return found
  })
  const bytes = bytesByStream(judgement, {})
  const { data, length } = history.sends
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    const stream = data.stream[row] as number
    const each = bytes[stream] as number
    ofStream[stream]?.add(data.endedUs[row] as number, data.count[row] as number, each)
  }
  const sums = folded?.sums
  for (const { stream, produced } of sums?.latencies ?? []) {
    const each = bytes[stream] as number
    ofStream[stream]?.addBins({ records: produced, everyUs: sums?.pointUs ?? 0, bytes: each })
  }
  return rates
}

/** Bytes of a record of each stream; 0: it is not counted. */
function bytesByStream(judgement: Judgement, { topic, producer }: Counted): Float64Array {
  const { streams } = judgement.result.history
  const bytes = new Float64Array(streams.length)
  streams.forEach((info, stream) => {
    const to = judgement.topicOfStream(stream)
    if (topic !== undefined && to !== topic) return
    const sender = judgement.senderOfStream(stream).name
    if (producer !== undefined && sender !== producer && info.producer !== producer) return
    bytes[stream] = recordBytes(judgement, sender, to)
  })
  return bytes
}

function recordBytes({ scenario }: Judgement, sender: string, topic: string): number {
  const producer = scenario.producers.find(({ name }) => name === sender)
  if (producer !== undefined) return producer.recordBytes
  const consumer = scenario.consumers.find(({ group }) => group === sender)
  const outputs = [consumer?.produces, consumer?.failures?.deadLetter]
  return outputs.find((one) => one?.topic === topic)?.recordBytes ?? DEFAULT_BYTES
}

class Rates {
  readonly #originUs: number
  readonly #windowUs: number
  readonly #fromUs: number
  readonly #toUs: number
  readonly #records: Float64Array
  readonly #bytes: Float64Array
  #allRecords = 0
  #allBytes = 0

  constructor({ result, scenario }: Judgement) {
    const { originUs } = result.phases
    this.#originUs = originUs
    const { measureFromUs = 0, measureUntilUs = scenario.durationUs } = scenario
    const untilUs = Math.min(result.aborted?.atUs ?? Infinity, measureUntilUs)
    const lengthUs = Math.max(0, untilUs - measureFromUs)
    this.#windowUs = Math.max(WINDOW_US_MIN, stepFor(lengthUs))
    this.#fromUs = originUs + measureFromUs
    this.#toUs = originUs + untilUs
    const windows = Math.floor(lengthUs / this.#windowUs)
    this.#records = new Float64Array(windows)
    this.#bytes = new Float64Array(windows)
  }

  add(atUs: number, records: number, each: number): void {
    if (atUs < this.#fromUs || atUs >= this.#toUs) return
    this.#allRecords += records
    this.#allBytes += records * each
    const window = Math.floor((atUs - this.#fromUs) / this.#windowUs)
    if (window >= this.#records.length) return
    this.#records[window] = (this.#records[window] as number) + records
    this.#bytes[window] = (this.#bytes[window] as number) + records * each
  }

  addBins({ records, everyUs, bytes }: FoldedRate): void {
    for (let bin = 0; bin < records.length; bin += 1) {
      // A bin that ends with a window belongs to it.
      const atUs = this.#originUs + (bin + 1) * everyUs - 1
      if (records[bin] !== 0) this.add(atUs, records[bin] as number, bytes)
    }
  }

  throughput(): Throughput {
    // A run may be ended before measuring begins.
    const seconds = Math.max(1, this.#toUs - this.#fromUs) / US_PER_SECOND
    const perSecond = US_PER_SECOND / this.#windowUs
    const rates = (counts: Float64Array): number[] => Array.from(counts, (one) => one * perSecond)
    return {
      windowUs: this.#windowUs,
      records: rates(this.#records),
      bytes: rates(this.#bytes),
      meanRecords: this.#allRecords / seconds,
      meanBytes: this.#allBytes / seconds,
    }
  }
}
