/**
 * Finds the cheapest setting that meets every threshold in every drill.
 *
 * Arithmetic rules out what cannot hold. Of the rest, settings that differ in brokers and consumers
 * alone stand in a column: what holds, holds with more of them, so a column is halved and not
 * walked through. Batches, linger, partitions, replicas and hardware are compared by simulation
 * alone. The assumption is tried at the answer: the next cheaper settings are simulated, whatever
 * was concluded of them. What is done at a time depends on no number of threads.
 */

import type { Setting } from './plan-answer.ts'
import { atLeast, type Priced, sameColumn } from './setting.ts'
import {
  type Change,
  inTime,
  missedIn,
  type Sample,
  type Simulate,
  type Trial,
  unchanged,
} from './simulate.ts'

/** Settings that are tried at the same time. */
const LANES = 2
/** So many are simulated although a larger one missed. */
const DOUBTED = 5

export type State = 'open' | 'holds' | 'missed' | 'ruled-out'

export interface Tried {
  readonly priced: Priced
  state: State
  /** What ruled it out without a run. */
  by: string | null
  /** Ruled out because a larger one missed, and not by arithmetic. */
  concluded: boolean
  /** `one-broker-down: lateness max<30s`. */
  failed: readonly string[]
  /** Runs by drill, in the order of their index. */
  readonly samples: Sample[][]
}

export interface SearchOptions {
  readonly candidates: readonly Priced[]
  readonly ruleOut: (setting: Setting) => string | null
  /** Names of the drills, normal first. */
  readonly drills: readonly string[]
  /** Runs of each drill of the answer. */
  readonly seeds: number
  readonly change: Change
  readonly simulate: Simulate
  readonly progress?: (progress: SearchProgress) => void
  /** Asked before every step: enough time was spent. */
  readonly stopped?: () => boolean
}

export interface SearchProgress {
  readonly candidates: number
  /** Of them, those of which it is known whether they come in question. */
  readonly decided: number
}

export interface Found {
  /** In the order of cost. */
  readonly tried: readonly Tried[]
  readonly answer: Tried | null
  readonly nextCheaper: Tried | null
  /** Times that a setting held although a larger one had missed, or the other way round. */
  readonly surprises: number
}

export async function search(options: SearchOptions): Promise<Found> {
  const tried = options.candidates.map((priced): Tried => {
    const by = options.ruleOut(priced.setting)
    const state = by === null ? 'open' : 'ruled-out'
    const samples = options.drills.map(() => [])
    return { priced, state, by, concluded: false, failed: [], samples }
  })
  return await new Searching(options, tried).found()
}

class Searching {
  readonly #options: SearchOptions
  readonly #tried: readonly Tried[]
  #surprises = 0

  constructor(options: SearchOptions, tried: readonly Tried[]) {
    this.#options = options
    this.#tried = tried
  }

  async found(): Promise<Found> {
    await inTime(this.#settle())
    const answer = this.#best()
    return {
      tried: this.#tried,
      answer,
      nextCheaper: answer === null ? null : this.#cheaperThan(answer),
      surprises: this.#surprises,
    }
  }

  async #settle(): Promise<void> {
    let doubted = 0
    for (;;) {
      await this.#narrow()
      const best = this.#best()
      if (best === null || this.#isStopped()) return
      if (!(await this.#confirm(best))) continue
      const cheaper = this.#concludedBelow(best)
      if (cheaper === null || doubted === DOUBTED) return
      doubted += 1
      await this.#tryAfterAll(cheaper)
    }
  }

  /** Tries settings until none that is cheaper than the best is open. */
  async #narrow(): Promise<void> {
    for (;;) {
      if (this.#isStopped()) return
      const picks = this.#picks()
      if (picks.length === 0) return
      await this.#screen(picks)
      this.#tell()
    }
  }

  #isStopped(): boolean {
    return this.#options.stopped?.() ?? false
  }

  #best(): Tried | null {
    return this.#tried.find(({ state }) => state === 'holds') ?? null
  }

  #open(): readonly Tried[] {
    const until = this.#best()?.priced.rank ?? Infinity
    return this.#tried.filter(({ state, priced }) => state === 'open' && priced.rank < until)
  }

  /** The middle of the columns with the cheapest open settings; of one column two points. */
  #picks(): readonly Tried[] {
    const columns: Tried[][] = []
    for (const one of this.#open()) {
      const column = columns.find(([first]) => first !== undefined && inColumn(first, one))
      if (column !== undefined) column.push(one)
      else columns.push([one])
    }
    const [first, second] = columns
    if (first === undefined) return []
    if (second !== undefined) return [middle(first), middle(second)]
    const third = Math.floor(first.length / 3)
    const places = [...new Set([third, Math.floor((2 * first.length) / 3)])]
    return places.slice(0, LANES).map((at) => first[at] as Tried)
  }

  /** One run in normal running, and where that holds one in every drill. */
  async #screen(picks: readonly Tried[]): Promise<void> {
    await this.#run(picks.map((one) => ({ one, drill: 0, index: 0 })))
    for (const one of picks) this.#noteMissed(one)
    const others = this.#options.drills.map((_name, drill) => drill).slice(1)
    const left = picks.filter(({ failed }) => failed.length === 0)
    await this.#run(left.flatMap((one) => others.map((drill) => ({ one, drill, index: 0 }))))
    for (const one of left) {
      this.#noteMissed(one)
      if (one.failed.length === 0) one.state = 'holds'
    }
  }

  #noteMissed(one: Tried): void {
    if (one.failed.length === 0) return
    one.state = 'missed'
    this.#ruleOutBelow(one)
  }

  #ruleOutBelow(missed: Tried): void {
    const { setting } = missed.priced
    for (const other of this.#tried) {
      if (other === missed || !atLeast(setting, other.priced.setting)) continue
      if (other.state === 'holds') this.#surprises += 1
      if (other.state !== 'open') continue
      other.state = 'ruled-out'
      other.concluded = true
      other.by = `${sizeText(setting)} missed ${missed.failed[0] ?? 'a threshold'}`
    }
  }

  /** More seeds for the answer, until one misses. */
  async #confirm(best: Tried): Promise<boolean> {
    // It may have been confirmed before, and then been beaten for a while.
    for (let index = runsOf(best); index < this.#options.seeds; index += 1) {
      await this.#run(this.#options.drills.map((_name, drill) => ({ one: best, drill, index })))
      if (best.failed.length > 0) {
        best.state = 'missed'
        this.#ruleOutBelow(best)
        return false
      }
      if (this.#isStopped()) return true
    }
    return true
  }

  /** The dearest that is cheaper and that arithmetic leaves in question. */
  #cheaperThan(best: Tried): Tried | null {
    const isSmaller = ({ priced, state, concluded }: Tried): boolean =>
      costs(priced) < costs(best.priced) && (state === 'missed' || concluded)
    return this.#tried.findLast(isSmaller) ?? null
  }

  /** The dearest that is cheaper and was not simulated because a larger one missed. */
  #concludedBelow(best: Tried): Tried | null {
    const isBelow = ({ priced, concluded }: Tried): boolean =>
      concluded && costs(priced) < costs(best.priced)
    return this.#tried.findLast(isBelow) ?? null
  }

  /** Simulates what was only concluded; a setting that holds after all is the better answer. */
  async #tryAfterAll(cheaper: Tried): Promise<void> {
    cheaper.concluded = false
    cheaper.by = null
    cheaper.state = 'open'
    await this.#screen([cheaper])
    // By now it is missed or holds; only the second is a surprise.
    if ((cheaper.state as State) === 'holds') this.#surprises += 1
  }

  async #run(asked: readonly Asked[]): Promise<void> {
    if (asked.length === 0) return
    const { simulate, change, drills } = this.#options
    const trials = asked.map(({ one, drill, index }): Trial => {
      const curves = index === 0 && change === unchanged
      return { setting: one.priced.setting, drill, index, change, curves }
    })
    const samples = await simulate(trials)
    asked.forEach(({ one, drill }, at) => {
      const sample = samples[at] as Sample
      one.samples[drill]?.push(sample)
      if (sample.met) return
      const name = drills[drill] ?? ''
      const missed = missedIn(sample).map((text) => `${name}: ${text}`)
      one.failed = [...new Set([...one.failed, ...missed])]
    })
  }

  #tell(): void {
    const candidates = this.#tried.length
    this.#options.progress?.({ candidates, decided: candidates - this.#open().length })
  }
}

interface Asked {
  readonly one: Tried
  readonly drill: number
  readonly index: number
}

function runsOf({ samples }: Tried): number {
  return samples[0]?.length ?? 0
}

function inColumn(one: Tried, other: Tried): boolean {
  return sameColumn(one.priced.setting, other.priced.setting)
}

function middle(column: readonly Tried[]): Tried {
  return column[Math.floor((column.length - 1) / 2)] as Tried
}

/** Without prices the number of hosts takes their place. */
function costs({ cost, setting }: Priced): number {
  return cost?.perHour ?? setting.brokers * 1e6 + setting.consumers
}

function sizeText({ brokers, consumers }: Setting): string {
  return `${brokers} brokers with ${consumers} consumers`
}
