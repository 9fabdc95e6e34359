/**
 * Tables and scores as suites: a case for each row.
 *
 * A guard that nobody noticed does not fail `score`, so here it is skipped, with the reason.
 */

import type { GuardScore, HazardRow, HazardsAnswer, Head, ScoreAnswer } from '../answer.ts'
import { hazardsSentence } from '../text/hazards.ts'
import { counted } from '../text/numbers.ts'
import { scoreSentence } from '../text/score.ts'
import type { Suite, SuiteCase } from './suite.ts'

export function scoreSuite(answer: ScoreAnswer): Suite {
  const cases = answer.guards.map(guardCase)
  return suiteOf(answer.head, scoreSentence(answer), cases)
}

export function hazardsSuite(answer: HazardsAnswer): Suite {
  return suiteOf(answer.head, hazardsSentence(answer), answer.rows.flatMap(hazardCases))
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
