/**
 * transaction-atomicity: what belongs to a transaction is visible all or none to who reads
 * committed records.
 *
 * records: its sends, in the final logs at read_committed: all of them if it was committed, none if
 * it was aborted, all or none if that is unknown. offsets: those committed in it are where the next
 * owner begins if it was committed, and never if it was aborted.
 */

import { Outcome, Ownership, TransactionPart } from '../../model/history.ts'
import type { Check } from './check.ts'
import { lackOf, offsetsExcused } from './causes.ts'
import { isSuperseded } from './compacted.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { placeOf } from './no-loss-stored.ts'
import { isExpired } from './retention.ts'
import { Stored } from './stored.ts'
import { counted, seconds } from './words.ts'

export const transactionAtomicity: Check = {
  name: 'transaction-atomicity',
  statement:
    'The records of a transaction, and the offsets committed in it, are visible all or none to ' +
    'those who read committed records.',
  promise: 'Always, unless committed records or offsets were lost with an excuse.',
  scopes: () => ['records', 'offsets'],
  judge: (judgement, scope) =>
    scope === 'records' ? judgeRecords(judgement) : judgeOffsets(judgement),
}

const NONE = 'There were no transactions'

/** Rows of one kind that belong to each transaction. */
function partsOf(judgement: Judgement, kind: TransactionPart): readonly (readonly number[])[] {
  const { transactions, transactionParts } = judgement.result.history
  const parts: number[][] = Array.from({ length: transactions.length }, () => [])
  const { data, length } = transactionParts
  for (let part = 0; part < length; part += 1) {
    if (data.kind[part] !== kind) continue
    parts[data.transaction[part] as number]?.push(data.row[part] as number)
  }
  return parts
}

function judgeRecords(judgement: Judgement): Finding {
  const { history, logs } = judgement.result
  const { transactions } = history
  if (transactions.length === 0) return vacuous(true, NONE)
  const visible = new Stored(judgement.atoms, logs.committed)
  const breaches = new Tally()
  let open = 0
  partsOf(judgement, TransactionPart.send).forEach((rows, transaction) => {
    const outcome = transactions.get('outcome', transaction)
    const { seen, sent, unread } = sightOf(judgement, visible, rows)
    const mechanism = mechanismOf(outcome, seen, sent)
    if (mechanism === null) return
    if (unread && seen < sent && outcome !== Outcome.failed) {
      open += 1
      return
    }
    breaches.add(mechanism, 1, excuseFor(judgement, rows), () => ({
      sentence:
        `${nameOf(judgement, transaction)} is visible with ${seen} of its ` +
        `${counted(sent, 'record')}: ${mechanism}`,
      atUs: judgement.since(transactions.get('invokedUs', transaction)),
      partition: null,
      offset: null,
      records: rows.map(
        (row) => `${history.sends.get('stream', row)}:${history.sends.get('index', row)}`,
      ),
    }))
  })
  if (breaches.count > 0) {
    return breaches.broken(
      `${counted(breaches.count, 'transaction')} ${breaches.count === 1 ? 'is' : 'are'} visible in part or wrongly`,
    )
  }
  if (open > 0) {
    return unknown(true, `${counted(open, 'transaction')} may stand in a log that was not read`)
  }
  return kept(true, 'Each transaction is visible all or none')
}

function excuseFor(judgement: Judgement, rows: readonly number[]): string | null {
  const { sends } = judgement.result.history
  const lacks = rows.map((row) => lackOf(judgement, sends.get('partition', row)))
  return lacks.find((lack) => lack !== null) ?? null
}

interface Sight {
  /** Records that are visible, of those that must be if one is. */
  readonly seen: number
  readonly sent: number
  /** Whether some may stand in a log that could not be read. */
  readonly unread: boolean
}

/**
 * Records that retention or compaction may have taken, or another transaction sent, say nothing.
 */
function sightOf(judgement: Judgement, visible: Stored, rows: readonly number[]): Sight {
  const { atoms, result, sends } = judgement
  const { data } = result.history.sends
  let [seen, sent, unread] = [0, 0, false]
  for (const row of rows) {
    const stream = data.stream[row] as number
    const index = data.index[row] as number
    const end = atoms.at(stream, index + (data.count[row] as number))
    for (let atom = atoms.at(stream, index); atom < end; atom += 1) {
      const stands = visible.copies[atom] !== 0
      if (stands ? (sends.attempts[atom] as number) > 1 : isGone(judgement, atom, stream)) continue
      sent += atoms.weight(atom)
      if (stands) seen += atoms.weight(atom)
      else unread ||= mayBeUnread(judgement, row)
    }
  }
  return { seen, sent, unread }
}

function isGone(judgement: Judgement, atom: number, stream: number): boolean {
  if (judgement.sends.okRow[atom] === 0) return false
  if (isSuperseded(judgement, atom)) return true
  const place = placeOf(judgement, { atom, stream })
  return isExpired(judgement, judgement.topicOfStream(stream), place)
}

function mayBeUnread({ result }: Judgement, row: number): boolean {
  const partition = result.history.sends.get('partition', row)
  return result.logs.committed.some(
    (log) => log.unread !== null && (partition < 0 || log.partition === partition),
  )
}

function mechanismOf(outcome: number, seen: number, sent: number): string | null {
  if (outcome === Outcome.ok) return seen === sent ? null : 'committed and not all of it visible'
  if (outcome === Outcome.failed) return seen === 0 ? null : 'aborted and visible'
  return seen === 0 || seen === sent ? null : 'visible in part'
}

function nameOf(judgement: Judgement, transaction: number): string {
  const { names, transactions } = judgement.result.history
  const at = seconds(judgement.since(transactions.get('invokedUs', transaction)))
  return `the transaction of ${names[transactions.get('process', transaction)]} at ${at}`
}

function judgeOffsets(judgement: Judgement): Finding {
  const { history } = judgement.result
  const { commits, transactions } = history
  const breaches = new Tally()
  let any = false
  const excuse = offsetsExcused(judgement) ? 'not promised: committed offsets were lost' : null
  partsOf(judgement, TransactionPart.commit).forEach((rows, transaction) => {
    for (const row of rows) {
      any = true
      const outcome = transactions.get('outcome', transaction)
      const begun = beginning(judgement, row, transactions.get('endedUs', transaction))
      if (begun === null) continue
      const offset = commits.get('offset', row)
      const lost = outcome === Outcome.ok && begun < offset
      const kept = outcome === Outcome.failed && begun === offset && !isElsewhere(judgement, row)
      if (!lost && !kept) continue
      const mechanism = lost ? 'committed and not where others begin' : 'aborted and taken over'
      breaches.add(mechanism, 1, excuse, () => ({
        sentence:
          `${nameOf(judgement, transaction)} committed offset ${offset} of ` +
          `${judgement.partitionText(commits.get('partition', row))}, and the next owner began at ${begun}`,
        atUs: judgement.since(transactions.get('invokedUs', transaction)),
        partition: judgement.partitionText(commits.get('partition', row)),
        offset,
        records: [],
      }))
    }
  })
  if (transactions.length === 0) return vacuous(true, NONE)
  if (breaches.count > 0) {
    return breaches.broken(
      `Offsets of transactions took the wrong effect ${counted(breaches.count, 'time')}`,
    )
  }
  if (!any) return vacuous(true, 'No transaction committed offsets')
  return kept(true, 'Offsets took effect with their transactions')
}

/** Where the next owner of a partition began after a moment, or null. */
function beginning(judgement: Judgement, commit: number, afterUs: number): number | null {
  const { commits, ownerships } = judgement.result.history
  const { data, length } = ownerships
  for (let row = 0; row < length; row += 1) {
    if ((data.atUs[row] as number) <= afterUs || data.kind[row] !== Ownership.assigned) continue
    if (data.group[row] !== commits.get('group', commit)) continue
    if (data.partition[row] !== commits.get('partition', commit)) continue
    if ((data.offset[row] as number) >= 0) return data.offset[row] as number
  }
  return null
}

/** Whether another commit of the group, outside of it, reached the same offset. */
function isElsewhere(judgement: Judgement, commit: number): boolean {
  const { commits } = judgement.result.history
  const { data, length } = commits
  for (let row = 0; row < length; row += 1) {
    if (row === commit || data.outcome[row] !== Outcome.ok) continue
    const same =
      data.group[row] === data.group[commit] &&
      data.partition[row] === data.partition[commit] &&
      data.offset[row] === data.offset[commit]
    if (same) return true
  }
  return false
}
