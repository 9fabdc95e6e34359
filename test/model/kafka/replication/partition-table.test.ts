import { describe, expect, it } from 'vitest'
import { PartitionTable } from '../../../../model/kafka/replication/partition-table.ts'
import type { Partition } from '../../../../model/kafka/replication/state.ts'
import { partitionId } from '../../../../model/record.ts'

function replica(topic: number, partition: number): Partition {
  return { id: partitionId(topic, partition) } as Partition
}

describe('a table of replicas', () => {
  it('finds each by its partition, and nothing else', () => {
    const table = new PartitionTable()
    const [one, other] = [replica(2, 3), replica(0, 1)]

    table.add(one)
    table.add(other)

    expect(table.get(one.id)).toBe(one)
    expect(table.get(other.id)).toBe(other)
    expect(table.get(partitionId(2, 4))).toBeUndefined()
    expect(table.get(partitionId(9, 0))).toBeUndefined()
  })

  it('lists them in the order in which they came, without those that went', () => {
    const table = new PartitionTable()
    const [one, other, third] = [replica(2, 3), replica(0, 1), replica(1, 0)]
    for (const each of [one, other, third]) table.add(each)

    table.delete(other.id)

    expect(table.values()).toEqual([one, third])
    expect(table.size).toBe(2)
    expect(table.get(other.id)).toBeUndefined()
  })

  it('holds one replica of a partition, the last that was added', () => {
    const table = new PartitionTable()
    const [former, latter] = [replica(2, 3), replica(2, 3)]

    table.add(former)
    table.add(latter)

    expect(table.values()).toEqual([latter])
    expect(table.get(latter.id)).toBe(latter)
  })
})
