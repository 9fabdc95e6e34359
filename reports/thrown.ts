/**
 * What handlers of the user's own threw, by the line that threw: one line throws in as many words
 * as it names records, and is one finding all the same.
 */

import type { HandlerError } from '../scenarios/handlers/handler.ts'
import type { Result } from '../scenarios/result.ts'

export interface Thrown {
  readonly group: string
  /** The handler's line, as `order-handler.js:17:9`. */
  readonly place: string
  /** In all its words together. */
  readonly count: number
  readonly firstUs: number
  /** What was said the first time. */
  readonly message: string
  /** How many different things were said there. */
  readonly messages: number
}

/** The line that threw first comes first. */
export function thrownBy({ handlerErrors = [] }: Pick<Result, 'handlerErrors'>): readonly Thrown[] {
  const places = new Map<string, HandlerError[]>()
  for (const error of handlerErrors) {
    const key = `${error.group} ${error.place}`
    const known = places.get(key)
    if (known === undefined) places.set(key, [error])
    else known.push(error)
  }
  const found = [...places.values()].map(thrownAt)
  return found.sort((left, right) => left.firstUs - right.firstUs)
}

function thrownAt(errors: readonly HandlerError[]): Thrown {
  const first = errors.reduce((least, one) => (one.firstUs < least.firstUs ? one : least))
  return {
    group: first.group,
    place: first.place,
    count: errors.reduce((sum, one) => sum + one.count, 0),
    firstUs: first.firstUs,
    message: first.message,
    messages: errors.length,
  }
}
