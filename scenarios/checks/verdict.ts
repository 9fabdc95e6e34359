/**
 * From what a check found to its verdict: held against the run's end and the scenario's wish.
 *
 * A scenario's expectation decides; without one, a breach of something promised is not as
 * expected. `breaks` and `may-break` are never contradicted by one run: the first is a statement
 * about an exploration.
 */

import type { Verdict } from '../result.ts'
import type { Expectation } from '../schema/scenario.ts'
import type { Check } from './check.ts'
import { type Finding, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'

export function verdictOf(
  judgement: Judgement,
  check: Check,
  scope: string,
  found: Finding,
): Verdict {
  const finding = settled(judgement, found)
  const expected = expectationOf(judgement, check.name, scope)
  const { verdict, promised, count, evidence, mechanism } = finding
  const broken = verdict === 'broken'
  return {
    check: check.name,
    scope,
    verdict,
    expected,
    promised,
    asExpected: !broken || (expected === null ? !promised : expected !== 'kept'),
    count,
    sentence: `${finding.sentence}.`,
    signature: `${check.name} ${scope}: ${mechanism}`,
    evidence,
  }
}

/** A run that failed by itself shows nothing, and one without a fault shows nothing of faults. */
function settled(judgement: Judgement, finding: Finding): Finding {
  if (judgement.result.ended === 'internal-error') {
    return unknown(finding.promised, 'The simulator failed during the run')
  }
  if (finding.verdict !== 'kept' || !isQuiet(judgement)) return finding
  return vacuous(finding.promised, `${finding.sentence}, but no fault overlapped the load`)
}

/** Whether faults were meant and none of them took effect before the load ended. */
function isQuiet(judgement: Judgement): boolean {
  const { result, scenario } = judgement
  if (result.case.timeline.length === 0 && scenario.swarm === undefined) return false
  return !judgement.tookEffect().some(({ atUs }) => (atUs ?? Infinity) <= result.phases.healUs)
}

/** `check:scope` if the scenario names it, or the nearest wider name. */
function expectationOf(judgement: Judgement, check: string, scope: string): Expectation | null {
  const { expect } = judgement.scenario
  let name = `${check}:${scope}`
  for (;;) {
    const expectation = expect[name]
    if (expectation !== undefined) return expectation
    const colon = name.lastIndexOf(':')
    if (colon === -1) return null
    name = name.slice(0, colon)
  }
}
