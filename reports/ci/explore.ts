/**
 * An exploration as a suite: a case for each check, with the failures that were kept of it.
 */

import type { ExploreAnswer, KeptFailure } from '../answer.ts'
import { needsProof, undecided } from '../conclusion.ts'
import { type CheckTally, checkTallies, failureGroups, missingProbes } from '../tally.ts'
import { counted as count, grouped, percent } from '../text/numbers.ts'
import { explorationSentence } from '../text/phrases.ts'
import { nameOf } from '../text/verdicts.ts'
import { type Outcome, ownCase, type Suite, type SuiteCase } from './suite.ts'

export function exploreSuite(answer: ExploreAnswer): Suite {
  const { head, exploration, again } = answer
  const { scenario, seed, runs } = exploration
  return {
    name: `${head.command} ${scenario.name}`,
    sentence: explorationSentence(exploration),
    wallMs: head.wallMs,
    properties: [
      ['seed', String(seed)],
      ['runs', String(runs.length)],
      ['dmqsim', head.version],
      ['node', head.node],
    ],
    cases: [...ownCases(answer), ...checkTallies(exploration).map((one) => caseOf(one, answer))],
    remarks: [],
    again,
  }
}

function ownCases({ exploration, stopped, runsAsked, baseline }: ExploreAnswer): SuiteCase[] {
  const { runs, determinism } = exploration
  const failed = runs.filter(({ ended }) => ended === 'internal-error')
  const [first] = failed
  const error =
    first === undefined
      ? null
      : `dmqsim failed in ${count(failed.length, 'run')}, first in run ${first.index}: ${first.reason ?? 'no reason was given'}`
  const different = determinism.different.join(', ')
  const missing = missingProbes(exploration)
  const short = stopped === 'time' && runsAsked !== null
  const nothing = checkTallies(exploration).every(undecided)
  return [
    ownCase('dmqsim runs every case', error, 'error'),
    ...(determinism.checked === 0 && different === ''
      ? []
      : [
          ownCase(
            'the same case runs the same',
            different === '' ? null : `another hash the second time in run ${different}`,
            'error',
          ),
        ]),
    ...(nothing ? [ownCase('something is proved', 'no check could tell in any run')] : []),
    ...(exploration.scenario.requiredProbes.length === 0
      ? []
      : [
          ownCase(
            'required probes are reached',
            missing.length === 0 ? null : `never reached: ${missing.join(', ')}`,
          ),
        ]),
    ...(short ? [ownCase('the runs fit into the time', `time was up after ${runs.length}`)] : []),
    ...(baseline === null ? [] : [baselineCase(baseline)]),
  ]
}

function baselineCase({
  baseline,
  fresh,
  known,
  gone,
}: NonNullable<ExploreAnswer['baseline']>): SuiteCase {
  const summary = `${fresh.length} new, ${known.length} known, ${gone.length} not seen again`
  return {
    name: `nothing breaks that ${baseline.file} does not know`,
    outcome: fresh.length === 0 ? 'passed' : 'failed',
    message: summary,
    details: [
      ...fresh.map((one) => `new: ${one.signature}`),
      ...known.map((one) => `known: ${one.signature}`),
      ...gone.map((one) => `not seen again: ${one.signature}`),
    ],
    about: null,
  }
}

function caseOf(tally: CheckTally, answer: ExploreAnswer): SuiteCase {
  const [check = ''] = tally.check.split(':')
  const kept = answer.failures.filter(({ failure }) => failure.check === check)
  return {
    name: tally.check,
    outcome: outcomeOf(tally, answer),
    message: messageOf(tally),
    details: tally.broken === 0 ? [] : kept.flatMap(detailsOf),
    about: { part: 'check', name: check },
  }
}

function outcomeOf(tally: CheckTally, { exploration, baseline }: ExploreAnswer): Outcome {
  if (needsProof(tally)) return 'failed'
  if (undecided(tally)) return 'skipped'
  if (tally.asExpected) return 'passed'
  if (baseline === null) return 'failed'
  const [check = ''] = tally.check.split(':')
  const fresh = new Set(baseline.fresh.map(({ key }) => key))
  const missed = tally.broken === 0 && baseline.fresh.some((one) => one.check === tally.check)
  const isNew = failureGroups(exploration).some(
    (group) => group.check === check && !group.asExpected && fresh.has(group.key),
  )
  return isNew || missed ? 'failed' : 'skipped'
}

function messageOf({ kept, broken, unknown, expected, upperBound }: CheckTally): string {
  const of = kept + broken
  if (of === 0) return `no run could tell (${grouped(unknown)} unknown)`
  if (broken > 0) return `broken in ${grouped(broken)} of ${count(of, 'run')} that could tell`
  if (expected === 'breaks') return `expected to break, and kept in ${count(kept, 'run')}`
  const bound = upperBound === null ? '' : `: broken in at most ${percent(upperBound)} of such runs`
  return `kept in ${count(kept, 'run')}${bound}`
}

function detailsOf({ failure, runs, token, file }: KeptFailure): string[] {
  const named = nameOf(failure)
  const told = failure.shrinkRuns > 0 ? 'its shrunk case' : 'that run'
  return [
    `${named} in ${count(runs, 'run')}, first run ${failure.index}; ${told}: ${failure.sentence}`,
    `mechanism: ${failure.signature}`,
    ...(file === null ? [] : [`npx dmqsim replay ${file}`]),
    `npx dmqsim replay ${token}`,
  ]
}
