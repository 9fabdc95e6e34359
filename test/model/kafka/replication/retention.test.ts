import { describe, expect, it } from 'vitest'
import { Guard } from '../../../../model/kafka/replication/guards.ts'
import { Probe } from '../../../../model/kafka/replication/probes.ts'
import type { Batch } from '../../../../model/record.ts'
import { Truth } from '../../../../scenarios/truth/truth.ts'
import { batch, leading, P0, Replicas, type ReplicasOptions } from './hand-held-replicas.ts'

const SECOND_US = 1_000_000

/** Looks every second from the first one on; a segment holds two batches of one record. */
const kept: ReplicasOptions = {
  broker: { 'log.initial.task.delay.ms': 1_000, 'log.retention.check.interval.ms': 1_000 },
  topic: { 'retention.ms': 10_000, 'segment.bytes': 200 },
}

/** A record whose sender's clock is `behindMs` behind that of broker 1. */
function record(replicas: Replicas, behindMs = 0): Batch {
  return { ...batch(), maxTimestampMs: replicas.context.wallMs() - behindMs }
}

/** Appends records and has both followers fetch them. */
function commit(replicas: Replicas, count: number, behindMs = 0): void {
  for (let n = 0; n < count; n += 1) replicas.produce(record(replicas, behindMs))
  const { endOffset } = replicas.partition().log
  replicas.followerFetch(2, endOffset)
  replicas.followerFetch(3, endOffset)
}

function start(replicas: Replicas): number {
  return replicas.partition().log.startOffset
}

describe('retention', () => {
  it('deletes the oldest segments once their newest record is older than retention.ms', () => {
    const replicas = leading(kept)
    commit(replicas, 3)
    replicas.hand.advance(5 * SECOND_US)
    commit(replicas, 2)

    replicas.hand.advance(4 * SECOND_US)
    const before = start(replicas)
    replicas.hand.advance(3 * SECOND_US)

    expect(before).toBe(0)
    expect(start(replicas)).toBe(2)
    expect(replicas.partition().log.entries.map(({ baseOffset }) => baseOffset)).toEqual([2, 3, 4])
    expect(replicas.count(Probe.logSegmentsDeleted)).toBe(1)
  })

  it('rolls the active segment first where that has expired too', () => {
    const replicas = leading(kept)
    commit(replicas, 3)

    replicas.hand.advance(12 * SECOND_US)

    const { startOffset, endOffset, segments, entries } = replicas.partition().log
    expect({ startOffset, endOffset, segments, entries }).toEqual({
      startOffset: 3,
      endOffset: 3,
      segments: [3],
      entries: [],
    })
  })

  it('keeps what is not committed, however old it says it is', () => {
    const replicas = leading(kept)
    for (let n = 0; n < 4; n += 1) replicas.produce(record(replicas, 60_000))
    replicas.followerFetch(2, 3)
    replicas.followerFetch(3, 3)

    replicas.hand.advance(2 * SECOND_US)

    expect(replicas.partition().log.highWatermark).toBe(3)
    expect(start(replicas)).toBe(2)
  })

  it('deletes at once what a clock far behind has stamped (HZ S01)', () => {
    const replicas = leading(kept)
    commit(replicas, 2, 60_000)

    replicas.hand.advance(SECOND_US)

    expect(replicas.acknowledged()).toEqual([
      ['NONE', 0],
      ['NONE', 1],
    ])
    expect(start(replicas)).toBe(2)
  })

  it.each([
    ['retention.ms=-1', { 'retention.ms': -1 }],
    ['cleanup.policy=compact', { 'cleanup.policy': 'compact' }],
  ])('deletes nothing with %s', (_, topic) => {
    const replicas = leading({ ...kept, topic: { ...kept.topic, ...topic } })
    commit(replicas, 3, 60_000)

    replicas.hand.advance(30 * SECOND_US)

    expect(start(replicas)).toBe(0)
  })

  it('is not looked at where records are kept for longer than any run', () => {
    const replicas = leading({ broker: kept.broker ?? {} })
    commit(replicas, 1)

    replicas.hand.advance(30 * SECOND_US)

    const timers = [...replicas.context.timers.values()].map(({ timer }) => timer)
    expect(timers).toContain('checkpointRecoveryPoints')
    expect(timers).not.toContain('checkRetention')
  })

  it('answers readers below the start with OFFSET_OUT_OF_RANGE', () => {
    const replicas = leading(kept)
    commit(replicas, 3)
    replicas.hand.advance(12 * SECOND_US)

    replicas.consumerFetch(1)

    expect(replicas.fetched()?.error).toBe('OFFSET_OUT_OF_RANGE')
  })

  it('tells followers the new start although nothing else is new', () => {
    const replicas = leading(kept)
    commit(replicas, 2, 60_000)
    replicas.followerFetch(2, 2)
    replicas.hand.advance(SECOND_US)

    replicas.followerFetch(2, 2)
    replicas.hand.advance(SECOND_US)

    expect(replicas.fetched()?.logStartOffset).toBe(2)
  })

  it('leaves the start and the last sequence of each producer to the next incarnation', () => {
    const replicas = leading(kept)
    const numbered = { producerId: 5, producerEpoch: 0, baseSequence: 0 }
    replicas.produce({ ...record(replicas), ...numbered })
    commit(replicas, 2)
    replicas.hand.advance(12 * SECOND_US)

    replicas.hand.restart()

    const { startOffset, endOffset, producers } = replicas.partition().log
    expect({ startOffset, endOffset }).toEqual({ startOffset: 3, endOffset: 3 })
    expect(producers.lastBatches()).toMatchObject([{ producerId: 5, lastSequence: 0 }])
  })

  it('is no breach of truth, and is written down as a removal', () => {
    const truth = new Truth(() => 0)
    const replicas = new Replicas({ ...kept, facts: truth })
    replicas.live(1)
    replicas.appoint(1, { isr: [1] })
    for (let n = 0; n < 3; n += 1) replicas.produce(record(replicas), 1)

    replicas.hand.advance(12 * SECOND_US)

    expect(truth.breaches).toEqual([])
    expect(truth.removals).toMatchObject([
      { partition: P0, fromOffset: 0, untilOffset: 3, broker: 1, how: 'retention' },
    ])
  })
})

describe('message.timestamp.before.max.ms', () => {
  const bounded = { topic: { 'message.timestamp.before.max.ms': 5_000 } }

  it('refuses a batch that is older', () => {
    const replicas = leading(bounded)

    replicas.produce(record(replicas, 5_001), 1)
    replicas.produce(record(replicas, 5_000), 1)

    expect(replicas.acknowledged()).toEqual([
      ['INVALID_TIMESTAMP', -1],
      ['NONE', 0],
    ])
  })

  it('refuses nothing without its guard', () => {
    const replicas = leading({ ...bounded, guardsOff: [Guard.timestampBounds] })

    replicas.produce(record(replicas, 60_000), 1)

    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
  })
})

it('message.timestamp.after.max.ms refuses a batch that is further in the future', () => {
  const replicas = leading({ broker: { 'log.message.timestamp.after.max.ms': 1_000 } })

  replicas.produce(record(replicas, -1_001), 1)
  replicas.produce(record(replicas, -1_000), 1)

  expect(replicas.acknowledged()).toEqual([
    ['INVALID_TIMESTAMP', -1],
    ['NONE', 0],
  ])
})
