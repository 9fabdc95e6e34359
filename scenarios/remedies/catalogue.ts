/**
 * The four problems of a queue, and what is done about each (KC 6.5): settings over a scenario in
 * which nothing is done.
 *
 * A remedy is tried on every problem with the same seeds, so that what it costs elsewhere shows
 * beside what it mends. What counts as a problem is read from the verdicts of a run.
 */

import { join } from 'node:path'
import type { RunSummary, VerdictSummary } from '../explore/summary.ts'
import { packageRoot } from '../schema/files.ts'
import { loadScenario } from '../schema/load.ts'
import type { Scenario } from '../schema/scenario.ts'

export const problems = ['duplicates', 'loss', 'disorder', 'backlog'] as const
export type QueueProblem = (typeof problems)[number]

export interface Remedy {
  readonly name: string
  readonly variant: string | null
  /** Paths of the scenario with their values; null: not in this version. */
  readonly sets: Readonly<Record<string, string>> | null
}

const ACKNOWLEDGED = {
  'producers.shop.config.acks': 'all',
  'consumers.payment.pattern': 'process-then-commit',
}

const once = (variant: string, pattern: string): Remedy => ({
  name: 'idempotent-consumer',
  variant,
  sets: { 'consumers.payment.pattern': pattern },
})

const plain = (name: string, sets: Remedy['sets']): Remedy => ({ name, variant: null, sets })

export const remedies: readonly Remedy[] = [
  plain('none', {}),
  plain('acknowledgements', ACKNOWLEDGED),
  // Without an acknowledgement nobody waits for the disks, so it stands on top of the last.
  plain('persistence', {
    ...ACKNOWLEDGED,
    'cluster.config.min.insync.replicas': '2',
    'cluster.config.log.flush.interval.messages': '1',
  }),
  once('mark-before', 'idempotent-mark-before'),
  once('mark-after', 'idempotent-mark-after'),
  once('atomic', 'idempotent'),
  plain('one-key-one-partition-one-consumer', {
    'producers.shop.config.partitioner.ignore.keys': 'false',
    'producers.shop.config.max.in.flight.requests.per.connection': '1',
    'consumers.payment.members': '1',
  }),
  plain('more-consumers', { 'consumers.payment.members': '4' }),
  plain('faster-consumers', { 'consumers.payment.work': '2ms' }),
  plain('more-partitions', { 'topics.orders.partitions': '12' }),
  plain('transactions', null),
]

/** The file of a problem, from the folder of the package. */
export function problemFile(problem: QueueProblem): string {
  return `scenarios/remedies/${problem}.yaml`
}

export async function remedied(problem: QueueProblem, remedy: Remedy): Promise<Scenario> {
  const sets = Object.entries(remedy.sets ?? {}).map(([path, value]) => `${path}=${value}`)
  const file = join(packageRoot(), problemFile(problem))
  return (await loadScenario(file, { sets })).scenario
}

/** What a run says of a problem; null: it could not tell. */
export function wordOf(run: RunSummary, problem: QueueProblem): 'kept' | 'broken' | null {
  const concerned = run.verdicts.filter((one) => concerns(one, problem))
  const late = problem === 'backlog' && run.missed.length > 0
  if (late || concerned.some((one) => breaks(one, problem))) return 'broken'
  const tells = ({ verdict }: VerdictSummary): boolean => verdict === 'kept' || verdict === 'broken'
  return concerned.some(tells) ? 'kept' : null
}

const checks: Readonly<Record<QueueProblem, readonly string[]>> = {
  duplicates: ['effects-once'],
  loss: ['no-loss', 'effects-once'],
  disorder: ['order-by-key'],
  backlog: ['backlog-drains'],
}

function concerns({ check }: VerdictSummary, problem: QueueProblem): boolean {
  return checks[problem].includes(check)
}

/** An effect that is missing is a loss, one that came twice a duplicate. */
function breaks({ check, signature, verdict }: VerdictSummary, problem: QueueProblem): boolean {
  if (verdict !== 'broken') return false
  if (check !== 'effects-once') return true
  return signature.includes('no effect') === (problem === 'loss')
}

/** What a problem is judged by, for the answer. */
export function checkOf(problem: QueueProblem): string {
  return checks[problem].join(', ')
}
