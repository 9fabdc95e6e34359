import { expect, test } from 'vitest'
import { DurableMetadata, isCleanChange } from '../../../model/kafka/durable-metadata.ts'
import type { PartitionState } from '../../../model/kafka/messages.ts'
import { Topics } from '../../../model/kafka/topics.ts'
import type { Facts } from '../../../model/facts.ts'
import { partitionId } from '../../../model/record.ts'
import type { EnsembleObserver, ZnodeChange } from '../../../model/zookeeper/observer.ts'

const topics = new Topics(['orders'])
const partition = partitionId(topics.id('orders') ?? -1, 3)
const path = '/brokers/topics/orders/partitions/3/state'

function state(leader: number, isr: readonly number[], version: number): ZnodeChange {
  const data = { leader, leaderEpoch: version, isr, controllerEpoch: 1 }
  return { kind: version === 0 ? 'created' : 'changed', path, data, version, czxid: 1 }
}

function stateOf(leader: number, isr: readonly number[]): PartitionState {
  return { leader, isr, leaderEpoch: 0, partitionEpoch: 0, controllerEpoch: 1 }
}

test('committed states are looked up by partition and told to facts, unclean ones as such', () => {
  const told: Parameters<Facts['stateCommitted']>[1][] = []
  const facts = {
    stateCommitted: (_partition: number, one: (typeof told)[number]) => void told.push(one),
  } as unknown as Facts
  const durable = new DurableMetadata(topics, facts)
  const observer: EnsembleObserver = durable

  observer.committed(1, [state(1, [1, 2], 0)])
  observer.committed(2, [state(2, [2], 1)])
  observer.committed(3, [state(3, [3], 2)])

  expect(durable.leaderOf(partition)).toBe(3)
  expect(durable.isrOf(partition)).toEqual([3])
  expect(durable.stateOf(partition)?.partitionEpoch).toBe(2)
  expect(told.map(({ clean }) => clean)).toEqual([true, true, false])
  expect(durable.elections()).toBe(2)
  expect(durable.isrShrinks()).toBe(2)
})

test('facts hear which controller had been elected when a state was committed', () => {
  const told: (number | undefined)[] = []
  const facts = {
    stateCommitted: (_partition: number, one: Parameters<Facts['stateCommitted']>[1]) =>
      void told.push(one.reigningEpoch),
  } as unknown as Facts
  const durable = new DurableMetadata(topics, facts)
  const elected = { kind: 'changed', path: '/controller_epoch', version: 1, czxid: 1 } as const

  durable.committed(1, [{ ...elected, data: 1 }])
  durable.committed(2, [state(1, [1, 2], 0)])
  durable.committed(3, [{ ...elected, data: 2 }])
  durable.committed(4, [state(1, [1], 1)])

  expect(told).toEqual([1, 2])
})

test('a partition that nobody created has neither leader nor ISR', () => {
  const durable = new DurableMetadata(topics, null)

  expect(durable.leaderOf(partition)).toBe(-1)
  expect(durable.isrOf(partition)).toEqual([])
  expect(durable.stateOf(partition)).toBeUndefined()
})

test('brokers and the controller are those whose nodes stand', () => {
  const durable = new DurableMetadata(topics, null)
  const created = { kind: 'created', version: 0, czxid: 7 } as const
  durable.committed(7, [{ ...created, path: '/brokers/ids/4', data: { id: 4, rack: 'a' } }])
  durable.committed(8, [
    { ...created, path: '/controller', data: { brokerId: 4, timestampMs: 0 } },
    { ...created, kind: 'changed', path: '/controller_epoch', data: 5 },
  ])
  const during = [durable.controller(), durable.controllerEpoch(), durable.registered()]

  durable.committed(9, [
    { ...created, kind: 'deleted', path: '/controller', data: null },
    { ...created, kind: 'deleted', path: '/brokers/ids/4', data: null },
  ])

  expect(during).toEqual([4, 5, [{ id: 4, epoch: 7, rack: 'a' }]])
  expect(durable.controller()).toBe(-1)
  expect(durable.isRegistered(4)).toBe(false)
})

test('the leader of the ensemble is the one of the highest epoch', () => {
  const durable = new DurableMetadata(topics, null)

  durable.led(1, 3)
  durable.led(2, 4)
  durable.led(1, 3)

  expect(durable.zookeeperLeader()).toBe(2)
})

test.each([
  { before: undefined, after: stateOf(1, [1]), clean: true },
  { before: stateOf(1, [1, 2]), after: stateOf(2, [2]), clean: true },
  { before: stateOf(1, [1]), after: stateOf(-1, [1]), clean: true },
  { before: stateOf(-1, [1]), after: stateOf(1, [1]), clean: true },
  { before: stateOf(-1, [1]), after: stateOf(2, [2]), clean: false },
])('the change from $before to $after is clean: $clean', ({ before, after, clean }) => {
  expect(isCleanChange(before, after)).toBe(clean)
})
