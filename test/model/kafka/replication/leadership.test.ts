import { describe, expect, it } from 'vitest'
import type { StopReplicaResponse } from '../../../../model/kafka/messages.ts'
import { Guard } from '../../../../model/kafka/replication/guards.ts'
import { Probe } from '../../../../model/kafka/replication/probes.ts'
import { partitionId } from '../../../../model/record.ts'
import { batch, leading, P0, Replicas } from './hand-held-replicas.ts'

describe('a change of leadership', () => {
  it('is taken only with a higher leader epoch', () => {
    const replicas = leading()
    replicas.appoint(1, { leaderEpoch: 5 })

    const same = replicas.appoint(2, { leaderEpoch: 5 })
    const lower = replicas.appoint(2, { leaderEpoch: 4 })

    expect([same, lower]).toEqual(['STALE_CONTROLLER_EPOCH', 'STALE_CONTROLLER_EPOCH'])
    expect(replicas.partition()).toMatchObject({ role: 'leader', leaderEpoch: 5 })
  })

  it('without the guard on leader epochs is undone by a late request', () => {
    const replicas = leading({ guardsOff: [Guard.leaderEpoch, Guard.partitionEpoch] })
    replicas.appoint(1, { leaderEpoch: 5 })

    replicas.appoint(2, { leaderEpoch: 4 })

    expect(replicas.partition()).toMatchObject({ role: 'follower', leaderEpoch: 4 })
  })

  it('of an older controller is refused as a whole', () => {
    const replicas = leading()
    replicas.appoint(1, { controllerEpoch: 3 })

    const error = replicas.appoint(2, { controllerEpoch: 2 })

    expect(error).toBe('STALE_CONTROLLER_EPOCH')
    expect(replicas.partition().role).toBe('leader')
  })

  it('meant for a former registration is refused, unless brokerEpoch is off', () => {
    const strict = leading()
    const loose = leading({ protocols: { brokerEpoch: 'off' } })

    const errors = [strict, loose].map((replicas) => replicas.appoint(2, { brokerEpoch: 6 }))

    expect(errors).toEqual(['STALE_BROKER_EPOCH', 'NONE'])
  })

  it('is known to the controller’s memory only until a restart', () => {
    const replicas = leading()
    replicas.appoint(1, { controllerEpoch: 3 })

    replicas.hand.restart()

    expect(replicas.hand.state.replicas.controllerEpoch).toBe(0)
  })

  it('notes its epoch at the end of the log, although nothing was appended', () => {
    const replicas = leading()
    replicas.produce(batch(3), 1)

    replicas.appoint(1, { leaderEpoch: 4 })

    expect(replicas.partition().log.epochs.list()).toEqual([
      { epoch: 1, start: 0 },
      { epoch: 4, start: 3 },
    ])
  })

  it('at level kip101 notes its epoch only with the first append', () => {
    const replicas = leading({ protocols: { truncation: 'kip101' } })

    const before = replicas.partition().log.epochs.list()
    replicas.produce(batch(), 1)

    expect(before).toEqual([])
    expect(replicas.partition().log.epochs.list()).toEqual([{ epoch: 1, start: 0 }])
  })

  it('forgets what followers have, so that the watermark waits for each of them', () => {
    const replicas = new Replicas()
    replicas.live(1, 2, 3)
    replicas.appoint(2)
    replicas.appoint(1)

    replicas.produce(batch(), 1)
    replicas.followerFetch(2, 1)
    const afterOne = replicas.partition().log.highWatermark
    replicas.followerFetch(3, 1)

    expect(afterOne).toBe(0)
    expect(replicas.partition().log.highWatermark).toBe(1)
  })

  it('to the leader that leads already keeps what followers have', () => {
    const replicas = leading()
    replicas.produce(batch(), 1)
    replicas.followerFetch(2, 1)

    replicas.appoint(1)
    replicas.followerFetch(3, 1)

    expect(replicas.partition().log.highWatermark).toBe(1)
  })

  it('is told to the group coordinator for its own partitions', () => {
    const replicas = new Replicas()
    const offsets = partitionId(0, 4)
    replicas.live(1, 2, 3)

    replicas.appoint(1, { partition: offsets })
    replicas.appoint(2, { partition: offsets })

    expect(replicas.heard).toMatchObject({ led: [offsets], resigned: [offsets] })
  })

  it('to the leader that leads already is not told to the group coordinator', () => {
    const replicas = new Replicas()
    const offsets = partitionId(0, 4)
    replicas.live(1, 2, 3)
    replicas.appoint(1, { partition: offsets })

    replicas.appoint(1, { partition: offsets })

    expect(replicas.partition(offsets).leaderEpoch).toBe(2)
    expect(replicas.heard.led).toEqual([offsets])
  })

  it('marks the moment', () => {
    const replicas = leading()

    replicas.appoint(2)

    expect(replicas.count(Probe.leaderBecame)).toBe(1)
    expect(replicas.count(Probe.leaderResigned)).toBe(1)
    expect(replicas.count(Probe.followerBecame)).toBe(1)
  })
})

describe('a StopReplica', () => {
  function stop(replicas: Replicas, leaderEpoch: number, deletePartition: boolean): string {
    replicas.hand.deliver(replicas.controller, {
      type: 'StopReplicaRequest',
      correlationId: 1,
      clientId: 'controller',
      apiVersion: 4,
      controllerId: 2,
      controllerEpoch: 1,
      brokerEpoch: 7,
      partitions: [{ partition: P0, leaderEpoch, deletePartition }],
    })
    const response = replicas.context.lastOf<StopReplicaResponse>('StopReplicaResponse')
    return response.partitions[0]?.error ?? response.error
  }

  it('of an older leader epoch is refused', () => {
    const replicas = leading()
    replicas.appoint(2, { leaderEpoch: 6 })

    expect(stop(replicas, 5, true)).toBe('FENCED_LEADER_EPOCH')
    expect(replicas.partition().phase).toBe('fetching')
  })

  it('ends the copying and keeps the log', () => {
    const replicas = leading()
    replicas.appoint(2, { leaderEpoch: 6 })

    stop(replicas, 6, false)

    expect(replicas.partition().phase).toBe('stopped')
    expect(replicas.hand.connectionTo('broker-2').ended).toBe('closed')
  })

  it('with deletion removes the log, whatever the epoch, if its topic is deleted', () => {
    const replicas = leading()
    replicas.produce(batch(), 1)

    stop(replicas, -2, true)

    expect(replicas.hand.state.replicas.partitions.size).toBe(0)
    expect(replicas.context.disks[0]?.files()).not.toContain('orders-0/log')
  })

  it('without its guard deletes a valid replica', () => {
    const replicas = leading({ guardsOff: [Guard.stopLeaderEpoch] })
    replicas.appoint(1, { leaderEpoch: 6 })

    stop(replicas, 5, true)

    expect(replicas.hand.state.replicas.partitions.size).toBe(0)
  })
})
