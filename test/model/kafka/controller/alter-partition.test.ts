import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/controller/guards.ts'
import { Probe } from '../../../../model/kafka/controller/probes.ts'
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
} from '../../../../model/kafka/messages.ts'
import { type ClusterOptions, Controllers, orders, probed, stateOf } from './controllers.ts'

function cluster(options: ClusterOptions = {}): Controllers {
  const made = new Controllers([1, 2, 3], options)
  made.createOrders(1, [[2, 1, 3]])
  return made
}

interface Wanted {
  readonly isr: readonly number[]
  readonly leaderEpoch?: number
  readonly partitionEpoch?: number
  readonly brokerEpoch?: number
  readonly partition?: number
}

function request(from: Controllers, wanted: Wanted): AlterPartitionRequest {
  return {
    type: 'AlterPartitionRequest',
    correlationId: 7,
    clientId: 'broker-2',
    apiVersion: 0,
    brokerId: 2,
    brokerEpoch: wanted.brokerEpoch ?? from.self(2).brokerEpoch,
    partitions: [
      {
        partition: wanted.partition ?? orders(0),
        leaderEpoch: wanted.leaderEpoch ?? 0,
        newIsr: wanted.isr,
        partitionEpoch: wanted.partitionEpoch ?? 0,
      },
    ],
  }
}

function alter(made: Controllers, wanted: Wanted, to = 1): AlterPartitionResponse {
  return made.ask<AlterPartitionResponse>(to, request(made, wanted))
}

describe('a change of the ISR', () => {
  test('stands in ZooKeeper with the same leader epoch before it is answered', () => {
    const made = cluster()

    const response = alter(made, { isr: [2, 1] })

    expect(stateOf(made, 0)).toMatchObject({ leader: 2, isr: [2, 1], leaderEpoch: 0 })
    expect(response).toMatchObject({ error: 'NONE', correlationId: 7 })
    expect(response.partitions[0]).toMatchObject({
      error: 'NONE',
      state: { isr: [2, 1], partitionEpoch: 1, leaderEpoch: 0 },
    })
  })

  test('is told to all brokers by metadata, and to none as a new role', () => {
    const made = cluster()
    made.answerControl(1)
    const before = made.control(1).length

    alter(made, { isr: [2, 1] })
    made.answerControl(1)

    const told = made.control(1).slice(before)
    expect(new Set(told.map(({ request: { type } }) => type))).toEqual(
      new Set(['UpdateMetadataRequest']),
    )
    expect(told.map(({ to }) => to)).toEqual(['broker-1', 'broker-2', 'broker-3'])
  })

  test('that already stands is answered as done', () => {
    const made = cluster()
    alter(made, { isr: [2, 1] })

    const response = alter(made, { isr: [1, 2] })

    expect(response.partitions[0]).toMatchObject({ error: 'NONE', state: { partitionEpoch: 1 } })
    expect(made.durable.stateOf(orders(0))?.partitionEpoch).toBe(1)
  })

  test('is refused whole by a broker that is not the controller', () => {
    const made = cluster()

    expect(alter(made, { isr: [2] }, 3)).toMatchObject({ error: 'NOT_CONTROLLER' })
  })

  test('is refused whole from a sender that is registered otherwise', () => {
    const made = cluster()

    expect(alter(made, { isr: [2], brokerEpoch: 1 })).toMatchObject({
      error: 'STALE_BROKER_EPOCH',
    })
  })

  test.each([
    { wanted: { isr: [2], partition: orders(9) }, error: 'UNKNOWN_TOPIC_OR_PARTITION' },
    { wanted: { isr: [2], leaderEpoch: 2, partitionEpoch: 1 }, error: 'NOT_CONTROLLER' },
    { wanted: { isr: [2], leaderEpoch: 1, partitionEpoch: 9 }, error: 'NOT_CONTROLLER' },
    { wanted: { isr: [2], leaderEpoch: 0, partitionEpoch: 1 }, error: 'FENCED_LEADER_EPOCH' },
    { wanted: { isr: [2], leaderEpoch: 1, partitionEpoch: 0 }, error: 'INVALID_UPDATE_VERSION' },
    { wanted: { isr: [2, 3], leaderEpoch: 1, partitionEpoch: 1 }, error: 'INELIGIBLE_REPLICA' },
  ])('$wanted is answered by $error', ({ wanted, error }) => {
    const made = cluster()
    made.crash(3)
    made.expire(3)
    made.settle()

    const response = alter(made, wanted)

    expect(response.partitions[0]).toMatchObject({ error, state: null })
    expect(stateOf(made, 0)).toMatchObject({ isr: [2, 1], leaderEpoch: 1 })
  })

  test('with a member that is shutting down is refused', () => {
    const made = cluster()
    alter(made, { isr: [2, 1] })
    made.self(1).controller.shuttingDown.add(3)

    const response = alter(made, { isr: [2, 1, 3], partitionEpoch: 1 })

    expect(response.partitions[0]).toMatchObject({ error: 'INELIGIBLE_REPLICA', state: null })
  })

  test('with a dead member passes where liveness is not looked at', () => {
    for (const options of [
      { guardsOff: [Guard.alterLiveMembers] },
      { protocols: { isrEligibility: 'none' } },
    ] as const) {
      const made = cluster(options)
      made.crash(3)
      made.expire(3)
      made.settle()

      const response = alter(made, { isr: [2, 1, 3], leaderEpoch: 1, partitionEpoch: 1 })

      expect(response.partitions[0]?.error).toBe('NONE')
      expect(stateOf(made, 0)?.isr).toEqual([2, 1, 3])
    }
  })

  test('whose reply was lost on the way from ZooKeeper leaves the leader in the dark', () => {
    const made = cluster()
    const connection = made.hand(1).accept('broker-2')
    made.hand(1).deliver(connection, request(made, { isr: [2] }))
    made.carry()

    made.cut(1)
    made.heal(1)
    made.settle()

    const response = made.answerOn<AlterPartitionResponse>(1, connection)
    expect(response.partitions[0]?.error).toBe('INVALID_UPDATE_VERSION')
    expect(stateOf(made, 0)?.isr).toEqual([2])
    expect(probed(made, 1, Probe.alterPartitionConflict)).toBe(1)
  })

  test('goes over a newer state where the version is not checked', () => {
    const made = cluster({ guardsOff: [Guard.alterZnodeVersion] })
    const path = '/brokers/topics/orders/partitions/0/state'
    const data = { leader: 1, leaderEpoch: 1, isr: [1], controllerEpoch: 1 }
    made.zookeeper.write({ op: 'setData', path, data, bytes: 0, version: -1 })

    const response = alter(made, { isr: [2] })

    expect(response.partitions[0]?.error).toBe('NONE')
    expect(stateOf(made, 0)).toMatchObject({ leader: 2, leaderEpoch: 0, isr: [2] })
  })

  test('under way when the session expires is answered by NOT_CONTROLLER', () => {
    const made = cluster()
    const connection = made.hand(1).accept('broker-2')
    made.cut(1)
    made.hand(1).deliver(connection, request(made, { isr: [2] }))

    made.expire(1)
    made.settle()
    made.heal(1)
    made.settle()

    const response = made.answerOn<AlterPartitionResponse>(1, connection)
    expect(response).toMatchObject({ error: 'NOT_CONTROLLER', partitions: [] })
    expect(connection.muted).toBe(false)
  })

  test('keeps its connection muted until it is answered', () => {
    const made = cluster()
    const connection = made.hand(1).accept('broker-2')

    made.hand(1).deliver(connection, request(made, { isr: [2] }))
    const meanwhile = connection.muted
    made.settle()

    expect(meanwhile).toBe(true)
    expect(connection.muted).toBe(false)
  })
})
