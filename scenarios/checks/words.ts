/**
 * The small words of sentences: numbers with their nouns, lists, times and names.
 */

import { type PartitionId, partitionOf, topicOf } from '../../model/record.ts'

/** `61,012` */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 record`, `3,700 records`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${count === 1 ? noun : `${noun}s`}`
}

/** `was` or `were`. */
export function be(count: number): string {
  return count === 1 ? 'was' : 'were'
}

/** `is` or `are`. */
export function are(count: number): string {
  return count === 1 ? 'is' : 'are'
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** Microseconds as seconds to the millisecond: `12.345 s`; `0 s`. */
export function seconds(us: number): string {
  if (us === 0) return '0 s'
  return `${(us / 1_000_000).toFixed(3)} s`
}

/** `orders-0`, as the topics of a result name it. */
export function partitionName(topics: readonly string[], partition: PartitionId): string {
  const topic = topicOf(partition)
  return `${topics[topic] ?? `topic-${topic}`}-${partitionOf(partition)}`
}
