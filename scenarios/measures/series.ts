/**
 * Points over time: records produced and consumed in each step, backlog and lateness of each group.
 *
 * Made after the run from its history (design §6): a record waits from its acknowledgement until
 * the group first processed it; the lateness of a group is the age of the oldest one that waits,
 * counted from its send.
 */

import { Outcome } from '../../model/history.ts'
import { enteredUs, sentUs } from '../checks/drain.ts'
import type { Judgement } from '../checks/judgement.ts'
import type { GroupSeries, Measures } from '../result.ts'
import type { Consumer } from '../schema/scenario.ts'
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
      groups.push({ group: consumer.group, topic, ...waitsOf(judgement, consumer, topic).series() })
    }
  }
  const atUs = Array.from({ length: points }, (_, point) => (point + 1) * stepUs)
  return { stepUs, atUs, produced: produced(judgement), consumed, groups }
}

/** Records acknowledged in each step. */
function produced(judgement: Judgement): readonly number[] {
  const { data, length } = judgement.result.history.sends
  const steps = new Steps(judgement)
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] !== Outcome.ok) continue
    steps.add(data.endedUs[row] as number, data.count[row] as number)
  }
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

  /** Counts at a true time; what lies outside of the run counts at its first or last step. */
  add(trueUs: number, count: number): void {
    const step = Math.ceil(this.#judgement.since(trueUs) / this.#stepUs) - 1
    const at = Math.min(this.values.length - 1, Math.max(0, step))
    this.values[at] = (this.values[at] as number) + count
  }
}

/** The records that waited for a group in one topic. */
export class Waits {
  readonly #judgement: Judgement
  readonly #sent: Float64Array
  readonly #entered: Float64Array
  readonly #done: Float64Array
  readonly #weight: Float64Array

  constructor(judgement: Judgement, atoms: readonly number[], group: string) {
    this.#judgement = judgement
    const processed = judgement.processed(group)
    const column = (value: (atom: number) => number): Float64Array =>
      Float64Array.from(atoms, value)
    this.#sent = column((atom) => judgement.since(sentUs(judgement, atom)))
    this.#done = column((atom) => judgement.since(processed.firstUs(atom)))
    // A group may be quicker than the answer to the producer.
    this.#entered = column((atom) =>
      judgement.since(Math.min(enteredUs(judgement, atom), processed.firstUs(atom))),
    )
    this.#weight = column((atom) => judgement.atoms.weight(atom))
  }

  /** The greatest backlog and when it was reached first, to the event. */
  peak(): { readonly backlog: number; readonly atUs: number } {
    const entering = inTimeOrder(this.#entered)
    const leaving = this.#leaving()
    let backlog = 0
    let best = { backlog: 0, atUs: 0 }
    let left = 0
    for (let at = 0; at < entering.length; at += 1) {
      const row = entering[at] as number
      const now = this.#entered[row] as number
      while (left < leaving.length && (this.#done[leaving[left] as number] as number) <= now) {
        backlog -= this.#weight[leaving[left] as number] as number
        left += 1
      }
      backlog += this.#weight[row] as number
      if (backlog > best.backlog) best = { backlog, atUs: now }
    }
    return best
  }

  /** Backlog and lateness at the end of each step. */
  series(): Omit<GroupSeries, 'group' | 'topic'> {
    const { stepUs, points } = gridOf(this.#judgement)
    const entering = inTimeOrder(this.#entered)
    const leaving = this.#leaving()
    const oldest = inTimeOrder(this.#sent)
    const atUs: number[] = []
    const backlog: number[] = []
    const latenessUs: number[] = []
    let waiting = 0
    let entered = 0
    let left = 0
    let old = 0
    for (let point = 1; point <= points; point += 1) {
      const now = point * stepUs
      while (
        entered < entering.length &&
        (this.#entered[entering[entered] as number] as number) <= now
      ) {
        waiting += this.#weight[entering[entered] as number] as number
        entered += 1
      }
      while (left < leaving.length && (this.#done[leaving[left] as number] as number) <= now) {
        waiting -= this.#weight[leaving[left] as number] as number
        left += 1
      }
      while (old < oldest.length && (this.#done[oldest[old] as number] as number) <= now) old += 1
      const since = old < oldest.length ? (this.#sent[oldest[old] as number] as number) : Infinity
      atUs.push(now)
      backlog.push(Math.max(0, waiting))
      latenessUs.push(Math.max(0, now - since))
    }
    return { atUs, backlog, latenessUs }
  }

  /** Rows in the order in which they were processed; those that never were are left out. */
  #leaving(): Int32Array {
    const done = this.#done
    const rows: number[] = []
    for (let row = 0; row < done.length; row += 1) if (done[row] !== Infinity) rows.push(row)
    const order = inTimeOrder(Float64Array.from(rows, (row) => done[row] as number))
    return Int32Array.from(order, (at) => rows[at] as number)
  }
}

/** What waited for a group in one of its topics. */
export function waitsOf(judgement: Judgement, consumer: Consumer, topic: string): Waits {
  const { atoms } = judgement
  const { copies } = judgement.visibleTo(consumer)
  const stored: number[] = []
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (judgement.topicOfStream(stream) !== topic) continue
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      if (copies[atom] !== 0) stored.push(atom)
    }
  }
  return new Waits(judgement, stored, consumer.group)
}
