/**
 * Hunting a published bug: explore until its check breaks, shrink what broke it, run the fix.
 *
 * The hunt draws with the scenario's swarm alone: what the catalogue names as bias is in there.
 * The fix runs the same seeds with the values that mend it. The answer depends on scenario, seed
 * and numbers of runs, never on threads: the lowest run that breaks the check is the one found.
 */

import { exploredCase } from '../explore/cases.ts'
import type { Craft, Crew } from '../explore/crew.ts'
import { type Failure, failureFrom, tokenOf } from '../explore/failure.ts'
import { mechanismOf } from '../explore/signature.ts'
import { shrink } from '../explore/shrink.ts'
import { judge } from '../judge.ts'
import type { Judged, Verdict } from '../result.ts'
import { run } from '../run.ts'
import type { Hazard, Scenario } from '../schema/scenario.ts'

/** What a bug breaks, and how: `check`, or `check:scope`. */
export type Bug = Pick<Hazard, 'check' | 'mechanism'>

/** What is asked of one thread. */
export type Errand =
  | {
      readonly kind: 'search'
      readonly scenario: Scenario
      readonly bug: Bug
      readonly seed: number
      readonly from: number
      /** Not included. */
      readonly until: number
    }
  | {
      readonly kind: 'shrink'
      readonly scenario: Scenario
      readonly bug: Bug
      readonly seed: number
      readonly index: number
      readonly runsMax: number
    }

/** A search gives the end of each run, a shrink the failure. */
type Findings = readonly RunEnd[] | Failure | null

export type Hunters = Crew<Errand, Findings>

export const huntCraft: Craft<null, Errand, Findings> = {
  script: new URL('./hunt-worker.js', import.meta.url),
  scenarios: (_setUp, { scenario }) => [scenario],
  work: (_setUp, errand) => (errand.kind === 'search' ? search(errand) : shrinkErrand(errand)),
}

/**
 * `error`: the model itself broke, or the run did. `otherwise`: its check broke, not by the bug.
 */
export interface RunEnd {
  readonly word: 'broken' | 'otherwise' | 'whole' | 'error'
  /** Of what broke. */
  readonly mechanism: string | null
}

/** Runs whose check broke by something else than the bug. */
export interface Otherwise {
  readonly mechanism: string
  readonly runs: number
}

export interface Hunt {
  readonly hazard: Hazard
  /** With the bug. */
  readonly scenario: Scenario
  /** Without it; null where there is no fix. */
  readonly fixed: Scenario | null
  readonly seed: number
  /** Of the search, at most. */
  readonly searchRuns: number
  readonly fixRuns: number
  readonly shrinkRuns: number
  /** Milliseconds of the caller's clock. */
  readonly now: () => number
  /** Asked between chunks of runs. */
  readonly stopped: () => boolean
  readonly progress: (what: string) => void
}

export interface Prey {
  /** The first run that broke the check; null for none. */
  readonly index: number | null
  /** Until it was found, or all that were done. */
  readonly runs: number
  readonly failure: Failure | null
  /** What shrinking it took; null where nothing was found. */
  readonly shrinkMs: number | null
  readonly token: string | null
  readonly fix: {
    readonly runs: number
    readonly broken: number
    readonly otherwise: readonly Otherwise[]
    readonly errors: number
  }
}

const CHUNK = 10

export async function hunt(one: Hunt, hunters: Hunters): Promise<Prey> {
  const { scenario, fixed, seed, hazard } = one
  const first = await searchFirst(one, hunters)
  const { index } = first
  const startedMs = one.now()
  let shrinkMs: number | null = null
  const shrinking =
    index === null
      ? Promise.resolve(null)
      : hunters
          .run({ kind: 'shrink', scenario, bug: hazard, seed, index, runsMax: one.shrinkRuns })
          .finally(() => (shrinkMs = one.now() - startedMs))
  const fixing = fixed === null ? Promise.resolve([]) : runFix(one, fixed, hunters)
  const [found, ends] = await Promise.all([shrinking, fixing])
  const failure = found as Failure | null
  return {
    ...first,
    failure,
    shrinkMs,
    token: failure === null ? null : tokenOf(failure.case),
    fix: {
      runs: ends.length,
      broken: number(ends, 'broken'),
      otherwise: otherwiseIn(ends),
      errors: number(ends, 'error'),
    },
  }
}

function number(ends: readonly RunEnd[], word: RunEnd['word']): number {
  return ends.filter((one) => one.word === word).length
}

/** By mechanism, in the order of the first run of each. */
function otherwiseIn(ends: readonly RunEnd[]): readonly Otherwise[] {
  const runs = new Map<string, number>()
  for (const { word, mechanism } of ends) {
    if (word !== 'otherwise' || mechanism === null) continue
    runs.set(mechanism, (runs.get(mechanism) ?? 0) + 1)
  }
  return [...runs].map(([mechanism, count]) => ({ mechanism, runs: count }))
}

/** Waves of chunks, so that the lowest run wins however fast each thread is. */
async function searchFirst(one: Hunt, hunters: Hunters): Promise<Pick<Prey, 'index' | 'runs'>> {
  const { scenario, seed, hazard } = one
  let from = 0
  while (from < one.searchRuns && !one.stopped()) {
    one.progress(`${hazard.id}: looked at ${from} runs`)
    const until = Math.min(one.searchRuns, from + CHUNK * hunters.jobs)
    const chunks = chunksOf(from, until).map((chunk) =>
      searched(hunters, { kind: 'search', scenario, bug: hazard, seed, ...chunk }),
    )
    const ends = (await Promise.all(chunks)).flat()
    const at = ends.findIndex(({ word }) => word === 'broken')
    if (at !== -1) return { index: from + at, runs: from + at + 1 }
    from = until
  }
  return { index: null, runs: from }
}

async function searched(
  hunters: Hunters,
  errand: Extract<Errand, { kind: 'search' }>,
): Promise<readonly RunEnd[]> {
  return (await hunters.run(errand)) as readonly RunEnd[]
}

async function runFix(one: Hunt, fixed: Scenario, hunters: Hunters): Promise<readonly RunEnd[]> {
  const { seed, hazard } = one
  let done = 0
  const chunks = chunksOf(0, one.fixRuns).map(async (chunk) => {
    if (one.stopped()) return []
    const errand = { kind: 'search', scenario: fixed, bug: hazard, seed, ...chunk } as const
    const ends = await searched(hunters, errand)
    done += ends.length
    one.progress(`${hazard.id}: ${done} of ${one.fixRuns} runs with its fix`)
    return ends
  })
  return (await Promise.all(chunks)).flat()
}

function chunksOf(
  from: number,
  until: number,
): { readonly from: number; readonly until: number }[] {
  const chunks: { from: number; until: number }[] = []
  for (let at = from; at < until; at += CHUNK) {
    chunks.push({ from: at, until: Math.min(until, at + CHUNK) })
  }
  return chunks
}

/** The runs of a search, in this thread. */
export function search(errand: Extract<Errand, { kind: 'search' }>): readonly RunEnd[] {
  const ends: RunEnd[] = []
  for (let index = errand.from; index < errand.until; index += 1) {
    ends.push(endOf(judgedRun(errand.scenario, errand.seed, index), errand.bug))
  }
  return ends
}

function endOf(judged: Judged | null, bug: Bug): RunEnd {
  if (judged === null || judged.result.ended === 'internal-error') {
    return { word: 'error', mechanism: null }
  }
  const broken = brokenVerdicts(judged, bug.check)
  const [first] = broken
  if (first === undefined) return { word: 'whole', mechanism: null }
  const word = broken.some((one) => isOf(bug, one)) ? 'broken' : 'otherwise'
  return { word, mechanism: mechanismOf(first) }
}

/** The shortest story of what a run broke, in this thread; null if it breaks nothing now. */
export function shrinkErrand(errand: Extract<Errand, { kind: 'shrink' }>): Failure | null {
  const { scenario, seed, index } = errand
  const one = exploredCase(scenario, seed, index)
  const verdicts = brokenVerdicts(judge(run(one), { series: false }), errand.bug.check)
  const broken = verdicts.find((verdict) => isOf(errand.bug, verdict))
  if (broken === undefined) return null
  const shrunk = shrink(one, broken, { runsMax: errand.runsMax })
  if (shrunk === null) return null
  const { judged, verdict, from, runs, stopped } = shrunk
  const found = { index, shrunkFrom: from, shrinkRuns: runs, shrinkStopped: stopped }
  return failureFrom(judged, verdict, found)
}

function judgedRun(scenario: Scenario, seed: number, index: number): Judged | null {
  try {
    return judge(run(exploredCase(scenario, seed, index)), { series: false })
  } catch {
    // A run that throws is no verdict: it is counted apart and told.
    return null
  }
}

/** The verdicts that break `check`, or `check:scope`. */
function brokenVerdicts({ verdicts }: Judged, check: string): readonly Verdict[] {
  const colon = check.indexOf(':')
  const name = colon === -1 ? check : check.slice(0, colon)
  const scope = colon === -1 ? null : check.slice(colon + 1)
  return verdicts.filter(
    (one) =>
      one.verdict === 'broken' && one.check === name && (scope === null || one.scope === scope),
  )
}

function isOf({ mechanism }: Bug, verdict: Verdict): boolean {
  return mechanism === undefined || mechanismOf(verdict) === mechanism
}
