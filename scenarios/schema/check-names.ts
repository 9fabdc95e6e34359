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

/** Levels of duplication that are checks of their own (docs/specification/checks.md 2). */
const levels: readonly (readonly [level: string, check: string])[] = [
  ['no-duplicates:stored-once', 'no-log-duplicates:stored-once'],
  ['no-duplicates:effect-once', 'effects-once'],
  ['effects-once:effect-once', 'effects-once'],
]

/**
 * `exactly-once-effects:bank` becomes `effects-once:bank`, and so does
 * `no-duplicates:effect-once:bank`.
 */
export function canonicalKey(key: string): string {
  const [check = '', ...scope] = key.split(':')
  const written = [canonicalCheck(check as CheckName), ...scope].join(':')
  const level = levels.find(([name]) => written === name || written.startsWith(`${name}:`))
  return level === undefined ? written : written.replace(level[0], level[1])
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
  'EnsembleVotes',
  'EnsembleEpochs',
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
      return [...services, ...groups]
    case 'order-by-key':
      return ['stored', ...groups]
    case 'availability':
      return ['all', 'whole', 'before', 'during', 'after']
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

/**
 * The scope that words after a check's name must mean, where they mean none as they stand:
 * `processed:payment` for `no-loss:payment`. Null: they are right, or nobody knows.
 */
export function meantScope(check: CheckName, words: readonly string[]): string | null {
  const [first, second, ...more] = words
  if (first === undefined) return null
  const level = levelOfGroups[check]
  if (level === undefined) {
    const most = check === 'effects-once' ? 2 : 1
    return words.length > most ? first : null
  }
  if (first === level) return more.length > 0 ? `${first}:${second}` : null
  if (check === 'no-loss' && first === 'stored') return second === undefined ? null : first
  return `${level}:${first}`
}

const levelOfGroups: Readonly<Partial<Record<CheckName, string>>> = {
  'no-loss': 'processed',
  'no-duplicates': 'delivered-once',
}
