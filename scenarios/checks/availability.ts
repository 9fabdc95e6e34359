/**
 * availability: after the heal every partition takes a write again.
 *
 * all: judged on the second step of the drain, one write with acks=all to each partition. A run
 * that could not settle names the reason from the closed list of the drain; each of those is a
 * state that Kafka itself does not leave by its own power. whole: `wholeness.ts`. before, during,
 * after: the share of sends that were answered in a phase and the longest time without an answer.
 */

import { Outcome } from '../../model/history.ts'
import type { Evidence } from '../result.ts'
import type { Check } from './check.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { judgeWhole } from './wholeness.ts'
import { be, counted, grouped, seconds } from './words.ts'

export const availability: Check = {
  name: 'availability',
  statement:
    'After the heal every partition takes a write with acks=all again (all) and the cluster ' +
    'is whole: brokers registered, replicas in sync, groups stable (whole); before the first fault, ' +
    'under faults and after the heal every send is answered (before, during, after).',
  promise:
    'all, whole: unless the cluster cannot settle for a reason that the drain names. Before the first ' +
    'fault and once writes are taken again; not under faults.',
  scopes: () => ['all', 'whole', 'before', 'during', 'after'],
  judge(judgement, scope) {
    if (scope === 'all') return judgeAvailability(judgement)
    return scope === 'whole' ? judgeWhole(judgement) : judgePhase(judgement, scope as PhaseName)
  },
}

type PhaseName = 'before' | 'during' | 'after'

interface Phase {
  /** In true time. */
  readonly fromUs: number
  readonly untilUs: number
  readonly words: string
  readonly excuse: string | null
}

function phaseOf(judgement: Judgement, name: PhaseName): Phase {
  const { phases } = judgement.result
  const { originUs } = phases
  const strikes = judgement.tookEffect().map(({ atUs }) => atUs ?? Infinity)
  const firstUs = originUs + Math.min(phases.healUs, ...strikes)
  const healUs = originUs + phases.healUs
  if (name === 'before') {
    const words = 'before the first fault'
    return { fromUs: originUs, untilUs: firstUs, words, excuse: null }
  }
  if (name === 'during') {
    const words = 'from the first fault to the heal'
    return { fromUs: firstUs, untilUs: healUs, words, excuse: 'not promised: faults lasted' }
  }
  const wroteUs = phases.wroteUs === null ? Infinity : originUs + phases.wroteUs
  const words = 'after writes were taken again'
  return { fromUs: wroteUs, untilUs: Infinity, words, excuse: null }
}

function judgePhase(judgement: Judgement, name: PhaseName): Finding {
  const phase = phaseOf(judgement, name)
  const { data, length } = judgement.result.history.sends
  const breaches = new Tally()
  const silence = new Silence(judgement, phase)
  let [sent, answered, open] = [0, 0, 0]
  for (let row = 0; row < length; row += 1) {
    if (!belongs(judgement, { phase, name, row })) continue
    const count = data.count[row] as number
    const outcome = data.outcome[row] as Outcome
    sent += count
    silence.took(data.endedUs[row] as number, outcome === Outcome.ok)
    if (outcome === Outcome.ok) answered += count
    else if (isUnderWay(judgement, name, outcome)) open += count
    else breaches.add('not answered', count, phase.excuse, () => unanswered(judgement, row))
  }
  const promised = phase.excuse === null
  if (sent === 0) return vacuous(promised, `Nothing was sent ${phase.words}`)
  const share =
    `${grouped(answered)} of ${counted(sent, 'record')} sent ${phase.words} ${be(answered)} ` +
    `acknowledged; the longest silence was ${seconds(silence.longestUs())}`
  if (breaches.count > 0) return breaches.broken(share)
  return open > 0 ? unknown(promised, share) : kept(promised, share)
}

interface OfPhase {
  readonly phase: Phase
  readonly name: PhaseName
  readonly row: number
}

/** By when it was sent; what the first fault met on its way belongs to the phase of the faults. */
function belongs({ result }: Judgement, { phase, name, row }: OfPhase): boolean {
  const { data } = result.history.sends
  const invokedUs = data.invokedUs[row] as number
  const endedUs = data.endedUs[row] as number
  if (invokedUs >= phase.untilUs) return false
  if (invokedUs >= phase.fromUs) return name !== 'before' || !isMet(result, phase, endedUs)
  return name === 'during' && phase.fromUs < phase.untilUs && endedUs >= phase.fromUs
}

/** Whether the first fault came before a send had ended. */
function isMet({ phases }: Judgement['result'], { untilUs }: Phase, endedUs: number): boolean {
  return endedUs >= untilUs && untilUs < phases.originUs + phases.healUs
}

/** Whether the run ended before a send after the heal could be answered. */
function isUnderWay({ result }: Judgement, name: PhaseName, outcome: Outcome): boolean {
  return name === 'after' && outcome === Outcome.open && result.ended !== 'drained'
}

/** The longest time in a phase without an answer, up to the end of its last send. */
class Silence {
  readonly #phase: Phase
  readonly #endUs: number
  readonly #answers: number[] = []
  #inOrder = true
  #lastUs = -Infinity

  constructor({ result }: Judgement, phase: Phase) {
    this.#phase = phase
    this.#endUs = Math.min(phase.untilUs, result.phases.originUs + result.phases.endUs)
  }

  took(endedUs: number, answered: boolean): void {
    const us = Math.min(endedUs, this.#endUs)
    if (answered) {
      this.#inOrder &&= us >= (this.#answers.at(-1) ?? -Infinity)
      this.#answers.push(us)
    }
    this.#lastUs = Math.max(this.#lastUs, us)
  }

  longestUs(): number {
    const answers = this.#answers
    if (!this.#inOrder) answers.sort((left, right) => left - right)
    let [longest, before] = [0, this.#phase.fromUs]
    for (const us of answers) {
      longest = Math.max(longest, us - before)
      before = us
    }
    return Math.max(longest, this.#lastUs - before)
  }
}

function unanswered(judgement: Judgement, row: number): Evidence {
  const { names, sends } = judgement.result.history
  const { data } = sends
  const atUs = judgement.since(data.invokedUs[row] as number)
  const word = data.outcome[row] === Outcome.failed ? 'failed' : 'had no answer'
  return {
    sentence: `a send of ${names[data.process[row] as number]} at ${seconds(atUs)} ${word}`,
    atUs,
    partition: null,
    offset: null,
    records: [`${data.stream[row]}:${data.index[row]}`],
  }
}

function judgeAvailability(judgement: Judgement): Finding {
  const { ended, reason, phases } = judgement.result
  const { wroteUs, healUs } = phases
  if (wroteUs !== null) {
    return {
      verdict: 'kept',
      promised: true,
      count: 0,
      sentence: `Every partition took writes ${soon(wroteUs - healUs)}`,
      mechanism: 'kept',
      evidence: answered(judgement),
    }
  }
  if (ended !== 'stuck') return unknown(true, 'The run ended before every partition took a write')
  const breach = new Tally()
  const excuse = reason === null ? null : `not promised: ${reason}`
  breach.add(reason ?? 'stuck without a reason', 1, excuse, () => ({
    sentence: `the cluster did not settle after the heal at ${seconds(healUs)}`,
    atUs: healUs,
    partition: null,
    offset: null,
    records: [],
  }))
  const why = reason === null ? '' : `: ${reason}`
  return breach.broken(`After the heal not every partition took a write${why}`)
}

/** Records acknowledged of those sent, before the first fault, under faults and after them. */
function answered(judgement: Judgement): readonly Evidence[] {
  const { history, phases } = judgement.result
  const { data, length } = history.sends
  const strikes = judgement.tookEffect().map(({ atUs }) => atUs ?? Infinity)
  const firstUs = Math.min(phases.healUs, ...strikes)
  const sent = [0, 0, 0]
  const acknowledged = [0, 0, 0]
  for (let row = 0; row < length; row += 1) {
    const at = judgement.since(data.invokedUs[row] as number)
    const phase = at < firstUs ? 0 : at < phases.healUs ? 1 : 2
    const count = data.count[row] as number
    sent[phase] = (sent[phase] as number) + count
    if (data.outcome[row] === 1) acknowledged[phase] = (acknowledged[phase] as number) + count
  }
  const names = ['before the first fault', 'from the first fault to the heal', 'after the heal']
  return names.flatMap((name, phase) => {
    const of = sent[phase] as number
    const ok = acknowledged[phase] as number
    if (of === 0) return []
    return {
      sentence: `${grouped(ok)} of ${counted(of, 'record')} sent ${name} ${be(ok)} acknowledged`,
      atUs: null,
      partition: null,
      offset: null,
      records: [],
    }
  })
}

/** How long after the heal, in words. */
function soon(us: number): string {
  return us < 1000 ? 'from the heal on' : `${seconds(us)} after the heal`
}
