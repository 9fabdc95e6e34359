import { expect, test } from 'vitest'
import { appendTo, createBatch } from '../../../../../model/kafka/clients/producer/batch.ts'
import {
  hasReachedDeliveryTimeout,
  isBackingOff,
  noteLeaderEpoch,
  unreadyMs,
} from '../../../../../model/kafka/clients/producer/readiness.ts'
import {
  createQueue,
  type PartitionQueue,
  type ProducerBatch,
} from '../../../../../model/kafka/clients/producer/state.ts'
import { explicit } from './outgoing.ts'

const CREATED_MS = 1000

function queueOf(batches: number, bytes = 100): PartitionQueue {
  const queue = createQueue(0, 0)
  for (let id = 0; id < batches; id += 1) {
    const batch = createBatch(queue, {
      id,
      createdMs: CREATED_MS,
      allocatedBytes: 400,
      codec: null,
    })
    const record = { stream: 0, index: id, key: null, value: null, bytes, timestampMs: CREATED_MS }
    appendTo(batch, explicit(record, id))
    queue.batches.push(batch)
  }
  return queue
}

function retried(pauseMs: number): PartitionQueue {
  const queue = queueOf(1)
  const [head] = queue.batches as [ProducerBatch]
  noteLeaderEpoch(head, 3)
  head.attempts = 1
  head.pauseMs = pauseMs
  return queue
}

const calm = { lingerMs: 5, batchSize: 400, urgent: false }

test.each([
  { waited: 0, linger: 0, batches: 1, bytes: 100, urgent: false, ready: true, wait: 0 },
  { waited: 0, linger: 5, batches: 1, bytes: 100, urgent: false, ready: false, wait: 5 },
  { waited: 3, linger: 5, batches: 1, bytes: 100, urgent: false, ready: false, wait: 2 },
  { waited: 5, linger: 5, batches: 1, bytes: 100, urgent: false, ready: true, wait: 0 },
  { waited: 0, linger: 5, batches: 2, bytes: 100, urgent: false, ready: true, wait: 0 },
  { waited: 0, linger: 5, batches: 1, bytes: 339, urgent: false, ready: true, wait: 0 },
  { waited: 0, linger: 5, batches: 1, bytes: 100, urgent: true, ready: true, wait: 0 },
  { waited: -60_000, linger: 5, batches: 1, bytes: 100, urgent: false, ready: false, wait: 5 },
])(
  'after $waited ms of linger $linger, $batches batch(es) of $bytes bytes, urgent $urgent: ready $ready',
  ({ waited, linger, batches, bytes, urgent, ready, wait }) => {
    const queue = queueOf(batches, bytes)
    const nowMs = CREATED_MS + waited

    const judged = unreadyMs(queue, { nowMs, lingerMs: linger, batchSize: 400, urgent })

    expect(judged).toBe(wait)
    expect(judged === 0).toBe(ready)
  },
)

test.each([
  { waited: 40, ready: false, wait: 60 },
  { waited: 99, ready: false, wait: 1 },
  { waited: 100, ready: true, wait: 0 },
])('a retry with a pause of 100 ms is ready after $waited ms: $ready', (example) => {
  const queue = retried(100)
  const nowMs = CREATED_MS + example.waited

  const judged = unreadyMs(queue, { ...calm, nowMs })

  expect(judged).toBe(example.wait)
  expect(judged === 0).toBe(example.ready)
})

test('a retry waits out its pause even when everything is urgent', () => {
  const queue = retried(100)

  const judged = unreadyMs(queue, { ...calm, nowMs: CREATED_MS + 10, urgent: true })

  expect(judged).toBe(90)
})

test('a newer leader epoch since the failure ends the pause of a retry', () => {
  const [head] = retried(100).batches as [ProducerBatch]
  noteLeaderEpoch(head, 4)

  const backingOff = isBackingOff(head, CREATED_MS + 10)

  expect(backingOff).toBe(false)
})

test('the same leader epoch does not end the pause of a retry', () => {
  const [head] = retried(100).batches as [ProducerBatch]
  noteLeaderEpoch(head, 3)

  const backingOff = isBackingOff(head, CREATED_MS + 10)

  expect(backingOff).toBe(true)
})

test('a leader change ends one pause, not that of the next failure', () => {
  const [head] = retried(100).batches as [ProducerBatch]
  noteLeaderEpoch(head, 4)
  head.attempts = 2

  const backingOff = isBackingOff(head, CREATED_MS + 10)

  expect(backingOff).toBe(true)
})

test.each([
  { age: 119_999, reached: false },
  { age: 120_000, reached: true },
])('a batch $age ms old has reached a delivery timeout of 120 s: $reached', (example) => {
  const [head] = queueOf(1).batches as [ProducerBatch]

  const reached = hasReachedDeliveryTimeout(head, CREATED_MS + example.age, 120_000)

  expect(reached).toBe(example.reached)
})
