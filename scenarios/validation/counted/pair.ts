/**
 * One fleet, twice: with its records one by one, and counted. Same seed, same draws of arrivals.
 */

import { plainCase } from '../../explore/cases.ts'
import { judge } from '../../judge.ts'
import type { Judged } from '../../result.ts'
import { run } from '../../run.ts'
import type { Fleet, Scenario } from '../../schema/scenario.ts'
import { differences, rangeSetsOf, type Stage } from './range-sets.ts'

export interface LatencyFigures {
  readonly produceP50Us: number
  readonly produceP99Us: number
  readonly endToEndP50Us: number
  readonly endToEndP99Us: number
}

export interface PairFigures {
  /** Verdicts that the two do not share, as `check:scope`. */
  readonly verdicts: readonly string[]
  /** Sets of ranges that differ, by stage. */
  readonly sets: Readonly<Record<Stage, number>>
  /** Sends of the two that are unknown: what neither is acknowledged nor surely failed. */
  readonly unknown: readonly [number, number]
  readonly explicit: LatencyFigures
  readonly counted: LatencyFigures
  readonly events: readonly [number, number]
}

/** Runs a scenario both ways. */
export function pairFigures(scenario: Scenario, seed: number): PairFigures {
  const explicit = judged(scenario, 'explicit', seed)
  const counted = judged(scenario, 'counted', seed)
  const unknown = (one: Judged): number => one.measures.operations.unknown
  return {
    verdicts: differing(explicit, counted),
    sets: differences(rangeSetsOf(explicit.result), rangeSetsOf(counted.result)),
    unknown: [unknown(explicit), unknown(counted)],
    explicit: latencyOf(explicit),
    counted: latencyOf(counted),
    events: [explicit.result.events, counted.result.events],
  }
}

/** The scenario with the records of all of its fleets one way. */
export function withRecords(scenario: Scenario, records: Fleet['records']): Scenario {
  const producers = scenario.producers.map((producer) => {
    const { fleet } = producer
    return fleet === undefined ? producer : { ...producer, fleet: { ...fleet, records } }
  })
  return { ...scenario, producers }
}

function judged(scenario: Scenario, records: Fleet['records'], seed: number): Judged {
  const result = run(plainCase(withRecords(scenario, records), seed))
  if (result.ended === 'internal-error') throw new Error(result.reason ?? 'no reason was given')
  return judge(result)
}

function differing(one: Judged, other: Judged): readonly string[] {
  const words = new Map(one.verdicts.map((said) => [`${said.check}:${said.scope}`, said.verdict]))
  const found: string[] = []
  for (const { check, scope, verdict } of other.verdicts) {
    const name = `${check}:${scope}`
    if (words.get(name) !== verdict) found.push(name)
    words.delete(name)
  }
  return [...found, ...words.keys()]
}

function latencyOf({ measures }: Judged): LatencyFigures {
  const { produce, endToEnd } = measures.latency
  return {
    produceP50Us: produce?.p50 ?? Number.NaN,
    produceP99Us: produce?.p99 ?? Number.NaN,
    endToEndP50Us: endToEnd?.p50 ?? Number.NaN,
    endToEndP99Us: endToEnd?.p99 ?? Number.NaN,
  }
}
