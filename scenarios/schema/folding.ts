/**
 * What `history: folded` rules out: checks that ask for single rows after they are over, and
 * records that are never over because they belong to a transaction or to a compacted topic.
 */

import type { Findings } from './findings.ts'
import type { CheckName, Scenario } from './scenario.ts'

/** Checks that need nothing of a record that was sent, processed and deleted as promised. */
export const foldableChecks: readonly CheckName[] = [
  'no-loss',
  'no-log-duplicates',
  'no-duplicates',
  'order-by-key',
  'backlog-drains',
  'lateness',
  'truth',
  'rebalance-storm',
]

export function checkFolding(scenario: Scenario, findings: Findings): void {
  if (scenario.history !== 'folded') return
  scenario.checks.forEach((check, index) => {
    if (foldableChecks.includes(check)) return
    findings.add(
      ['checks', index],
      `${check} asks for every row: leave it out, or "history: folded"`,
    )
  })
  scenario.topics.forEach(({ config }, index) => {
    if (!String(config['cleanup.policy'] ?? 'delete').includes('compact')) return
    findings.add(['topics', index], 'a compacted topic cannot be judged with "history: folded"')
  })
  scenario.producers.forEach(({ config }, index) => {
    if (config['transactional.id'] === undefined) return
    findings.add(['producers', index], 'transactions cannot be judged with "history: folded"')
  })
}
