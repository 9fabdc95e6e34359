import { expect, test } from 'vitest'
import { DeletedProducers } from '../../../../model/kafka/replication/deleted-producers.ts'
import type { LogEntry } from '../../../../model/record.ts'

function entry(baseOffset: number, producerId: number): LogEntry {
  const batch = {
    producerId,
    producerEpoch: 0,
    baseSequence: baseOffset,
    transactional: false,
    control: 'none',
    count: 1,
    bytes: 100,
    maxTimestampMs: 0,
    content: { kind: 'explicit', records: [] },
  } as const
  return { baseOffset, leaderEpoch: 0, batch }
}

function written(...producers: readonly number[]): readonly LogEntry[] {
  return producers.map((producerId, at) => entry(at, producerId))
}

test.each([
  { title: 'one', log: written(7, 7, 7, 7), gone: 3, offsets: [2] },
  {
    title: 'one, the last batch without a number',
    log: written(7, 7, -1, 7),
    gone: 3,
    offsets: [1],
  },
  { title: 'several', log: written(7, 8, 7, 9), gone: 3, offsets: [2, 1] },
  { title: 'nobody', log: written(-1, -1), gone: 2, offsets: [] },
])('the last deleted batch of each producer is kept: $title', ({ log, gone, offsets }) => {
  const deleted = new DeletedProducers()
  deleted.rebuild(log)

  deleted.take(log, gone)

  expect(deleted.batches.map(({ baseOffset }) => baseOffset)).toEqual(offsets)
})

test('who was deleted before is kept beside those who wrote since', () => {
  const deleted = new DeletedProducers([entry(0, 7)])
  deleted.rebuild([])
  deleted.wrote(8)

  deleted.take([entry(1, 8)], 1)

  expect(deleted.batches.map(({ batch }) => batch.producerId)).toEqual([7, 8])
})

test('a log that begins anew has had no producers', () => {
  const deleted = new DeletedProducers([entry(0, 7)])

  deleted.clear()

  expect(deleted.batches).toEqual([])
})
