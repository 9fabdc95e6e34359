/**
 * An account: how one broken promise came about, in sentences with times.
 *
 * `accountsOf` runs the case again with a chronicle as its witness and tells each broken check by
 * the kind of its breach. Accounts are told of the first piece of evidence; the rest went alike.
 */

import { run } from '../run.ts'
import type { Case } from '../case.ts'
import { Judgement } from '../checks/judgement.ts'
import { judge } from '../judge.ts'
import type { Judged, Result, Verdict } from '../result.ts'
import { backlogAccount } from './backlog.ts'
import { Chronicle } from './chronicle.ts'
import { copiesAccount } from './copies.ts'
import { disorderAccount } from './disorder.ts'
import { lossAccount } from './loss.ts'
import { otherAccount } from './other.ts'
import { repeatsAccount } from './repeats.ts'
import type { Account } from './story.ts'
import { truthAccount } from './truth.ts'
import { unprocessedAccount } from './unprocessed.ts'

/** A run and what its witnesses saw. */
export interface Witnessed {
  readonly judged: Judged
  readonly result: Result
  readonly judgement: Judgement
  readonly chronicle: Chronicle
}

/** Runs a case with a chronicle beside it. The run is the same with and without. */
export function witness(one: Case): Witnessed {
  const chronicle = new Chronicle()
  const result = run(one, { witness: chronicle.witness, lives: chronicle.listener })
  return witnessed(result, chronicle)
}

export function witnessed(result: Result, chronicle: Chronicle): Witnessed {
  return { judged: judge(result), result, judgement: new Judgement(result), chronicle }
}

/** The broken promises of a run: those that nobody expected first. */
export function brokenOf({ verdicts }: Judged): readonly Verdict[] {
  const broken = verdicts.filter(({ verdict }) => verdict === 'broken')
  const weight = (one: Verdict): number =>
    one.asExpected ? (one.expected === 'breaks' ? 1 : 2) : 0
  return broken.slice().sort((a, b) => weight(a) - weight(b))
}

type Teller = (seen: Witnessed, verdict: Verdict) => Account | null

/** Tellers by check; what they cannot tell is told from the timeline. */
const tellers: Readonly<Partial<Record<Verdict['check'], Teller>>> = {
  'no-log-duplicates': copiesAccount,
  'no-duplicates': repeatsAccount,
  'effects-once': repeatsAccount,
  'order-by-key': disorderAccount,
  'backlog-drains': backlogAccount,
  lateness: backlogAccount,
  truth: truthAccount,
}

export function accountOf(seen: Witnessed, verdict: Verdict): Account {
  const stored = verdict.check === 'no-loss' && verdict.scope === 'stored'
  const loss = stored ? lossAccount : unprocessedAccount
  const teller = verdict.check === 'no-loss' ? loss : tellers[verdict.check]
  return teller?.(seen, verdict) ?? otherAccount(seen, verdict)
}
