/**
 * Thresholds with `abortOnFail`, measured over what has happened so far, as k6 does.
 *
 * Each look reads the rows of the history that ended since the one before, so that all looks
 * together cost about as much as measuring once at the end. Latency is counted record by record
 * with the rules of `latency.ts`; `max` of backlog and lateness is to the event, and their other
 * aggregates are over a point at each look. Left out: histories that are folded, other measures,
 * and a send that is told its outcome a second time.
 */

import { type History, Outcome } from '../../model/history.ts'
import { type PartitionId, partitionOf } from '../../model/record.ts'
import { senderOf } from '../checks/configuration.ts'
import type { Consumer, Scenario, Threshold } from '../schema/scenario.ts'
import { Histogram } from './histogram.ts'
import { aggregate, isMet } from './threshold-rule.ts'
import { moreOf, recordRange } from './within-range.ts'

/** What a look needs of a run. */
export interface Observed {
  readonly scenario: Scenario
  readonly history: History
  readonly topics: readonly string[]
  readonly originUs: number
}

/** What ended a run. */
export interface Abort {
  /** Place among the scenario's thresholds. */
  readonly threshold: number
  readonly value: number
  /** Since t = 0. */
  readonly atUs: number
}

/** Virtual time between two looks. */
export const LOOK_EVERY_US = 1_000_000

/** Null: no threshold of the scenario can end its run. */
export function soFar(observed: Observed): SoFar | null {
  const { thresholds } = observed.scenario
  return thresholds.some(({ abort }) => abort !== undefined) ? new SoFar(observed) : null
}

/** By stream and index; what lies beyond the end is not there. */
type ByRecord<Value> = (Value | undefined)[][]

/** What waits for a group in one of its topics. */
interface Queue {
  /** Of the group among the consumers. */
  readonly place: number
  readonly topic: string
  /** By stream: all before it are done with. */
  readonly oldest: number[]
  waiting: number
  /** True times at which records began and ceased to wait, since the last look. */
  entered: number[]
  left: number[]
}

interface Watched {
  readonly threshold: Threshold
  readonly place: number
  readonly values: Histogram
  /** By stream: whether it counts; found out when it is met first. */
  readonly streams: (boolean | undefined)[]
  readonly queues: readonly Queue[]
}

export class SoFar {
  readonly #observed: Observed
  readonly #watched: readonly Watched[]
  /** The row of the first send of each record. */
  readonly #sent: ByRecord<number> = []
  readonly #acknowledged: ByRecord<true> = []
  /** By consumer: what its group is done with. */
  readonly #done: readonly ByRecord<true>[]
  readonly #openSends: Rows = { next: 0, open: [] }
  readonly #openProcessings: Rows = { next: 0, open: [] }
  #asideNext = 0
  #dueUs = LOOK_EVERY_US

  constructor(observed: Observed) {
    this.#observed = observed
    const { thresholds, consumers } = observed.scenario
    this.#done = consumers.map(() => [])
    this.#watched = thresholds.flatMap((threshold, place) =>
      threshold.abort === undefined
        ? []
        : {
            threshold,
            place,
            values: new Histogram(),
            streams: [],
            queues: queuesOf(threshold, consumers),
          },
    )
  }

  /** True time of the next look. */
  get dueUs(): number {
    return this.#observed.originUs + this.#dueUs
  }

  /** The first threshold that is broken, if it is time to look. */
  look(nowUs: number): Abort | null {
    if (nowUs < this.dueUs) return null
    this.#readSends()
    this.#readProcessings()
    this.#readDeadLetters()
    const atUs = nowUs - this.#observed.originUs
    this.#dueUs = atUs + LOOK_EVERY_US
    for (const watched of this.#watched) this.#sample(watched, nowUs)
    for (const { threshold, place, values } of this.#watched) {
      if (atUs < (threshold.abort?.delayUs ?? 0)) continue
      const value = aggregate(threshold, values)
      // Before anything is measured nothing is broken.
      if (value === null || values.count === 0 || isMet(threshold, value)) continue
      return { threshold: place, value, atUs }
    }
    return null
  }

  #readSends(): void {
    const { sends } = this.#observed.history
    const { data } = sends
    for (let row = this.#openSends.next; row < sends.length; row += 1) {
      const sent = of(this.#sent, data.stream[row] as number)
      const first = data.index[row] as number
      const end = first + (data.count[row] as number)
      for (let index = first; index < end; index += 1) sent[index] ??= row
    }
    for (const row of endedIn(this.#openSends, sends.length, data)) {
      if (data.outcome[row] !== Outcome.ok) continue
      const stream = data.stream[row] as number
      for (const watched of this.#watched) {
        if (!isProduce(watched.threshold) || !this.#counts(watched, stream)) continue
        const tookUs = (data.endedUs[row] as number) - this.#dueOf(row)
        if (this.#isUnmeasured(row)) continue
        const count = data.count[row] as number
        recordRange(watched.values, tookUs, data.waitedUs[row] as number, count)
      }
      this.#acknowledge(row, stream)
    }
  }

  #acknowledge(row: number, stream: number): void {
    const { data } = this.#observed.history.sends
    const acknowledged = of(this.#acknowledged, stream)
    const first = data.index[row] as number
    const end = first + (data.count[row] as number)
    const atUs = data.endedUs[row] as number
    for (let index = first; index < end; index += 1) {
      if (acknowledged[index] === true) continue
      acknowledged[index] = true
      for (const watched of this.#watched) {
        if (!this.#isQueued(watched, stream, row)) continue
        for (const queue of watched.queues) {
          // A group may be quicker than the answer to the producer.
          if (queue.topic !== this.#topicOf(stream)) continue
          if (!this.#isDone(queue.place, stream, index)) queue.entered.push(atUs)
        }
      }
    }
  }

  #isQueued(watched: Watched, stream: number, row: number): boolean {
    if (watched.threshold.measure !== 'backlog' || !this.#counts(watched, stream)) return false
    return isIn(watched.threshold, this.#observed.history.sends.data.partition[row] as PartitionId)
  }

  #readProcessings(): void {
    const { processings } = this.#observed.history
    const { data } = processings
    const rows = endedIn(this.#openProcessings, processings.length, data)
    // The first to end is the one that counts.
    rows.sort((a, b) => (data.endedUs[a] as number) - (data.endedUs[b] as number) || a - b)
    for (const row of rows) {
      if (data.outcome[row] !== Outcome.ok) continue
      const place = this.#placeOf(data.group[row] as number)
      if (place === -1) continue
      const first = data.index[row] as number
      const end = first + (data.count[row] as number)
      for (let index = first; index < end; index += 1) {
        const stream = data.stream[row] as number
        this.#finish({ place, stream, index, row, atUs: data.endedUs[row] as number })
      }
    }
  }

  #readDeadLetters(): void {
    const { deadLetters } = this.#observed.history
    const { group, stream, index, atUs } = deadLetters.data
    for (; this.#asideNext < deadLetters.length; this.#asideNext += 1) {
      const at = this.#asideNext
      const place = this.#placeOf(group[at] as number)
      if (place === -1) continue
      const one = { stream: stream[at] as number, index: index[at] as number }
      this.#finish({ place, ...one, row: -1, atUs: atUs[at] as number })
    }
  }

  /** A group is done with a record: processed, or with row −1 put aside. */
  #finish(one: { place: number; stream: number; index: number; row: number; atUs: number }): void {
    const { place, stream, index, row, atUs } = one
    if (this.#isDone(place, stream, index)) return
    of(this.#done[place] as ByRecord<true>, stream)[index] = true
    const send = this.#sent[stream]?.[index]
    if (send === undefined) return
    const { history } = this.#observed
    const was = this.#acknowledged[stream]?.[index] === true
    for (const watched of this.#watched) {
      const queue = this.#queueOf(watched, place, stream)
      if (queue === undefined || !this.#counts(watched, stream)) continue
      if (was && this.#isQueued(watched, stream, send)) queue.left.push(atUs)
      const { threshold, values } = watched
      const tookUs = atUs - this.#dueOf(send)
      if (threshold.measure === 'lateness' && threshold.aggregate === 'max') {
        const partition = history.sends.data.partition[send] as PartitionId
        if (isIn(threshold, partition) && !this.#isOver(send)) values.record(tookUs)
      } else if (threshold.measure === 'latency' && !isProduce(threshold) && row !== -1) {
        if (this.#isUnmeasured(send)) continue
        const more = moreOf(history, { send, row, index, weight: 1 })
        values.recordEven(tookUs + more.first, tookUs + more.last, 1)
      }
    }
  }

  /** What is measured over time: a point at each look. */
  #sample(watched: Watched, nowUs: number): void {
    const { measure, aggregate: of } = watched.threshold
    for (const queue of watched.queues) {
      if (measure === 'backlog') {
        const peak = advance(queue)
        watched.values.record(of === 'max' ? peak : queue.waiting)
      } else if (measure === 'lateness') {
        watched.values.record(this.#lateness(watched, queue, nowUs))
      }
    }
  }

  /** Age of the oldest acknowledged record that waits for a group. */
  #lateness(watched: Watched, { place, topic, oldest }: Queue, nowUs: number): number {
    const { data } = this.#observed.history.sends
    let oldestUs = nowUs
    for (let stream = 0; stream < this.#sent.length; stream += 1) {
      const sent = this.#sent[stream] ?? []
      if (this.#topicOf(stream) !== topic || !this.#counts(watched, stream)) continue
      let index = oldest[stream] ?? 0
      while (index < sent.length && this.#isDone(place, stream, index)) index += 1
      oldest[stream] = index
      for (; index < sent.length; index += 1) {
        if (this.#acknowledged[stream]?.[index] !== true) continue
        if (this.#isDone(place, stream, index)) continue
        const row = sent[index] as number
        if (!isIn(watched.threshold, data.partition[row] as PartitionId)) continue
        oldestUs = Math.min(oldestUs, this.#dueOf(row))
        break
      }
    }
    return nowUs - oldestUs
  }

  /** Whether the tags `topic` and `producer` leave a stream in. */
  #counts(watched: Watched, stream: number): boolean {
    return (watched.streams[stream] ??= this.#isChosen(watched.threshold, stream))
  }

  #isChosen({ tags }: Threshold, stream: number): boolean {
    const { history, scenario } = this.#observed
    const info = history.streams[stream]
    const { topic, producer } = tags
    if (topic !== undefined && this.#topicOf(stream) !== topic) return false
    if (producer === undefined || info?.producer === producer) return true
    return senderOf(scenario, info?.producer ?? '').name === producer
  }

  #queueOf({ queues }: Watched, place: number, stream: number): Queue | undefined {
    const topic = this.#topicOf(stream)
    return queues.find((queue) => queue.place === place && queue.topic === topic)
  }

  #topicOf(stream: number): string {
    const { history, topics } = this.#observed
    return topics[history.streams[stream]?.topic ?? -1] ?? ''
  }

  #isDone(place: number, stream: number, index: number): boolean {
    return this.#done[place]?.[stream]?.[index] === true
  }

  #placeOf(group: number): number {
    const name = this.#observed.history.names[group]
    return this.#observed.scenario.consumers.findIndex((one) => one.group === name)
  }

  #dueOf(row: number): number {
    const { data } = this.#observed.history.sends
    return (data.invokedUs[row] as number) - (data.lateUs[row] as number)
  }

  #isUnmeasured(row: number): boolean {
    const { measureFromUs } = this.#observed.scenario
    if (this.#isOver(row)) return true
    return measureFromUs !== undefined && this.#sinceStart(row) < measureFromUs
  }

  /** Due after the end of what is measured. */
  #isOver(row: number): boolean {
    return this.#sinceStart(row) >= (this.#observed.scenario.measureUntilUs ?? Infinity)
  }

  #sinceStart(row: number): number {
    return this.#dueOf(row) - this.#observed.originUs
  }
}

/** Of each group and topic that the tags leave. */
function queuesOf({ tags }: Threshold, consumers: readonly Consumer[]): readonly Queue[] {
  const { group, topic } = tags
  return consumers.flatMap((consumer, place) =>
    group !== undefined && consumer.group !== group
      ? []
      : consumer.topics
          .filter((name) => topic === undefined || name === topic)
          .map((name) => ({
            place,
            topic: name,
            oldest: [],
            waiting: 0,
            entered: [],
            left: [],
          })),
  )
}

/** Brings a queue up to now; gives the most that waited since the last look. */
function advance(queue: Queue): number {
  const entered = Float64Array.from(queue.entered).sort((a, b) => a - b)
  const left = Float64Array.from(queue.left).sort((a, b) => a - b)
  let peak = queue.waiting
  let gone = 0
  for (let at = 0; at < entered.length; at += 1) {
    for (; gone < left.length && (left[gone] as number) <= (entered[at] as number); gone += 1) {
      queue.waiting -= 1
    }
    queue.waiting += 1
    peak = Math.max(peak, queue.waiting)
  }
  queue.waiting -= left.length - gone
  queue.entered = []
  queue.left = []
  return peak
}

/** Rows that were read, and those of them that had not ended by then. */
interface Rows {
  next: number
  open: number[]
}

interface Ends {
  readonly outcome: ArrayLike<number>
}

/** Rows that ended since they were last asked for. */
function endedIn(rows: Rows, length: number, { outcome }: Ends): number[] {
  const ended: number[] = []
  const open: number[] = []
  for (const row of rows.open) (outcome[row] === Outcome.open ? open : ended).push(row)
  for (; rows.next < length; rows.next += 1) {
    ;(outcome[rows.next] === Outcome.open ? open : ended).push(rows.next)
  }
  rows.open = open
  return ended
}

function of<Value>(records: ByRecord<Value>, stream: number): (Value | undefined)[] {
  while (records.length <= stream) records.push([])
  return records[stream] as (Value | undefined)[]
}

function isProduce({ measure, tags }: Threshold): boolean {
  return measure === 'latency' && tags['phase'] === 'produce'
}

function isIn({ tags }: Threshold, partition: PartitionId): boolean {
  return tags['partition'] === undefined || partitionOf(partition) === Number(tags['partition'])
}
