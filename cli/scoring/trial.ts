/**
 * What is tried of one guard or protocol level: the same cases with it and without it.
 *
 * A pair notices if, without it, a check breaks that never broke in that scenario with it, or the
 * cluster cannot settle although it could. A run that breaks the model itself is counted apart: it
 * is neither noticed nor silent. Pairs end at the first that notices.
 */

import type { Case } from '../../scenarios/case.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'
import { Choice } from './choice.ts'
import { difference, type Notice } from './notice.ts'
import { EVENTS_A_RUN, type RunCase, type Survey, type Surveyed } from './survey.ts'

/** What is taken away. */
export interface Subject {
  readonly name: string
  /** The scenario that should show it. */
  readonly exercise: string
  /** The guard that does the same, by its registry entry. */
  readonly behind?: string
  /** What else does the same, in words. */
  readonly redundant?: string
  /** How often it mattered in a case; 0: the run without it would be the same. */
  weight(surveyed: Surveyed): number
  without(one: Case): Case
}

export interface TrialLimits {
  /** At most; where runs are long, fewer. */
  readonly pairs: number
  readonly stopped: () => boolean
}

/** A run without something that has so many times the events of the run with it has run away. */
const AWAY = 20
const EVENTS_MAX_LEAST = 1_000_000

export class Trial {
  readonly subject: Subject
  readonly #run: RunCase
  readonly #limits: TrialLimits
  readonly #choice: Choice
  readonly #usual = new Map<string, ReadonlySet<string>>()
  readonly tried: Surveyed[] = []
  /** By guard: how often it was decisive beyond what it was with nothing missing. */
  readonly caughtInstead: Map<string, number> = new Map()
  weight = 0
  /** The scenario in which it mattered in most of the runs; null for none. */
  richest: string | null = null
  internalErrors = 0
  /** Pairs in which the run without it was the same, event for event. */
  same = 0
  notice: Notice | null = null
  #noticedIn: Surveyed | null = null
  #events = 0

  constructor(subject: Subject, run: RunCase, limits: TrialLimits) {
    this.subject = subject
    this.#run = run
    this.#limits = limits
    this.#choice = new Choice(subject.exercise)
  }

  get open(): boolean {
    const { pairs } = this.#limits
    const spent = this.tried.length >= pairs || this.#events >= pairs * EVENTS_A_RUN
    return this.notice === null && !spent
  }

  /** The number of the pair that noticed, from 0. */
  get firstPair(): number | null {
    return this.notice === null ? null : this.tried.length - 1
  }

  /** Cases not tried yet, of the scenario that should show it and in all. */
  get left(): { readonly preferred: number; readonly all: number } {
    return this.#choice.left
  }

  /** Takes note of all that is surveyed by now. */
  look(surveys: readonly Survey[]): void {
    this.weight = 0
    this.richest = null
    let most = 0
    const candidates = []
    for (const { name, runs, usual } of surveys) {
      this.#usual.set(name, usual)
      const before = candidates.length
      for (const surveyed of runs) {
        const weight = this.subject.weight(surveyed)
        this.weight += weight
        if (weight > 0) candidates.push({ surveyed, weight })
      }
      if (candidates.length - before <= most) continue
      most = candidates.length - before
      this.richest = name
    }
    this.#choice.offer(candidates)
    this.#reconsider()
  }

  /** What breaks there with nothing missing too, as more runs showed, noticed nothing. */
  #reconsider(): void {
    if (this.notice === null || this.#noticedIn === null) return
    if (this.usualOf(this.#noticedIn).has(this.notice.key)) this.notice = null
  }

  async pairs(count: number): Promise<void> {
    for (let pair = 0; pair < count && this.open && !this.#limits.stopped(); pair += 1) {
      const surveyed = this.#choice.next()
      if (surveyed === null) return
      await this.#pair(surveyed)
    }
  }

  async #pair(surveyed: Surveyed): Promise<void> {
    const without = await this.run(surveyed, this.subject.without(surveyed.one))
    this.tried.push(surveyed)
    this.#events += surveyed.summary.events
    if (without === null) {
      this.internalErrors += 1
      return
    }
    if (without.traceHash === surveyed.summary.traceHash) this.same += 1
    this.notice = difference(surveyed.summary, without, this.usualOf(surveyed))
    this.#noticedIn = surveyed
    this.#noteInstead(surveyed.summary, without)
  }

  usualOf({ scenario }: Surveyed): ReadonlySet<string> {
    return this.#usual.get(scenario) ?? new Set()
  }

  /** Runs a surveyed case with something missing; null where that breaks the model itself. */
  async run({ summary: whole }: Surveyed, one: Case): Promise<RunSummary | null> {
    const eventsMax = Math.max(EVENTS_MAX_LEAST, AWAY * whole.events)
    const summary = await this.#run(one, eventsMax)
    return summary.ended === 'internal-error' ? null : summary
  }

  #noteInstead(whole: RunSummary, without: RunSummary): void {
    for (const [name, count] of Object.entries(without.guards)) {
      const more = count - (whole.guards[name] ?? 0)
      if (name === this.subject.name || more <= 0) continue
      this.caughtInstead.set(name, (this.caughtInstead.get(name) ?? 0) + more)
    }
  }
}
