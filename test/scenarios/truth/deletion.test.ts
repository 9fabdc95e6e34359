import { expect, test } from 'vitest'
import { orders, ToldPartition } from './told-partition.ts'

/** Three replicas hold three committed records. */
function whole(): ToldPartition {
  const told = new ToldPartition().commit(0, 0, [0, 1, 2]).lead(0, 0, [0, 1, 2])
  told.write(0, 3).fetch(0, 1).fetch(0, 2).watermark(0, 3)
  return told
}

test('replicas that are deleted one by one break nothing, once the deletion was asked for', () => {
  const told = whole()

  told.truth.topicDeletion(orders, 'begun')
  told.truth.dropped(1, orders)
  told.truth.dropped(2, orders)

  expect(told.properties()).toEqual([])
})

test('a replica that is deleted without a wish breaks what its leader counts on', () => {
  const told = whole()

  told.truth.dropped(1, orders)

  expect(told.properties()).toContain('StrongIsr')
})

test('all that was sent before the end of a deletion is excused, and nothing after it', () => {
  const told = whole()
  told.truth.topicDeletion(orders, 'begun')
  const [open] = told.truth.report(0).excuses

  told.truth.topicDeletion(orders, 'ended')
  const [ended] = told.truth.report(0).excuses

  expect(open).toMatchObject({ partition: orders, fromOffset: 0, cause: 'topic-deleted' })
  expect(Number.isFinite(ended?.atUs)).toBe(true)
  expect(told.truth.logOf(0, orders)).toBeNull()
})

test('the next topic of the name owes nothing to the one that is gone', () => {
  const told = whole()
  told.truth.topicDeletion(orders, 'begun')
  told.truth.topicDeletion(orders, 'ended')

  told.truth.stateCommitted(orders, {
    leader: 1,
    leaderEpoch: 0,
    isr: [1],
    partitionEpoch: 0,
    controllerEpoch: 1,
    clean: true,
  })
  told.truth.ledFrom(1, orders, 0, 0, [1])

  expect(told.properties()).toEqual([])
})

test('a wish that was called off excuses nothing', () => {
  const told = whole()
  told.truth.topicDeletion(orders, 'begun')

  told.truth.topicDeletion(orders, 'cancelled')

  expect(told.truth.report(0).excuses).toEqual([])
})
