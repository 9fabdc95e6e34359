import { describe, expect, test } from 'vitest'
import { orders, ToldPartition } from './told-partition.ts'

function shown(partition: ToldPartition): readonly string[] {
  return partition.truth.breaches
    .map(({ sentence }) => sentence)
    .filter((sentence) => sentence.includes('readers saw before'))
}

/** Broker 0 led, wrote, committed and showed one batch. */
function read(): ToldPartition {
  const partition = new ToldPartition([0, 1])
  partition.commit(0, 0, [0, 1]).lead(0, 0, [0, 1]).write(0)
  return partition
}

describe('what readers are shown', () => {
  test('is the same from another leader that holds the same, also further on', () => {
    const partition = read().fetch(0, 1).watermark(0, 1)
    partition.truth.exposed(0, orders, 1)
    partition.stop(0).commit(1, 1, [1]).lead(1, 1, [1]).write(1).watermark(1, 2)

    partition.truth.exposed(1, orders, 1)
    partition.truth.exposed(1, orders, 2)

    expect(partition.properties()).toEqual([])
  })

  test('breaks LogMatching when a leader shows other records at the same offsets', () => {
    const partition = read().watermark(0, 1)
    partition.truth.exposed(0, orders, 1)
    partition.lead(1, 1, [1]).write(1).watermark(1, 1)

    partition.truth.exposed(1, orders, 1)

    expect(shown(partition)).toHaveLength(1)
    expect(shown(partition)[0]).toContain('from offset 0 on')
  })

  test('may differ after a loss that an unclean election excuses', () => {
    const partition = read().watermark(0, 1)
    partition.truth.exposed(0, orders, 1)
    partition.stop(0).commit(1, 1, [1], false).lead(1, 1, [1]).write(1).watermark(1, 1)

    partition.truth.exposed(1, orders, 1)

    expect(partition.truth.excuses).toHaveLength(1)
    expect(shown(partition)).toEqual([])
  })
})
