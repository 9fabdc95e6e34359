/**
 * One run as a suite: a case for each verdict and threshold, and one for the run itself.
 */

import type { Judged, ThresholdAnswer, Verdict } from '../../scenarios/result.ts'
import type { RunAnswer } from '../answer.ts'
import { disappoints, leavesOpen } from '../conclusion.ts'
import { foundText } from '../text/measures.ts'
import { nameOf } from '../text/verdicts.ts'
import { type Thrown, thrownBy } from '../thrown.ts'
import { type Outcome, ownCase, type Remark, type Suite, type SuiteCase } from './suite.ts'

export function runSuite(answer: RunAnswer): Suite {
  const { head, judged, again } = answer
  const { result, scenario, verdicts, thresholds, sentence } = judged
  return {
    name: `${head.command} ${scenario.name}`,
    sentence,
    wallMs: head.wallMs,
    properties: [
      ['seed', String(result.case.seed)],
      ['dmqsim', head.version],
      ['node', head.node],
      ['trace', result.traceHash],
    ],
    cases: [
      ...ownCases(answer),
      ...verdicts.map((one) => verdictCase(one, result.ended === 'aborted')),
      ...thresholds.map((one) => thresholdCase(one)),
    ],
    remarks: remarksOf(judged),
    again,
  }
}

function ownCases({ judged, determinism }: RunAnswer): SuiteCase[] {
  const { result, verdicts } = judged
  const { ended, reason } = result
  const failed = ended === 'internal-error'
  const why = reason === null ? '' : `: ${reason}`
  const unfinished = failed || ended === 'time-limit' ? `the run ended with ${ended}${why}` : null
  const vacuous = verdicts.length > 0 && verdicts.every(({ verdict }) => verdict === 'vacuous')
  const differs = determinism?.same === false ? 'the same case ran differently' : null
  return [
    ownCase('the run comes to its end', unfinished, failed ? 'error' : 'failed'),
    ...(vacuous ? [ownCase('something is proved', 'no check had anything to judge')] : []),
    ...(determinism === null ? [] : [ownCase('the same case runs the same', differs, 'error')]),
  ]
}

/** A run that a threshold ended was not to prove the rest. */
function verdictCase(verdict: Verdict, aborted: boolean): SuiteCase {
  const { check, sentence, evidence, expected } = verdict
  const wish = expected === null ? [] : [`expected: ${expected}`]
  return {
    name: nameOf(verdict),
    outcome: outcomeOf(verdict, aborted),
    message: leavesOpen(verdict) && !aborted ? `nothing was proved: ${sentence}` : sentence,
    details: [...wish, ...evidence.map((one) => one.sentence)],
    about: { part: 'check', name: check },
  }
}

function outcomeOf(verdict: Verdict, aborted: boolean): Outcome {
  if (disappoints(verdict) || (leavesOpen(verdict) && !aborted)) return 'failed'
  return verdict.verdict === 'vacuous' || verdict.verdict === 'unknown' ? 'skipped' : 'passed'
}

function thresholdCase(one: ThresholdAnswer): SuiteCase {
  const { measure, rule, met } = one
  return {
    name: `${measure} ${rule}`,
    outcome: met ? 'passed' : 'failed',
    message: met ? '' : foundText(one),
    details: [],
    about: { part: 'threshold', name: measure },
  }
}

/** What handlers of the user's own threw, where the case knows their file. */
function remarksOf({ result, scenario }: Judged): Remark[] {
  return thrownBy(result).flatMap((error) => {
    const handler = scenario.consumers.find(({ group }) => group === error.group)?.handler
    const place = handler === undefined ? null : placeIn(handler.module, error)
    if (place === null) return []
    const times = error.count === 1 ? 'once' : `${error.count} times`
    const title = `The handler of ${error.group} threw`
    return [{ ...place, title, message: `${error.message} (${times})` }]
  })
}

function placeIn(
  module: string,
  { place }: Thrown,
): Pick<Remark, 'file' | 'line' | 'column'> | null {
  const match = /^(.*):(\d+):(\d+)$/.exec(place)
  if (match === null || module.split('/').at(-1) !== match[1]) return null
  return { file: module, line: Number(match[2]), column: Number(match[3]) }
}
