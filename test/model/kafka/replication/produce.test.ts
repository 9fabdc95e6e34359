import { describe, expect, it } from 'vitest'
import type { FetchRequest, ProduceResponse } from '../../../../model/kafka/messages.ts'
import { appendAsCoordinator } from '../../../../model/kafka/replication/replicas.ts'
import { Guard } from '../../../../model/kafka/replication/guards.ts'
import { Probe } from '../../../../model/kafka/replication/probes.ts'
import { batch, leading, P0, P1, Replicas } from './hand-held-replicas.ts'

describe('a produce', () => {
  it('with acks=1 is acknowledged at once with its offset', () => {
    const replicas = leading()

    replicas.produce(batch(3), 1)
    replicas.produce(batch(2), 1)

    expect(replicas.acknowledged()).toEqual([
      ['NONE', 0],
      ['NONE', 3],
    ])
    expect(replicas.partition().log.highWatermark).toBe(0)
  })

  it('with acks=0 has no answer and lets the connection be read on', () => {
    const replicas = leading()

    replicas.produce(batch(), 0)

    expect(replicas.acknowledged()).toEqual([])
    expect(replicas.producer.muted).toBe(false)
    expect(replicas.partition().log.endOffset).toBe(1)
  })

  it('with acks=0 that fails ends the connection', () => {
    const replicas = leading()

    replicas.produce([[P1, batch()]], 0)

    expect(replicas.producer.ended).toBe('closed')
  })

  it('with acks=all is acknowledged when every member of the ISR has asked for what follows it', () => {
    const replicas = leading()

    replicas.produce(batch(2))
    replicas.followerFetch(2, 2)
    const afterOne = replicas.acknowledged()
    replicas.followerFetch(3, 2)

    expect(afterOne).toEqual([])
    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
    expect(replicas.producer.muted).toBe(false)
  })

  it('keeps its connection muted until it is answered', () => {
    const replicas = leading()

    replicas.produce(batch())

    expect(replicas.producer.muted).toBe(true)
  })

  it('that waits too long is told so, and its batch stays in the log', () => {
    const replicas = leading()

    replicas.produce(batch())
    replicas.hand.advance(29_999_000)
    const before = replicas.acknowledged()
    replicas.hand.advance(2_000)

    expect(before).toEqual([])
    expect(replicas.acknowledged()).toEqual([['REQUEST_TIMED_OUT', -1]])
    expect(replicas.partition().log.endOffset).toBe(1)
    expect(replicas.count(Probe.produceTimedOut)).toBe(1)
  })

  it('is refused by a broker that does not lead', () => {
    const replicas = leading()
    replicas.appoint(2)

    replicas.produce(batch())

    expect(replicas.acknowledged()).toEqual([['NOT_LEADER_OR_FOLLOWER', -1]])
  })

  it('for a partition that the broker has never heard of is refused as unknown', () => {
    const replicas = leading()

    replicas.produce([[P1, batch()]])

    expect(replicas.acknowledged()).toEqual([['UNKNOWN_TOPIC_OR_PARTITION', -1]])
  })

  it('that waits when the leader is deposed is answered at once', () => {
    const replicas = leading()
    replicas.produce(batch())

    replicas.appoint(2)

    expect(replicas.acknowledged()).toEqual([['NOT_LEADER_OR_FOLLOWER', -1]])
  })

  it('to several partitions succeeds for some and fails for others', () => {
    const replicas = leading()

    replicas.produce(
      [
        [P0, batch()],
        [P1, batch()],
      ],
      1,
    )

    const response = replicas.context.lastOf<ProduceResponse>('ProduceResponse')
    expect(response.partitions.map(({ error }) => error)).toEqual([
      'NONE',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
  })

  it('is refused when it is larger than max.message.bytes', () => {
    const replicas = leading({ topic: { 'max.message.bytes': '150' } })

    replicas.produce(batch(2), 1)

    expect(replicas.acknowledged()).toEqual([['MESSAGE_TOO_LARGE', -1]])
  })
})

describe('min.insync.replicas', () => {
  const topic = { 'min.insync.replicas': '2' }

  it('refuses acks=all while the ISR is smaller', () => {
    const replicas = leading({ topic })
    replicas.appoint(1, { isr: [1] })

    replicas.produce(batch())

    expect(replicas.acknowledged()).toEqual([['NOT_ENOUGH_REPLICAS', -1]])
    expect(replicas.partition().log.endOffset).toBe(0)
  })

  it('lets acks=1 through while the ISR is smaller, and holds the high watermark', () => {
    const replicas = leading({ topic })
    replicas.appoint(1, { isr: [1] })

    replicas.produce(batch(), 1)

    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
    expect(replicas.partition().log.highWatermark).toBe(0)
  })

  it('does not hold the high watermark at the level of 3.6 and before', () => {
    const replicas = leading({ topic, protocols: { hwBelowMinIsr: 'advance' } })
    // Broker 2 and 3 are dead, so the leader waits for nobody.
    replicas.live(1)
    replicas.appoint(1, { isr: [1] })

    replicas.produce(batch(), 1)

    expect(replicas.partition().log.highWatermark).toBe(1)
  })

  it('asks for no more replicas than there are', () => {
    const replicas = leading({ topic: { 'min.insync.replicas': '5' } })

    replicas.produce(batch())
    replicas.followerFetch(2, 1)
    replicas.followerFetch(3, 1)

    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
  })

  it('without its guard acknowledges what one replica has', () => {
    const replicas = leading({
      topic,
      guardsOff: [Guard.minIsr, Guard.minIsrAfterAppend],
      protocols: { hwBelowMinIsr: 'advance' },
    })
    replicas.live(1)
    replicas.appoint(1, { isr: [1] })

    replicas.produce(batch())

    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
  })
})

describe('an idempotent producer', () => {
  const numbered = (baseSequence: number, count = 1, producerEpoch = 0): ReturnType<typeof batch> =>
    batch(count, { producerId: 9, producerEpoch, baseSequence })

  it('that repeats one of its last five batches gets the offset of the first time', () => {
    const replicas = leading()
    for (let sequence = 0; sequence < 5; sequence += 1) replicas.produce(numbered(sequence), 1)
    replicas.context.clearSent()

    replicas.produce(numbered(0), 1)

    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
    expect(replicas.partition().log.endOffset).toBe(5)
    expect(replicas.count(Probe.produceDuplicateDetected)).toBe(1)
  })

  it('that repeats an older batch is out of order', () => {
    const replicas = leading()
    for (let sequence = 0; sequence < 6; sequence += 1) replicas.produce(numbered(sequence), 1)
    replicas.context.clearSent()

    replicas.produce(numbered(0), 1)

    expect(replicas.acknowledged()).toEqual([['OUT_OF_ORDER_SEQUENCE_NUMBER', -1]])
  })

  it('whose repeat still waits for replication is acknowledged with the original', () => {
    const replicas = leading()
    const second = replicas.hand.accept('order-service-1')
    replicas.produce(numbered(0))

    replicas.produce(numbered(0), -1, second)
    const before = replicas.acknowledged()
    replicas.followerFetch(2, 1)
    replicas.followerFetch(3, 1)

    expect(before).toEqual([])
    expect(replicas.acknowledged()).toEqual([
      ['NONE', 0],
      ['NONE', 0],
    ])
  })

  it.each([
    ['follows', 3, 0, 'NONE'],
    ['leaves a gap', 4, 0, 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    ['comes from an older epoch', 3, -1, 'INVALID_PRODUCER_EPOCH'],
    ['begins a new epoch at 0', 0, 1, 'NONE'],
    ['begins a new epoch elsewhere', 3, 1, 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
  ] as const)('with a batch that %s', (_what, sequence, epochStep, expected) => {
    const replicas = leading()
    replicas.produce(numbered(0, 3, 5), 1)
    replicas.context.clearSent()

    replicas.produce(numbered(sequence, 1, 5 + epochStep), 1)

    expect(replicas.acknowledged()[0]?.[0]).toBe(expected)
  })

  it('that nobody knows may begin anywhere', () => {
    const replicas = leading()

    replicas.produce(numbered(77), 1)

    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
  })

  it('wraps its sequence from 2^31 − 1 to 0', () => {
    const replicas = leading()
    replicas.produce(numbered(0x7fffffff), 1)

    replicas.produce(numbered(0), 1)

    expect(replicas.acknowledged()).toEqual([
      ['NONE', 0],
      ['NONE', 1],
    ])
  })

  it('is forgotten after producer.id.expiration.ms, and a late repeat is appended again', () => {
    const replicas = leading({ broker: { 'producer.id.expiration.ms': '1000' } })
    replicas.produce(numbered(0), 1)

    replicas.hand.advance(601_000_000)
    replicas.produce(numbered(0), 1)

    expect(replicas.acknowledged()).toEqual([
      ['NONE', 0],
      ['NONE', 1],
    ])
  })

  it('without the guards on sequences writes a repeat twice', () => {
    const replicas = leading({ guardsOff: [Guard.duplicate, Guard.producerSequence] })
    replicas.produce(numbered(0), 1)

    replicas.produce(numbered(0), 1)

    expect(replicas.partition().log.endOffset).toBe(2)
  })

  it('is recognised by a broker that became leader after it copied the batch', () => {
    const replicas = new Replicas()
    replicas.live(1, 2, 3)
    replicas.appoint(2)
    const connection = replicas.hand.connectionTo('broker-2')
    const request = replicas.context.lastOf<FetchRequest>('FetchRequest')
    replicas.hand.deliver(connection, {
      type: 'FetchResponse',
      correlationId: request.correlationId,
      partitions: [
        {
          partition: P0,
          error: 'NONE',
          highWatermark: 1,
          lastStableOffset: 1,
          logStartOffset: 0,
          divergingEpoch: null,
          abortedTransactions: [],
          entries: [{ baseOffset: 0, leaderEpoch: 1, batch: numbered(0) }],
          currentLeader: -1,
          currentLeaderEpoch: -1,
        },
      ],
    })
    replicas.appoint(1)

    replicas.produce(numbered(0), 1)

    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
  })
})

describe('an append of the group coordinator', () => {
  it('ends when it is replicated', () => {
    const replicas = leading()
    const self = replicas.hand.state

    appendAsCoordinator(self, P0, { batch: batch(), timeoutMs: 5_000, token: 4 }, replicas.context)
    const before = [...replicas.heard.appended]
    replicas.followerFetch(2, 1)
    replicas.followerFetch(3, 1)

    expect(before).toEqual([])
    expect(replicas.heard.appended).toEqual([{ token: 4, error: 'NONE', baseOffset: 0 }])
  })

  it('waits for no follower where offsets.commit.required.acks is 1', () => {
    const replicas = leading({ broker: { 'offsets.commit.required.acks': '1' } })
    const self = replicas.hand.state

    appendAsCoordinator(self, P0, { batch: batch(), timeoutMs: 5_000, token: 4 }, replicas.context)

    expect(replicas.heard.appended).toEqual([{ token: 4, error: 'NONE', baseOffset: 0 }])
    expect(replicas.partition().log.highWatermark).toBe(0)
  })

  it('ends before it returns where the broker does not lead', () => {
    const replicas = leading()
    replicas.appoint(2)
    const self = replicas.hand.state

    appendAsCoordinator(self, P0, { batch: batch(), timeoutMs: 5_000, token: 4 }, replicas.context)

    expect(replicas.heard.appended).toEqual([
      { token: 4, error: 'NOT_LEADER_OR_FOLLOWER', baseOffset: -1 },
    ])
  })

  it('ends with a time-out like any produce', () => {
    const replicas = leading()
    const self = replicas.hand.state

    appendAsCoordinator(self, P0, { batch: batch(), timeoutMs: 5_000, token: 4 }, replicas.context)
    replicas.hand.advance(5_000_000)

    expect(replicas.heard.appended).toEqual([
      { token: 4, error: 'REQUEST_TIMED_OUT', baseOffset: -1 },
    ])
  })
})

describe('a topic that flushes every record', () => {
  it('acknowledges only what is on the platter', () => {
    const replicas = leading({ topic: { 'flush.messages': '1' } })

    replicas.produce(batch(), 1)
    const before = replicas.acknowledged()
    const held = replicas.context.pendingIo.map(({ kind }) => kind)
    replicas.hand.finishIo()

    expect(before).toEqual([])
    expect(held).toEqual(['sync', 'hold'])
    expect(replicas.acknowledged()).toEqual([['NONE', 0]])
    expect(replicas.partition().log.recoveryPoint).toBe(1)
    expect(replicas.context.pendingIo).toEqual([])
  })
})

describe('a log directory that fails', () => {
  it('refuses its partitions and ends the broker when it is the last', () => {
    const replicas = leading()
    const disk = replicas.context.disks[0]
    if (disk !== undefined) disk.outcome = 'io-error'

    replicas.produce(batch(), 1)
    replicas.produce(batch(), 1)

    expect(replicas.acknowledged()).toEqual([
      ['KAFKA_STORAGE_ERROR', -1],
      ['KAFKA_STORAGE_ERROR', -1],
    ])
    expect(replicas.context.exits).toEqual(['every log directory is offline'])
  })
})
