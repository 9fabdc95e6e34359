import { expect, test } from 'vitest'
import {
  appendTo,
  createBatch,
  lastSequence,
} from '../../../../../model/kafka/clients/producer/batch.ts'
import {
  assignSequence,
  isDrainForbidden,
  markUnresolved,
  mayRetrySequence,
  onSequenceAcked,
  onSequenceFailed,
  prepareSequences,
  putBack,
} from '../../../../../model/kafka/clients/producer/idempotence.ts'
import { Guard } from '../../../../../model/kafka/clients/producer/guards.ts'
import {
  createQueue,
  type Idempotence,
  type PartitionQueue,
  type ProducerBatch,
} from '../../../../../model/kafka/clients/producer/state.ts'
import { Probe } from '../../../../../model/kafka/clients/producer/probes.ts'
import type { GuardId } from '../../../../../sim/registry.ts'
import { type HeldProducer, holdProducer } from './hosted-producer.ts'
import { explicit } from './outgoing.ts'

interface World {
  readonly held: HeldProducer
  readonly book: Idempotence
  readonly queue: PartitionQueue
}

/** A producer with id 7 and epoch 0 and one queue. */
function start(guardsOff: readonly GuardId[] = []): World {
  const held = holdProducer({ guardsOff })
  const book = held.state.idempotence as Idempotence
  book.producerId = 7
  book.epoch = 0
  const queue = createQueue(0, 0)
  held.state.queues.push(queue)
  return { held, book, queue }
}

function waiting(queue: PartitionQueue, records = 2): ProducerBatch {
  const id = queue.batches.length
  const batch = createBatch(queue, { id, createdMs: 0, allocatedBytes: 400, codec: null })
  for (let index = 0; index < records; index += 1) {
    const record = { stream: 0, index, key: null, value: null, bytes: 10, timestampMs: 0 }
    appendTo(batch, explicit(record, index))
  }
  queue.batches.push(batch)
  return batch
}

/** A batch that was drained: numbered and under way. */
function drained(world: World): ProducerBatch {
  const batch = waiting(world.queue)
  world.queue.batches.pop()
  assignSequence(batch, world.book, world.held.context)
  return batch
}

function prepare({ held, book }: World): void {
  prepareSequences(held.state, book, held.context)
}

test('batches are numbered by their records, from 0 and without a gap', () => {
  const world = start()
  const batches = [drained(world), drained(world), drained(world)]

  const sequences = batches.map(({ baseSequence }) => baseSequence)

  expect(sequences).toEqual([0, 2, 4])
})

interface Reaction {
  readonly title: string
  readonly error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'UNKNOWN_PRODUCER_ID'
  readonly arrange: (world: World, first: ProducerBatch, second: ProducerBatch) => void
  readonly of: 'first' | 'second'
  readonly logStartOffset?: number
  readonly bump: boolean
}

const reactions: readonly Reaction[] = [
  {
    title: 'OUT_OF_ORDER of a batch behind an outstanding one',
    error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    arrange: () => {},
    of: 'second',
    bump: false,
  },
  {
    title: 'OUT_OF_ORDER of the very next batch',
    error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    arrange: () => {},
    of: 'first',
    bump: true,
  },
  {
    title: 'OUT_OF_ORDER of a batch that was renumbered',
    error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    arrange: (_world, first) => void (first.reopened = true),
    of: 'first',
    bump: false,
  },
  {
    title: 'OUT_OF_ORDER of the batch that follows an unresolved one',
    error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    arrange: ({ queue }) => void (queue.sequence.unresolved = 2),
    of: 'second',
    bump: true,
  },
  {
    title: 'OUT_OF_ORDER of a batch that does not follow the unresolved one',
    error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    arrange: ({ queue }) => void (queue.sequence.unresolved = 2),
    of: 'first',
    bump: false,
  },
  {
    title: 'UNKNOWN_PRODUCER_ID without a log start',
    error: 'UNKNOWN_PRODUCER_ID',
    arrange: () => {},
    of: 'first',
    bump: false,
  },
  {
    title: 'UNKNOWN_PRODUCER_ID of a batch that was renumbered',
    error: 'UNKNOWN_PRODUCER_ID',
    arrange: (_world, first) => void (first.reopened = true),
    of: 'first',
    logStartOffset: 5,
    bump: false,
  },
  {
    title: 'UNKNOWN_PRODUCER_ID after retention',
    error: 'UNKNOWN_PRODUCER_ID',
    arrange: () => {},
    of: 'first',
    logStartOffset: 5,
    bump: true,
  },
]

test.each(reactions)('$title is retried, and bumps the epoch: $bump', (reaction) => {
  const world = start()
  const batches = { first: drained(world), second: drained(world) }
  reaction.arrange(world, batches.first, batches.second)
  const batch = batches[reaction.of]

  const again = mayRetrySequence(world.book, batch, reaction.error, reaction.logStartOffset ?? -1)

  expect(again).toBe(true)
  expect(world.book.bumpRequired).toBe(reaction.bump)
})

test.each([
  { error: 'NOT_ENOUGH_REPLICAS' as const, again: true },
  { error: 'MESSAGE_TOO_LARGE' as const, again: false },
  { error: 'INVALID_PRODUCER_EPOCH' as const, again: false },
])('$error is retried: $again', ({ error, again }) => {
  const world = start()
  const batch = drained(world)

  const retried = mayRetrySequence(world.book, batch, error, -1)

  expect(retried).toBe(again)
})

test.each([
  { error: 'MESSAGE_TOO_LARGE' as const, adjust: true, bump: true },
  { error: 'DELIVERY_TIMEOUT' as const, adjust: false, bump: false },
  { error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' as const, adjust: false, bump: true },
])('a batch that fails with $error and adjust $adjust bumps the epoch: $bump', (example) => {
  const world = start()
  const batch = drained(world)
  onSequenceFailed(world.book, batch, example.error, example.adjust)

  const { bumpRequired } = world.book

  expect(bumpRequired).toBe(example.bump)
  expect(world.queue.sequence.pending).toEqual([])
})

test('a bump renumbers what is pending of the partition that asked for it', () => {
  const world = start()
  const [failed, second, third] = [drained(world), drained(world), drained(world)]
  onSequenceFailed(world.book, failed, 'MESSAGE_TOO_LARGE', true)
  prepare(world)

  const numbers = [second, third].map(({ producerEpoch, baseSequence, reopened }) => ({
    producerEpoch,
    baseSequence,
    reopened,
  }))

  expect(numbers).toEqual([
    { producerEpoch: 1, baseSequence: 0, reopened: true },
    { producerEpoch: 1, baseSequence: 2, reopened: true },
  ])
  expect(world.queue.sequence.nextSequence).toBe(4)
  expect(world.held.context.probes.map(({ probe }) => probe)).toEqual([Probe.epochBumped])
})

test('a partition that did not ask for the bump goes on from 0 once nothing of it is pending', () => {
  const world = start()
  const batch = drained(world)
  world.book.epoch = 1
  onSequenceAcked(batch, 10)
  const next = drained(world)

  const { producerEpoch, baseSequence } = next

  expect({ producerEpoch, baseSequence }).toEqual({ producerEpoch: 1, baseSequence: 0 })
})

test('with the guard of the reset off, other partitions carry old sequences into the new epoch', () => {
  const world = start([Guard.resetSequencesOnBump])
  const batch = drained(world)
  world.book.epoch = 1
  onSequenceAcked(batch, 10)
  const next = drained(world)

  const { producerEpoch, baseSequence } = next

  expect({ producerEpoch, baseSequence }).toEqual({ producerEpoch: 1, baseSequence: 2 })
})

test('after the last epoch the producer asks for a new id instead of raising it', () => {
  const world = start()
  world.book.epoch = 32_767
  world.book.bumpRequired = true
  prepare(world)

  const { producerId, epoch } = world.book

  expect({ producerId, epoch }).toEqual({ producerId: -1, epoch: -1 })
})

test('only an expired batch that was retried leaves its sequence unresolved', () => {
  const world = start()
  const [fresh, retried] = [drained(world), drained(world)]
  retried.attempts = 1
  markUnresolved(world.book, fresh)
  const afterFresh = world.queue.sequence.unresolved
  markUnresolved(world.book, retried)

  const afterRetried = world.queue.sequence.unresolved

  expect(afterFresh).toBe(-1)
  expect(afterRetried).toBe(lastSequence(retried) + 1)
})

test('an unresolved sequence resolves when the batches after it were accepted', () => {
  const world = start()
  const [expired, later] = [drained(world), drained(world)]
  expired.attempts = 1
  onSequenceFailed(world.book, expired, 'DELIVERY_TIMEOUT', false)
  markUnresolved(world.book, expired)
  onSequenceAcked(later, 10)
  prepare(world)

  const { epoch } = world.book

  expect(world.queue.sequence.unresolved).toBe(-1)
  expect(epoch).toBe(0)
})

test('an unresolved sequence bumps the epoch when nothing after it was accepted', () => {
  const world = start()
  const expired = drained(world)
  expired.attempts = 1
  onSequenceFailed(world.book, expired, 'DELIVERY_TIMEOUT', false)
  markUnresolved(world.book, expired)
  prepare(world)

  const { epoch } = world.book

  expect(world.queue.sequence.unresolved).toBe(-1)
  expect(epoch).toBe(1)
})

test('an unresolved sequence waits while something of its partition is pending', () => {
  const world = start()
  const [expired] = [drained(world), drained(world)]
  expired.attempts = 1
  onSequenceFailed(world.book, expired, 'DELIVERY_TIMEOUT', false)
  markUnresolved(world.book, expired)
  prepare(world)

  const { unresolved } = world.queue.sequence

  expect(unresolved).toBe(2)
})

test('an unresolved sequence is decided once what was pending has been acknowledged', () => {
  const world = start()
  const [expired, later] = [drained(world), drained(world)]
  expired.attempts = 1
  onSequenceFailed(world.book, expired, 'DELIVERY_TIMEOUT', false)
  markUnresolved(world.book, expired)
  prepare(world)
  onSequenceAcked(later, 10)
  prepare(world)

  const { unresolved } = world.queue.sequence

  expect(unresolved).toBe(-1)
  expect(world.book.unresolved).toBe(false)
})

interface DrainExample {
  readonly title: string
  readonly arrange: (world: World) => void
  readonly forbidden: boolean
  readonly guard?: GuardId
}

const drainExamples: readonly DrainExample[] = [
  { title: 'a new batch with nothing pending', arrange: () => {}, forbidden: false },
  {
    title: 'a batch without a producer id',
    arrange: ({ book }) => void (book.producerId = -1),
    forbidden: true,
    guard: Guard.validProducerId,
  },
  { title: 'a new batch behind four in flight', arrange: drainFour, forbidden: false },
  {
    title: 'a new batch of a new epoch while the old one is in flight',
    arrange: (world) => {
      drained(world)
      world.book.epoch = 1
    },
    forbidden: true,
    guard: Guard.staleEpochInFlight,
  },
  {
    title: 'a new batch while a sequence is unresolved',
    arrange: ({ queue }) => void (queue.sequence.unresolved = 2),
    forbidden: true,
    guard: Guard.unresolvedSequence,
  },
  {
    title: 'a retry that has the lowest sequence',
    arrange: (world) => {
      putBack(drained(world))
      drained(world)
    },
    forbidden: false,
  },
  {
    title: 'a retry while a lower sequence is in flight',
    arrange: (world) => {
      drained(world)
      putBack(drained(world))
    },
    forbidden: true,
    guard: Guard.retryPending,
  },
]

test.each(drainExamples)(
  '$title must not be drained: $forbidden',
  ({ arrange, forbidden, guard }) => {
    const world = start()
    waiting(world.queue)
    arrange(world)

    const judged = isDrainForbidden(world.queue, world.book, world.held.context)

    expect(judged).toBe(forbidden)
    expect(world.held.context.breaches).toEqual(guard === undefined ? [] : [guard])
  },
)

test('retries are put back in the order of their sequences, before what is new', () => {
  const world = start()
  const [first, second, third] = [drained(world), drained(world), drained(world)]
  const fresh = waiting(world.queue)
  for (const batch of [second, third, first]) putBack(batch)

  const { batches } = world.queue

  expect(batches).toEqual([first, second, third, fresh])
})

test('without sequences a retry is put at the very front, whatever failed before it', () => {
  const world = start()
  const queue = createQueue(1, 0)
  const [first, second] = [waiting(queue), waiting(queue)]
  queue.batches.length = 0
  putBack(first)
  putBack(second)

  const { batches } = queue

  expect(batches).toEqual([second, first])
  expect(world.book.bumpRequired).toBe(false)
})

function drainFour(world: World): void {
  for (let count = 0; count < 4; count += 1) drained(world)
}
