/**
 * Judging a run: every check that the scenario names, the measures, and one plain sentence.
 */

import { checkNamed } from './checks/checks.ts'
import { ifJudged } from './checks/ended-early.ts'
import type { Finding } from './checks/finding.ts'
import { Judgement } from './checks/judgement.ts'
import { verdictOf } from './checks/verdict.ts'
import { listed } from './checks/words.ts'
import { measure } from './measures/measures.ts'
import { answerThresholds } from './measures/thresholds.ts'
import type { Judged, Result, Verdict } from './result.ts'
import type { CheckName } from './schema/scenario.ts'

export interface JudgeOptions {
  /** False leaves out series, latencies and figures of groups, for many runs. */
  readonly series?: boolean
  /** True adds the peaks of each partition to the figures of groups. */
  readonly partitions?: boolean
}

interface Found {
  readonly scope: string
  readonly finding: Finding
}

export function judge(result: Result, options: JudgeOptions = {}): Judged {
  const judgement = new Judgement(result)
  const { scenario } = judgement
  const findings = new Map<CheckName, readonly Found[]>()
  const found = (name: CheckName): readonly Found[] => {
    let made = findings.get(name)
    if (made === undefined) {
      const check = checkNamed(name)
      made = check.scopes(judgement).map((scope) => ({
        scope,
        finding: ifJudged(judgement, name, check.judge(judgement, scope)),
      }))
      findings.set(name, made)
    }
    return made
  }
  const verdicts = scenario.checks.flatMap((name) =>
    found(name).map(({ scope, finding }) => verdictOf(judgement, checkNamed(name), scope, finding)),
  )
  return {
    result,
    scenario,
    verdicts,
    measures: measure(judgement, found, {
      series: options.series ?? true,
      partitions: options.partitions ?? false,
    }),
    thresholds: answerThresholds(judgement, found),
    sentence: sentenceOf(result, verdicts),
  }
}

/** What matters most: a promise that broke, what else broke, what is open, or all that held. */
function sentenceOf(result: Result, verdicts: readonly Verdict[]): string {
  if (result.ended === 'internal-error') {
    return `The simulator failed: ${result.reason ?? 'no reason was given'}.`
  }
  const surprising = verdicts.find((one) => one.verdict === 'broken' && !one.asExpected)
  if (surprising !== undefined) return surprising.sentence
  if (result.ended === 'aborted') return `A threshold ended the run early: ${result.reason}.`
  const broken = verdicts.filter((one) => one.verdict === 'broken')
  const demanded = broken.find(({ expected }) => expected === 'breaks')
  if (demanded !== undefined) return demanded.sentence
  const open = verdicts.find((one) => one.verdict === 'unknown')
  if (open !== undefined) return open.sentence
  // What may break is told after what the scenario was run for.
  const [allowed] = broken
  if (allowed === undefined) return keptSentence(verdicts)
  if (!verdicts.some(({ verdict }) => verdict === 'kept')) return allowed.sentence
  return `${withoutStop(keptSentence(verdicts))}, although ${allowed.sentence}`
}

/**
 * Clauses of the sentence when nothing broke; truth and the rest follow in the table. `whole` are
 * the kept ones of checks of which no scope broke: only of them can the check as a whole be told.
 */
const clauses: readonly ((kept: readonly Verdict[], whole: readonly Verdict[]) => string | null)[] =
  [
    (_, whole) => together(whole, 'refusals', 'what must be refused was refused'),
    noLossClause,
    (_, whole) => together(whole, 'effects-once', 'each effect happened once'),
    (_, whole) => together(whole, 'order-by-key', 'the records of each key kept their order'),
    (_, whole) => together(whole, 'transaction-atomicity', 'no transaction was seen in part'),
    (_, whole) => together(whole, 'anomalies', 'clients saw no anomaly'),
    (_, whole) => together(whole, 'backlog-drains', 'every group got through its backlog'),
  ]

function keptSentence(verdicts: readonly Verdict[]): string {
  const kept = verdicts.filter(({ verdict }) => verdict === 'kept')
  const [first] = kept.length > 0 ? kept : verdicts
  if (first === undefined) return 'Nothing was judged.'
  const whole = kept.filter(
    ({ check }) => !verdicts.some((one) => one.check === check && one.verdict === 'broken'),
  )
  const told = clauses.flatMap((clause) => (kept.length > 0 ? (clause(kept, whole) ?? []) : []))
  if (told.length === 0) return first.sentence
  const [start, ...rest] = told as [string, ...string[]]
  const later = rest.map((clause) =>
    clause.replace(/^(Every|The|No|Each) /, (word) => word.toLowerCase()),
  )
  return `${[start.charAt(0).toUpperCase() + start.slice(1), ...later].join('; ')}.`
}

function noLossClause(kept: readonly Verdict[]): string | null {
  const [first, ...others] = kept.filter(({ check }) => check === 'no-loss')
  if (first === undefined) return null
  if (others.length === 0 || first.scope !== 'stored') return withoutStop(first.sentence)
  const groups = others.map(({ scope }) => scope.replace('processed:', ''))
  return `${withoutStop(first.sentence)} and was processed by ${listed(groups)}`
}

/** One clause for all scopes of a check; its own sentence where there is one scope. */
function together(kept: readonly Verdict[], name: CheckName, clause: string): string | null {
  const [first, ...others] = kept.filter(({ check }) => check === name)
  if (first === undefined) return null
  return others.length === 0 ? withoutStop(first.sentence) : clause
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}

/**
 * The exit code of one run (design §8), the first that applies: 70 internal error, 1 a promise
 * broken, 4 nothing proved, 99 a threshold missed, 124 time limit.
 */
export function exitCodeOf(judged: Judged): 0 | 1 | 4 | 70 | 99 | 124 {
  const { ended } = judged.result
  const { verdicts, thresholds } = judged
  if (ended === 'internal-error') return 70
  if (verdicts.some((one) => one.verdict === 'broken' && !one.asExpected)) return 1
  // What was ended early was not to prove anything more.
  if (ended !== 'aborted' && provesNothing(verdicts)) return 4
  if (thresholds.some(({ met }) => !met)) return 99
  return ended === 'time-limit' ? 124 : 0
}

/** A wish that the run left open, or nothing but vacuous answers. */
function provesNothing(verdicts: readonly Verdict[]): boolean {
  if (verdicts.length > 0 && verdicts.every(({ verdict }) => verdict === 'vacuous')) return true
  return verdicts.some(({ verdict, expected, promised }) => {
    if (verdict === 'vacuous') return expected === 'kept'
    if (verdict !== 'unknown') return false
    return expected === 'kept' || (expected === null && promised)
  })
}
