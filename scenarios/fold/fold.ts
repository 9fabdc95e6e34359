/**
 * Folding: what is over, and about which nothing can be asked any more, leaves the history.
 *
 * A range of a stream is over when it was sent once and acknowledged, processed once to the end by
 * each group that reads it, in order, and deleted by retention as promised. Then its rows become
 * part of one row of its stream, and sums over time take what measures want of them. Whatever does
 * not fit stays as it is, and everything behind it in its stream: so verdicts are those of the
 * whole history. Looks at the tables between events: the run is the same with and without.
 */

import { type History, Outcome } from '../../model/history.ts'
import { numberOf } from '../checks/configuration.ts'
import type { Scenario } from '../schema/scenario.ts'
import type { Truth } from '../truth/truth.ts'
import { SendChains } from './chains.ts'
import { Deletions, promises } from './deletions.ts'
import { drop } from './dropping.ts'
import { foldableEnds, type Readers } from './ends.ts'
import { settledProcessing, settledSend } from './settled.ts'
import { FoldedSilences } from './silences.ts'
import { FoldedSums } from './sums.ts'
import { Taking } from './taking.ts'

/** What a run with a folded history has beside its rows. */
export interface Folded {
  readonly sums: FoldedSums
  readonly silences: FoldedSilences
}

export interface FoldOptions {
  readonly scenario: Scenario
  readonly history: History
  readonly truth: Truth
  /** Names of topics by number. */
  readonly topics: readonly string[]
  /** True time of t = 0. */
  readonly originUs: number
}

/** A history is folded every two minutes, and so many times at least. */
const SWEEP_US_MAX = 120_000_000
const SWEEPS_MIN = 20
/**
 * A sweep looks at all rows: it waits until there are so many times those that the last one left.
 */
const GROWTH = 2
/** Below so many it does not wait. */
const ROWS_MIN = 20_000

/** delivery.timeout.ms: 2 minutes by default. */
const DELIVERY_TIMEOUT_MS = 120_000
const MARGIN_MS = 10_000

export class Fold {
  readonly #options: FoldOptions
  readonly #promised: readonly number[]
  readonly #readers: Readers
  readonly #settleUs: number
  readonly #everyUs: number
  #dueUs: number
  #dueRows = 0
  readonly #sums: FoldedSums
  readonly #silences = new FoldedSilences()
  readonly #taking: Taking
  /** Records of each stream that are folded. */
  #folded: Float64Array = new Float64Array(0)

  constructor(options: FoldOptions) {
    const { scenario, history, topics, originUs } = options
    const { durationUs, drainLimitUs, measureFromUs } = scenario
    const groups = scenario.consumers.map(({ group }) => group)
    const places: (number | undefined)[] = []
    groups.forEach((group, place) => (places[history.name(group)] = place))
    this.#options = options
    this.#promised = promises(scenario, topics)
    this.#readers = { places, groups: groups.length, ofTopic: readersOf(scenario, topics) }
    this.#settleUs = settleUs(scenario)
    this.#everyUs = Math.min(SWEEP_US_MAX, Math.ceil(durationUs / SWEEPS_MIN))
    this.#dueUs = originUs + this.#everyUs
    const measuredFromUs = measureFromUs === undefined ? -Infinity : originUs + measureFromUs
    this.#sums = new FoldedSums({ originUs, loadUs: durationUs, drainUs: drainLimitUs, groups })
    const sums = this.#sums
    this.#taking = new Taking({ history, sums, groups, topics, places, measuredFromUs })
  }

  /** Sends that were folded. */
  get folded(): number {
    return this.#sums.sends
  }

  /** Time goes on: now and then what is over is folded. */
  look(nowUs: number): void {
    const { sends } = this.#options.history
    if (nowUs < this.#dueUs || sends.length < this.#dueRows) return
    this.sweep(nowUs)
    this.#dueUs = nowUs + this.#everyUs
    this.#dueRows = sends.length < ROWS_MIN ? 0 : GROWTH * sends.length
  }

  /** Folds what is over by now. */
  sweep(nowUs: number): void {
    const { history, truth } = this.#options
    this.#silences.take(history, nowUs - this.#settleUs)
    const deletions = new Deletions(truth, this.#promised)
    if (!deletions.any) return
    const before = new Float64Array(history.streams.length)
    before.set(this.#folded)
    const sends = new SendChains(history, before, (row) => this.#isOver(row, deletions))
    const ends = foldableEnds(history, sends, before, this.#readers)
    this.#taking.take(sends, { before, ends })
    drop(history, { before, ends }, deletions)
    this.#folded = ends
    const needed = neededFrom(history)
    truth.forget((partition) => needed[partition] ?? Infinity)
  }

  /** The end: one row stands for what was folded of each stream. */
  seal(): Folded {
    const { history } = this.#options
    const { effectRanges, effects, retold, sends } = history
    for (let row = 0; row < retold.length; row += 1) {
      retold.data.send[row] = sends.rowOf(retold.get('send', row))
    }
    for (let range = 0; range < effectRanges.length; range += 1) {
      effectRanges.data.effect[range] = effects.rowOf(effectRanges.get('effect', range))
    }
    for (let stream = 0; stream < this.#folded.length; stream += 1) {
      const first = this.#taking.firsts[stream]
      if (first === undefined) continue
      settledSend(history, stream, this.#folded[stream] as number, first)
      for (const processed of this.#taking.firstProcessed) {
        const processing = processed[stream]
        if (processing === undefined) continue
        settledProcessing(history, stream, this.#folded[stream] as number, processing)
      }
    }
    return { sums: this.#sums, silences: this.#silences }
  }

  #isOver(row: number, deletions: Deletions): boolean {
    const { data } = this.#options.history.sends
    if (data.outcome[row] !== Outcome.ok || data.attempt[row] !== 0) return false
    if ((data.endedUs[row] as number) > this.#silences.untilUs) return false
    if ((data.partition[row] as number) < 0 || (data.offset[row] as number) < 0) return false
    return deletions.tookAll(data, row)
  }
}

/** Nothing that was sent so long ago is still under way. */
function settleUs({ producers }: Scenario): number {
  let most = 0
  for (const { config } of producers) {
    most = Math.max(most, numberOf(config, 'delivery.timeout.ms', DELIVERY_TIMEOUT_MS))
  }
  return (most + MARGIN_MS) * 1000
}

/** By topic, the places of the groups that read it. */
function readersOf({ consumers }: Scenario, topics: readonly string[]): number[][] {
  return topics.map((topic) =>
    consumers.flatMap((consumer, place) => (consumer.topics.includes(topic) ? [place] : [])),
  )
}

/** By partition, the least offset at which a send stands that was acknowledged and not folded. */
function neededFrom({ sends }: History): readonly (number | undefined)[] {
  const { partition, offset, outcome } = sends.data
  const least: number[] = []
  for (let row = 0; row < sends.length; row += 1) {
    const of = partition[row] as number
    if (outcome[row] !== Outcome.ok || of < 0) continue
    const at = offset[row] as number
    const known = least[of]
    if (known === undefined || at < known) least[of] = at
  }
  return least
}
