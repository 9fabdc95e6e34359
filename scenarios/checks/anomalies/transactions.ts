/**
 * Anomalies inside transactions: int-send-skip, int-nonmonotonic-send and precommitted-read.
 *
 * A transaction's sends and deliveries are rows of history. Cycles between transactions are in
 * `dependencies.ts` and `serial.ts`.
 */

import { Outcome, TransactionPart } from '../../../model/history.ts'
import { type Finding, kept, Tally, vacuous } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { counted, seconds } from '../words.ts'
import { versionOrderOf } from './versions.ts'

export interface Transaction {
  readonly sends: number[]
  readonly deliveries: number[]
}

export function transactionsOf(judgement: Judgement): readonly Transaction[] {
  return judgement.once('transactions', () => {
    const { transactions, transactionParts } = judgement.result.history
    const found: Transaction[] = []
    for (let row = 0; row < transactions.length; row += 1) found.push({ sends: [], deliveries: [] })
    const { data, length } = transactionParts
    for (let part = 0; part < length; part += 1) {
      const of = found[data.transaction[part] as number]
      const row = data.row[part] as number
      if (data.kind[part] === TransactionPart.send) of?.sends.push(row)
      else if (data.kind[part] === TransactionPart.delivery) of?.deliveries.push(row)
    }
    return found
  })
}

export const NONE = 'There were no transactions'

/** Pairs of consecutive sends of one transaction to one partition. */
function eachPair(judgement: Judgement, visit: (before: number, after: number) => void): void {
  const { data } = judgement.result.history.sends
  for (const { sends } of transactionsOf(judgement)) {
    const last = new Map<number, number>()
    for (const row of sends) {
      const partition = data.partition[row] as number
      if (data.outcome[row] !== Outcome.ok || (data.offset[row] as number) < 0) continue
      const before = last.get(partition)
      if (before !== undefined) visit(before, row)
      last.set(partition, row)
    }
  }
}

export function judgeSendSkips(judgement: Judgement): Finding {
  const { data } = judgement.result.history.sends
  const order = versionOrderOf(judgement)
  const breaches = new Tally()
  eachPair(judgement, (before, after) => {
    const log = order.of(data.partition[after] as number)
    const end = (data.offset[before] as number) + (data.count[before] as number)
    const between = log.rank(data.offset[after] as number) - log.rank(end)
    if (between <= 0) return
    breaches.add('others between', between, 'allowed: other producers may write between', () =>
      sendEvidence(judgement, before, after),
    )
  })
  return answer(judgement, breaches, {
    broken: (times) => `Transactions had records of others between their own ${times}`,
    kept: 'The records of each transaction stand next to each other',
    promised: false,
  })
}

export function judgeSendsInside(judgement: Judgement): Finding {
  const { data } = judgement.result.history.sends
  const breaches = new Tally()
  eachPair(judgement, (before, after) => {
    const end = (data.offset[before] as number) + (data.count[before] as number)
    if ((data.offset[after] as number) >= end) return
    breaches.add('stored before an earlier send', 1, null, () =>
      sendEvidence(judgement, before, after),
    )
  })
  return answer(judgement, breaches, {
    broken: (times) => `Sends of a transaction were stored out of order ${times}`,
    kept: 'Each transaction stands in the order of its sends',
    promised: true,
  })
}

function sendEvidence(
  judgement: Judgement,
  before: number,
  after: number,
): ReturnType<Parameters<Tally['add']>[3]> {
  const { data } = judgement.result.history.sends
  const [first, second] = [before, after].map((row) => `${data.stream[row]}:${data.index[row]}`)
  const partition = judgement.partitionText(data.partition[after] as number)
  return {
    sentence:
      `one transaction sent ${first} to offset ${data.offset[before]} of ${partition} and then ` +
      `${second} to offset ${data.offset[after]}`,
    atUs: judgement.since(data.invokedUs[after] as number),
    partition,
    offset: data.offset[after] as number,
    records: [first ?? '', second ?? ''],
  }
}

/** A transaction that reads what it sent itself. */
export function judgePrecommitted(judgement: Judgement): Finding {
  const { atoms } = judgement
  const { sends, deliveries } = judgement.result.history
  const breaches = new Tally()
  for (const { sends: own, deliveries: read } of transactionsOf(judgement)) {
    const written = new Set<number>()
    for (const row of own) eachAtom(judgement, sends, row, (atom) => void written.add(atom))
    for (const row of read) {
      eachAtom(judgement, deliveries, row, (atom) => {
        if (!written.has(atom)) return
        breaches.add('read before its commit', atoms.weight(atom), null, () => {
          const atUs = judgement.since(deliveries.get('atUs', row))
          return {
            sentence: `${judgement.recordText(atom)} was read at ${seconds(atUs)} by the transaction that sent it`,
            atUs,
            partition: judgement.partitionText(deliveries.get('partition', row)),
            offset: deliveries.get('offset', row),
            records: [atoms.name(atom)],
          }
        })
      })
    }
  }
  return answer(judgement, breaches, {
    broken: (times) => `Transactions read what they had sent themselves ${times}`,
    kept: 'No transaction read what it sent itself',
    promised: true,
  })
}

type Rows = Judgement['result']['history']['sends'] | Judgement['result']['history']['deliveries']

export function eachAtom(
  { atoms }: Judgement,
  rows: Rows,
  row: number,
  visit: (atom: number) => void,
): void {
  const { stream, index, count } = rows.data
  const from = index[row] as number
  const end = atoms.at(stream[row] as number, from + (count[row] as number))
  for (let atom = atoms.at(stream[row] as number, from); atom < end; atom += 1) visit(atom)
}

export interface Words {
  readonly broken: (times: string) => string
  readonly kept: string
  readonly promised: boolean
}

export function answer(judgement: Judgement, breaches: Tally, words: Words): Finding {
  if (transactionsOf(judgement).length === 0) return vacuous(words.promised, NONE)
  if (breaches.count > 0) return breaches.broken(words.broken(counted(breaches.count, 'time')))
  return kept(words.promised, words.kept)
}
