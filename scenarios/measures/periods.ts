/**
 * A run as a load generator reports it: rates, backlog and latencies of each period of 10 s.
 *
 * Follows what the OpenMessaging Benchmark measures: publish latency, how late sends were made
 * (publish delay), end-to-end latency by group, and the backlog of all groups together. Periods
 * begin at `measureFrom` and end with the load. Left out: histories that were folded.
 */

import { Outcome } from '../../model/history.ts'
import { Judgement } from '../checks/judgement.ts'
import type { Result } from '../result.ts'
import { Histogram } from './histogram.ts'
import { endToEndLatency, produceLatency } from './latency.ts'

export const PERIOD_US = 10_000_000

export interface Period {
  /** Shorter than the others if it is the last. */
  readonly seconds: number
  sent: number
  errors: number
  consumed: number
  /** Records of all groups that wait at its end. */
  backlog: number
  readonly publish: Histogram
  /** How late sends were made. */
  readonly delay: Histogram
  readonly endToEnd: Histogram
}

export interface Periods {
  readonly periods: readonly Period[]
  /** Of all of them. */
  readonly all: Period
}

export function periodsOf(result: Result): Periods {
  const { originUs } = result.phases
  const { durationUs, measureFromUs = 0 } = result.case.scenario
  const judgement = new Judgement(result)
  const fromUs = originUs + measureFromUs
  const endUs = originUs + durationUs
  const periods: Period[] = []
  for (let us = fromUs; us < endUs; us += PERIOD_US) {
    periods.push(periodOf(judgement, { fromUs: us, toUs: Math.min(us + PERIOD_US, endUs) }))
  }
  takeBacklog(result, fromUs, periods)
  const all = periodOf(judgement, { fromUs, toUs: endUs })
  all.backlog = periods.at(-1)?.backlog ?? 0
  return { periods, all }
}

interface Within {
  readonly fromUs: number
  readonly toUs: number
}

function periodOf(judgement: Judgement, within: Within): Period {
  const endToEnd = endToEndLatency(judgement, { within })
  const period: Period = {
    seconds: (within.toUs - within.fromUs) / 1_000_000,
    sent: 0,
    errors: 0,
    consumed: endToEnd.count,
    backlog: 0,
    publish: produceLatency(judgement, { within }),
    delay: new Histogram(),
    endToEnd,
  }
  const { data, length } = judgement.result.history.sends
  for (let row = 0; row < length; row += 1) {
    const count = data.count[row] as number
    const made = data.invokedUs[row] as number
    const ended = data.endedUs[row] as number
    if (made >= within.fromUs && made < within.toUs) {
      period.delay.record(data.lateUs[row] as number, count)
    }
    if (ended < within.fromUs || ended >= within.toUs) continue
    if (data.outcome[row] === Outcome.ok) period.sent += count
    else period.errors += count
  }
  return period
}

/** What was acknowledged in the topics of the groups, less what they processed. */
function takeBacklog(result: Result, fromUs: number, periods: readonly Period[]): void {
  const { history, case: one } = result
  const changes = new Float64Array(periods.length)
  const add = (us: number, count: number): void => {
    const period = Math.max(0, Math.floor((us - fromUs) / PERIOD_US))
    if (period < changes.length) changes[period] = (changes[period] as number) + count
  }
  const readers = result.topics.map(
    (topic) => one.scenario.consumers.filter(({ topics }) => topics.includes(topic)).length,
  )
  const { sends, processings } = history
  for (let row = 0; row < sends.length; row += 1) {
    if (sends.data.outcome[row] !== Outcome.ok) continue
    const groups = readers[sends.data.topic[row] as number] ?? 0
    add(sends.data.endedUs[row] as number, groups * (sends.data.count[row] as number))
  }
  for (let row = 0; row < processings.length; row += 1) {
    if (processings.data.outcome[row] !== Outcome.ok) continue
    add(processings.data.endedUs[row] as number, -(processings.data.count[row] as number))
  }
  let waiting = 0
  periods.forEach((period, at) => {
    waiting += changes[at] as number
    period.backlog = Math.max(0, waiting)
  })
}
