/**
 * Plain sentences about many runs, in the nouns of the scenario.
 */

import type { Exploration } from '../../scenarios/explore/explore.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import { type CheckTally, checkTallies, failureBound, mostBroken, virtualUs } from '../tally.ts'
import { counted, grouped, percent, virtualTime } from './numbers.ts'

/** What breaking a check means, after the noun. */
const happened: Readonly<Record<string, string>> = {
  'no-loss': 'were lost',
  'no-log-duplicates': 'stood in the log twice',
  'no-duplicates': 'were processed twice',
  'effects-once': 'had their effect twice or not at all',
  'order-by-key': 'were processed out of order',
  'committed-offset-regression': 'were committed and then not committed',
  content: 'stood where others had been sent',
  compaction: 'lost their latest value',
}

/** Whether what a check counts are records. */
export function countsRecords(check: string): boolean {
  return happened[check] !== undefined
}

const others: Readonly<Record<string, string>> = {
  'backlog-drains': 'a backlog did not drain',
  lateness: 'a group ran late',
  availability: 'writes stood still for too long',
  truth: 'the cluster broke an invariant of its own',
  anomalies: 'clients saw an anomaly',
  'one-owner': 'a partition had two owners in one generation, or one in none',
  fencing: 'something that was superseded took effect',
  'leader-epoch-monotonic': 'a reader was taken back to an older leader epoch',
  'transaction-atomicity': 'a transaction was visible in part',
  'backlog-bounded': 'a backlog grew beyond its bound',
  'ledgers-agree': 'ledgers did not agree',
  'no-oversell': 'more was given out than there was',
  'send-promises': 'a producer did not keep its word about a send',
  'rebalance-storm': 'a group was rebalanced more often than its members changed',
}

/** The records of a scenario as its author calls them: the topic of its first producer. */
export function nounOf(scenario: Scenario): string {
  return scenario.producers[0]?.topic ?? 'records'
}

export function explorationSentence(exploration: Exploration): string {
  const { runs } = exploration
  const tallies = checkTallies(exploration)
  const worst = tallies.find((one) => one.broken > 0 && !one.asExpected) ?? expectedBreak(tallies)
  if (worst !== undefined) return brokenSentence(exploration, worst)
  const judged = tallies.filter((one) => one.kept > 0)
  const span = `${counted(runs.length, 'run')} (${virtualTime(virtualUs(exploration))})`
  if (judged.length === 0) return `Nothing was proved in ${span}: no check could tell.`
  const missed = tallies.find((one) => one.expected === 'breaks' && one.broken === 0)
  if (missed !== undefined) {
    return `${missed.check} was expected to break and did not in ${span}.`
  }
  return (
    `No promise was seen to break in ${span}: with 95 % confidence at most ` +
    `${percent(worstBound(exploration, judged))} of such runs break one.`
  )
}

/** What broke at times because it may is no promise: how seldom it held bounds nothing. */
function worstBound(exploration: Exploration, judged: readonly CheckTally[]): number {
  const bounds = judged.flatMap(({ upperBound }) => (upperBound === null ? [] : [upperBound]))
  return bounds.length > 0 ? Math.max(...bounds) : (failureBound(exploration) ?? 1)
}

function expectedBreak(tallies: readonly CheckTally[]): CheckTally | undefined {
  return tallies.find((one) => one.broken > 0 && one.expected === 'breaks')
}

function brokenSentence(exploration: Exploration, tally: CheckTally): string {
  const { scenario, runs } = exploration
  const check = tally.check.split(':')[0] ?? ''
  const of = `in ${grouped(tally.broken)} of ${counted(runs.length, 'run')}`
  const verb = happened[check]
  const what =
    verb === undefined ? (others[check] ?? `${check} broke`) : `${nounOf(scenario)} ${verb}`
  const most = countsRecords(check) ? mostBroken(exploration, tally) : 0
  const worst = most > 0 ? `, at most ${grouped(most)} of them in one run` : ''
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} ${of}${worst}.`
}
