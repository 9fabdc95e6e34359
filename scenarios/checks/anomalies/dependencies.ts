/**
 * What orders transactions: writes (ww), reads (wr), their process, and real time; and the cycles.
 *
 * ww: one wrote the version right after another's; wr: one read what another wrote; process: one
 * followed the other in one process; realtime: one had ended well before the other began (checks.md
 * 1). A transaction that was aborted takes no part. Real time has n² pairs: they go through a chain
 * of the moments at which transactions ended, so that edges stay as many as transactions.
 */

import { Outcome } from '../../../model/history.ts'
import type { Judgement } from '../judgement.ts'
import { Graph } from './cycles.ts'
import { eachAtom, transactionsOf } from './transactions.ts'
import { versionOrderOf } from './versions.ts'

/** Beside what is read and written. */
export type Order = 'none' | 'process' | 'realtime'

export interface Edges {
  readonly writes: boolean
  readonly reads: boolean
  readonly order: Order
}

/** Components of transactions that each come before the other, by their rows, ascending. */
export function cyclesOf(judgement: Judgement, edges: Edges): readonly (readonly number[])[] {
  const { writes, reads, order } = edges
  return judgement.once(`cycles/${writes}/${reads}/${order}`, () => {
    const { length } = transactionsOf(judgement)
    const graph = new Graph(2 * length)
    if (writes) addWrites(judgement, graph)
    if (reads) addReads(judgement, graph)
    if (order === 'process') addProcesses(judgement, graph)
    if (order === 'realtime') addRealTime(judgement, graph, length)
    return graph
      .cycles()
      .map((component) => component.filter((node) => node < length))
      .filter((component) => component.length > 1)
  })
}

/** By atom, one more than the transaction that sent it, those that were aborted left out. */
function writersOf(judgement: Judgement): Int32Array {
  return judgement.once('writers', () => {
    const { sends } = judgement.result.history
    const writers = new Int32Array(judgement.atoms.count)
    transactionsOf(judgement).forEach((one, at) => {
      if (isAborted(judgement, at)) return
      for (const row of one.sends) {
        eachAtom(judgement, sends, row, (atom) => (writers[atom] = at + 1))
      }
    })
    return writers
  })
}

function isAborted({ result }: Judgement, row: number): boolean {
  return result.history.transactions.get('outcome', row) === Outcome.failed
}

function addWrites(judgement: Judgement, graph: Graph): void {
  const writers = writersOf(judgement)
  for (const log of versionOrderOf(judgement).logs) {
    let before = 0
    log.each((atom) => {
      const writer = writers[atom] as number
      if (before > 0 && writer > 0) graph.edge(before - 1, writer - 1)
      before = writer
    })
  }
}

function addReads(judgement: Judgement, graph: Graph): void {
  const writers = writersOf(judgement)
  const { deliveries } = judgement.result.history
  transactionsOf(judgement).forEach((one, at) => {
    if (isAborted(judgement, at)) return
    for (const row of one.deliveries) {
      eachAtom(judgement, deliveries, row, (atom) => {
        const writer = writers[atom] as number
        if (writer > 0) graph.edge(writer - 1, at)
      })
    }
  })
}

/** Rows of those that count, in the order of a column. */
function rowsBy(judgement: Judgement, column: 'invokedUs' | 'endedUs'): readonly number[] {
  const { transactions } = judgement.result.history
  return transactionsOf(judgement)
    .map((_one, row) => row)
    .filter((row) => !isAborted(judgement, row))
    .sort((a, b) => transactions.get(column, a) - transactions.get(column, b) || a - b)
}

function addProcesses(judgement: Judgement, graph: Graph): void {
  const { transactions } = judgement.result.history
  const last = new Map<number, number>()
  for (const row of rowsBy(judgement, 'invokedUs')) {
    const process = transactions.get('process', row)
    const before = last.get(process)
    if (before !== undefined) graph.edge(before, row)
    last.set(process, row)
  }
}

/** Nodes from `first` on are moments: one for each transaction that is known to have ended. */
function addRealTime(judgement: Judgement, graph: Graph, first: number): void {
  const { transactions } = judgement.result.history
  // Of one whose outcome is unknown nobody can say when it was over.
  const ended = rowsBy(judgement, 'endedUs').filter(
    (row) => transactions.get('outcome', row) === Outcome.ok,
  )
  ended.forEach((row, moment) => {
    graph.edge(row, first + moment)
    if (moment > 0) graph.edge(first + moment - 1, first + moment)
  })
  let over = 0
  for (const row of rowsBy(judgement, 'invokedUs')) {
    const invokedUs = transactions.get('invokedUs', row)
    for (let next = ended[over]; next !== undefined; next = ended[over]) {
      if (transactions.get('endedUs', next) >= invokedUs) break
      over += 1
    }
    if (over > 0) graph.edge(first + over - 1, row)
  }
}
