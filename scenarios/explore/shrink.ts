/**
 * Shrinking: the shortest story that still breaks the same promise in the same way.
 *
 * Passes made for the domain come first: entries that were refused or never fired, ddmin over the
 * timeline, weaker faults, then a smaller deployment and workload; fast-check finishes the times. A
 * step is accepted only if its run breaks the same check with the same signature.
 */

import fc from 'fast-check'
import type { Case } from '../case.ts'
import { judge } from '../judge.ts'
import type { Judged, Verdict } from '../result.ts'
import { run } from '../run.ts'
import type { TimelineEntry } from '../schema/timeline.ts'
import { smallerScenarios } from './smaller.ts'

export interface ShrinkTarget {
  readonly check: string
  readonly scope: string
  readonly signature: string
}

export interface Shrunk {
  readonly judged: Judged
  readonly verdict: Verdict
  /** Runs it took. */
  readonly runs: number
  readonly from: { readonly faults: number; readonly records: number; readonly brokers: number }
}

export interface ShrinkOptions {
  /** Runs it may take. */
  readonly runsMax: number
  /** Stops when this says so. */
  readonly enough?: () => boolean
}

export const SHRINK_RUNS_MAX = 400

/** Null if the case does not break the target at all. */
export function shrink(one: Case, target: ShrinkTarget, options: ShrinkOptions): Shrunk | null {
  const search = new Search(target, options)
  const first = search.breaks(one)
  if (first === null) return null
  search.accept(first)
  const from = {
    faults: one.timeline.length,
    records: first.judged.measures.operations.invoked,
    brokers: one.scenario.cluster.brokers.length,
  }
  dropIdle(search)
  dropEntries(search)
  weaken(search)
  shrinkScenario(search)
  dropEntries(search)
  shrinkTimes(search)
  const { judged, verdict } = search.best
  return { judged, verdict, runs: search.runs, from }
}

interface Broken {
  readonly judged: Judged
  readonly verdict: Verdict
}

class Search {
  readonly #target: ShrinkTarget
  readonly #options: ShrinkOptions
  #best: Broken | null = null
  runs = 0

  constructor(target: ShrinkTarget, options: ShrinkOptions) {
    this.#target = target
    this.#options = options
  }

  get best(): Broken {
    if (this.#best === null) throw new Error('shrinking has no case yet')
    return this.#best
  }

  get case(): Case {
    return this.best.judged.result.case
  }

  get over(): boolean {
    return this.runs >= this.#options.runsMax || (this.#options.enough?.() ?? false)
  }

  /** What a case breaks, if it is the target. */
  breaks(one: Case): Broken | null {
    this.runs += 1
    const judged = judge(run(one), { series: false })
    const verdict = judged.verdicts.find(
      (candidate) =>
        candidate.verdict === 'broken' &&
        candidate.check === this.#target.check &&
        candidate.scope === this.#target.scope &&
        candidate.signature === this.#target.signature,
    )
    return verdict === undefined ? null : { judged, verdict }
  }

  accept(broken: Broken): void {
    this.#best = broken
  }

  /** Takes a case if it still breaks the target. */
  tries(one: Case): boolean {
    if (this.over) return false
    const broken = this.breaks(one)
    if (broken === null) return false
    this.accept(broken)
    return true
  }
}

function withTimeline(one: Case, timeline: readonly TimelineEntry[]): Case {
  const { raw: _raw, ...rest } = one
  return { ...rest, timeline }
}

/** Entries that were refused or never fired cannot matter. */
function dropIdle(search: Search): void {
  const { struck } = search.best.judged.result
  const acted = new Set(
    struck.filter((one) => one.atUs !== null && one.refused === null).map((one) => one.index),
  )
  const kept = search.case.timeline.filter((_entry, index) => acted.has(index))
  if (kept.length < search.case.timeline.length) search.tries(withTimeline(search.case, kept))
}

/** ddmin: leaves out halves, then quarters, down to single entries. */
function dropEntries(search: Search): void {
  let size = Math.ceil(search.case.timeline.length / 2)
  while (size >= 1 && search.case.timeline.length > 0 && !search.over) {
    let start = 0
    let dropped = false
    while (start < search.case.timeline.length && !search.over) {
      const { timeline } = search.case
      const kept = [...timeline.slice(0, start), ...timeline.slice(start + size)]
      if (search.tries(withTimeline(search.case, kept))) dropped = true
      else start += size
    }
    if (!dropped || size > 1) size = size === 1 ? 0 : Math.floor(size / 2)
  }
}

/** A milder fault that does as well: power loss → crash → pause. */
function weaken(search: Search): void {
  const milder: Partial<Record<TimelineEntry['kind'], 'crash' | 'pause'>> = {
    'power-loss': 'crash',
    crash: 'pause',
  }
  for (let index = 0; index < search.case.timeline.length; index += 1) {
    for (;;) {
      const entry = search.case.timeline[index]
      const kind = entry === undefined ? undefined : milder[entry.kind]
      if (entry === undefined || kind === undefined || search.over) break
      const weaker = { ...entry, kind } as TimelineEntry
      const timeline = search.case.timeline.map((one, at) => (at === index ? weaker : one))
      if (!search.tries(withTimeline(search.case, timeline))) break
    }
  }
}

function shrinkScenario(search: Search): void {
  let smaller = true
  while (smaller && !search.over) {
    smaller = false
    for (const scenario of smallerScenarios(search.case.scenario, search.case.timeline)) {
      if (search.tries({ ...search.case, scenario })) {
        smaller = true
        break
      }
      if (search.over) break
    }
  }
}

/** Rounds and shortens the times, by fast-check's own shrinking of integers. */
function shrinkTimes(search: Search): void {
  const { timeline } = search.case
  const values = timeline.flatMap((entry) => [
    Math.floor((entry.atUs ?? 0) / 100_000),
    Math.floor(('forUs' in entry ? (entry.forUs ?? 0) : 0) / 100_000),
  ])
  if (values.length === 0 || search.over) return
  const places = fc.tuple(...values.map((value) => fc.nat({ max: Math.max(1, value) })))
  const property = fc.property(
    places,
    (drawn) => !search.tries(withTimeline(search.case, timed(timeline, drawn))),
  )
  fc.check(property, {
    seed: 1,
    numRuns: 1,
    examples: [[values]],
    endOnFailure: false,
  })
}

function timed(timeline: readonly TimelineEntry[], tenths: readonly number[]): TimelineEntry[] {
  return timeline.map((entry, index) => {
    const atUs = (tenths[2 * index] as number) * 100_000
    const forUs = (tenths[2 * index + 1] as number) * 100_000
    const moved = entry.atUs === undefined ? entry : { ...entry, atUs }
    return 'forUs' in moved && moved.forUs !== undefined
      ? { ...moved, forUs: Math.max(100_000, forUs) }
      : moved
  })
}
