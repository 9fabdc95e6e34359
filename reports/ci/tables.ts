/**
 * Tables and scores as suites: a case for each row.
 *
 * A guard that nobody noticed does not fail `score`, so here it is skipped, with the reason.
 */

import type {
  GuardScore,
  HazardRow,
  HazardsAnswer,
  Head,
  LevelScore,
  RemediesAnswer,
  RemedyRow,
  ScoreAnswer,
  ValidationAnswer,
} from '../answer.ts'
import { hazardsSentence } from '../text/hazards.ts'
import { counted } from '../text/numbers.ts'
import { remediesSentence } from '../text/remedies.ts'
import { scoreSentence } from '../text/score.ts'
import { boundsText, validationSentence, valueText } from '../text/validation.ts'
import { ownCase, type Suite, type SuiteCase } from './suite.ts'

export function scoreSuite(answer: ScoreAnswer): Suite {
  const cases = [...answer.guards.map(guardCase), ...answer.levels.map(levelCase)]
  return suiteOf(answer.head, scoreSentence(answer), cases)
}

export function hazardsSuite(answer: HazardsAnswer): Suite {
  return suiteOf(answer.head, hazardsSentence(answer), answer.rows.flatMap(hazardCases))
}

/**
 * Each problem is shown without a remedy and kept by some; `errors`: runs in which dmqsim failed.
 */
export function remediesSuite(answer: RemediesAnswer, errors: number): Suite {
  const { rows } = answer
  const problems = [...new Set(rows.map(({ problem }) => problem))]
  const error = errors === 0 ? null : `dmqsim failed in ${counted(errors, 'run')}`
  const cases = problems.flatMap((problem) => {
    const own = rows.filter((row) => row.problem === problem)
    const shown = own.some((row) => row.remedy === 'none' && row.verdict === 'broken')
    const mended = own.some((row) => row.verdict === 'kept')
    return [
      ownCase(`${problem} is there without a remedy`, shown ? null : 'no run showed it'),
      ownCase(`${problem} is mended by some remedy`, mended ? null : 'each row shows it'),
      ...own.map(remedyCase),
    ]
  })
  const nothing = rows.length === 0 ? [ownCase('something is tried', 'there is no row')] : []
  const own = [ownCase('dmqsim runs every case', error, 'error'), ...nothing]
  return suiteOf(answer.head, remediesSentence(answer), [...own, ...cases])
}

/** A row outside its bounds fails; one that is not simulated is skipped. */
export function validationSuite(answer: ValidationAnswer): Suite {
  const cases = answer.rows.map((row): SuiteCase => ({
    name: `${row.id}: ${row.title}`,
    outcome: row.inside === null ? 'skipped' : row.inside ? 'passed' : 'failed',
    message: `${row.measure} ${valueText(row.simulated)}, ${boundsText(row)}`,
    details: row.note === null ? [] : [row.note],
    about: null,
  }))
  return suiteOf(answer.head, validationSentence(answer), cases)
}

/** That a remedy does not help against something is an answer and no failure. */
function remedyCase(row: RemedyRow): SuiteCase {
  const { problem, remedy, variant, verdict, runs, broken } = row
  return {
    name: `${problem} with ${[remedy, ...(variant === null ? [] : [variant])].join(', ')}`,
    outcome: verdict === 'kept' ? 'passed' : 'skipped',
    message:
      verdict === 'does-not-apply'
        ? 'does not apply'
        : `shown by ${broken} of ${counted(runs, 'run')}`,
    details: [],
    about: null,
  }
}

function suiteOf(head: Head, sentence: string, cases: readonly SuiteCase[]): Suite {
  return {
    name: head.command,
    sentence,
    wallMs: head.wallMs,
    properties: [
      ['seed', String(head.seed)],
      ['dmqsim', head.version],
      ['node', head.node],
    ],
    cases,
    remarks: [],
    again: null,
  }
}

function guardCase({ name, noticed, by, reason, decisive, pairs }: GuardScore): SuiteCase {
  return {
    name,
    outcome: noticed ? 'passed' : 'skipped',
    message: noticed ? `noticed by ${by ?? 'a verdict'}` : (reason ?? 'not noticed'),
    details: [`decisive ${decisive} times in ${pairs} pairs of runs`],
    about: null,
  }
}

function levelCase({ feature, level, noticed, by, reason, runs }: LevelScore): SuiteCase {
  return {
    name: `${feature}=${level}`,
    outcome: noticed ? 'passed' : 'skipped',
    message: noticed ? `noticed by ${by ?? 'a verdict'}` : (reason ?? 'not noticed'),
    details: [`tried in ${counted(runs, 'run')}`],
    about: null,
  }
}

function hazardCases(row: HazardRow): SuiteCase[] {
  const { id, title, found, runs, fix, fixKept, token } = row
  const search: SuiteCase = {
    name: `${id} is found: ${title}`,
    outcome: found ? 'passed' : 'failed',
    message: found ? `found in ${counted(runs, 'run')}` : `not found in ${counted(runs, 'run')}`,
    details: token === null ? [] : [`npx dmqsim replay ${token}`],
    about: null,
  }
  if (fixKept === null) return [search]
  const mended: SuiteCase = {
    name: `${id} is mended by its fix`,
    outcome: fix.errors > 0 ? 'error' : fixKept ? 'passed' : 'failed',
    message:
      fix.errors > 0
        ? `dmqsim failed in ${counted(fix.errors, 'run')}`
        : `broken in ${fix.broken} of ${counted(fix.runs, 'run')} with the fix`,
    details: [],
    about: null,
  }
  return [search, mended]
}
