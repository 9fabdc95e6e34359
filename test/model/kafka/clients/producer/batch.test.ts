import { expect, test } from 'vitest'
import {
  appendTo,
  createBatch,
  hasRoom,
  isFull,
  lastSequence,
  setSequence,
  split,
  wireOf,
} from '../../../../../model/kafka/clients/producer/batch.ts'
import {
  createQueue,
  type Outgoing,
  type ProducerBatch,
} from '../../../../../model/kafka/clients/producer/state.ts'
import { recordsOf } from '../../../../../model/record.ts'
import { explicit } from './outgoing.ts'

function batchOf(sizes: readonly number[]): ProducerBatch {
  const queue = createQueue(0, 0)
  const batch = createBatch(queue, { id: 3, createdMs: 1000, allocatedBytes: 400, codec: null })
  sizes.forEach((bytes, index) => {
    const record = { stream: 0, index, key: null, value: null, bytes, timestampMs: 1000 + index }
    appendTo(batch, explicit(record, index))
  })
  return batch
}

function sized(bytes: number): Outgoing {
  return explicit({ stream: 0, index: 9, key: null, value: null, bytes, timestampMs: 0 }, 9)
}

test('the first record has room whatever its size', () => {
  const room = hasRoom(batchOf([]), sized(5000), 400)

  expect(room).toBe(true)
})

test.each([
  { bytes: 139, room: true },
  { bytes: 140, room: false },
])(
  'beside 200 bytes of records, $bytes more have room in 400 with the header: $room',
  (example) => {
    const room = hasRoom(batchOf([100, 100]), sized(example.bytes), 400)

    expect(room).toBe(example.room)
  },
)

test('a batch that is closed has no room and counts as full', () => {
  const batch = batchOf([10])
  batch.closed = true

  expect(hasRoom(batch, sized(10), 400)).toBe(false)
  expect(isFull(batch, 400)).toBe(true)
})

test('a batch on the wire carries its sequence, its size and the newest timestamp', () => {
  const batch = batchOf([100, 50])
  setSequence(batch, 7, 2, 40)

  const wire = wireOf(batch)

  expect(wire).toMatchObject({
    producerId: 7,
    producerEpoch: 2,
    baseSequence: 40,
    count: 2,
    bytes: 211,
    maxTimestampMs: 1001,
  })
  expect(wireOf(batch)).toBe(wire)
})

test('a new sequence makes a new wire form and leaves the one under way alone', () => {
  const batch = batchOf([100])
  setSequence(batch, 7, 2, 40)
  const before = wireOf(batch)
  setSequence(batch, 7, 3, 0)

  const after = wireOf(batch)

  expect(before.baseSequence).toBe(40)
  expect(after.baseSequence).toBe(0)
})

test('the last sequence wraps after 2^31 − 1', () => {
  const batch = batchOf([1, 1, 1])
  setSequence(batch, 7, 0, 0x7ffffffe)

  const last = lastSequence(batch)

  expect(last).toBe(0)
})

test('a split batch falls into pieces of the batch size, in order, with consecutive sequences', () => {
  const batch = batchOf([200, 200, 100, 500, 10])
  setSequence(batch, 7, 2, 40)
  batch.attempts = 3

  const pieces = split(batch, 400)

  expect(pieces.map((piece) => recordsOf(wireOf(piece)).map(({ index }) => index))).toEqual([
    [0],
    [1, 2],
    [3],
    [4],
  ])
  expect(pieces.map(({ baseSequence }) => baseSequence)).toEqual([40, 41, 43, 44])
  expect(pieces.map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0])
  expect(pieces.every(({ createdMs }) => createdMs === 1000)).toBe(true)
})
