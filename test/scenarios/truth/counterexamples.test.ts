/** The shortest published histories in which older protocols lose what they acknowledged. */

import { describe, expect, test } from 'vitest'
import { ToldPartition } from './told-partition.ts'

describe('truth finds', () => {
  test('R01: a follower truncates to its own high watermark and is elected at once', () => {
    const [a, b] = [0, 1]
    const partition = new ToldPartition([a, b])
      .commit(b, 0, [a, b])
      .lead(b, 0, [a, b])
      .write(b)
      .write(b)
      .fetch(b, a)
      .watermark(b, 1)
      .watermark(a, 1)
      .watermark(b, 2)

    partition.stop(a).start(a).truncate(a, 1)
    const afterTruncation = partition.properties()
    partition.stop(b).commit(a, 1, [a]).lead(a, 1, [a])

    expect(afterTruncation).toEqual(['WeakIsr', 'StrongIsr'])
    expect(partition.properties()).toEqual(['WeakIsr', 'StrongIsr', 'LeaderCompleteness'])
  })

  test('R03: a follower that asks for an epoch its leader never had keeps another record', () => {
    const partition = new ToldPartition([0, 1])
      .commit(0, 0, [0, 1])
      .commit(1, 1, [0, 1])
      .commit(0, 2, [0, 1])
      .commit(1, 3, [0, 1])
    partition.lead(0, 0, [0, 1]).write(0).follow(0)
    partition.lead(1, 1, [0, 1]).write(1)
    partition.lead(0, 2, [0, 1]).write(0)

    partition.follow(1).truncate(1, 1).watermark(0, 1)

    expect(partition.properties()).toEqual(['LeaderCompleteness'])
    expect(partition.truth.breaches[0]?.sentence).toContain('from offset 0 to 0')
  })

  test('R03 with the third election still to come: both ISR properties, then the loss', () => {
    const partition = new ToldPartition([0, 1])
      .commit(0, 0, [0, 1])
      .commit(1, 1, [0, 1])
      .commit(0, 2, [0, 1])
    partition.lead(0, 0, [0, 1]).write(0).follow(0)
    partition.lead(1, 1, [0, 1]).write(1)
    partition.lead(0, 2, [0, 1]).write(0)
    partition.follow(1).truncate(1, 1)

    partition.watermark(0, 1)
    const before = partition.properties()
    partition.commit(1, 3, [0, 1])

    expect(before).toEqual(['WeakIsr', 'StrongIsr'])
    expect(partition.properties()).toEqual(['WeakIsr', 'StrongIsr', 'LeaderCompleteness'])
  })

  test('R08: a leader commits over its old ISR while the durable one has grown', () => {
    const partition = new ToldPartition().commit(0, 0, [0, 1, 2]).lead(0, 0, [0, 1, 2])
    partition.commit(0, 0, [0, 2]).isr(0, [0, 2])
    partition.commit(0, 0, [0, 1, 2])

    partition.write(0).fetch(0, 2).watermark(0, 1)
    const before = partition.properties()
    partition.commit(1, 1, [1, 2])

    expect(before).toEqual(['StrongIsr'])
    expect(partition.properties()).toEqual(['StrongIsr', 'LeaderCompleteness'])
  })

  test('D04: the last replica standing loses power, which is excused', () => {
    const partition = new ToldPartition().commit(2, 0, [0, 1, 2]).lead(2, 0, [0, 1, 2])
    partition.write(2).fetch(2, 0).fetch(2, 1).watermark(2, 1)
    partition.commit(2, 0, [2]).isr(2, [2])

    partition.losePower(2, 0).commit(2, 1, [2]).lead(2, 1, [2])
    partition.truncate(0, 0).truncate(1, 0)

    expect(partition.properties()).toEqual([])
    expect(partition.truth.excuses).toMatchObject([{ cause: 'disk', fromOffset: 0 }])
  })
})
