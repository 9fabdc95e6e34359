/**
 * ledgers-agree: what one ledger says of a message, every other says too, in the end.
 *
 * Bookings of a message are added up in each ledger; the sums agree if they are equal without their
 * sign, so that an order of two takes two from the stock, and a cancelled one nothing anywhere.
 * Opening amounts belong to no message. Applications book in one unit whatever is to be compared.
 */

import type { Check } from './check.ts'
import { processesFirst } from './configuration.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { ledgersOf } from './ledgers.ts'
import { be, counted, listed, seconds } from './words.ts'

export const ledgersAgree: Check = {
  name: 'ledgers-agree',
  statement:
    'When the groups are through, every ledger has booked the same amount for each message.',
  promise: 'Where every group commits only what it has processed, and its effects are idempotent.',
  scopes: () => ['all'],
  judge: judgeLedgers,
}

function judgeLedgers(judgement: Judgement): Finding {
  const { history, ended } = judgement.result
  const ledgers = ledgersOf(history)
  const names = ledgers.map((id) => history.names[id] ?? '')
  const promised = excuseOf(judgement) === null
  if (ledgers.length < 2) return vacuous(promised, 'There are no two ledgers to compare')
  const books = new Books(judgement, ledgers)
  const breaches = new Tally()
  for (let message = 0; message < history.messages.length; message += 1) {
    if (!books.agree(message)) disagree(judgement, breaches, { books, names, message })
  }
  const { count } = breaches
  if (count > 0 && ended !== 'drained') {
    return unknown(promised, `${counted(count, 'message')} ${be(count)} still to be reconciled`)
  }
  if (count > 0) {
    return breaches.broken(`${listed(names)} differ on ${counted(count, 'message')}`)
  }
  if (books.messages === 0) return vacuous(promised, 'Nothing was booked')
  const longest = `the longest took ${seconds(books.longestUs)}`
  return kept(promised, `${listed(names)} agree on every message; ${longest}`)
}

function excuseOf(judgement: Judgement): string | null {
  const { consumers } = judgement.scenario
  if (!consumers.every(processesFirst)) {
    return 'not promised: a group commits before it processes'
  }
  const repeats = consumers.find(({ pattern }) => pattern !== 'idempotent')
  return repeats === undefined ? null : `not promised: ${repeats.group} repeats its effects`
}

/** Sums of each ledger by message, in one dense table. */
class Books {
  messages = 0
  /** Longest time from the first booking of a message to the last. */
  longestUs = 0
  readonly #ledgers: number
  readonly #sums: Float64Array
  readonly #seen: Uint8Array
  readonly #firstUs: Float64Array

  constructor(judgement: Judgement, ledgers: readonly number[]) {
    const { bookings, messages, names } = judgement.result.history
    this.#ledgers = ledgers.length
    this.#sums = new Float64Array(messages.length * ledgers.length)
    this.#seen = new Uint8Array(messages.length)
    this.#firstUs = new Float64Array(messages.length)
    const places = new Int32Array(names.length).fill(-1)
    ledgers.forEach((id, place) => (places[id] = place))
    const { data } = bookings
    for (let row = 0; row < bookings.length; row += 1) {
      const message = data.message[row] as number
      if (message < 0) continue
      this.#took(message, places[data.ledger[row] as number] as number, {
        amount: data.amount[row] as number,
        atUs: data.atUs[row] as number,
      })
    }
  }

  sum(message: number, ledger: number): number {
    return this.#sums[message * this.#ledgers + ledger] as number
  }

  firstUs(message: number): number {
    return this.#firstUs[message] as number
  }

  agree(message: number): boolean {
    const amount = Math.abs(this.sum(message, 0))
    for (let ledger = 1; ledger < this.#ledgers; ledger += 1) {
      if (Math.abs(this.sum(message, ledger)) !== amount) return false
    }
    return true
  }

  #took(message: number, ledger: number, { amount, atUs }: Booking): void {
    const at = message * this.#ledgers + ledger
    this.#sums[at] = (this.#sums[at] as number) + amount
    if (this.#seen[message] === 0) {
      this.#seen[message] = 1
      this.#firstUs[message] = atUs
      this.messages += 1
    }
    this.longestUs = Math.max(this.longestUs, atUs - (this.#firstUs[message] as number))
  }
}

interface Booking {
  readonly amount: number
  readonly atUs: number
}

interface Disagreement {
  readonly books: Books
  readonly names: readonly string[]
  readonly message: number
}

function disagree(
  judgement: Judgement,
  breaches: Tally,
  { books, names, message }: Disagreement,
): void {
  const missing = names.some((_name, ledger) => books.sum(message, ledger) === 0)
  const mechanism = missing ? 'not booked everywhere' : 'booked differently'
  breaches.add(mechanism, 1, excuseOf(judgement), () => {
    const amounts = names.map((name, ledger) => `${name} ${books.sum(message, ledger)}`)
    const atUs = judgement.since(books.firstUs(message))
    return {
      sentence:
        `of message ${judgement.result.history.messages.text(message)}, first booked at ` +
        `${seconds(atUs)}, the ledgers say: ${listed(amounts)}`,
      atUs,
      partition: null,
      offset: null,
      records: [],
    }
  })
}
