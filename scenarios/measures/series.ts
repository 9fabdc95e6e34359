/**
 * Points over time: records produced and consumed in each step, backlog and lateness of each group.
 *
 * Made after the run from its history (design §6): a record waits from its acknowledgement until
 * the group first processed it or put it aside for good; the lateness of a group is the age of the
 * oldest one that waits, counted from when it was due, as latency is.
 */

import { Outcome } from '../../model/history.ts'
import { partitionOf } from '../../model/record.ts'
import { dueUs, enteredUs } from '../checks/drain.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { FoldedSums, FoldedWaits } from '../fold/sums.ts'
import type { GroupSeries, Measures } from '../result.ts'
import type { Consumer } from '../schema/scenario.ts'
import { endToEndSeries, produceSeries } from './latency-series.ts'
import { inTimeOrder } from './in-time-order.ts'

/** Points that a chart can show and a report can carry. */
const POINTS_MAX = 400

const STEP_US_MIN = 10_000

/** The shortest step of 1, 2 or 5 times a power of ten that needs no more than 400 points. */
export function stepFor(endUs: number): number {
  for (let unit = STEP_US_MIN; ; unit *= 10) {
    for (const factor of [1, 2, 5]) {
      if (Math.ceil(endUs / (unit * factor)) <= POINTS_MAX) return unit * factor
    }
  }
}

/** The points of time: the end of each step from t = 0 on. */
export function gridOf(judgement: Judgement): { readonly stepUs: number; readonly points: number } {
  const { endUs } = judgement.result.phases
  const stepUs = stepFor(endUs)
  return { stepUs, points: Math.max(1, Math.ceil(endUs / stepUs)) }
}

export function seriesOf(judgement: Judgement): Measures['series'] {
  const { stepUs, points } = gridOf(judgement)
  const consumed: Record<string, readonly number[]> = {}
  const groups: GroupSeries[] = []
  for (const consumer of judgement.scenario.consumers) {
    consumed[consumer.group] = consumedBy(judgement, consumer.group)
    for (const topic of consumer.topics) {
      groups.push({ group: consumer.group, topic, ...waitsOf(judgement, consumer, topic).crests() })
    }
  }
  const atUs = Array.from({ length: points }, (_, point) => (point + 1) * stepUs)
  const latency = { produce: produceSeries(judgement), endToEnd: endToEndSeries(judgement) }
  return { stepUs, atUs, produced: produced(judgement), consumed, groups, latency }
}

/** Records acknowledged in each step. */
function produced(judgement: Judgement): readonly number[] {
  const { data, length } = judgement.result.history.sends
  const steps = new Steps(judgement)
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    steps.add(data.endedUs[row] as number, data.count[row] as number)
  }
  const sums = judgement.result.folded?.sums
  if (sums !== undefined) steps.addFolded(sums, sums.produced)
  return steps.values
}

/** Records that a group processed in each step, repetitions included. */
function consumedBy(judgement: Judgement, group: string): readonly number[] {
  const { data, length } = judgement.result.history.processings
  const id = judgement.groupId(group)
  const steps = new Steps(judgement)
  for (let row = 0; row < length; row += 1) {
    if (data.group[row] !== id || data.outcome[row] !== Outcome.ok) continue
    steps.add(data.endedUs[row] as number, data.count[row] as number)
  }
  const sums = judgement.result.folded?.sums
  for (const waits of sums?.waits ?? []) {
    if (waits.group === group) steps.addFolded(sums as FoldedSums, waits.done)
  }
  return steps.values
}

class Steps {
  readonly values: number[]
  readonly #judgement: Judgement
  readonly #stepUs: number

  constructor(judgement: Judgement) {
    const { stepUs, points } = gridOf(judgement)
    this.#judgement = judgement
    this.#stepUs = stepUs
    this.values = Array.from({ length: points }, () => 0)
  }

  /** Counts what was folded, by its bins: a step has a whole number of them. */
  addFolded(sums: FoldedSums, records: Float64Array): void {
    for (let bin = 0; bin < records.length; bin += 1) {
      if (records[bin] !== 0) this.#addAt(sums.endOf(bin), records[bin] as number)
    }
  }

  /** Counts at a true time; what lies outside of the run counts at its first or last step. */
  add(trueUs: number, count: number): void {
    this.#addAt(this.#judgement.since(trueUs), count)
  }

  #addAt(us: number, count: number): void {
    const step = Math.ceil(us / this.#stepUs) - 1
    const at = Math.min(this.values.length - 1, Math.max(0, step))
    this.values[at] = (this.values[at] as number) + count
  }
}

interface Awaited {
  readonly group: string
  /** Null: of one partition, of which nothing may have been folded. */
  readonly topic: string | null
}

/** The records that waited for a group in one topic: columns of times from t = 0. */
export class Waits {
  readonly #judgement: Judgement
  readonly #due: Float64Array
  readonly #entered: Float64Array
  readonly #done: Float64Array
  readonly #weight: Float64Array
  /** Rows in the order in which they began to wait. */
  readonly #entering: Int32Array
  /** Rows in the order in which the group was done with them, those of which it never was last. */
  readonly #leaving: Int32Array
  /** What was folded of them, and its sums. */
  readonly #folded: FoldedWaits | undefined
  readonly #sums: FoldedSums | undefined

  constructor(judgement: Judgement, atoms: Int32Array, of: Awaited) {
    this.#judgement = judgement
    const { group, topic } = of
    this.#sums = judgement.result.folded?.sums
    this.#folded = this.#sums?.waits.find((one) => one.group === group && one.topic === topic)
    const processed = judgement.processed(group)
    const { length } = atoms
    this.#due = new Float64Array(length)
    this.#entered = new Float64Array(length)
    this.#done = new Float64Array(length)
    this.#weight = new Float64Array(length)
    const never = judgement.result.phases.endUs + 1
    for (let row = 0; row < length; row += 1) {
      const atom = atoms[row] as number
      const done = Math.min(judgement.since(processed.doneUs(atom)), never)
      this.#due[row] = judgement.since(dueUs(judgement, atom))
      // A group may be quicker than the answer to the producer.
      this.#entered[row] = Math.min(judgement.since(enteredUs(judgement, atom)), done)
      this.#done[row] = done
      this.#weight[row] = judgement.atoms.weight(atom)
    }
    this.#entering = inTimeOrder(this.#entered)
    this.#leaving = inTimeOrder(this.#done)
  }

  /** The greatest backlog and when it was reached first: to the event, where folded to the bin. */
  peak(): { readonly backlog: number; readonly atUs: number } {
    if (this.#folded !== undefined && this.#sums !== undefined) {
      return this.#peakOfBins(this.#folded, this.#sums)
    }
    let most = 0
    let mostAtUs = 0
    this.#eachBacklog((us, waiting) => {
      if (waiting <= most) return
      most = waiting
      mostAtUs = us
    })
    return { backlog: most, atUs: mostAtUs }
  }

  /** The backlog at each time at which it grows; of what was not folded. */
  #eachBacklog(told: (us: number, waiting: number) => void): void {
    let waiting = 0
    let left = 0
    for (let at = 0; at < this.#entering.length; at += 1) {
      const row = this.#entering[at] as number
      const now = this.#entered[row] as number
      for (; this.#leavesBy(left, now); left += 1) waiting -= this.#weightOf(this.#leaving, left)
      waiting += this.#weight[row] as number
      told(now, waiting)
    }
  }

  #peakOfBins(
    folded: FoldedWaits,
    sums: FoldedSums,
  ): { readonly backlog: number; readonly atUs: number } {
    const change = this.#changes(folded, sums)
    let waiting = 0
    let [backlog, most] = [0, 0]
    for (let bin = 0; bin < change.length; bin += 1) {
      waiting += change[bin] as number
      if (waiting <= backlog) continue
      backlog = waiting
      most = bin
    }
    return { backlog, atUs: backlog === 0 ? 0 : sums.endOf(most) }
  }

  /** How many more wait at the end of each bin than before it. */
  #changes(folded: FoldedWaits, sums: FoldedSums): Float64Array {
    const change = Float64Array.from(folded.entered, (entered, bin) => {
      return entered - (folded.done[bin] as number)
    })
    const { originUs } = this.#judgement.result.phases
    for (let row = 0; row < this.#weight.length; row += 1) {
      const weight = this.#weight[row] as number
      const entered = sums.binOf((this.#entered[row] as number) + originUs)
      const done = sums.binOf((this.#done[row] as number) + originUs)
      change[entered] = (change[entered] as number) + weight
      change[done] = (change[done] as number) - weight
    }
    return change
  }

  /** Age of the oldest record that waited at any time; 0 of what was not folded. */
  get foldedLatenessUs(): number {
    return this.#folded?.latenessPeakUs ?? 0
  }

  /**
   * The longest wait from when a record was due to its processing or the end; and when it ended.
   */
  latenessPeak(): { readonly latenessUs: number; readonly atUs: number } {
    const { endUs } = this.#judgement.result.phases
    let latenessUs = 0
    let atUs = 0
    for (let row = 0; row < this.#due.length; row += 1) {
      const until = Math.min(endUs, this.#done[row] as number)
      const waited = until - (this.#due[row] as number)
      if (waited <= latenessUs) continue
      latenessUs = waited
      atUs = until
    }
    return { latenessUs, atUs }
  }

  /** Backlog and lateness at the end of each step. */
  series(): Omit<GroupSeries, 'group' | 'topic'> {
    const { stepUs, points } = gridOf(this.#judgement)
    const oldest = inTimeOrder(this.#due)
    const atUs: number[] = []
    const backlog: number[] = []
    const latenessUs: number[] = []
    let waiting = 0
    let entered = 0
    let left = 0
    let old = 0
    let bin = 0
    for (let point = 1; point <= points; point += 1) {
      const now = Math.min(point * stepUs, this.#judgement.result.phases.endUs)
      for (; this.#entersBy(entered, now); entered += 1) {
        waiting += this.#weightOf(this.#entering, entered)
      }
      for (; this.#leavesBy(left, now); left += 1) waiting -= this.#weightOf(this.#leaving, left)
      while (old < oldest.length && (this.#done[oldest[old] as number] as number) <= now) old += 1
      const since = old < oldest.length ? (this.#due[oldest[old] as number] as number) : Infinity
      let late = Math.max(0, now - since)
      if (this.#folded !== undefined && this.#sums !== undefined) {
        const { entered: into, done } = this.#folded
        for (; bin < into.length && this.#sums.endOf(bin) <= now; bin += 1) {
          waiting += (into[bin] as number) - (done[bin] as number)
        }
        late = Math.max(late, this.#sums.latenessAt(this.#folded, now))
      }
      atUs.push(point * stepUs)
      backlog.push(waiting)
      latenessUs.push(late)
    }
    return { atUs, backlog, latenessUs }
  }

  /** The greatest backlog and lateness within each step: charts must not miss them. */
  crests(): Omit<GroupSeries, 'group' | 'topic'> {
    const { atUs, backlog, latenessUs } = this.series()
    const crests = { atUs, backlog: [...backlog], latenessUs: [...latenessUs] }
    const { stepUs } = gridOf(this.#judgement)
    const raise = (of: number[], us: number, value: number): void => {
      const step = Math.min(of.length - 1, Math.max(0, Math.ceil(us / stepUs) - 1))
      if (value > (of[step] as number)) of[step] = value
    }
    // A record is at its latest when it is processed; one that never is stands in the samples.
    for (let row = 0; row < this.#done.length; row += 1) {
      const done = this.#done[row] as number
      if (done > this.#judgement.result.phases.endUs) continue
      raise(crests.latenessUs, done, done - (this.#due[row] as number))
    }
    if (this.#folded === undefined || this.#sums === undefined) {
      this.#eachBacklog((us, waiting) => raise(crests.backlog, us, waiting))
      return crests
    }
    const { pointUs } = this.#sums
    this.#folded.latenessUs.forEach((us, point) => raise(crests.latenessUs, point * pointUs, us))
    let waiting = 0
    for (const [bin, change] of this.#changes(this.#folded, this.#sums).entries()) {
      waiting += change
      raise(crests.backlog, this.#sums.endOf(bin), waiting)
    }
    return crests
  }

  #entersBy(at: number, now: number): boolean {
    const { length } = this.#entering
    return at < length && (this.#entered[this.#entering[at] as number] as number) <= now
  }

  #leavesBy(at: number, now: number): boolean {
    const { length } = this.#leaving
    return at < length && (this.#done[this.#leaving[at] as number] as number) <= now
  }

  #weightOf(order: Int32Array, at: number): number {
    return this.#weight[order[at] as number] as number
  }
}

/** What waited for a group in one of its topics; made once a judgement. */
export function waitsOf(judgement: Judgement, consumer: Consumer, topic: string): Waits {
  return judgement.once(`waits ${consumer.group} ${topic}`, () => {
    const stored = storedIn(judgement, consumer, topic)
    return new Waits(judgement, stored, { group: consumer.group, topic })
  })
}

/** The same by partition number, of those in which anything is stored; made once a judgement. */
export function waitsByPartition(
  judgement: Judgement,
  consumer: Consumer,
  topic: string,
): ReadonlyMap<number, Waits> {
  return judgement.once(`waits by partition ${consumer.group} ${topic}`, () => {
    const { partition } = judgement.visibleTo(consumer)
    const atoms = new Map<number, number[]>()
    for (const atom of storedIn(judgement, consumer, topic)) {
      const number = partitionOf(partition[atom] as number)
      const found = atoms.get(number)
      if (found === undefined) atoms.set(number, [atom])
      else found.push(atom)
    }
    const waits = new Map<number, Waits>()
    for (const number of [...atoms.keys()].sort((left, right) => left - right)) {
      const stored = Int32Array.from(atoms.get(number) as number[])
      waits.set(number, new Waits(judgement, stored, { group: consumer.group, topic: null }))
    }
    return waits
  })
}

function storedIn(judgement: Judgement, consumer: Consumer, topic: string): Int32Array {
  const { atoms } = judgement
  const { copies } = judgement.visibleTo(consumer)
  const { times } = judgement.processed(consumer.group)
  const stored = new Int32Array(atoms.count)
  let found = 0
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (judgement.topicOfStream(stream) !== topic) continue
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      // What was processed was stored, and retention may have deleted it since.
      if (copies[atom] === 0 && times[atom] === 0) continue
      if (judgement.sends.isSettled(atom)) continue
      stored[found] = atom
      found += 1
    }
  }
  return stored.subarray(0, found)
}
