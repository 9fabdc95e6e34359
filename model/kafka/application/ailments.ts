/**
 * What ails a record: an operation made its processing fail every time, or take longer (KC A23).
 *
 * An ailment belongs to the record, not to a member: it outlives crashes, comes back with every
 * redelivery and meets every group that it was meant for. Which records are struck is decided when
 * they are met first, in the order of processing, until as many as were asked for are found.
 */

import type { Delivered } from '../../application.ts'
import type { StreamId } from '../../record.ts'

export interface Ailment {
  /** Every attempt to process the record fails, once its work is done. */
  readonly fails: boolean
  /** Its work takes so many times as long. */
  readonly factor: number
}

/** Which records an operation strikes. Null: whichever. */
export interface AilmentOrder {
  readonly ailment: Ailment
  readonly topic: string
  /** The group that suffers from it. */
  readonly group: string | null
  readonly partition: number | null
  readonly key: string | null
  /** So many different records. */
  readonly count: number
}

interface Struck {
  readonly order: Open
  readonly ailment: Ailment
}

interface Open extends AilmentOrder {
  left: number
  cured: boolean
}

/** One for a run, the same for all groups, members and incarnations. */
export interface Ailments {
  readonly orders: Open[]
  /** Struck records, by stream and index. */
  readonly struck: Map<StreamId, Map<number, Struck>>
}

export function ailments(): Ailments {
  return { orders: [], struck: new Map() }
}

/** Strikes the next records that fit; the answer ends it: what was struck is whole again. */
export function ail(all: Ailments, order: AilmentOrder): () => void {
  const open: Open = { ...order, left: order.count, cured: false }
  all.orders.push(open)
  return () => {
    open.left = 0
    open.cured = true
  }
}

/** What ails the record for this group, or null. Strikes it if an order waits for one like it. */
export function ailmentOf(all: Ailments, group: string, record: Delivered): Ailment | null {
  if (all.orders.length === 0) return null
  const known = all.struck.get(record.stream)?.get(record.index)
  if (known !== undefined && !known.order.cured) {
    return known.order.group === null || known.order.group === group ? known.ailment : null
  }
  const order = all.orders.find((one) => one.left > 0 && fits(one, group, record))
  if (order === undefined) return null
  order.left -= 1
  let ofStream = all.struck.get(record.stream)
  if (ofStream === undefined) {
    ofStream = new Map()
    all.struck.set(record.stream, ofStream)
  }
  ofStream.set(record.index, { order, ailment: order.ailment })
  return order.ailment
}

function fits(order: Open, group: string, record: Delivered): boolean {
  return (
    order.topic === record.topic &&
    (order.group === null || order.group === group) &&
    (order.partition === null || order.partition === record.partition) &&
    (order.key === null || order.key === record.key)
  )
}
