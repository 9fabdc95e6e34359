/**
 * The parts of a plan's answer, each from what search, walls, what-if and sensitivity found.
 */

import type { Plan } from '../schema/plan.ts'
import type { Scenario } from '../schema/scenario.ts'
import { wholeBottleneck } from './bottleneck.ts'
import type { Sensed, Varied } from './changes.ts'
import { estimateOf } from './drill-answer.ts'
import type { Candidate, PeakAnswer, Sensitivity, WhatIf, Window } from './plan-answer.ts'
import type { Tried } from './search.ts'
import { missedIn, type Sample } from './simulate.ts'
import { bytesAt, meanRecords, recordsAt, spanOf, trafficOf } from './traffic.ts'
import { warmUpUs } from './trial-case.ts'

export function runsIn(samples: readonly (readonly Sample[])[]): number {
  return samples.reduce((sum, some) => sum + some.length, 0)
}

export interface How {
  readonly counted: number
  readonly concluded: number
  readonly surprises: number
  /** Candidates that come in question still; null: there was time enough. */
  readonly untried: number | null
  readonly ideal: boolean
}

export function howOf({ counted, concluded, surprises, untried, ideal }: How): readonly string[] {
  const all = (count: number): string =>
    count === 1 ? '1 candidate was' : `${count} candidates were`
  return [
    ...(counted === 0
      ? []
      : [
          `${all(counted)} ruled out by arithmetic: network cards and consumers in a queue without any other cost.`,
        ]),
    ...(concluded === 0
      ? []
      : [
          `${all(concluded)} ruled out because one with at least as many brokers and consumers missed; a smaller one that holds all the same would not be seen.`,
        ]),
    'Batch size, linger, partitions, replicas and hardware were compared by simulation alone.',
    'Every candidate saw the same arrivals; the answer was given more seeds, and each had to hold.',
    ...(surprises === 0
      ? []
      : [`${surprises} times a smaller cluster held although a larger one had missed.`]),
    ...(ideal
      ? ['The brokers are ideal: work takes no time on them, so no resource can be a wall.']
      : []),
    ...(untried === null ? [] : [timeUpText(untried)]),
  ]
}

function timeUpText(untried: number): string {
  if (untried === 0) return 'The time was up before everything was simulated.'
  const some = untried === 1 ? '1 candidate that might be' : `${untried} candidates that might be`
  return `The time was up: ${some} cheaper and hold ${untried === 1 ? 'was' : 'were'} not tried.`
}

/** It would have been the answer, had it held. */
function isCheaper({ priced }: Tried, answer: Tried | null): boolean {
  return priced.rank < (answer?.priced.rank ?? Infinity)
}

export function candidateOf(tried: Tried, answer: Tried | null): Candidate {
  const { priced, state, failed, by, samples } = tried
  const runs = runsIn(samples)
  const word = (): Candidate['state'] => {
    if (tried === answer) return 'answer'
    if (state === 'open') return 'not-run'
    return state === 'holds' ? 'met' : state
  }
  return {
    ...priced.setting,
    costPerHour: priced.cost?.perHour ?? null,
    met: state === 'holds',
    state: word(),
    failed,
    by: state === 'open' && isCheaper(tried, answer) ? 'not reached in time' : by,
    runs,
    bottleneck: wholeBottleneck(samples[0]?.[0]),
  }
}

export function windowOf(scenario: Scenario, { window }: Plan): Window {
  const traffic = trafficOf(scenario)
  const span = spanOf(traffic, window)
  return {
    fromMs: span.fromUs / 1_000,
    untilMs: span.untilUs / 1_000,
    peakAtMs: span.peakAtUs / 1_000,
    peakPerSecond: recordsAt(traffic, span.peakAtUs),
    meanPerSecond: meanRecords(traffic, span.fromUs, span.untilUs),
    peakBytesPerSecond: bytesAt(traffic, span.peakAtUs),
    warmUpMs: warmUpUs(span) / 1_000,
  }
}

export function peakOf(peak: PeakAnswer, { peakPerSecond }: Window): PeakAnswer {
  return {
    ...peak,
    recordsPerSecond: peak.factor === null ? null : peak.factor * peakPerSecond,
  }
}

export function whatIfOf(
  { change, setting, failed, samples }: Varied,
  costPerHour: number | null,
): WhatIf {
  const isWhole = samples.every(({ endedEarly }) => !endedEarly)
  const whole = isWhole ? samples : []
  // After a fault everybody catches up as fast as the busiest resource lets them.
  const busiest = wholeBottleneck(samples[0])
  const p99 = whole[0]?.measures['endToEnd p(99)']?.value
  const backlogs = whole.flatMap(({ groups }) => groups.map(({ backlogPeak }) => backlogPeak))
  return {
    change,
    setting,
    costPerHour,
    met: samples.every((sample) => missedIn(sample).length === 0),
    failed,
    bottleneck: busiest,
    headroom: busiest === null ? null : Math.max(0, 1 - busiest.utilisation),
    endToEndP99: p99 === undefined ? null : { value: p99, ci: null },
    backlogPeak: backlogs.length === 0 ? null : estimateOf([Math.max(...backlogs)]),
  }
}

export function sensitivityOf({
  assumption,
  answer,
  moves,
  utilisationChange,
}: Sensed): Sensitivity {
  return {
    assumption: assumption.name,
    source: assumption.source,
    answer: answer?.setting ?? null,
    costPerHour: answer?.cost?.perHour ?? null,
    moves,
    utilisationChange,
  }
}
