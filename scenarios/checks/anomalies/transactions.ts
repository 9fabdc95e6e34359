/**
 * Anomalies of transactions: int-send-skip, int-nonmonotonic-send, precommitted-read, G0 and G1c.
 *
 * A transaction's sends and deliveries are rows of history. ww: one wrote the version right after
 * another's; wr: one read what another wrote (checks.md 1). A transaction that was aborted takes
 * no part in cycles.
 */

import { Outcome, TransactionPart } from '../../../model/history.ts'
import { type Finding, kept, Tally, vacuous } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { counted, listed, seconds } from '../words.ts'
import { Graph } from './cycles.ts'
import { versionOrderOf } from './versions.ts'

interface Transaction {
  readonly sends: number[]
  readonly deliveries: number[]
}

function transactionsOf(judgement: Judgement): readonly Transaction[] {
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

const NONE = 'There were no transactions'

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

function eachAtom(
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

/** By atom, one more than the transaction that sent it, those that were aborted left out. */
function writersOf(judgement: Judgement): Int32Array {
  const { sends, transactions } = judgement.result.history
  const writers = new Int32Array(judgement.atoms.count)
  transactionsOf(judgement).forEach((one, at) => {
    if (transactions.get('outcome', at) === Outcome.failed) return
    for (const row of one.sends) {
      eachAtom(judgement, sends, row, (atom) => (writers[atom] = at + 1))
    }
  })
  return writers
}

function addWrites(judgement: Judgement, graph: Graph, writers: Int32Array): void {
  for (const log of versionOrderOf(judgement).logs) {
    let before = 0
    log.each((atom) => {
      const writer = writers[atom] as number
      if (before > 0 && writer > 0) graph.edge(before - 1, writer - 1)
      before = writer
    })
  }
}

function addReads(judgement: Judgement, graph: Graph, writers: Int32Array): void {
  const { deliveries, transactions } = judgement.result.history
  transactionsOf(judgement).forEach((one, at) => {
    if (transactions.get('outcome', at) === Outcome.failed) return
    for (const row of one.deliveries) {
      eachAtom(judgement, deliveries, row, (atom) => {
        const writer = writers[atom] as number
        if (writer > 0) graph.edge(writer - 1, at)
      })
    }
  })
}

/** Cycles of writes that follow each other: Kafka does not isolate writers. */
export function judgeWriteCycles(judgement: Judgement): Finding {
  const breaches = new Tally()
  const graph = new Graph(transactionsOf(judgement).length)
  addWrites(judgement, graph, writersOf(judgement))
  const allowed = 'allowed: transactions of Kafka do not keep writers apart'
  for (const cycle of graph.cycles()) add(judgement, breaches, { cycle, excuse: allowed })
  return answer(judgement, breaches, {
    broken: (times) => `Transactions wrote in a circle ${times}`,
    kept: 'No transactions wrote in a circle',
    promised: false,
  })
}

/** Cycles of what was read from each other; those that need an order of writes are allowed. */
export function judgeReadCycles(judgement: Judgement): Finding {
  const breaches = new Tally()
  const nodes = transactionsOf(judgement).length
  const writers = writersOf(judgement)
  const reads = new Graph(nodes)
  addReads(judgement, reads, writers)
  const pure = reads.cycles()
  for (const cycle of pure) add(judgement, breaches, { cycle, excuse: null })
  const all = new Graph(nodes)
  addReads(judgement, all, writers)
  addWrites(judgement, all, writers)
  const known = new Set(pure.flat())
  const writes = new Graph(nodes)
  addWrites(judgement, writes, writers)
  const written = new Set(writes.cycles().map(String))
  for (const cycle of all.cycles()) {
    if (cycle.some((node) => known.has(node)) || written.has(String(cycle))) continue
    add(judgement, breaches, { cycle, excuse: 'allowed: it takes an order of writes' })
  }
  return answer(judgement, breaches, {
    broken: (times) => `Transactions read from each other in a circle ${times}`,
    kept: 'No transactions read from each other in a circle',
    promised: true,
  })
}

interface Cycle {
  readonly cycle: readonly number[]
  readonly excuse: string | null
}

function add(judgement: Judgement, breaches: Tally, { cycle, excuse }: Cycle): void {
  const { names, transactions } = judgement.result.history
  breaches.add(excuse === null ? 'by reads alone' : 'by writes', 1, excuse, () => {
    const members = cycle.map((row) => {
      const at = seconds(judgement.since(transactions.get('invokedUs', row)))
      return `that of ${names[transactions.get('process', row)]} begun at ${at}`
    })
    return {
      sentence: `${counted(cycle.length, 'transaction')} each come before the other: ${listed(members)}`,
      atUs: judgement.since(transactions.get('invokedUs', cycle[0] ?? 0)),
      partition: null,
      offset: null,
      records: [],
    }
  })
}

interface Words {
  readonly broken: (times: string) => string
  readonly kept: string
  readonly promised: boolean
}

function answer(judgement: Judgement, breaches: Tally, words: Words): Finding {
  if (transactionsOf(judgement).length === 0) return vacuous(words.promised, NONE)
  if (breaches.count > 0) return breaches.broken(words.broken(counted(breaches.count, 'time')))
  return kept(words.promised, words.kept)
}
