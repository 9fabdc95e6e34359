/**
 * A plan from end to end: search, walls, what-if and sensitivity, put together to one answer.
 *
 * Pure but for `simulate`: the same simulation gives the same answer, in however many threads.
 */

import { ENGINE } from '../engine.ts'
import type { Plan } from '../schema/plan.ts'
import type { Scenario } from '../schema/scenario.ts'
import { beliefOf } from './belief.ts'
import { hardwareOf, ruleOutOf } from './bounds.ts'
import {
  assumptionsOf,
  sense,
  type Sensed,
  tryVariations,
  type Varied,
  variationsOf,
} from './changes.ts'
import { drillAnswer } from './drill-answer.ts'
import { figuresOf, formulasOf } from './formulas.ts'
import type { Doubts } from './doubts-answer.ts'
import type { Backtest, DrillAnswer, PlanAnswer, PlanInput, Setting } from './plan-answer.ts'
import { remembered, type Remembered } from './remembered.ts'
import { type Found, search, type Tried } from './search.ts'
import { doubtedInputs } from './sensitivity-inputs.ts'
import { doubtsOf } from './sensitivity.ts'
import { sentenceOf } from './sentence.ts'
import {
  candidateOf,
  howOf,
  peakOf,
  runsIn,
  sensitivityOf,
  whatIfOf,
  windowOf,
} from './answer-parts.ts'
import { ownSetting, type Priced, pricedSettings, settingsOf } from './setting.ts'
import { inTime, type Sample, type Simulate, unchanged } from './simulate.ts'
import { planOf, withSetting } from './trial-case.ts'
import { wallsOf, type Walls } from './walls.ts'
import { wallList } from './wall-list.ts'
import { drillLabels } from './words.ts'

export interface PlanOptions {
  /** With its plan. */
  readonly scenario: Scenario
  readonly seed: number
  /** Up to which peak the cluster of the scenario holds, in place of a search. */
  readonly find: 'peak' | null
  readonly simulate: Simulate
  /** Where the figures of the scenario with the answer's setting come from. */
  readonly inputsOf: (scenario: Scenario) => readonly PlanInput[]
  readonly notModelled: readonly string[]
  /** Of a cluster like this one; absent: none is given. */
  readonly backtest?: Backtest | null
  readonly progress?: (progress: PlanProgress) => void
  /** Enough time was spent: what is known by then is answered. */
  readonly stopped?: () => boolean
}

export interface PlanProgress {
  readonly phase: 'search' | 'walls' | 'what-if' | 'sensitivity'
  readonly candidates: number
  readonly decided: number
  readonly runs: number
  /** Runs that are still to come, roughly. */
  readonly left: number
}

const WALL_SEEDS = 1
const WALL_RESOLUTION = 0.05
const WALL_LIMIT = 2
const PEAK_RESOLUTION = 0.02
const PEAK_LIMITS = [2, 4, 8]
const PEAK_FROM = 0.1
/** For the guess of what is left. */
const WHAT_IF_ROWS = 9
const SENSITIVITY_ROWS = 6
const DOUBTED_INPUTS = 11

export async function plan(options: PlanOptions): Promise<PlanAnswer> {
  return await new Planning(options).answer()
}

class Planning {
  readonly #options: PlanOptions
  readonly #scenario: Scenario
  readonly #plan: Plan
  readonly #drills: readonly string[]
  readonly #memory: Remembered
  readonly #candidates: readonly Priced[]
  #decided = 0

  constructor(options: PlanOptions) {
    this.#options = options
    this.#scenario = options.scenario
    this.#plan = planOf(options.scenario)
    this.#drills = drillLabels(this.#plan.drills)
    this.#memory = remembered(options.simulate)
    const { find } = options
    const settings =
      find === 'peak' ? [ownSetting(options.scenario)] : settingsOf(this.#plan.search)
    this.#candidates = pricedSettings(settings, options.scenario, this.#plan.prices)
  }

  async answer(): Promise<PlanAnswer> {
    const found = await this.#search()
    const subject = await this.#subject(found)
    const drills = this.#drillAnswers(subject)
    const isPeak = this.#options.find === 'peak'
    const chosen = found.answer ?? (isPeak ? subject : null)
    const walls = chosen === null ? null : await this.#walls(chosen.priced.setting)
    const varied = chosen === null || isPeak ? [] : await this.#varied(chosen.priced.setting)
    const doubts = chosen === null || isPeak ? null : await this.#doubts(chosen.priced.setting)
    const sensed = chosen === null || isPeak ? [] : await this.#sensed(chosen.priced, drills)
    return this.#assembled({ found, subject, drills, chosen, walls, varied, doubts, sensed })
  }

  async #search(): Promise<Found> {
    const rules = ruleOutOf(this.#scenario, this.#plan)
    return await search({
      candidates: this.#candidates,
      // A cluster that is there is simulated whatever arithmetic says of it.
      ruleOut: this.#options.find === 'peak' ? () => null : rules,
      drills: this.#drills,
      seeds: this.#plan.seeds,
      change: unchanged,
      simulate: this.#memory.simulate,
      progress: ({ decided }) => {
        this.#decided = decided
        this.#tell('search')
      },
      ...(this.#options.stopped === undefined ? {} : { stopped: this.#options.stopped }),
    })
  }

  /** The answer, or else what came nearest to one: of that the drills are shown. */
  async #subject({ answer, tried }: Found): Promise<Tried> {
    if (answer !== null) return answer
    const missed = tried.filter(({ samples }) => runsIn(samples) > 0)
    const [first, ...others] = missed.length > 0 ? missed : [tried.at(-1) as Tried]
    const nearest = others.reduce(
      (best, one) => (one.failed.length <= best.failed.length ? one : best),
      first as Tried,
    )
    await this.#complete(nearest)
    return nearest
  }

  /** One run of every drill that has none. */
  async #complete(tried: Tried): Promise<void> {
    const { setting } = tried.priced
    const lacking = this.#drills.flatMap((_name, drill) =>
      tried.samples[drill]?.length === 0 ? [drill] : [],
    )
    const trials = lacking.map((drill) => {
      return { setting, drill, index: 0, change: unchanged, curves: true }
    })
    const samples = await inTime(this.#memory.simulate(trials))
    if (samples === null) return
    lacking.forEach((drill, at) => tried.samples[drill]?.push(samples[at] as Sample))
  }

  #drillAnswers({ priced, samples }: Tried): readonly DrillAnswer[] {
    return this.#plan.drills.map((drill, at) =>
      drillAnswer(drill, priced.setting, samples[at] ?? []),
    )
  }

  /** Null: the time was up before anything was tried. */
  async #walls(setting: Setting): Promise<Walls | null> {
    this.#tell('walls')
    return await inTime(this.#wallsOf(setting))
  }

  async #wallsOf(setting: Setting): Promise<Walls> {
    const { stopped } = this.#options
    const common = {
      setting,
      drills: this.#drills,
      simulate: this.#memory.simulate,
      seeds: Math.min(WALL_SEEDS, this.#plan.seeds),
      ...(stopped === undefined ? {} : { stopped }),
    }
    if (this.#options.find === null) {
      const near = { from: 1, to: WALL_LIMIT, resolution: WALL_RESOLUTION }
      return await wallsOf({ ...common, ...near, precision: 'first' })
    }
    let walls: Walls | null = null
    for (const to of PEAK_LIMITS) {
      const far = { from: PEAK_FROM, to, resolution: PEAK_RESOLUTION }
      walls = await wallsOf({ ...common, ...far, precision: 'all' })
      if (walls.breaks.length > 0 || stopped?.() === true) break
    }
    return walls as Walls
  }

  async #varied(setting: Setting): Promise<readonly Varied[]> {
    if (this.#options.stopped?.() === true) return []
    this.#tell('what-if')
    return await tryVariations(variationsOf(setting), this.#drills, this.#memory.simulate)
  }

  async #doubts(setting: Setting): Promise<Doubts | null> {
    const { stopped } = this.#options
    if (stopped?.() === true) return null
    this.#tell('sensitivity')
    return await doubtsOf(doubtedInputs(this.#scenario, setting), {
      plan: this.#plan,
      setting,
      simulate: this.#memory.simulate,
      ...(stopped === undefined ? {} : { stopped }),
    })
  }

  async #sensed(answer: Priced, drills: readonly DrillAnswer[]): Promise<readonly Sensed[]> {
    const found: Sensed[] = []
    for (const assumption of assumptionsOf(this.#scenario, answer.setting)) {
      if (this.#options.stopped?.() === true) break
      this.#tell('sensitivity')
      const sensed = await inTime(
        sense(assumption, {
          candidates: this.#candidates,
          answer,
          utilisation: drills[0]?.bottleneck?.utilisation ?? null,
          drills: this.#drills,
          simulate: this.#memory.simulate,
        }),
      )
      if (sensed === null) break
      found.push(sensed)
    }
    const effect = ({ moves, utilisationChange }: Sensed): number =>
      (moves ? 1 : 0) + Math.abs(utilisationChange ?? 0)
    return found.sort((a, b) => effect(b) - effect(a))
  }

  #tell(phase: PlanProgress['phase']): void {
    this.#options.progress?.({
      phase,
      candidates: this.#candidates.length,
      decided: this.#decided,
      runs: this.#memory.runs(),
      left: this.#left(phase),
    })
  }

  /**
   * A guess: a column is halved, two of three settings miss in normal running, walls take six
   * halvings.
   */
  #left(phase: PlanProgress['phase']): number {
    const drills = this.#drills.length
    const undecided = this.#candidates.length - this.#decided
    const found = phase !== 'search'
    const search = found ? 0 : 2 * halvings(undecided) * (1 + drills / 3)
    const answer = found ? 0 : drills * (this.#plan.seeds - 1)
    const walls = phase === 'search' || phase === 'walls' ? drills * WALL_SEEDS * 6 : 0
    if (this.#options.find === 'peak') return Math.round(search + answer + 2 * walls)
    const whatIf = phase === 'sensitivity' ? 0 : drills * WHAT_IF_ROWS
    const sensed = 2 * DOUBTED_INPUTS + drills * SENSITIVITY_ROWS
    return Math.round(search + answer + walls + whatIf + sensed)
  }

  #assembled(parts: Parts): PlanAnswer {
    const { found, subject, drills, chosen, walls } = parts
    const { scenario, seed, find, inputsOf, notModelled, backtest = null } = this.#options
    const { setting, cost } = subject.priced
    const window = windowOf(scenario, this.#plan)
    const list = walls === null ? [] : wallList(walls, { drills, plan: this.#plan, window })
    const feasible = found.answer !== null
    const peak = find === 'peak' && walls !== null ? peakOf(walls.peak, window) : null
    const timeUp = this.#options.stopped?.() === true
    const told = { feasible, timeUp, find, setting, drills, walls: list, window, peak }
    return {
      kind: find === 'peak' ? 'peak' : 'smallest',
      scenario: scenario.name,
      question: scenario.question,
      sentence: sentenceOf(told),
      feasible,
      answer: chosen?.priced.setting ?? null,
      cost: chosen === null ? null : cost,
      window,
      seed,
      seeds: drills[0]?.seeds ?? 0,
      runs: this.#memory.runs(),
      drills,
      candidates: found.tried.map((one) => candidateOf(one, found.answer)),
      search: this.#searchOf(found),
      nextCheaper: found.nextCheaper === null ? null : candidateOf(found.nextCheaper, found.answer),
      walls: list,
      peak,
      whatIf: parts.varied.map((one) => whatIfOf(one, this.#costOf(one.setting))),
      sensitivity: parts.sensed.map(sensitivityOf),
      doubts: parts.doubts,
      formulas: formulasOf(figuresOf(scenario, this.#plan, setting)),
      inputs: inputsOf(withSetting(scenario, setting)),
      belief: beliefOf({ scenario, setting, window, backtest, notModelled }),
      embedded: { format: 1, engine: ENGINE, seed, find, scenario },
    }
  }

  #costOf(setting: Setting): number | null {
    const [priced] = pricedSettings([setting], this.#scenario, this.#plan.prices)
    return priced?.cost?.perHour ?? null
  }

  #searchOf({ tried, surprises, answer }: Found): PlanAnswer['search'] {
    const timeUp = this.#options.stopped?.() === true
    const untried = tried.filter(
      ({ state, priced }) => state === 'open' && priced.rank < (answer?.priced.rank ?? Infinity),
    )
    const simulated = tried.filter(({ samples }) => runsIn(samples) > 0).length
    const ruledOut = tried.filter(({ state }) => state === 'ruled-out')
    const concluded = ruledOut.filter((one) => one.concluded).length
    const counted = ruledOut.length - concluded
    const hardware = answer === null ? undefined : hardwareOf(answer.priced.setting, this.#scenario)
    return {
      of: tried.length,
      simulated,
      ruledOut: ruledOut.length,
      notRun: tried.length - simulated - ruledOut.length,
      timeUp,
      how: howOf({
        counted,
        concluded,
        surprises,
        untried: timeUp ? untried.length : null,
        ideal: hardware?.nicBytesPerSecond === 0 && hardware.cores === 0,
      }),
    }
  }
}

interface Parts {
  readonly found: Found
  readonly subject: Tried
  readonly drills: readonly DrillAnswer[]
  readonly chosen: Tried | null
  readonly walls: Walls | null
  readonly varied: readonly Varied[]
  readonly doubts: Doubts | null
  readonly sensed: readonly Sensed[]
}

/** Times that so many can be halved. */
function halvings(count: number): number {
  let times = 0
  for (let left = count; left >= 1; left = Math.floor(left / 2)) times += 1
  return times
}
