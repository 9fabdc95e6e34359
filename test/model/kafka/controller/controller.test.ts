import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/controller/guards.ts'
import { Probe } from '../../../../model/kafka/controller/probes.ts'
import { type ClusterOptions, Controllers, probed, stateOf } from './controllers.ts'

describe('the race for the controller', () => {
  test('is won by the first broker, with epoch 1', () => {
    const cluster = new Controllers([1, 2, 3])

    expect(cluster.durable.controller()).toBe(1)
    expect(cluster.durable.controllerEpoch()).toBe(1)
    expect([1, 2, 3].map((id) => cluster.self(id).controller.active)).toEqual([true, false, false])
    expect([1, 2, 3].map((id) => cluster.self(id).controller.activeId)).toEqual([1, 1, 1])
  })

  test('after an expiry has one winner, and the others take note of it', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.crash(1)

    cluster.expire(1)
    cluster.settle()

    expect(cluster.durable.controllerEpoch()).toBe(2)
    expect([2, 3].filter((id) => cluster.self(id).controller.active)).toHaveLength(1)
    expect(cluster.self(2).controller.activeId).toBe(cluster.self(3).controller.activeId)
    expect(probed(cluster, 2, Probe.lostRace) + probed(cluster, 3, Probe.lostRace)).toBe(1)
  })

  test('makes two controllers where a loser does not look whether it lost', () => {
    const cluster = new Controllers([1, 2, 3], { guardsOff: [Guard.oneWinner] })
    cluster.crash(1)

    cluster.expire(1)
    while (![2, 3].every((id) => cluster.self(id).controller.active)) {
      expect(cluster.round()).toBe(true)
    }

    expect([2, 3].map((id) => cluster.self(id).controller.epoch)).toEqual([2, 2])
  })

  test('counts a win whose reply was lost', () => {
    const cluster = new Controllers([1, 2])
    cluster.crash(1)
    cluster.expire(1)
    while (cluster.durable.controller() !== 2) {
      cluster.deliver()
      cluster.carry()
    }

    // What the client sends again is refused, because its first try stands.
    cluster.cut(2)
    cluster.heal(2)
    cluster.settle()

    const tries = cluster.zookeeper.operations.filter(
      (one) => one.op === 'multi' && one.writes[0]?.path === '/controller',
    )
    expect(tries).toHaveLength(3)
    expect(cluster.self(2).controller.active).toBe(true)
    expect(cluster.durable.controllerEpoch()).toBe(2)
  })
})

describe('a new topic', () => {
  test('gets its leaders from the first live replicas', () => {
    const cluster = new Controllers([1, 2, 3])

    cluster.createOrders(1, [
      [1, 2, 3],
      [2, 3, 1],
    ])

    expect(stateOf(cluster, 0)).toEqual({
      leader: 1,
      leaderEpoch: 0,
      isr: [1, 2, 3],
      controllerEpoch: 1,
    })
    expect(stateOf(cluster, 1)?.leader).toBe(2)
  })

  test('is told to its replicas first and then to everyone', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.answerControl(1)
    const before = cluster.control(1).length

    cluster.createOrders(1, [[2, 3]])
    cluster.answerControl(1)

    const sent = cluster.control(1).slice(before)
    const told = sent.map(({ to, request }) => `${request.type} to ${to}`)
    expect(told).toContain('LeaderAndIsrRequest to broker-2')
    expect(told).not.toContain('LeaderAndIsrRequest to broker-1')
    expect(told.indexOf('LeaderAndIsrRequest to broker-2')).toBeLessThan(
      told.indexOf('UpdateMetadataRequest to broker-2'),
    )
    expect(told).toContain('UpdateMetadataRequest to broker-1')
  })

  test('is taken on by a controller elected between its assignment and its states', () => {
    const cluster = new Controllers([1, 2])
    cluster.crash(1)
    cluster.zookeeper.write({
      op: 'create',
      path: '/brokers/topics/orders',
      data: { replicas: [[2, 1]] },
      bytes: 0,
      mode: 'persistent',
    })

    cluster.expire(1)
    cluster.settle()

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, isr: [2], controllerEpoch: 2 })
  })
})

describe('a deposed controller', () => {
  /** Broker 1 is controller, sleeps past its session, and has a dead broker 3 to deal with. */
  function asleep(options: ClusterOptions = {}): Controllers {
    const cluster = new Controllers([1, 2, 3], options)
    cluster.createOrders(1, [[3, 1, 2]])
    cluster.expire(3)
    cluster.crash(3)
    return cluster
  }

  test('finds its writes refused by its epoch and steps down', () => {
    const cluster = asleep()
    // The watch has reached broker 1, whose write is still to come when its successor is elected.
    cluster.round()
    cluster.zookeeper.write({
      op: 'setData',
      path: '/controller_epoch',
      data: 2,
      bytes: 4,
      version: -1,
    })
    cluster.zookeeper.write({ op: 'delete', path: '/controller', version: -1 })
    cluster.zookeeper.write({
      op: 'create',
      path: '/controller',
      data: { brokerId: 2, timestampMs: 0 },
      bytes: 0,
      mode: 'persistent',
    })

    cluster.settle()

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 3, leaderEpoch: 0 })
    expect(cluster.self(1).controller.active).toBe(false)
    expect(probed(cluster, 1, Probe.fenced)).toBe(1)
    expect(probed(cluster, 1, Probe.resigned)).toBe(1)
  })

  test.each([
    { how: 'whose check is off', options: { guardsOff: [Guard.epochVersion] } },
    { how: 'of a release without it', options: { protocols: { controllerFencing: 'rpc-only' } } },
  ] as const)('$how writes on', ({ options }) => {
    const cluster = asleep(options)
    cluster.round()
    cluster.zookeeper.write({
      op: 'setData',
      path: '/controller_epoch',
      data: 2,
      bytes: 4,
      version: -1,
    })

    cluster.settle()

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 1, controllerEpoch: 1 })
  })

  test('forgets its view and its channels when its session has expired', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[1, 2, 3]])
    cluster.cut(1)

    cluster.expire(1)
    cluster.settle()
    cluster.heal(1)
    cluster.settle()

    expect(cluster.self(1).controller.active).toBe(false)
    expect(cluster.self(1).controller.partitions.size).toBe(0)
    expect(cluster.self(1).controller.channels.size).toBe(0)
    expect(cluster.durable.isRegistered(1)).toBe(true)
    expect(cluster.durable.controller()).not.toBe(1)
  })
})

describe('a controller whose session ends while it deals with a death', () => {
  /** Broker 1 has read of the death of broker 3 and is cut off; broker 2 becomes the controller. */
  function cutOff(options: ClusterOptions): Controllers {
    const cluster = new Controllers([1, 2, 3], options)
    cluster.createOrders(1, [[3, 1]])
    cluster.crash(3)
    cluster.expire(3)
    cluster.round()
    cluster.cut(1)
    cluster.expire(1)
    while (!cluster.self(2).controller.active) expect(cluster.round()).toBe(true)
    cluster.heal(1)
    while (cluster.self(1).registration.ownSessions.length < 2) {
      expect(cluster.round()).toBe(true)
    }
    return cluster
  }

  test('forgets the death with its role', () => {
    const cluster = cutOff({})

    expect(cluster.self(1).controller.active).toBe(false)
    expect(cluster.self(1).controller.current?.name).not.toBe('brokerChange')
  })

  test('goes on with it in the next session, in releases before 2.2', () => {
    const cluster = cutOff({ protocols: { controllerFencing: 'rpc-only' } })

    const during = cluster.self(1).controller
    expect([during.active, during.current?.name]).toEqual([true, 'brokerChange'])
    cluster.settle()
    expect(cluster.self(1).controller.active).toBe(false)
    expect(cluster.self(2).controller.active).toBe(true)
  })
})

describe('a new controller', () => {
  test('tells every live broker everything, leaders before metadata', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [
      [1, 2, 3],
      [2, 3, 1],
    ])
    cluster.crash(1)

    cluster.expire(1)
    cluster.settle()
    const next = cluster.durable.controller()
    cluster.answerControl(next)

    const toThree = cluster.control(next).filter(({ to }) => to === 'broker-3')
    const leaders = toThree.filter(({ request }) => request.type === 'LeaderAndIsrRequest')
    const first = leaders[0]?.request
    expect(first?.type === 'LeaderAndIsrRequest' ? first.partitions.length : 0).toBe(2)
    expect(toThree[0]?.request.type).toBe('UpdateMetadataRequest')
    expect(toThree.every(({ request }) => request.controllerEpoch === 2)).toBe(true)
  })

  test('elects a leader for what its dead predecessor led, and takes it out of the ISR', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [
      [1, 2, 3],
      [2, 3, 1],
    ])
    cluster.crash(1)

    cluster.expire(1)
    cluster.settle()

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, isr: [2, 3], controllerEpoch: 2 })
    expect(stateOf(cluster, 1)).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1 })
  })
})
