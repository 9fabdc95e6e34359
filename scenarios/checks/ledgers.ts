/**
 * The ledgers of a run: who booked which amounts for which items, by message.
 *
 * A booking without a message is what a ledger opened with, such as the stock of a promotion.
 */

import type { History } from '../../model/history.ts'

/** Numbers of the names of ledgers, in the order in which they first booked. */
export function ledgersOf({ bookings }: History): readonly number[] {
  const found: number[] = []
  const { ledger } = bookings.data
  for (let row = 0; row < bookings.length; row += 1) {
    const id = ledger[row] as number
    if (!found.includes(id)) found.push(id)
  }
  return found
}

/** Those that opened with an amount: what is booked from them is limited. */
export function stocksOf({ bookings }: History): readonly number[] {
  const found: number[] = []
  const { ledger, message } = bookings.data
  for (let row = 0; row < bookings.length; row += 1) {
    const id = ledger[row] as number
    if (message[row] === -1 && !found.includes(id)) found.push(id)
  }
  return found
}
