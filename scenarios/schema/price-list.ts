/**
 * Reads the price list that a plan names: a YAML or JSON file of the user's own.
 *
 * Held by hand and not by zod, so that expanding a scenario does not load it.
 */

import { InputError } from './input-error.ts'
import { didYouMeanOf } from './nearest.ts'
import type { Prices } from './plan.ts'
import { shown } from './shown.ts'
import { readSource, type Source } from './source.ts'
import type { PricesEntry } from './surface.ts'

const keys = ['currency', 'perHour', 'perGigabyteMonth', 'perConsumerHour']

export function pricesOf(entry: PricesEntry): Prices {
  return {
    currency: entry.currency,
    perHour: entry.perHour,
    perGigabyteMonth: entry.perGigabyteMonth ?? 0,
    perConsumerHour: entry.perConsumerHour ?? 0,
  }
}

/** Throws `InputError` with the place in the list. */
export function parsePriceList(text: string, file: string): Prices {
  const source = readSource(text, file)
  const { value } = source
  if (!isMap(value)) throw wrong(source, [], `a price list has keys: ${keys.join(', ')}`)
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue
    throw wrong(source, [key], `unknown key "${key}"${didYouMeanOf(key, keys)}`, true)
  }
  const { currency, perHour } = value
  if (typeof currency !== 'string') throw wrong(source, ['currency'], 'needs "currency", as EUR')
  if (!isMap(perHour)) {
    throw wrong(source, ['perHour'], 'needs "perHour": the price of each hardware')
  }
  const amount = (path: readonly string[], found: unknown): number => {
    if (typeof found === 'number' && found >= 0 && Number.isFinite(found)) return found
    throw wrong(source, path, `needs a price of at least 0, not ${shown(found)}`)
  }
  const hours = Object.entries(perHour).map(
    ([name, found]) => [name, amount(['perHour', name], found)] as const,
  )
  return {
    currency,
    perHour: Object.fromEntries(hours),
    perGigabyteMonth: amount(['perGigabyteMonth'], value['perGigabyteMonth'] ?? 0),
    perConsumerHour: amount(['perConsumerHour'], value['perConsumerHour'] ?? 0),
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(
  source: Source,
  path: readonly string[],
  message: string,
  aboutKey = false,
): InputError {
  return new InputError([`${source.locate(path, aboutKey)}: ${message}`])
}
