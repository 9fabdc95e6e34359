import { describe, expect, test } from 'vitest'
import { Lifecycle, Outcome, Ownership } from '../../../model/history.ts'
import { partitionId } from '../../../model/record.ts'
import { ordersPartition, Run } from '../history-builder.ts'
import { verdictOf } from '../judged.ts'

function run(): Run {
  return new Run().crash(9_000)
}

const lostOffsets = {
  partition: partitionId(0, 3),
  atUs: 500_000,
  fromOffset: 0,
  untilOffset: 9,
  cause: 'disk',
} as const

describe('one-owner', () => {
  function taken(told: Run, member: string, atMs: number, generation: number): Run {
    return told.owns(-1, atMs, Ownership.assigned, { member, generation })
  }

  test('is kept when a partition goes from one member to the next', () => {
    const told = taken(run(), 'payment-1', 1_000, 1)
    told.owns(0, 2_000, Ownership.revoked, { member: 'payment-1', generation: 1 })
    taken(told, 'payment-2', 2_100, 2)

    expect(verdictOf(told, 'one-owner')).toMatchObject({ verdict: 'kept', promised: true })
  })

  test('is broken by two members that own a partition in one generation', () => {
    const told = taken(taken(run(), 'payment-1', 1_000, 1), 'payment-2', 2_000, 1)

    const verdict = verdictOf(told, 'one-owner')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.evidence[0]?.sentence).toBe(
      'payment-2 was given orders-0 at 2.000 s in generation 1, which payment-1 had owned since 1.000 s',
    )
  })

  test('is broken by a member that is given a partition in no generation', () => {
    const verdict = verdictOf(taken(run(), 'payment-1', 1_000, -1), 'one-owner')

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      signature: 'one-owner payment: an owner in no generation',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'payment-1 was given orders-0 at 1.000 s while it was in no generation',
    )
  })

  test('is kept when the first of them died before', () => {
    const told = taken(run(), 'payment-1', 1_000, 1)
    taken(told.lives('payment-1', 1_500, Lifecycle.crashed), 'payment-2', 2_000, 1)

    expect(verdictOf(told, 'one-owner').verdict).toBe('kept')
  })

  test('is kept by a zombie of an older generation, and tells of it', () => {
    const told = taken(taken(run(), 'payment-1', 1_000, 1), 'payment-2', 2_000, 2)
    told.owns(0, 5_000, Ownership.lost, { member: 'payment-1', generation: 1 })

    expect(verdictOf(told, 'one-owner').sentence).toBe(
      'Each partition of payment had one owner a generation; a zombie held on to one 1 time, at most for 3.000 s.',
    )
  })

  test('counts the time of a zombie from when the partition was given on', () => {
    const told = taken(taken(run(), 'payment-1', 1_000, 1), 'payment-2', 2_000, 2)
    told.owns(0, 5_000, Ownership.revoked, { member: 'payment-2', generation: 2 })

    expect(verdictOf(told, 'one-owner').sentence).toContain('at most for 3.000 s')
  })

  test('is not promised once the metadata of groups is lost', () => {
    const told = taken(taken(run(), 'payment-1', 1_000, 1), 'payment-2', 2_000, 1)

    told.ended({ excuses: [lostOffsets] })

    expect(verdictOf(told, 'one-owner')).toMatchObject({ verdict: 'broken', promised: false })
  })

  test('is vacuous when nobody owned anything', () => {
    expect(verdictOf(run(), 'one-owner').verdict).toBe('vacuous')
  })
})

describe('fencing of generations', () => {
  function superseded(): Run {
    return run().owns(-1, 1_000, Ownership.assigned, { generation: 2 })
  }

  test('is broken by a commit of a generation that was superseded when it began', () => {
    const verdict = verdictOf(superseded().commit(5, 1_100), 'fencing', 'payment')

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      signature: 'fencing payment: a superseded member committed',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'payment-1 of generation 1 committed offset 5 of orders-0 at 1.100 s, and generation 2 had begun by 1.000 s',
    )
  })

  test('is kept when such a commit is refused, or began before', () => {
    const refused = superseded().commit(5, 1_100, { outcome: Outcome.failed })
    const before = run().commit(5, 900, { tookMs: 500 })
    before.owns(-1, 1_000, Ownership.assigned, { generation: 2 })

    expect(verdictOf(refused, 'fencing', 'payment').verdict).toBe('vacuous')
    expect(verdictOf(before, 'fencing', 'payment').verdict).toBe('kept')
  })

  test('is broken by a commit of a member that is in no generation', () => {
    const verdict = verdictOf(run().commit(5, 1_100, { generation: -1 }), 'fencing', 'payment')

    expect(verdict).toMatchObject({
      verdict: 'broken',
      promised: true,
      signature: 'fencing payment: a member committed outside of every generation',
    })
    expect(verdict.evidence[0]?.sentence).toBe(
      'payment-1, in no generation of its group, committed offset 5 of orders-0 at 1.100 s',
    )
  })

  test('is not promised once the metadata of groups is lost', () => {
    const told = superseded()
      .commit(5, 1_100)
      .ended({ excuses: [lostOffsets] })

    expect(verdictOf(told, 'fencing', 'payment').promised).toBe(false)
  })
})

describe('fencing in the logs', () => {
  const change = {
    atUs: 1,
    partition: ordersPartition(),
    leader: 1,
    leaderEpoch: 0,
    isr: [1],
    clean: true,
  }

  /** A controller writes a state after one of a later epoch has. */
  function writtenOver(): Run {
    return run().ended({
      leaders: [
        { ...change, atUs: 1, controllerEpoch: 2 },
        { ...change, atUs: 2, controllerEpoch: 1 },
      ],
    })
  }

  test('is broken by a batch of a producer epoch behind a later one', () => {
    const told = run()
    const sent = told.send(1_000, { stored: false })
    told.store(sent, { producerId: 4, producerEpoch: 1 })
    told.store(sent, { producerId: 5, producerEpoch: 0 })
    expect(verdictOf(told, 'fencing', 'producers').verdict).toBe('kept')
    told.store(sent, { producerId: 4, producerEpoch: 0 })

    const verdict = verdictOf(told, 'fencing', 'producers')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 1 })
    expect(verdict.evidence[0]?.sentence).toBe(
      'orders-0 holds records of producer 4 in epoch 0 behind its epoch 1, from offset 2 on',
    )
  })

  test('is broken by a batch of a leader epoch behind a later one', () => {
    const told = run()
    const sent = told.send(1_000, { stored: false })
    told.store(sent, { leaderEpoch: 3 })
    expect(verdictOf(told, 'fencing', 'leaders').verdict).toBe('kept')
    told.store(sent, { leaderEpoch: 2 })

    expect(verdictOf(told, 'fencing', 'leaders')).toMatchObject({ verdict: 'broken', count: 1 })
    expect(verdictOf(told, 'leader-epoch-monotonic', 'stored')).toMatchObject({
      verdict: 'broken',
      promised: true,
    })
  })

  test('is broken by a controller that writes after one of a later epoch', () => {
    const told = writtenOver()

    expect(verdictOf(told, 'fencing', 'controllers')).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 1,
    })
    const [first] = told.result().leaders
    told.ended({ leaders: first === undefined ? [] : [first] })
    expect(verdictOf(told, 'fencing', 'controllers').verdict).toBe('kept')
  })

  test('is broken by a controller that writes after the election of the next', () => {
    const written = { ...change, controllerEpoch: 1 }

    const stale = run().ended({ leaders: [{ ...written, reigningEpoch: 2 }] })
    const timely = run().ended({ leaders: [{ ...written, reigningEpoch: 1 }] })

    expect(verdictOf(stale, 'fencing', 'controllers')).toMatchObject({
      verdict: 'broken',
      count: 1,
    })
    expect(verdictOf(timely, 'fencing', 'controllers').verdict).toBe('kept')
    expect(verdictOf(stale, 'fencing', 'states').verdict).toBe('kept')
  })

  test('is broken by a controller that writes over what a newer one wrote', () => {
    const told = writtenOver()

    expect(verdictOf(told, 'fencing', 'states')).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 1,
    })
  })
})

describe('leader-epoch-monotonic', () => {
  test('is broken by a member that reads on into an older epoch', () => {
    const told = run()
    const [first, second] = [told.send(1_000), told.send(1_100)]
    told.deliver(first, 2_000, { leaderEpoch: 4 }).deliver(second, 2_100, { leaderEpoch: 3 })

    expect(verdictOf(told, 'leader-epoch-monotonic', 'payment')).toMatchObject({
      verdict: 'broken',
      promised: true,
      count: 1,
    })
  })

  test('is kept by a member that goes back to older records, and by growing epochs', () => {
    const told = run()
    const [first, second] = [told.send(1_000), told.send(1_100)]
    told.deliver(first, 2_000, { leaderEpoch: 3 }).deliver(second, 2_100, { leaderEpoch: 4 })
    told.deliver(first, 2_200, { leaderEpoch: 3 })

    expect(verdictOf(told, 'leader-epoch-monotonic', 'payment').verdict).toBe('kept')
    expect(verdictOf(told, 'leader-epoch-monotonic', 'stored').verdict).toBe('kept')
  })
})

describe('rebalance-storm', () => {
  function round(told: Run, generation: number, atMs: number): Run {
    told.owns(0, atMs - 100, Ownership.revoked, { generation: generation - 1 })
    return told.owns(-1, atMs, Ownership.assigned, { generation })
  }

  test('is kept with two rebalances for each member that died and came again', () => {
    const told = round(round(run(), 2, 2_000), 3, 3_000)
    told.lives('payment-1', 1_000, Lifecycle.crashed)

    expect(verdictOf(told, 'rebalance-storm')).toMatchObject({
      verdict: 'kept',
      sentence: 'payment had 2 rebalances for 1 change of members, 0.200 s together.',
    })
  })

  test('is broken, and never promised, by more rebalances than changes', () => {
    const told = round(round(run(), 2, 2_000), 3, 3_000)

    expect(verdictOf(told, 'rebalance-storm')).toMatchObject({
      verdict: 'broken',
      promised: false,
      asExpected: true,
      count: 2,
    })
    told.given({ expect: { 'rebalance-storm': 'kept' } })
    expect(verdictOf(told, 'rebalance-storm').asExpected).toBe(false)
  })

  test('is vacuous without a rebalance', () => {
    expect(verdictOf(run(), 'rebalance-storm').verdict).toBe('vacuous')
  })
})

describe('backlog-bounded', () => {
  test('is kept while the backlog is what a fault explains', () => {
    const told = run()
    for (let at = 0; at < 200; at += 1) {
      told.process(told.send(10_000 + at, { key: null }), 20_000 + at, { tookMs: 1 })
    }

    expect(verdictOf(told, 'backlog-bounded')).toMatchObject({ verdict: 'kept', promised: true })
  })

  test('is broken by a group that lets records wait without a reason', () => {
    const told = run()
    for (let at = 0; at < 200; at += 1) {
      told.process(told.send(1_000 + at, { key: null }), 6_000 + at, { tookMs: 1 })
    }

    const verdict = verdictOf(told, 'backlog-bounded')

    expect(verdict).toMatchObject({ verdict: 'broken', promised: true, count: 100 })
    expect(verdict.sentence).toBe(
      'The backlog of payment reached 200 records at 1.201 s, beyond its bound of 100.',
    )
  })

  test('is vacuous when nothing was stored', () => {
    expect(verdictOf(run(), 'backlog-bounded').verdict).toBe('vacuous')
  })
})
