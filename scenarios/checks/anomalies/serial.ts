/**
 * Transactions that each come before the other: G0 and G1c with their -process and -realtime forms,
 * and the coarse PL-1 and PL-2 ones of Adya (checks.md 1).
 *
 * A cycle is told under the name that needs the least: one of writes alone is G0 and not
 * G0-process. The coarse names tell every cycle of their edges. G0 and PL-1 are allowed always, G1c
 * and PL-2 where the cycle takes an order of writes.
 */

import type { Finding, Tally as Breaches } from '../finding.ts'
import { Tally } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { counted, listed, seconds } from '../words.ts'
import { cyclesOf, type Edges, type Order } from './dependencies.ts'
import type { CycleName } from './names.ts'
import { answer } from './transactions.ts'

type Cycles = readonly (readonly number[])[]

export interface Shape {
  /** Reads as well, as in G1c. */
  readonly reads: boolean
  readonly order: Order
  /** Tells whatever its edges show, also what has a finer name. */
  readonly coarse: boolean
}

/** In the order of the names. */
export const shapes: Readonly<Record<CycleName, Shape>> = {
  G0: { reads: false, order: 'none', coarse: false },
  'G0-process': { reads: false, order: 'process', coarse: false },
  'G0-realtime': { reads: false, order: 'realtime', coarse: false },
  G1c: { reads: true, order: 'none', coarse: false },
  'G1c-process': { reads: true, order: 'process', coarse: false },
  'G1c-realtime': { reads: true, order: 'realtime', coarse: false },
  'PL-1-cycle-exists': { reads: false, order: 'none', coarse: true },
  'PL-2-cycle-exists': { reads: true, order: 'none', coarse: true },
  'strong-session-PL-1-cycle-exists': { reads: false, order: 'process', coarse: true },
  'strong-session-PL-2-cycle-exists': { reads: true, order: 'process', coarse: true },
  'strong-PL-1-cycle-exists': { reads: false, order: 'realtime', coarse: true },
  'strong-PL-2-cycle-exists': { reads: true, order: 'realtime', coarse: true },
}

export function judgeCycles(judgement: Judgement, shape: Shape): Finding {
  const breaches = new Tally()
  if (shape.reads) addReadCycles(judgement, shape, breaches)
  else addWriteCycles(judgement, shape, breaches)
  const deed = shape.reads ? 'read from each other' : 'wrote'
  return answer(judgement, breaches, {
    broken: (times) => `Transactions ${deed} in a circle${ways[shape.order]} ${times}`,
    kept: `No transactions ${deed} in a circle${ways[shape.order]}`,
    promised: shape.reads,
  })
}

const ways: Readonly<Record<Order, string>> = {
  none: '',
  process: ', with the order in one process,',
  realtime: ', with real time,',
}

const ALLOWED_WRITES = 'allowed: transactions of Kafka do not keep writers apart'
const ALLOWED_ORDER = 'allowed: it takes an order of writes'

/** Cycles of writes that follow each other: Kafka does not isolate writers. */
function addWriteCycles(judgement: Judgement, { order, coarse }: Shape, breaches: Breaches): void {
  const found = cyclesOf(judgement, { writes: true, reads: false, order })
  const known = coarse ? [] : simpler(judgement, { writes: true, reads: false, order })
  for (const cycle of without(found, known)) {
    add(judgement, breaches, { cycle, order, excuse: ALLOWED_WRITES })
  }
}

/** Cycles of what was read from each other; those that need an order of writes are allowed. */
function addReadCycles(judgement: Judgement, { order, coarse }: Shape, breaches: Breaches): void {
  const reading = { writes: false, reads: true, order }
  const pure = cyclesOf(judgement, reading)
  const finer = coarse ? [] : simpler(judgement, reading)
  for (const cycle of without(pure, finer)) add(judgement, breaches, { cycle, order, excuse: null })
  const both = { writes: true, reads: true, order }
  const inside = new Set(pure.flat())
  const known = coarse
    ? []
    : [...simpler(judgement, both), ...cyclesOf(judgement, { writes: true, reads: false, order })]
  for (const cycle of without(cyclesOf(judgement, both), known)) {
    if (cycle.some((node) => inside.has(node))) continue
    add(judgement, breaches, { cycle, order, excuse: ALLOWED_ORDER })
  }
}

/** What shows without the order as well. */
function simpler(judgement: Judgement, edges: Edges): Cycles {
  return edges.order === 'none' ? [] : cyclesOf(judgement, { ...edges, order: 'none' })
}

function without(found: Cycles, known: Cycles): Cycles {
  const names = new Set(known.map(String))
  return found.filter((cycle) => !names.has(String(cycle)))
}

interface Cycle {
  readonly cycle: readonly number[]
  readonly order: Order
  readonly excuse: string | null
}

const mechanisms: Readonly<Record<Order, string>> = {
  none: '',
  process: ' and the order in a process',
  realtime: ' and real time',
}

function add(judgement: Judgement, breaches: Breaches, { cycle, order, excuse }: Cycle): void {
  const { names, transactions } = judgement.result.history
  const by = excuse === null ? (order === 'none' ? 'by reads alone' : 'by reads') : 'by writes'
  breaches.add(`${by}${mechanisms[order]}`, 1, excuse, () => {
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
