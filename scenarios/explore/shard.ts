/**
 * Shards: parts of one exploration for several machines, each a few of its islands.
 *
 * Islands learn nothing of each other, so the shards together find exactly what the whole finds.
 */

/** Parts of an exploration that learn nothing of each other. */
export const ISLANDS = 16

export interface Shard {
  /** From 0. */
  readonly index: number
  readonly of: number
}

/** `2/4`; null if a text is none, or names more shards than there are islands. */
export function shardOf(text: string): Shard | null {
  const match = /^(\d+)\/(\d+)$/.exec(text)
  if (match === null) return null
  const index = Number(match[1]) - 1
  const of = Number(match[2])
  return index >= 0 && index < of && of <= ISLANDS ? { index, of } : null
}

export function shardText({ index, of }: Shard): string {
  return `${index + 1}/${of}`
}

/** Whether a shard does a run. */
export function ownsRun(shard: Shard | undefined, index: number): boolean {
  return shard === undefined || (index % ISLANDS) % shard.of === shard.index
}
