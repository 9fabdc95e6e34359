import { describe, expect, it } from 'vitest'
import { Probe } from '../../../../model/kafka/replication/probes.ts'
import { closeLogs } from '../../../../model/kafka/replication/replicas.ts'
import { partitionId } from '../../../../model/record.ts'
import { HandHeldDisk } from '../hand-held-context.ts'
import { batch, leading, P0, Replicas } from './hand-held-replicas.ts'

const numbered = (baseSequence: number): ReturnType<typeof batch> =>
  batch(1, { producerId: 9, producerEpoch: 0, baseSequence })

function disk(replicas: Replicas): HandHeldDisk {
  const found = replicas.context.disks[0]
  if (found === undefined) throw new Error('a broker has a disk')
  return found
}

describe('a broker that starts again', () => {
  it('after a crash has its log, and the watermark of the last checkpoint', () => {
    const replicas = leading()
    replicas.produce(batch(3), 1)
    replicas.followerFetch(2, 3)
    replicas.followerFetch(3, 3)
    replicas.hand.advance(5_000_000)
    replicas.produce(batch(2), 1)
    replicas.followerFetch(2, 5)
    replicas.followerFetch(3, 5)

    replicas.hand.restart()

    expect(replicas.partition()).toMatchObject({ role: 'none', leaderEpoch: -1 })
    expect(replicas.partition().log).toMatchObject({ endOffset: 5, highWatermark: 3 })
  })

  it('after a power loss has a shorter log, a shorter epoch cache and a lower watermark', () => {
    const replicas = leading()
    for (let index = 0; index < 4; index += 1) replicas.produce(batch(), 1)
    replicas.followerFetch(2, 4)
    replicas.followerFetch(3, 4)
    replicas.appoint(1)
    replicas.hand.advance(5_000_000)
    disk(replicas).losePower('orders-0/log', 2)

    replicas.hand.restart()

    expect(replicas.partition().log).toMatchObject({ endOffset: 2, highWatermark: 2 })
    expect(replicas.partition().log.epochs.list()).toEqual([{ epoch: 1, start: 0 }])
    expect(replicas.count(Probe.logUnsyncedLost)).toBe(1)
  })

  it('cuts a batch that a power loss has torn', () => {
    const replicas = leading()
    for (let index = 0; index < 4; index += 1) replicas.produce(batch(), 1)
    disk(replicas).losePower('orders-0/log', 3, true)

    replicas.hand.restart()

    expect(replicas.partition().log.endOffset).toBe(2)
    expect(replicas.count(Probe.logUnsyncedLost)).toBe(1)
  })

  it('remembers five batches of a producer if no snapshot was taken', () => {
    const replicas = leading()
    for (let sequence = 0; sequence < 5; sequence += 1) replicas.produce(numbered(sequence), 1)

    replicas.hand.restart()

    expect(replicas.partition().log.producers.duplicateOf(numbered(0))).toBeDefined()
  })

  it('remembers one batch of a producer from before the last roll', () => {
    const replicas = leading({ topic: { 'segment.bytes': '300' } })
    for (let sequence = 0; sequence < 4; sequence += 1) replicas.produce(numbered(sequence), 1)

    replicas.hand.restart()

    const { producers } = replicas.partition().log
    const known = [0, 1, 2, 3].filter(
      (sequence) => producers.duplicateOf(numbered(sequence)) !== undefined,
    )
    expect(replicas.partition().log.segments).toEqual([0, 3])
    expect(known).toEqual([2, 3])
  })

  it('after a clean stop has everything on the platter', () => {
    const replicas = leading()
    for (let index = 0; index < 4; index += 1) replicas.produce(batch(), 1)
    replicas.followerFetch(2, 4)
    replicas.followerFetch(3, 4)

    closeLogs(replicas.hand.state, replicas.context)
    replicas.hand.finishIo()
    disk(replicas).losePower('orders-0/log', 0)
    replicas.hand.restart()

    expect(replicas.context.exits).toEqual(['shut down'])
    expect(replicas.partition().log).toMatchObject({
      endOffset: 4,
      highWatermark: 4,
      recoveryPoint: 4,
    })
  })

  it('that crashes after a clean stop and start counts as unclean', () => {
    const replicas = leading()
    replicas.produce(batch(), 1)
    closeLogs(replicas.hand.state, replicas.context)
    replicas.hand.finishIo()
    replicas.hand.restart()
    replicas.live(1, 2, 3)
    replicas.appoint(1, { leaderEpoch: 2 })
    replicas.produce(batch(), 1)

    replicas.hand.restart()

    expect(replicas.partition().log).toMatchObject({ endOffset: 2, recoveryPoint: 1 })
  })
})

describe('a log', () => {
  it('rolls before a batch that would make its segment too large, and syncs the one before', () => {
    const replicas = leading({ topic: { 'segment.bytes': '300' } })
    for (let index = 0; index < 4; index += 1) replicas.produce(batch(), 1)

    const before = replicas.partition().log.recoveryPoint
    replicas.hand.finishIo()

    expect(before).toBe(0)
    expect(replicas.partition().log).toMatchObject({ segments: [0, 3], recoveryPoint: 3 })
  })

  it('is synced by time where the topic says so', () => {
    const replicas = leading({
      broker: { 'log.flush.scheduler.interval.ms': '1000' },
      topic: { 'flush.ms': '500' },
    })
    replicas.produce(batch(), 1)

    replicas.hand.advance(1_000_000)
    replicas.hand.finishIo()

    expect(replicas.partition().log.recoveryPoint).toBe(1)
  })
})

describe('several log directories', () => {
  it('get new logs in turn, and lose only their own', () => {
    const disks = [new HandHeldDisk('data-0'), new HandHeldDisk('data-1')]
    const replicas = leading({ disks })
    const second = partitionId(2, 1)
    replicas.appoint(1, { partition: second })
    const directories = [P0, second].map((id) => replicas.partition(id).directory.disk.dir)
    const first = disks[0]
    if (first !== undefined) first.outcome = 'full'

    replicas.produce(batch(), 1)
    replicas.produce([[second, batch()]], 1)

    expect(directories).toEqual(['data-0', 'data-1'])
    expect(replicas.acknowledged()).toEqual([
      ['KAFKA_STORAGE_ERROR', -1],
      ['NONE', 0],
    ])
    expect(replicas.context.exits).toEqual([])
  })
})
