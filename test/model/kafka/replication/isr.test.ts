import { describe, expect, it } from 'vitest'
import type { KafkaError } from '../../../../model/kafka/errors.ts'
import type { AlterPartitionRequest, PartitionState } from '../../../../model/kafka/messages.ts'
import { Guard } from '../../../../model/kafka/replication/guards.ts'
import { Probe } from '../../../../model/kafka/replication/probes.ts'
import { batch, leading, P0, type Replicas } from './hand-held-replicas.ts'

function asked(replicas: Replicas): readonly AlterPartitionRequest[] {
  return replicas.context.sentOf<AlterPartitionRequest>('AlterPartitionRequest')
}

/** The controller (broker 2) answers the newest AlterPartition. */
function answer(
  replicas: Replicas,
  outcome: {
    readonly error?: KafkaError
    readonly partitionError?: KafkaError
    readonly state?: Partial<PartitionState>
  } = {},
): void {
  const request = replicas.context.lastOf<AlterPartitionRequest>('AlterPartitionRequest')
  const row = request.partitions[0]
  const state: PartitionState = {
    leader: 1,
    leaderEpoch: row?.leaderEpoch ?? 0,
    isr: row?.newIsr ?? [],
    partitionEpoch: (row?.partitionEpoch ?? 0) + 1,
    controllerEpoch: 1,
    ...outcome.state,
  }
  const error = outcome.partitionError ?? 'NONE'
  replicas.hand.deliver(replicas.hand.connectionTo('broker-2'), {
    type: 'AlterPartitionResponse',
    correlationId: request.correlationId,
    error: outcome.error ?? 'NONE',
    partitions: [{ partition: P0, error, state: error === 'NONE' ? state : null }],
  })
}

/** Writes go on and broker 2 keeps up; broker 3 is silent until it has lagged too long. */
function lagging(given: Parameters<typeof leading>[0] = {}): Replicas {
  const replicas = leading(given)
  replicas.followerFetch(2, 0)
  replicas.followerFetch(3, 0)
  for (let second = 0; second < 45; second += 1) {
    replicas.produce(batch(), 1)
    replicas.followerFetch(2, second + 1)
    replicas.hand.advance(1_000_000)
  }
  return replicas
}

describe('the ISR', () => {
  it('loses a follower that has not kept up for replica.lag.time.max.ms', () => {
    const replicas = lagging()

    expect(asked(replicas).map(({ partitions }) => partitions[0]?.newIsr)).toEqual([[1, 2]])
    expect(replicas.count(Probe.isrShrinkSent)).toBe(1)
  })

  it('keeps a silent follower as long as nothing is written', () => {
    const replicas = leading()
    replicas.followerFetch(2, 0)
    replicas.followerFetch(3, 0)

    replicas.hand.advance(120_000_000)

    expect(asked(replicas)).toEqual([])
  })

  it('feels a step of the wall clock before the next fetch', () => {
    const replicas = leading()
    replicas.followerFetch(2, 0)
    replicas.followerFetch(3, 0)
    replicas.produce(batch(), 1)
    replicas.followerFetch(2, 1)

    replicas.context.wallOffsetMs += 60_000
    replicas.hand.advance(15_000_000)

    expect(asked(replicas).at(-1)?.partitions[0]?.newIsr).toEqual([1, 2])
  })

  it('holds the watermark until the shrink is confirmed, and then lets it rise', () => {
    const replicas = lagging()
    const held = replicas.partition().log.highWatermark

    answer(replicas)

    expect(held).toBe(0)
    expect(replicas.partition().isr).toEqual([1, 2])
    expect(replicas.partition().log.highWatermark).toBe(45)
    expect(replicas.count(Probe.isrShrunk)).toBe(1)
  })

  it('takes a follower back when it has reached the watermark', () => {
    const replicas = lagging()
    answer(replicas)
    replicas.context.clearSent()

    replicas.followerFetch(3, 44)
    const before = asked(replicas).length
    replicas.followerFetch(3, 45)

    expect(before).toBe(0)
    expect(asked(replicas).map(({ partitions }) => partitions[0]?.newIsr)).toEqual([[1, 2, 3]])
  })

  it('counts a follower for the watermark from the moment that its return is asked for', () => {
    const replicas = lagging()
    answer(replicas)
    replicas.followerFetch(3, 45)

    replicas.produce(batch(), 1)
    replicas.followerFetch(2, 46)

    expect(replicas.partition().log.highWatermark).toBe(45)
  })

  it('at the level hwQuorum=committed does not count it until it is confirmed', () => {
    const replicas = lagging({ protocols: { hwQuorum: 'committed' } })
    answer(replicas)
    replicas.followerFetch(3, 45)

    replicas.produce(batch(), 1)
    replicas.followerFetch(2, 46)

    expect(replicas.partition().log.highWatermark).toBe(46)
  })

  it('does not take back a broker that is not alive', () => {
    const replicas = lagging()
    answer(replicas)
    replicas.live(1, 2)
    replicas.context.clearSent()

    replicas.followerFetch(3, 45)

    expect(asked(replicas)).toEqual([])
  })

  it('without isr.liveMember proposes a broker that is not alive', () => {
    const replicas = lagging({ guardsOff: [Guard.liveMember] })
    answer(replicas)
    replicas.live(1, 2)
    replicas.context.clearSent()

    replicas.followerFetch(3, 45)

    expect(asked(replicas).map(({ partitions }) => partitions[0]?.newIsr)).toEqual([[1, 2, 3]])
  })

  it('at the level isrEligibility=none takes back a broker that is not alive', () => {
    const replicas = lagging({ protocols: { isrEligibility: 'none' } })
    answer(replicas)
    replicas.live(1, 2)
    replicas.context.clearSent()

    replicas.followerFetch(3, 45)

    expect(asked(replicas)).toHaveLength(1)
  })

  it('without the eligibility guard takes back whoever fetches', () => {
    const replicas = lagging({ guardsOff: [Guard.eligibility] })
    answer(replicas)
    replicas.context.clearSent()

    replicas.followerFetch(3, 1)

    expect(asked(replicas)).toHaveLength(1)
  })

  it('does not take back a follower that has not reached the start of this leadership', () => {
    const replicas = leading()
    replicas.produce(batch(4), 1)
    replicas.appoint(1, { isr: [1, 2] })
    replicas.context.clearSent()

    replicas.followerFetch(3, 3)
    const before = asked(replicas).length
    replicas.followerFetch(3, 4)

    expect(before).toBe(0)
    expect(asked(replicas)).toHaveLength(1)
  })
})

describe('an ISR change', () => {
  it('that the controller finds ineligible is rolled back and may be asked for again', () => {
    const replicas = lagging()

    answer(replicas, { partitionError: 'INELIGIBLE_REPLICA' })

    expect(replicas.partition().pendingIsr).toBeNull()
    expect(replicas.count(Probe.isrAlterPartitionRefused)).toBe(1)
  })

  it.each(['INVALID_UPDATE_VERSION', 'FENCED_LEADER_EPOCH', 'INVALID_REQUEST'] as const)(
    'that fails with %s stays pending until a new leader epoch',
    (partitionError) => {
      const replicas = lagging()

      answer(replicas, { partitionError })
      replicas.hand.advance(60_000_000)
      const stuck = { pending: replicas.partition().pendingIsr, asked: asked(replicas).length }
      replicas.appoint(1)

      expect(stuck).toMatchObject({ pending: { kind: 'shrink' }, asked: 1 })
      expect(replicas.partition().pendingIsr).toBeNull()
    },
  )

  it('that is not answered within controller.socket.timeout.ms goes out again', () => {
    const replicas = lagging({ broker: { 'controller.socket.timeout.ms': '2000' } })
    const before = asked(replicas).length

    replicas.hand.advance(3_000_000)

    expect(asked(replicas).length).toBe(before + 1)
  })

  it('that meets a broker that is not the controller goes out again', () => {
    const replicas = lagging()

    answer(replicas, { error: 'NOT_CONTROLLER' })
    const closed = replicas.hand.connectionTo('broker-2').ended
    replicas.hand.advance(100_000)

    expect(closed).toBe('closed')
    expect(asked(replicas)).toHaveLength(2)
  })

  it('that a controller refuses which is behind looks for the controller anew, with a pause', () => {
    const replicas = lagging()

    answer(replicas, { partitionError: 'NOT_CONTROLLER' })
    const closed = replicas.hand.connectionTo('broker-2').ended
    const atOnce = asked(replicas).length
    replicas.hand.advance(100_000)

    expect(closed).toBe('closed')
    expect(atOnce).toBe(1)
    expect(asked(replicas)).toHaveLength(2)
    expect(replicas.partition().pendingIsr).toMatchObject({ isr: [1, 2] })
  })

  it('that is refused for its broker epoch goes out again', () => {
    const replicas = lagging()

    answer(replicas, { error: 'STALE_BROKER_EPOCH' })
    replicas.hand.advance(50_000)

    expect(asked(replicas)).toHaveLength(2)
  })

  it('whose connection breaks goes out again', () => {
    const replicas = lagging()

    replicas.hand.closed(replicas.hand.connectionTo('broker-2'), 'reset')
    replicas.hand.advance(100_000)

    expect(asked(replicas)).toHaveLength(2)
  })

  it('that is not answered goes out again after request.timeout.ms', () => {
    const replicas = lagging()

    replicas.hand.advance(30_200_000)

    expect(asked(replicas).length).toBeGreaterThanOrEqual(2)
  })

  it('of a former leadership is ignored when its answer comes', () => {
    const replicas = lagging()
    const isr = [1, 2, 3]
    replicas.appoint(1, { isr })

    answer(replicas)

    expect(replicas.partition().isr).toEqual(isr)
  })
})
