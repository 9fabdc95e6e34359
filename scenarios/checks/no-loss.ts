/**
 * no-loss: nothing that was acknowledged is lost, at the two levels of checks.md 2.
 */

import { type Check, groupScopes } from './check.ts'
import { judgeProcessed } from './no-loss-processed.ts'
import { judgeStored } from './no-loss-stored.ts'

const PROCESSED = 'processed:'

export const noLoss: Check = {
  name: 'no-loss',
  statement:
    'An acknowledged record is found by an auditor who reads every log (stored), and a stored ' +
    'record was processed by each group that reads it (processed:<group>).',
  promise:
    'stored: by acks=all, unless the election was unclean or disks lost the record on every ' +
    'replica that could be elected; what retention deleted by its promise is no loss. processed: ' +
    'by every pattern that commits what it processed.',
  scopes: (judgement) => ['stored', ...groupScopes(judgement, PROCESSED)],
  judge: (judgement, scope) =>
    scope.startsWith(PROCESSED)
      ? judgeProcessed(judgement, scope.slice(PROCESSED.length))
      : judgeStored(judgement),
}
