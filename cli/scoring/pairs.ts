/**
 * Pairs of one guard: cases in which it was decisive, run again with it off.
 *
 * A pair notices the guard if, with it off, a check breaks that held with it on, or the cluster
 * cannot settle although it could. A run that breaks the model itself is counted apart: it is
 * neither noticed nor silent. Pairs stop at the first that notices. Where none does, the guards
 * that caught more in its place are turned off with it: a guard may stand behind another.
 */

import type { GuardScore } from '../../reports/answer.ts'
import type { RunSummary } from '../../scenarios/explore/summary.ts'
import type { GuardEntry } from '../../sim/registry.ts'
import { difference, type Notice } from './notice.ts'
import { isInternalError, type Runner } from './runner.ts'
import type { Surveyed } from './survey.ts'

export interface PairOptions {
  /** At most, for a guard. */
  readonly pairs: number
  readonly stopped: () => boolean
}

/** How many guards that may stand behind one are tried, each in so many cases. */
const STAND_INS = 3
const STAND_IN_PAIRS = 4
const STAND_IN_MISSED = 2

export class Pairs {
  readonly #guard: GuardEntry
  readonly #runner: Runner
  readonly #options: PairOptions
  /** Cases in which it was decisive; the scenario that it names first, then all in turn. */
  readonly #cases: readonly Surveyed[]
  #decisive = 0
  #pairs = 0
  #internalErrors = 0
  #notice: Notice | null = null
  #firstPair: number | null = null
  /** By guard: how often it was decisive beyond what it was with this guard on. */
  readonly #caughtInstead = new Map<string, number>()

  constructor(
    guard: GuardEntry,
    surveyed: readonly Surveyed[],
    runner: Runner,
    options: PairOptions,
  ) {
    this.#guard = guard
    this.#runner = runner
    this.#options = options
    const decisive = surveyed.filter(({ summary }) => (summary.guards[guard.name] ?? 0) > 0)
    this.#cases = inTurn(decisive, guard.exercise)
    for (const { summary } of decisive) this.#decisive += summary.guards[guard.name] ?? 0
  }

  async score(): Promise<GuardScore> {
    const { pairs, stopped } = this.#options
    for (const surveyed of this.#cases.slice(0, pairs)) {
      if (this.#notice !== null || stopped()) break
      await this.#pair(surveyed)
    }
    const reason = this.#notice === null ? await this.#reason() : null
    return {
      name: this.#guard.name,
      exercise: this.#guard.exercise,
      decisive: this.#decisive,
      pairs: this.#pairs,
      noticed: this.#notice !== null,
      by: this.#notice?.by ?? null,
      oracle: this.#notice?.oracle ?? null,
      firstPair: this.#firstPair,
      internalErrors: this.#internalErrors,
      reason,
    }
  }

  async #pair(surveyed: Surveyed): Promise<void> {
    const without = await this.#without(surveyed, [this.#guard.name])
    this.#pairs += 1
    if (without === null) {
      this.#internalErrors += 1
      return
    }
    this.#notice = difference(surveyed.summary, without)
    if (this.#notice !== null) this.#firstPair = this.#pairs - 1
    this.#noteStandIns(surveyed.summary, without)
  }

  #noteStandIns(whole: RunSummary, without: RunSummary): void {
    for (const [name, count] of Object.entries(without.guards)) {
      const more = count - (whole.guards[name] ?? 0)
      if (name === this.#guard.name || more <= 0) continue
      this.#caughtInstead.set(name, (this.#caughtInstead.get(name) ?? 0) + more)
    }
  }

  async #reason(): Promise<string> {
    if (this.#decisive === 0) return 'never decisive'
    if (this.#pairs === 0) return 'no time'
    if (this.#internalErrors === this.#pairs) return 'the model itself breaks without it'
    const behind = await this.#standIn()
    return behind === null
      ? 'decisive but not noticed'
      : `${behind} stands behind it: noticed with both off`
  }

  async #standIn(): Promise<string | null> {
    const names = [...this.#caughtInstead].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    for (const [name] of names.slice(0, STAND_INS)) {
      let missed = 0
      for (const surveyed of this.#cases.slice(0, STAND_IN_PAIRS)) {
        if (this.#options.stopped()) return null
        const alone = await this.#without(surveyed, [name])
        const both = await this.#without(surveyed, [this.#guard.name, name])
        if (alone === null || both === null) continue
        if (difference(alone, both) !== null) missed += 1
        // Two runs that part may differ by chance, once.
        if (missed === STAND_IN_MISSED) return name
      }
    }
    return null
  }

  /** Null where that breaks the model itself. */
  async #without(surveyed: Surveyed, off: readonly string[]): Promise<RunSummary | null> {
    const { one } = surveyed
    const outcome = await this.#runner.run({ ...one, guardsOff: [...one.guardsOff, ...off] })
    return isInternalError(outcome) ? null : (outcome as RunSummary)
  }
}

/** One case of each scenario in turn, `first` before the others, cheap scenarios before long ones. */
function inTurn(surveyed: readonly Surveyed[], first: string): readonly Surveyed[] {
  const byScenario = new Map<string, Surveyed[]>()
  for (const one of surveyed) {
    const known = byScenario.get(one.scenario)
    if (known === undefined) byScenario.set(one.scenario, [one])
    else known.push(one)
  }
  const rows = [...byScenario.values()].sort((a, b) => rank(a, first) - rank(b, first))
  const found: Surveyed[] = []
  for (let turn = 0; found.length < surveyed.length; turn += 1)
    for (const row of rows) if (turn < row.length) found.push(row[turn] as Surveyed)
  return found
}

function rank(row: readonly Surveyed[], first: string): number {
  const [one] = row as [Surveyed, ...Surveyed[]]
  return one.scenario === first ? -1 : one.summary.events
}
