/**
 * A story under way: steps put down in any order, told in the order of time, each once.
 */

import { counted } from '../checks/words.ts'
import type { Verdict } from '../result.ts'
import type { Witnessed } from './account.ts'
import type { Life } from './chronicle.ts'

/** One sentence of an account. */
export interface Step {
  /** From t = 0; null for what has no moment. */
  readonly atUs: number | null
  /** Process of which it speaks first; null for the harness and the nemesis. */
  readonly process: string | null
  /** Begins small and ends without a stop. */
  readonly text: string
}

/** How one broken promise came about. */
export interface Account {
  readonly check: Verdict['check']
  readonly scope: string
  readonly kind:
    'loss' | 'unprocessed' | 'copies' | 'repeats' | 'disorder' | 'backlog' | 'truth' | 'other'
  /** Of which records or partition it is told. */
  readonly about: string
  readonly steps: readonly Step[]
  /** What it comes to. */
  readonly moral: string
}

/** A record of which a story is told. */
export interface Told {
  readonly atom: number
  readonly stream: number
  readonly index: number
}

const STEPS_MAX = 16

export class Story {
  readonly #seen: Witnessed
  readonly #steps: { step: Step; place: number }[] = []

  constructor(seen: Witnessed) {
    this.#seen = seen
  }

  /** `trueUs` is true time. */
  add(trueUs: number, process: string | null, text: string): void {
    const atUs = this.#seen.judgement.since(trueUs)
    if (this.#steps.some(({ step }) => step.text === text && step.atUs === atUs)) return
    this.#steps.push({ step: { atUs, process, text }, place: this.#steps.length })
  }

  /** The timeline's entries that took effect between two true times, and the processes' ends. */
  addTimeline(fromUs: number, untilUs: number, processes: readonly string[]): void {
    const { judgement } = this.#seen
    const { originUs } = judgement.result.phases
    for (const { kind, target, resolved, atUs, untilUs: endUs } of judgement.tookEffect()) {
      if (atUs === null || atUs + originUs > untilUs) continue
      if ((endUs ?? atUs) + originUs < fromUs) continue
      const whom = resolved ?? []
      const near = processes.length === 0 || whom.some((name) => processes.includes(name))
      if (!near && whom.length > 0 && !isWide(kind)) continue
      const who = whom.length === 1 && whom[0] === target ? '' : resolvedText(whom)
      this.add(atUs + originUs, null, `the timeline struck: ${kind} ${target}${who}`)
      if (endUs !== null && endUs + originUs <= untilUs) {
        this.add(endUs + originUs, null, `the ${kind} of ${target} was over`)
      }
    }
  }

  /** Ends and further starts of some processes between two true times. */
  addLives(fromUs: number, untilUs: number, processes: readonly string[]): void {
    for (const life of this.#seen.chronicle.lives) {
      if (life.atUs < fromUs || life.atUs > untilUs) continue
      // Boot started everybody once; that is no part of any story.
      if (life.kind === 'started' && this.#seen.judgement.since(life.atUs) <= 0) continue
      if (processes.includes(life.process)) this.add(life.atUs, life.process, lifeText(life))
    }
  }

  /** The steps in the order of time; where there are too many, the first and the last. */
  told(): readonly Step[] {
    const ordered = this.#steps.slice().sort((a, b) => {
      const byTime = (a.step.atUs ?? Infinity) - (b.step.atUs ?? Infinity)
      return byTime === 0 || Number.isNaN(byTime) ? a.place - b.place : byTime
    })
    const steps = ordered.map(({ step }) => step)
    if (steps.length <= STEPS_MAX) return steps
    const left = steps.length - STEPS_MAX + 1
    const middle = { atUs: null, process: null, text: `${left} more steps of the same kinds` }
    return [...steps.slice(0, STEPS_MAX / 2), middle, ...steps.slice(-STEPS_MAX / 2 + 1)]
  }
}

/** Faults and operations that touch more than the hosts they name. */
function isWide(kind: string): boolean {
  return ['cut', 'hold', 'slow-link', 'reset', 'add-partitions', 'elect-leader'].includes(kind)
}

const RESOLVED_SHOWN = 3

function resolvedText(resolved: readonly string[]): string {
  if (resolved.length === 0) return ''
  const shown = resolved.slice(0, RESOLVED_SHOWN).map(spoken).join(', ')
  const more = resolved.length - RESOLVED_SHOWN
  return ` (${shown}${more > 0 ? ` and ${more} more` : ''})`
}

const ends: Readonly<Record<string, string>> = {
  crash: 'died: its sockets closed, what its page cache held stays',
  'power-loss': 'lost power: what was not synced is gone',
  stopped: 'was stopped',
}

function lifeText({ process, kind, reason, incarnation }: Life): string {
  const name = spoken(process)
  if (kind === 'stopped') return `${name} ${ends[reason] ?? `ended by itself: ${reason}`}`
  return incarnation === 1 ? `${name} started` : `${name} came back (start ${incarnation})`
}

/** `broker-1` as people say it. */
export function spoken(process: string): string {
  const match = /^(broker|zookeeper)-(\d+)$/.exec(process)
  return match === null ? process : `${match[1]} ${match[2]}`
}

export function brokerProcess(broker: number): string {
  return `broker-${broker}`
}

/** The record that a piece of evidence names first, or the nth of its names. */
export function recordOf({ judgement }: Witnessed, verdict: Verdict, nth: number = 0): Told | null {
  for (const { records } of verdict.evidence) {
    const [stream, index] = (records[nth] ?? '').split(':').map(Number)
    if (stream === undefined || index === undefined || !judgement.atoms.has(stream, index, 1)) {
      continue
    }
    return { atom: judgement.atoms.at(stream, index), stream, index }
  }
  return null
}

/** Whether a row of a table of ranges speaks of a record. */
export function covers(
  { stream, index, count }: { stream: number; index: number; count: number },
  told: Told,
): boolean {
  return stream === told.stream && index <= told.index && told.index < index + count
}

/** `the first of 18 records` */
export function ofMany(count: number, noun: string): string {
  return count === 1 ? `the one ${noun}` : `the first of ${counted(count, noun)}`
}
