/**
 * The cases that a score takes its pairs from: runs of a scenario with nothing missing.
 *
 * Each run is judged by every check there is, so that a guard counts as noticed whoever notices
 * it. What a run costs decides how many a scenario gives: the number of its events, never time, so
 * that the same seed asks the same cases on every machine.
 */

import type { Case } from '../../scenarios/case.ts'
import { exploredCase, plainCase } from '../../scenarios/explore/cases.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'
import { checkNames } from '../../scenarios/schema/check-names.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import { breaksOf } from './notice.ts'

/** A case with what came of it. */
export interface Surveyed {
  readonly scenario: string
  readonly index: number
  readonly one: Case
  readonly summary: RunSummary
}

/** `eventsMax`: a run with more of them is an internal error. */
export type RunCase = (one: Case, eventsMax: number) => Promise<RunSummary>

/** What all parts of a score share. */
export interface Work {
  readonly run: RunCase
  readonly seed: number
  readonly jobs: number
  readonly stopped: () => boolean
  readonly progress: (what: string) => void
}

/** Events that one run may have on average before its scenario gives fewer cases. */
export const EVENTS_A_RUN = 60_000
const RUNS_LEAST = 2
/** Every fourth case is the scenario's own timeline, which was written to reach its guards. */
const PLAIN_EVERY = 4

export class Survey {
  readonly name: string
  readonly scenario: Scenario
  /** In the order of their numbers, as many as were asked for so far. */
  readonly runs: Surveyed[] = []
  /** What breaks here although nothing is missing: it tells nothing of what is. */
  readonly usual: Set<string> = new Set()
  /** Runs that broke the model itself, with nothing missing. */
  errors = 0
  #next = 0

  constructor(scenario: Scenario, name: string = scenario.name) {
    this.name = name
    this.scenario = scenario
  }

  /** Runs cases up to that many, fewer where they are long; tells whether there were more. */
  async extend(limit: number, work: Work): Promise<boolean> {
    const before = this.#next
    const found: Surveyed[] = []
    // The first run tells how long they are; lanes begin only then, whatever their number.
    if (before === 0) await this.#run(1, work, found)
    const until = affordable(limit, (this.runs[0] ?? found[0])?.summary.events ?? 0)
    await Promise.all(Array.from({ length: work.jobs }, () => this.#run(until, work, found)))
    found.sort((a, b) => a.index - b.index)
    for (const one of found) for (const what of breaksOf(one.summary)) this.usual.add(what.key)
    this.runs.push(...found)
    return this.#next > before
  }

  async #run(until: number, work: Work, found: Surveyed[]): Promise<void> {
    while (this.#next < until && !work.stopped()) {
      const index = this.#next++
      const one = surveyedCase(this.scenario, work.seed, index)
      const summary = await work.run(one, Infinity)
      work.progress(`survey of ${this.name}, run ${index + 1}`)
      if (summary.ended === 'internal-error') this.errors += 1
      else found.push({ scenario: this.name, index, one, summary })
    }
  }
}

function affordable(runs: number, events: number): number {
  if (events <= EVENTS_A_RUN) return runs
  return Math.max(Math.min(runs, RUNS_LEAST), Math.floor((runs * EVENTS_A_RUN) / events))
}

/** Case `index` of a scenario, judged by every check. */
export function surveyedCase(scenario: Scenario, seed: number, index: number): Case {
  const judged = { ...scenario, checks: checkNames }
  const drawn = exploredCase(judged, seed, index)
  return index % PLAIN_EVERY === 0 ? plainCase(judged, drawn.seed) : drawn
}
