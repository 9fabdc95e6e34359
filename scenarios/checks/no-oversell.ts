/**
 * no-oversell: no item of a stock is given out more often than there was of it.
 *
 * A stock is a ledger that opened with an amount. Its bookings are added up item by item, in the
 * order in which they became durable: the sum never falls below nothing.
 */

import type { Check } from './check.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { stocksOf } from './ledgers.ts'
import { be, counted, grouped, seconds } from './words.ts'

const NOTHING = 'stock'

export const noOversell: Check = {
  name: 'no-oversell',
  statement: 'Of no item in a ledger that opened with a stock is more booked out than it had.',
  promise: 'Always: a stock that is checked and written in one transaction is not oversold.',
  scopes(judgement) {
    const { history } = judgement.result
    const stocks = stocksOf(history).map((id) => history.names[id] ?? '')
    return stocks.length === 0 ? [NOTHING] : stocks
  },
  judge: judgeStock,
}

function judgeStock(judgement: Judgement, stock: string): Finding {
  const { history } = judgement.result
  const { bookings, names } = history
  const { data } = bookings
  const id = names.indexOf(stock)
  const left = new Float64Array(names.length)
  const breaches = new Tally()
  let taken = 0
  for (let row = 0; row < bookings.length; row += 1) {
    if (data.ledger[row] !== id) continue
    const item = data.item[row] as number
    const amount = data.amount[row] as number
    const before = left[item] as number
    left[item] = before + amount
    if (amount >= 0) continue
    taken += 1
    const beyond = Math.min(-amount, -(before + amount))
    if (beyond > 0) oversold(judgement, breaches, { row, beyond, left: before })
  }
  if (breaches.count > 0) {
    return breaches.broken(`${stock} gave out ${grouped(breaches.count)} more than it had`)
  }
  if (taken === 0) return vacuous(true, `Nothing was taken from ${stock}`)
  return kept(true, `${stock} was booked from ${counted(taken, 'time')} and never oversold`)
}

interface Oversold {
  readonly row: number
  readonly beyond: number
  readonly left: number
}

function oversold(judgement: Judgement, breaches: Tally, { row, beyond, left }: Oversold): void {
  const { history } = judgement.result
  const { data } = history.bookings
  breaches.add('taken from an empty stock', beyond, null, () => {
    const item = history.names[data.item[row] as number] ?? ''
    const number = data.message[row] as number
    const message = number < 0 ? 'nobody' : history.messages.text(number)
    const atUs = judgement.since(data.atUs[row] as number)
    return {
      sentence:
        `message ${message} took ${-(data.amount[row] as number)} of ${item} at ` +
        `${seconds(atUs)}, when ${grouped(left)} ${be(left)} left`,
      atUs,
      partition: null,
      offset: null,
      records: [],
    }
  })
}
