import { describe, expect, test } from 'vitest'
import { orders, ToldPartition } from './told-partition.ts'

/** Broker 0 leads three replicas and has written two batches, of which broker 1 has the first. */
function written(): ToldPartition {
  const partition = new ToldPartition([0, 1, 2])
  partition.commit(0, 0, [0, 1, 2]).lead(0, 0, [0, 1, 2]).write(0).write(0)
  return partition.fetch(0, 1, 1)
}

describe('what is acknowledged with acks=all', () => {
  test('may stand on as many replicas as are needed', () => {
    const partition = written()

    partition.truth.acknowledged(0, orders, 1, 2)

    expect(partition.properties()).toEqual([])
  })

  test('breaks MinIsr where it stands on fewer', () => {
    const partition = written()

    partition.truth.acknowledged(0, orders, 2, 2)

    expect(partition.properties()).toEqual(['MinIsr'])
    expect(partition.truth.breaches[0]?.sentence).toContain(
      'below offset 2, which stands on 1 of the 2 replicas',
    )
  })

  test('stands nowhere else if another replica holds other records at the same offsets', () => {
    const partition = new ToldPartition([0, 1])
    partition.commit(0, 0, [0, 1]).lead(0, 0, [0, 1]).write(0)
    partition.lead(1, 1, [1]).write(1)

    partition.truth.acknowledged(0, orders, 1, 2)

    expect(partition.properties()).toEqual(['MinIsr'])
  })

  test('counts on parted logs as far as they are the same', () => {
    const partition = new ToldPartition([0, 1])
    partition.commit(0, 0, [0, 1]).lead(0, 0, [0, 1]).write(0).fetch(0, 1)
    partition.write(0).lead(1, 1, [1]).write(1)

    partition.truth.acknowledged(0, orders, 1, 2)

    expect(partition.properties()).toEqual([])
  })

  test('counts a replica whose disk was cut', () => {
    const partition = written()
    partition.truth.lostUnsynced(1, orders, 0)

    partition.truth.acknowledged(0, orders, 1, 2)

    expect(partition.properties()).not.toContain('MinIsr')
  })
})

describe('what a replica takes up', () => {
  test('breaks TypeOk where it does not read as it was written', () => {
    const partition = written()

    partition.truth.damaged(1, orders, 0)

    expect(partition.properties()).toEqual(['TypeOk'])
    expect(partition.truth.breaches[0]?.sentence).toContain('a batch at offset 0')
  })
})
