/**
 * Counts an exploration: verdicts by check, magnitudes, probes, refused faults, stuck runs, and
 * failures grouped by the mechanism they show.
 *
 * A function of the runs alone, in the order of their numbers: threads do not show.
 */

import type { Exploration } from '../scenarios/explore/explore.ts'
import type { Draws } from '../scenarios/explore/draws.ts'
import type { RunSummary, VerdictSummary } from '../scenarios/explore/summary.ts'
import type { VerdictWord } from '../scenarios/result.ts'

export interface CheckTally {
  /** The check, with its scope where scopes of one check expect different things. */
  readonly check: string
  readonly kept: number
  readonly broken: number
  readonly unknown: number
  readonly vacuous: number
  readonly expected: string | null
  readonly asExpected: boolean
  /** 95 % bound on the share of runs that break it; null where one broke or none could tell. */
  readonly upperBound: number | null
}

/** One way in which one check broke. */
export interface FailureGroup {
  readonly check: string
  readonly scope: string
  readonly signature: string
  /** Equal for what is one finding, whatever the group. */
  readonly key: string
  /** Lowest run that shows it. */
  readonly index: number
  /** What that run was given to draw; null: its own. */
  readonly given: Draws | null
  /** Bias of that run. */
  readonly bias: string | null
  readonly runs: number
  /** The most that one of these runs counts of it: records, for most checks. */
  readonly most: number
  readonly expected: string | null
  readonly asExpected: boolean
}

/** The most that one run counts of what a row of the tallies tells broke. */
export function mostBroken({ runs }: Exploration, { check }: CheckTally): number {
  const expectations = expectationsOf(runs)
  let most = 0
  for (const { verdicts } of runs) {
    for (const one of verdicts) {
      if (one.verdict !== 'broken' || rowName(one, expectations) !== check) continue
      most = Math.max(most, one.count)
    }
  }
  return most
}

export interface Spread {
  /** Over the runs in which there was any. */
  readonly p50: number
  readonly max: number
}

export function checkTallies({ runs }: Exploration): readonly CheckTally[] {
  const expectations = expectationsOf(runs)
  const rows = new Map<string, Row>()
  for (const run of runs) {
    const words = new Map<string, VerdictWord>()
    for (const verdict of run.verdicts) {
      const name = rowName(verdict, expectations)
      const row = rowOf(rows, name, verdict)
      if (!verdict.asExpected && verdict.verdict === 'broken') row.unwelcome = true
      words.set(name, heavier(words.get(name), verdict.verdict))
    }
    for (const [name, word] of words) (rows.get(name) as Row)[word] += 1
  }
  return [...rows.values()].map(tallyOf)
}

interface Row extends Record<VerdictWord, number> {
  readonly check: string
  readonly expected: string | null
  unwelcome: boolean
}

function rowOf(rows: Map<string, Row>, name: string, { expected }: VerdictSummary): Row {
  const known = rows.get(name)
  if (known !== undefined) return known
  const row: Row = {
    check: name,
    expected,
    unwelcome: false,
    kept: 0,
    broken: 0,
    unknown: 0,
    vacuous: 0,
  }
  rows.set(name, row)
  return row
}

/** Expectations by check, over all scopes and runs. */
function expectationsOf(runs: readonly RunSummary[]): Map<string, Set<string | null>> {
  const found = new Map<string, Set<string | null>>()
  for (const { verdicts } of runs) {
    for (const { check, expected } of verdicts) {
      const known = found.get(check)
      if (known === undefined) found.set(check, new Set([expected]))
      else known.add(expected)
    }
  }
  return found
}

function rowName(
  { check, scope }: VerdictSummary,
  expectations: Map<string, Set<string | null>>,
): string {
  return (expectations.get(check)?.size ?? 1) > 1 ? `${check}:${scope}` : check
}

const weights: Readonly<Record<VerdictWord, number>> = {
  broken: 3,
  unknown: 2,
  kept: 1,
  vacuous: 0,
}

/** Of two scopes of one check in one run, the one that counts. */
function heavier(before: VerdictWord | undefined, next: VerdictWord): VerdictWord {
  return before === undefined || weights[next] > weights[before] ? next : before
}

function tallyOf(row: Row): CheckTally {
  const { check, kept, broken, unknown, vacuous, expected } = row
  const missed = expected === 'breaks' && broken === 0
  return {
    check,
    kept,
    broken,
    unknown,
    vacuous,
    expected,
    asExpected: !row.unwelcome && !missed,
    upperBound: upperBound(kept, broken),
  }
}

/** The rule of three, over the runs that could tell. */
export function upperBound(kept: number, broken: number): number | null {
  if (broken > 0 || kept === 0) return null
  return Math.min(1, 3 / kept)
}

/** Failures that are not expected first, then what the scenario is run for, each by run. */
export function failureGroups({ runs }: Exploration): readonly FailureGroup[] {
  const groups = new Map<string, { -readonly [Key in keyof FailureGroup]: FailureGroup[Key] }>()
  for (const { index, verdicts, given, bias } of runs) {
    const seen = new Set<string>()
    for (const { verdict, count, ...about } of verdicts) {
      // What is asked to be kept of one scope and not of another is two findings.
      const one = `${about.key} ${about.asExpected}`
      if (verdict !== 'broken') continue
      const known = groups.get(one)
      if (known === undefined)
        groups.set(one, { ...about, index, given, bias, runs: 1, most: count })
      else {
        known.most = Math.max(known.most, count)
        if (!seen.has(one)) known.runs += 1
      }
      seen.add(one)
    }
  }
  return [...groups.values()].sort((a, b) => weight(a) - weight(b) || a.index - b.index)
}

/** A surprise first, then what the scenario is run for, then what it allows. */
function weight({ asExpected, expected }: FailureGroup): number {
  if (!asExpected) return 0
  return expected === 'breaks' ? 1 : 2
}

export type Magnitude = 'lost' | 'duplicated' | 'redelivered' | 'reordered'

export const magnitudeNames: readonly Magnitude[] = [
  'lost',
  'duplicated',
  'redelivered',
  'reordered',
]

export function spreadOf({ runs }: Exploration, magnitude: Magnitude): Spread {
  const values = runs
    .map((run) => run[magnitude])
    .filter((value) => value > 0)
    .sort((a, b) => a - b)
  return { p50: values[(values.length - 1) >> 1] ?? 0, max: values.at(-1) ?? 0 }
}

/** Runs that reached each probe, by name. */
export function probeRuns({ runs }: Exploration): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { probes } of runs) {
    for (const probe of probes) counts[probe] = (counts[probe] ?? 0) + 1
  }
  return byName(counts)
}

/** Probes that the scenario requires and no run reached. */
export function missingProbes(exploration: Exploration): readonly string[] {
  const reached = probeRuns(exploration)
  return exploration.scenario.requiredProbes.filter((probe) => reached[probe] === undefined)
}

/** Faults that the budget refused, over all runs. */
export function refusedFaults({ runs }: Exploration): number {
  return runs.reduce((sum, run) => sum + run.refused, 0)
}

/** Runs that could not settle, by reason. */
export function stuckReasons({ runs }: Exploration): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { ended, reason } of runs) {
    if (ended !== 'stuck') continue
    // What was in the way differs from run to run; the reason is of a closed list.
    const known = (reason ?? 'unclassified').split(':')[0] ?? ''
    counts[known] = (counts[known] ?? 0) + 1
  }
  return byName(counts)
}

/** Runs in which no check had anything to judge. */
export function vacuousRuns({ runs }: Exploration): number {
  return runs.filter(isVacuous).length
}

/** Vacuous runs by reason, each of a closed list. */
export function vacuousReasons({ runs }: Exploration): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const run of runs) {
    if (!isVacuous(run)) continue
    const reason = run.vacuous ?? 'no check had anything to judge'
    counts[reason] = (counts[reason] ?? 0) + 1
  }
  return byName(counts)
}

function isVacuous({ vacuous, verdicts }: RunSummary): boolean {
  return vacuous !== null || verdicts.every(({ verdict }) => verdict === 'vacuous')
}

/** What was reached around what: kinds of fault, probes, and pairs of the two. */
export interface Coverage {
  readonly families: number
  readonly phases: number
  readonly pairs: number
}

export function coverageOf({ runs }: Exploration): Coverage {
  const pairs = new Set<string>()
  const phases = new Set<string>()
  const families = new Set<string>()
  for (const { reached } of runs) {
    for (const [kind, probes] of Object.entries(reached)) {
      families.add(kind)
      for (const probe of probes) {
        phases.add(probe)
        pairs.add(`${kind} ${probe}`)
      }
    }
  }
  return { families: families.size, phases: phases.size, pairs: pairs.size }
}

export interface BiasTally {
  readonly bias: string
  readonly runs: number
  /** Of them, those that descend from others. */
  readonly descended: number
  /** Runs that broke what was to be kept or what was to break. */
  readonly broke: number
  /** Findings whose first run it is. */
  readonly found: number
}

/** The portfolio's share, in the order of names. */
export function biasTallies(exploration: Exploration): readonly BiasTally[] {
  const rows = new Map<string, { -readonly [Key in keyof BiasTally]: BiasTally[Key] }>()
  for (const { bias, parent, verdicts } of exploration.runs) {
    if (bias === null) continue
    let row = rows.get(bias)
    if (row === undefined) {
      row = { bias, runs: 0, descended: 0, broke: 0, found: 0 }
      rows.set(bias, row)
    }
    row.runs += 1
    if (parent !== null) row.descended += 1
    if (verdicts.some(counts)) row.broke += 1
  }
  for (const { bias } of failureGroups(exploration)) {
    const row = bias === null ? undefined : rows.get(bias)
    if (row !== undefined) row.found += 1
  }
  return [...rows.values()].sort((a, b) => (a.bias < b.bias ? -1 : 1))
}

/** Breaks that a scenario does not merely allow. */
function counts({ verdict, asExpected, expected }: VerdictSummary): boolean {
  return verdict === 'broken' && (!asExpected || expected === 'breaks')
}

/** 95 % bound on the share of runs that break what was to be kept; null where one did. */
export function failureBound({ runs }: Exploration): number | null {
  const telling = runs.filter((run) => run.ended !== 'internal-error' && !isVacuous(run))
  const failed = telling.some(({ verdicts }) =>
    verdicts.some(({ verdict, asExpected }) => verdict === 'broken' && !asExpected),
  )
  return failed || telling.length === 0 ? null : Math.min(1, 3 / telling.length)
}

/** Shares of the cost: of time in checks, of events after the heal; null where nothing is known. */
export function costShares({ runs, spent }: Exploration): {
  readonly checks: number | null
  readonly drain: number | null
} {
  const { runMs, checkMs } = spent
  const events = runs.reduce((sum, run) => sum + run.events, 0)
  const drained = runs.reduce((sum, run) => sum + run.drainEvents, 0)
  return {
    checks: runMs + checkMs === 0 ? null : checkMs / (runMs + checkMs),
    drain: events === 0 ? null : drained / events,
  }
}

/** Probes of `known` that no run reached. */
export function neverReached(
  exploration: Exploration,
  known: readonly string[],
): readonly string[] {
  const reached = probeRuns(exploration)
  return known.filter((probe) => reached[probe] === undefined)
}

export function virtualUs({ runs }: Exploration): number {
  return runs.reduce((sum, run) => sum + run.virtualUs, 0)
}

export function electionsUnderLoad({ runs }: Exploration): number {
  return runs.filter((run) => run.electionUnderLoad).length
}

function byName(counts: Readonly<Record<string, number>>): Record<string, number> {
  const sorted: Record<string, number> = {}
  for (const name of Object.keys(counts).sort((a, b) => (a < b ? -1 : 1))) {
    sorted[name] = counts[name] ?? 0
  }
  return sorted
}
