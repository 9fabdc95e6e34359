/**
 * Shrinking: the shortest story that still breaks the same promise in the same way.
 *
 * Passes made for the domain come first, the largest cuts before all: the wait of a run that cannot
 * settle, entries that were refused or never fired, halves of the timeline, the time after its last
 * entry, single entries; then weaker faults, a smaller deployment and workload; fast-check finishes
 * the times. What one pass took away may let an earlier one take more. A step is accepted only
 * if its run breaks the same check with the same signature. Where runs are long, the events that
 * were simulated end it: the same on every machine, unlike time.
 */

import fc from 'fast-check'
import { InvariantError } from '../../sim/invariant.ts'
import type { Case } from '../case.ts'
import { judge } from '../judge.ts'
import type { Judged, Verdict } from '../result.ts'
import { run } from '../run.ts'
import type { TimelineEntry } from '../schema/timeline.ts'
import { signatureKey } from './signature.ts'
import { plainerConfigs, shorterScenarios, smallerScenarios, soonerGivenUp } from './smaller.ts'

export interface ShrinkTarget {
  readonly check: string
  readonly scope: string
  readonly signature: string
}

export type ShrinkLimit = 'runs' | 'events' | 'time'

export interface Shrunk {
  readonly judged: Judged
  readonly verdict: Verdict
  /** Runs it took. */
  readonly runs: number
  /** What ended it before nothing smaller was left to try; the case is then larger than need be. */
  readonly stopped: ShrinkLimit | null
  readonly from: { readonly faults: number; readonly records: number; readonly brokers: number }
}

export interface ShrinkOptions {
  /** Runs it may take. */
  readonly runsMax: number
  /** Events that its runs may simulate together. */
  readonly eventsMax?: number
  /** Stops when this says so. */
  readonly enough?: () => boolean
}

export const SHRINK_RUNS_MAX = 400
/** About as many as a core simulates in half a minute. */
export const SHRINK_EVENTS_MAX = 20_000_000
/** A smaller case that takes so many times the events of the best is no shorter story. */
const EVENTS_TIMES_MAX = 3
const EVENTS_FLOOR = 100_000
/** Of a timeline so long every pair is tried: 15 runs. */
const PAIRS_LENGTH_MAX = 6

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
  giveUpSooner(search)
  dropIdle(search)
  dropEntries(search, Math.ceil(search.case.timeline.length / 4))
  shorten(search)
  dropEntries(search)
  timeTriggers(search)
  weaken(search)
  shrinkScenario(search)
  dropEntries(search)
  shrinkTimes(search)
  plainConfig(search)
  goRoundAgain(search)
  const { judged, verdict } = search.best
  return { judged, verdict, runs: search.runs, stopped: search.stopped, from }
}

interface Broken {
  readonly judged: Judged
  readonly verdict: Verdict
}

class Search {
  readonly #key: string
  readonly #options: ShrinkOptions
  #best: Broken | null = null
  runs = 0
  /** Cases taken so far. */
  accepted = 0
  #events = 0
  stopped: Shrunk['stopped'] = null

  constructor(target: ShrinkTarget, options: ShrinkOptions) {
    this.#key = signatureKey(target)
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
    if (this.stopped !== null) return true
    const { runsMax, eventsMax = SHRINK_EVENTS_MAX } = this.#options
    if (this.runs >= runsMax) this.stopped = 'runs'
    else if (this.#events >= eventsMax) this.stopped = 'events'
    else if (this.#options.enough?.() === true) this.stopped = 'time'
    return this.stopped !== null
  }

  /** What a case breaks, if it is the target. Throws beyond `eventsMax` events. */
  breaks(one: Case, eventsMax: number = Infinity): Broken | null {
    this.runs += 1
    const judged = judge(run(one, { eventsMax }), { series: false })
    this.#events += judged.result.events
    const verdict = judged.verdicts.find(
      (candidate) => candidate.verdict === 'broken' && signatureKey(candidate) === this.#key,
    )
    return verdict === undefined ? null : { judged, verdict }
  }

  accept(broken: Broken): void {
    this.#best = broken
    this.accepted += 1
  }

  /** A case that cannot be run, because too much was taken away, breaks nothing. */
  #attempt(one: Case): Broken | null {
    const { events } = this.best.judged.result
    const eventsMax = Math.max(EVENTS_FLOOR, EVENTS_TIMES_MAX * events)
    try {
      return this.breaks(one, eventsMax)
    } catch (error) {
      if (error instanceof InvariantError) this.#events += eventsMax
      return null
    }
  }

  /** Takes a case if it still breaks the target. */
  tries(one: Case): boolean {
    if (this.over) return false
    const broken = this.#attempt(one)
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

/** ddmin: leaves out halves, then quarters, down to so many at a time. */
function dropEntries(search: Search, least = 1): void {
  let size = Math.ceil(search.case.timeline.length / 2)
  while (size >= least && search.case.timeline.length > 0 && !search.over) {
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

/** A run that cannot settle waits to the end of its drain: nearly all its events are there. */
function giveUpSooner(search: Search): void {
  if (search.best.judged.result.ended === 'drained') return
  for (const scenario of soonerGivenUp(search.case.scenario)) {
    if (search.over || search.tries({ ...search.case, scenario })) return
  }
}

/** Until no round takes an entry or a part of the deployment away. */
function goRoundAgain(search: Search): void {
  for (let before = 0; before !== search.accepted && !search.over;) {
    before = search.accepted
    dropEntries(search)
    dropPairs(search)
    weaken(search)
    shrinkScenario(search)
  }
}

/** Two entries that only make up for each other, such as a fault and what undoes it. */
function dropPairs(search: Search): void {
  const { length } = search.case.timeline
  if (length < 3 || length > PAIRS_LENGTH_MAX) return
  for (let one = 0; one < length; one += 1) {
    for (let other = one + 1; other < length; other += 1) {
      const { timeline } = search.case
      const kept = timeline.filter((_entry, index) => index !== one && index !== other)
      if (search.over || search.tries(withTimeline(search.case, kept))) return
    }
  }
}

/** Ends the run soon after the last entry: every run from here on costs less. */
function shorten(search: Search): void {
  for (let shorter = true; shorter && !search.over;) {
    const { scenario, timeline } = search.case
    shorter = [...shorterScenarios(scenario, timeline)].some((one) =>
      search.tries({ ...search.case, scenario: one }),
    )
  }
}

/** The time at which a trigger fired, instead of the trigger. */
function timeTriggers(search: Search): void {
  const { timeline } = search.case
  timeline.forEach((entry, index) => {
    const atUs = search.best.judged.result.struck[index]?.atUs
    if (entry.on === undefined || typeof atUs !== 'number' || atUs < 0 || search.over) return
    const { on: _on, ...rest } = entry
    search.tries(replaced(search.case, index, { ...rest, atUs } as TimelineEntry))
  })
}

/** A milder fault that does as well: power loss → crash → pause → slow, cut and clog → hold. */
function milder(entry: TimelineEntry): TimelineEntry | null {
  switch (entry.kind) {
    case 'power-loss': {
      const { torn: _torn, permanent: _permanent, ...rest } = entry
      return { ...rest, kind: 'crash' }
    }
    case 'crash': {
      const { permanent: _permanent, ...rest } = entry
      return { ...rest, kind: 'pause' }
    }
    case 'pause':
      return { ...entry, kind: 'slow-cpu', factor: 10 }
    case 'cut':
    case 'clog':
      return { ...entry, kind: 'hold' }
    case 'hold':
      return { ...entry, kind: 'slow-link', delayUs: 500_000, jitterUs: 0, bytesPerSecond: 0 }
    default:
      return null
  }
}

function weaken(search: Search): void {
  for (let index = 0; index < search.case.timeline.length; index += 1) {
    for (;;) {
      const entry = search.case.timeline[index]
      const weaker = entry === undefined ? null : milder(entry)
      if (weaker === null || search.over) break
      if (!search.tries(replaced(search.case, index, weaker))) break
    }
  }
}

function replaced(one: Case, index: number, entry: TimelineEntry): Case {
  return withTimeline(
    one,
    one.timeline.map((other, at) => (at === index ? entry : other)),
  )
}

/** Back to Kafka's own values, as far as it breaks with them. */
function plainConfig(search: Search): void {
  for (let plainer = true; plainer && !search.over;) {
    plainer = false
    for (const scenario of plainerConfigs(search.case.scenario)) {
      if (search.over) return
      if (!search.tries({ ...search.case, scenario })) continue
      plainer = true
      break
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
