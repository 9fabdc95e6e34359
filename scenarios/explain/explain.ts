/**
 * Explaining a run: the account of each broken promise, the decision on which it turned, the mend.
 *
 * Accounts cost one run, their diagram another; pivot and mend many, within the bounds of their
 * files and of `enough`.
 */

import type { Case } from '../case.ts'
import type { Verdict } from '../result.ts'
import { accountOf, brokenOf, type Witnessed, witness } from './account.ts'
import { type Cone, coneOf } from './cone.ts'
import { type Mend, mendOf } from './mend.ts'
import { type Pivot, pivotOf } from './pivot.ts'
import type { Account } from './story.ts'

export interface Explanation {
  readonly accounts: readonly Account[]
  /** Of the first account: its events and what led to them; null without any. */
  readonly cone: Cone | null
  /** Null where only the accounts were asked for. */
  readonly pivot: Pivot | null
  readonly mend: Mend | null
}

export interface ExplainOptions {
  /** The promise that matters; absent: the gravest broken ones. */
  readonly of?: { readonly check: string; readonly scope: string }
  /** Also looks for the pivot and the mend: up to 200 runs. */
  readonly deep: boolean
  /** Asked before each run of the deep part: enough time was spent. */
  readonly enough?: () => boolean
}

/** Broken promises of which accounts are told. */
const ACCOUNTS_MAX = 3

/** Null if nothing broke. */
export function explain(one: Case, options: ExplainOptions): Explanation | null {
  const seen = witness(one)
  const told = chosen(seen, options.of)
  const [first] = told
  if (first === undefined) return null
  const accounts = told.map((verdict) => accountOf(seen, verdict))
  const [main] = accounts
  if (main === undefined) return null
  const cone = coneOf(one, main, seen.result.phases.originUs)
  if (!options.deep) return { accounts, cone, pivot: null, mend: null }
  const bounds = options.enough === undefined ? {} : { enough: options.enough }
  return {
    accounts,
    cone,
    pivot: pivotOf(seen.judged, first, main, bounds),
    mend: mendOf(seen.judged, first, main, bounds),
  }
}

function chosen({ judged }: Witnessed, of: ExplainOptions['of']): readonly Verdict[] {
  const broken = brokenOf(judged)
  const named = broken.filter(({ check, scope }) => check === of?.check && scope === of.scope)
  return (named.length > 0 ? named : broken).slice(0, ACCOUNTS_MAX)
}
