/**
 * The checks that a scenario can ask for, in the order in which answers list them, and the scopes
 * that its expectations may name.
 */

import { anomalyNames } from '../checks/anomalies/names.ts'
import type { CheckAlias, CheckName } from './scenario.ts'

export const checkNames: readonly CheckName[] = [
  'no-loss',
  'no-log-duplicates',
  'no-duplicates',
  'effects-once',
  'order-by-key',
  'backlog-drains',
  'lateness',
  'committed-offset-regression',
  'availability',
  'truth',
  'refusals',
  'anomalies',
  'one-owner',
  'fencing',
  'leader-epoch-monotonic',
  'content',
  'compaction',
  'transaction-atomicity',
  'backlog-bounded',
  'ledgers-agree',
  'no-oversell',
  'rebalance-storm',
  'send-promises',
]

/** What is judged where a scenario does not say. */
export const defaultChecks: readonly CheckName[] = [
  'no-loss',
  'no-log-duplicates',
  'no-duplicates',
  'order-by-key',
  'backlog-drains',
  'truth',
]

/** Other names of checks, and what answers call them. */
export const checkAliases: Readonly<Record<CheckAlias, CheckName>> = {
  'exactly-once-effects': 'effects-once',
}

/** The name that answers use. */
export function canonicalCheck(name: CheckName | CheckAlias): CheckName {
  return checkAliases[name as CheckAlias] ?? (name as CheckName)
}

/** `exactly-once-effects:bank` becomes `effects-once:bank`. */
export function canonicalKey(key: string): string {
  const [check = '', ...scope] = key.split(':')
  return [canonicalCheck(check as CheckName), ...scope].join(':')
}

/** Names in a scenario that scopes are made of. */
export interface ScopeNames {
  readonly groups: readonly string[]
  readonly services: readonly string[]
}

const truthProperties: readonly string[] = [
  'TypeOk',
  'LeaderInIsr',
  'WeakIsr',
  'StrongIsr',
  'MinIsr',
  'LogMatching',
  'LeaderCompleteness',
  'OneLeaderPerEpoch',
  'EnsembleAgreement',
]

/** The words that may stand after a check's name; null where applications name the scopes. */
export function scopeWords(
  check: CheckName,
  { groups, services }: ScopeNames,
): readonly string[] | null {
  switch (check) {
    case 'no-loss':
      return ['stored', 'processed', ...groups]
    case 'no-log-duplicates':
      return ['stored-once']
    case 'no-duplicates':
      return ['delivered-once', ...groups]
    case 'effects-once':
      return ['effect-once', ...services, ...groups]
    case 'order-by-key':
      return ['stored', ...groups]
    case 'availability':
      return ['all', 'before', 'during', 'after']
    case 'refusals':
      return ['all']
    case 'truth':
      return truthProperties
    case 'anomalies':
      return anomalyNames
    case 'fencing':
      return ['producers', 'leaders', 'controllers', 'states', ...groups]
    case 'leader-epoch-monotonic':
      return ['stored', ...groups]
    case 'content':
      return ['stored', ...groups]
    case 'compaction':
      return ['stored']
    case 'no-oversell':
    case 'ledgers-agree':
      return null
    case 'send-promises':
      return ['told-once', 'in-time', 'kept-trying', 'memory', 'size', 'progress', 'identified']
    case 'transaction-atomicity':
      return ['records', 'offsets']
    default:
      return groups
  }
}
