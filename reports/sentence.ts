/**
 * How a sentence of a verdict is set: checks, cases and users write them with and without an end.
 */

import { grouped } from './text/numbers.ts'

/** A sentence ends in a full stop, whoever wrote it. */
export function fullStop(sentence: string): string {
  return sentence === '' || /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`
}

/** The other way round, for a sentence that goes on. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}

/** `offset 46`, `offsets 32 to 38`: the last one is the one before `until`. */
export function offsetsText(from: number, until: number): string {
  const last = until - 1
  return from === last ? `offset ${grouped(from)}` : `offsets ${grouped(from)} to ${grouped(last)}`
}
