/**
 * Ties of a run: two things that happened at once, and of which the seed said which came first.
 *
 * Seen from where the trace is folded, so that a run that is not watched pays nothing. What the
 * first of two events led to at that time is no tie: it could not have come before it.
 */

import type { Tie } from '../../sim/schedule.ts'
import { type TraceEvent, TraceHash, type TraceSink } from '../../sim/trace.ts'
import { spoken } from './story.ts'

/** One side of a tie, with what was told of it. */
export interface TieSide {
  readonly lane: number
  readonly process: string
  readonly kind: TraceEvent['kind']
  readonly name: string
  readonly from?: string
}

/** Two events of one time that followed each other, neither the cause of the other. */
export interface MetTie extends Tie {
  readonly first: TieSide
  readonly second: TieSide
}

interface Folded {
  readonly sequence: number
  readonly time: number
  readonly side: TieSide
}

/** Takes the place of the trace's hash in a run, and gives the same hash. */
export class TieWatch extends TraceHash implements TraceSink {
  readonly #near: (atUs: number) => boolean
  readonly ties: MetTie[] = []
  #told: TraceEvent | null = null
  #before: Folded | null = null

  /** Keeps the ties of times that are `near`. */
  constructor(near: (atUs: number) => boolean) {
    super()
    this.#near = near
  }

  event(event: TraceEvent): void {
    // What an event leads to at once is told after it.
    this.#told ??= event
  }

  probe(): void {}

  override fold(time: number, lane: number, handler: number, digest: number): void {
    super.fold(time, lane, handler, digest)
    const told = this.#told
    this.#told = null
    const before = this.#before
    if (told === null) {
      this.#before = null
      return
    }
    const { sequence, cause, process, kind, name, from } = told
    const side = { lane, process, kind, name, ...(from === undefined ? {} : { from }) }
    this.#before = { sequence, time, side }
    if (before === null || before.time !== time || before.side.lane === lane) return
    if (cause >= before.sequence || !this.#near(time)) return
    const lanes = [before.side.lane, lane] as const
    this.ties.push({ atUs: time, lanes, first: before.side, second: side })
  }
}

const TIES_MAX = 20

/** Where ties are looked for: moments of true time, and who the account speaks of. */
export interface TiePlaces {
  readonly moments: readonly number[]
  readonly processes: ReadonlySet<string>
}

/**
 * The ties most likely to matter, at most so many: of one process of the account before others of
 * one process, then between two of the account; the nearest to a moment first.
 */
export function likelyTies(ties: readonly MetTie[], places: TiePlaces): readonly MetTie[] {
  const ranked = ties.flatMap((tie, place) => {
    const rank = rankOf(tie, places.processes)
    return rank === null ? [] : [{ tie, place, rank, away: awayOf(tie, places.moments) }]
  })
  ranked.sort((a, b) => a.rank - b.rank || a.away - b.away || a.place - b.place)
  return ranked.slice(0, TIES_MAX).map(({ tie }) => tie)
}

/** Two events of unconcerned processes change places without anybody noticing. */
function rankOf({ first, second }: MetTie, processes: ReadonlySet<string>): number | null {
  const told = Number(processes.has(first.process)) + Number(processes.has(second.process))
  if (first.process === second.process) return told > 0 ? 0 : 1
  return told === 2 ? 2 : null
}

function awayOf({ atUs }: MetTie, moments: readonly number[]): number {
  return Math.min(...moments.map((moment) => Math.abs(moment - atUs)))
}

/**
 * `at broker 2 the ProduceRequest from order-service-1 comes before the FetchRequest from broker 1`
 */
export function flippedText({ first, second }: MetTie): string {
  const [one, other] = [sideText(second), sideText(first)]
  if (first.process === second.process) {
    return `at ${spoken(first.process)} ${one} comes before ${other}, not after it`
  }
  return (
    `${one} at ${spoken(second.process)} comes before ${other} at ${spoken(first.process)}, ` +
    `not after it`
  )
}

function sideText({ kind, name, process, from }: TieSide): string {
  switch (kind) {
    case 'message':
      return from === undefined || from === process
        ? `the ${name}`
        : `the ${name} from ${spoken(from)}`
    case 'timer':
      return `the timer ${name}`
    case 'done':
      return `the end of ${name}`
    case 'opened':
      return `the connection with ${spoken(name)}`
    case 'closed':
      return `the end of a connection (${name})`
    case 'fault':
      return `the ${name}`
    case 'start':
      return 'its start'
    case 'stop':
      return `its end (${name})`
  }
}
