/**
 * Verdicts of one check that say the same good thing, gathered into one line: a check with fifteen
 * scopes that all held must not push what broke off the page.
 *
 * Gathered is what was kept or had nothing to judge, two scopes and more. What broke, is open, or
 * was wanted otherwise stands alone.
 */

import type { Verdict } from '../scenarios/result.ts'
import { leavesOpen } from './conclusion.ts'
import { fullStop } from './sentence.ts'

export interface Gathering {
  readonly check: string
  /** Vacuous where nothing was kept. */
  readonly verdict: 'kept' | 'vacuous'
  readonly kept: readonly Verdict[]
  readonly vacuous: readonly Verdict[]
  /** One or two sentences for all of them. */
  readonly sentence: string
}

/** A verdict that stands alone, or several in one. */
export type Line = { readonly alone: Verdict } | { readonly together: Gathering }

const GATHERED_FROM = 2

/** Lines in the order of the checks; within one what is gathered comes last. */
export function gathered(verdicts: readonly Verdict[]): readonly Line[] {
  const checks = [...new Set(verdicts.map((one) => one.check))]
  return checks.flatMap((check) => linesOf(verdicts.filter((one) => one.check === check)))
}

function linesOf(scopes: readonly Verdict[]): Line[] {
  const settled = settledOf(scopes)
  if (settled.length < GATHERED_FROM) return scopes.map((alone) => ({ alone }))
  const loud = scopes.filter((one) => !settled.includes(one)).map((alone): Line => ({ alone }))
  return [...loud, { together: gatheringOf(settled) }]
}

function settledOf(scopes: readonly Verdict[]): readonly Verdict[] {
  const quiet = scopes.filter(
    (one) => (one.verdict === 'kept' || one.verdict === 'vacuous') && !leavesOpen(one),
  )
  // A break that did not come is worth a line of its own, unless none of them came.
  if (quiet.every((one) => one.expected === 'breaks')) return quiet
  return quiet.filter((one) => one.expected !== 'breaks')
}

function gatheringOf(scopes: readonly Verdict[]): Gathering {
  const kept = scopes.filter((one) => one.verdict === 'kept')
  const vacuous = scopes.filter((one) => one.verdict === 'vacuous')
  const check = scopes[0]?.check ?? ''
  const said = [keptSentence(check, kept), vacuousSentence(check, vacuous, kept.length > 0)]
  return {
    check,
    verdict: kept.length > 0 ? 'kept' : 'vacuous',
    kept,
    vacuous,
    sentence: said.filter((sentence) => sentence !== '').join(' '),
  }
}

/** Checks whose scopes are properties with names. */
const named: Readonly<Record<string, string>> = {
  truth: 'Every invariant of the cluster held throughout',
  anomalies: 'Clients saw none of these',
}

/** Checks whose scopes ask different questions: each answer is told. */
const different: ReadonlySet<string> = new Set(['availability', 'fencing', 'transaction-atomicity'])

function keptSentence(check: string, kept: readonly Verdict[]): string {
  const [first, ...others] = kept
  if (first === undefined) return ''
  const properties = named[check]
  if (properties !== undefined) return `${properties}: ${scopesOf(kept)}.`
  if (different.has(check)) return kept.map(({ sentence }) => fullStop(sentence)).join(' ')
  const sentence = fullStop(first.sentence)
  return others.length === 0 ? sentence : `${sentence} Likewise ${scopesOf(others)}.`
}

/** Why there was nothing to judge; scopes with the same reason in one. */
function vacuousSentence(check: string, vacuous: readonly Verdict[], beside: boolean): string {
  const reasons = [...new Set(vacuous.map(({ sentence }) => fullStop(sentence)))]
  if (!beside && reasons.length === 1 && named[check] === undefined) return reasons[0] ?? ''
  return reasons
    .map((reason) => {
      const scopes = vacuous.filter(({ sentence }) => fullStop(sentence) === reason)
      return `Not judged: ${scopesOf(scopes)}. ${reason}`
    })
    .join(' ')
}

function scopesOf(verdicts: readonly Verdict[]): string {
  return verdicts.map(({ scope }) => scope).join(', ')
}
