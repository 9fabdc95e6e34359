import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/controller/guards.ts'
import { Probe } from '../../../../model/kafka/controller/probes.ts'
import { areReplicaLists } from '../../../../model/kafka/controller/create-topics.ts'
import { misplaced } from '../../../../model/kafka/controller/rebalance.ts'
import type { PartitionRecord } from '../../../../model/kafka/controller/state.ts'
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
  CreatePartitionsResponse,
  CreateTopicsRequest,
  CreateTopicsResponse,
  ElectLeadersResponse,
  InitProducerIdResponse,
} from '../../../../model/kafka/messages.ts'
import { Controllers, orders, probed, stateOf } from './controllers.ts'

const header = { correlationId: 1, clientId: 'admin', apiVersion: 0 }

type NewTopic = CreateTopicsRequest['topics'][number]

function createTopic(cluster: Controllers, topic: Partial<NewTopic>, to = 1) {
  const whole = {
    name: 'orders',
    partitions: 2,
    replicationFactor: 2,
    assignment: null,
    config: {},
    ...topic,
  }
  const request = { type: 'CreateTopicsRequest', ...header, topics: [whole] } as const
  return cluster.ask<CreateTopicsResponse>(to, request).topics[0]?.error
}

describe('CreateTopics', () => {
  test('draws an assignment over racks when none is given', () => {
    const racks = { 1: 'a', 2: 'a', 3: 'b' }
    const cluster = new Controllers([1, 2, 3], { racks })

    const error = createTopic(cluster, { partitions: 6 })

    expect(error).toBe('NONE')
    for (let number = 0; number < 6; number += 1) {
      expect(cluster.durable.replicasOf(orders(number))).toContain(3)
      expect(stateOf(cluster, number)?.isr).toHaveLength(2)
    }
  })

  test.each([
    { topic: { replicationFactor: 4 }, error: 'INVALID_REPLICATION_FACTOR' },
    { topic: { partitions: 0 }, error: 'INVALID_PARTITIONS' },
    { topic: { name: 'nameless' }, error: 'INVALID_TOPIC_EXCEPTION' },
    { topic: { assignment: [[1, 1]] }, error: 'INVALID_REPLICA_ASSIGNMENT' },
  ])('refuses $topic by $error', ({ topic, error }) => {
    const cluster = new Controllers([1, 2, 3])

    expect(createTopic(cluster, topic)).toBe(error)
    expect(cluster.durable.partitions()).toEqual([])
  })

  test('refuses a topic that exists, and a broker that is not the controller refuses all', () => {
    const cluster = new Controllers([1, 2, 3])
    createTopic(cluster, {})

    expect(createTopic(cluster, {})).toBe('TOPIC_ALREADY_EXISTS')
    expect(createTopic(cluster, {}, 2)).toBe('NOT_CONTROLLER')
  })

  test('with every check off survives what it is asked', () => {
    const guardsOff = [
      Guard.replicationFactor,
      Guard.partitionCount,
      Guard.topicName,
      Guard.newTopic,
      Guard.replicaAssignment,
      Guard.active,
    ]
    for (const to of [1, 2]) {
      const cluster = new Controllers([1, 2], { guardsOff })

      expect(createTopic(cluster, { replicationFactor: 9, partitions: 1 }, to)).toBe('NONE')
      expect(createTopic(cluster, { partitions: -1 }, to)).toBe('NONE')
      expect(createTopic(cluster, { name: 'nameless' }, to)).toBe('NONE')
      expect(createTopic(cluster, { assignment: [[1, 1]] }, to)).toBe('NONE')
    }
  })

  test.each([
    {
      lists: [
        [1, 2],
        [2, 3],
      ],
      fit: true,
    },
    { lists: [[1, 2], [2]], fit: false },
    { lists: [[1, 1]], fit: false },
    { lists: [[]], fit: false },
    { lists: [], fit: false },
  ])('finds the lists $lists fit: $fit', ({ lists, fit }) => {
    expect(areReplicaLists(lists)).toBe(fit)
  })
})

describe('CreatePartitions', () => {
  function addPartitions(cluster: Controllers, count: number, topic = 'orders') {
    const request = { type: 'CreatePartitionsRequest', ...header, topic, count } as const
    return cluster.ask<CreatePartitionsResponse>(1, request).error
  }

  test('adds partitions with leaders, and leaves those that are there', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[2, 3]])

    const error = addPartitions(cluster, 3)

    expect(error).toBe('NONE')
    expect(cluster.durable.replicasOf(orders(0))).toEqual([2, 3])
    expect(cluster.durable.partitions()).toEqual([orders(0), orders(1), orders(2)])
    expect(stateOf(cluster, 2)?.leader).toBe(cluster.durable.replicasOf(orders(2))[0])
  })

  test('refuses to take partitions away, and topics that it does not know', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[2, 3]])

    expect(addPartitions(cluster, 1)).toBe('INVALID_PARTITIONS')
    expect(addPartitions(cluster, 2, 'payments')).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})

describe('ElectLeaders', () => {
  function elect(cluster: Controllers, electionType: 'preferred' | 'unclean') {
    const partitions = [orders(0)]
    const request = { type: 'ElectLeadersRequest', ...header, electionType, partitions } as const
    return cluster.ask<ElectLeadersResponse>(1, request).partitions[0]?.error
  }

  /** `orders-0` prefers broker 2, which was away, and is led by broker 3. */
  function ledElsewhere(config: Readonly<Record<string, string>> = {}): Controllers {
    const cluster = new Controllers([1, 2, 3], { config })
    cluster.createOrders(1, [[2, 3]])
    cluster.crash(2)
    cluster.expire(2)
    cluster.settle()
    cluster.restart(2)
    cluster.settle()
    return cluster
  }

  function rejoin(cluster: Controllers): void {
    const { leaderEpoch = 0, partitionEpoch = 0 } = cluster.durable.stateOf(orders(0)) ?? {}
    cluster.ask(1, {
      type: 'AlterPartitionRequest',
      ...header,
      brokerId: 3,
      brokerEpoch: cluster.self(3).brokerEpoch,
      partitions: [{ partition: orders(0), leaderEpoch, newIsr: [3, 2], partitionEpoch }],
    })
  }

  test('gives leadership back to the preferred replica once it is in the ISR', () => {
    const cluster = ledElsewhere()

    const before = elect(cluster, 'preferred')
    rejoin(cluster)
    const after = elect(cluster, 'preferred')

    expect(before).toBe('PREFERRED_LEADER_NOT_AVAILABLE')
    expect(after).toBe('NONE')
    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, isr: [3, 2] })
    expect(elect(cluster, 'preferred')).toBe('ELECTION_NOT_NEEDED')
  })

  test('elects an outsider when an admin accepts the loss', () => {
    const cluster = ledElsewhere()
    cluster.crash(3)
    cluster.expire(3)
    cluster.settle()
    const before = stateOf(cluster, 0)?.leader

    const error = elect(cluster, 'unclean')

    expect(before).toBe(-1)
    expect(error).toBe('NONE')
    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, isr: [2] })
    expect(probed(cluster, 1, Probe.leaderElectedUnclean)).toBe(1)
  })

  test('happens by itself a while after a failover', () => {
    const cluster = ledElsewhere()
    rejoin(cluster)

    cluster.hand(1).fire('rebalanceLeaders', 0)
    cluster.settle()

    expect(stateOf(cluster, 0)?.leader).toBe(2)
    expect(cluster.hand(1).context.timers.has('rebalanceLeaders/0')).toBe(true)
  })

  test('stays away while the imbalance is within the percentage allowed', () => {
    const cluster = ledElsewhere({ 'leader.imbalance.per.broker.percentage': '100' })
    rejoin(cluster)

    cluster.hand(1).fire('rebalanceLeaders', 0)
    cluster.settle()

    expect(stateOf(cluster, 0)?.leader).toBe(3)
  })

  test('never happens by itself where auto.leader.rebalance.enable is false', () => {
    const cluster = ledElsewhere({ 'auto.leader.rebalance.enable': 'false' })

    expect(cluster.hand(1).context.timers.has('rebalanceLeaders/0')).toBe(false)
  })
})

test('a broker is imbalanced when more than a tenth of its partitions are led elsewhere', () => {
  const partition = (number: number, leader: number): PartitionRecord => ({
    partition: orders(number),
    replicas: [1, 2],
    adding: [],
    removing: [],
    status: 'online',
    state: { leader, leaderEpoch: 0, isr: [1, 2], partitionEpoch: 0, controllerEpoch: 1 },
  })
  const ten = Array.from({ length: 10 }, (_, number) => partition(number, number === 0 ? 2 : 1))
  const nine = ten.slice(0, 9)

  expect(misplaced(ten, 10)).toEqual([])
  expect(misplaced(nine, 10)).toEqual([nine[0]])
})

describe('producer ids', () => {
  function initProducer(cluster: Controllers, id: number): InitProducerIdResponse {
    return cluster.ask<InitProducerIdResponse>(id, {
      type: 'InitProducerIdRequest',
      ...header,
      transactionalId: null,
      transactionTimeoutMs: 0,
      producerId: -1,
      producerEpoch: -1,
    })
  }

  /** Carries the broker's question to the controller and the answer back. */
  function fetchBlock(cluster: Controllers, id: number): void {
    const { hand } = { hand: cluster.hand(id) }
    const asked = hand.context.lastOf<AllocateProducerIdsRequest>('AllocateProducerIdsRequest')
    const block = cluster.ask<AllocateProducerIdsResponse>(1, asked)
    hand.deliver(hand.connectionTo('broker-1'), block)
  }

  test('come from blocks of 1000 that no two brokers share', () => {
    const cluster = new Controllers([1, 2, 3])
    for (const id of [2, 3]) cluster.self(id).metadata.controllerId = 1

    const first = [2, 3].map((id) => initProducer(cluster, id))
    for (const id of [2, 3]) fetchBlock(cluster, id)
    const second = [2, 3, 2].map((id) => initProducer(cluster, id))

    expect(first.map(({ error }) => error)).toEqual([
      'COORDINATOR_LOAD_IN_PROGRESS',
      'COORDINATOR_LOAD_IN_PROGRESS',
    ])
    expect(second.map(({ producerId }) => producerId)).toEqual([0, 1000, 1])
    expect(second.map(({ producerEpoch }) => producerEpoch)).toEqual([0, 0, 0])
  })

  test('go on with the next block without a gap in service', () => {
    const cluster = new Controllers([1, 2])
    cluster.self(2).metadata.controllerId = 1
    initProducer(cluster, 2)
    fetchBlock(cluster, 2)

    for (let count = 0; count < 950; count += 1) initProducer(cluster, 2)
    fetchBlock(cluster, 2)
    const last = Array.from({ length: 60 }, () => initProducer(cluster, 2).producerId)

    expect(last.at(49)).toBe(999)
    expect(last.at(50)).toBe(1000)
  })

  test('are asked for again after the controller was silent', () => {
    const cluster = new Controllers([1, 2])
    cluster.self(2).metadata.controllerId = 1
    initProducer(cluster, 2)

    cluster.hand(2).fire('timeOutAllocation', 0)
    initProducer(cluster, 2)

    expect(cluster.hand(2).context.sentOf('AllocateProducerIdsRequest')).toHaveLength(2)
  })

  test('are refused to a broker that is not registered so', () => {
    const cluster = new Controllers([1, 2])

    const response = cluster.ask<AllocateProducerIdsResponse>(1, {
      type: 'AllocateProducerIdsRequest',
      ...header,
      brokerId: 2,
      brokerEpoch: 1,
    })

    expect(response.error).toBe('STALE_BROKER_EPOCH')
  })

  test('are given twice where two controllers do not compare versions', () => {
    const starts = [[], [Guard.idBlockVersion]].map((guardsOff) => {
      const cluster = new Controllers([1, 2], { guardsOff })
      const connection = cluster.hand(1).accept('broker-2')
      cluster.hand(1).deliver(connection, {
        type: 'AllocateProducerIdsRequest',
        ...header,
        brokerId: 2,
        brokerEpoch: cluster.self(2).brokerEpoch,
      })
      cluster.round()
      const path = '/latest_producer_id_block'
      const data = { brokerId: 9, start: 0, length: 1000 }
      cluster.zookeeper.write({ op: 'setData', path, data, bytes: 0, version: -1 })
      cluster.settle()
      return cluster.answerOn<AllocateProducerIdsResponse>(1, connection).producerIdStart
    })

    expect(starts).toEqual([1000, 0])
  })
})
