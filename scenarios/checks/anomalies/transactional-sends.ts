/**
 * The sends that transactions consist of, and whether each transaction was aborted (checks.md 1).
 */

import { type History, Outcome, TransactionPart } from '../../../model/history.ts'

/** Calls back for each send in a transaction with its row, in the order in which they were made. */
export function eachTransactionalSend(
  { transactions, transactionParts }: History,
  visit: (row: number, aborted: boolean) => void,
): void {
  const { data, length } = transactionParts
  for (let part = 0; part < length; part += 1) {
    if (data.kind[part] !== TransactionPart.send) continue
    const outcome = transactions.get('outcome', data.transaction[part] as number)
    visit(data.row[part] as number, outcome === Outcome.failed)
  }
}
