import { describe, expect, test } from 'vitest'
import { Guard } from '../../../model/kafka/controller/guards.ts'
import { Probe } from '../../../model/kafka/controller/probes.ts'
import { Controllers, probed } from './controller/controllers.ts'

describe('a broker', () => {
  test('registers under its id, with the zxid of its node as its epoch', () => {
    const cluster = new Controllers([4])

    expect(cluster.durable.registered()).toMatchObject([{ id: 4, rack: null }])
    expect(cluster.self(4).brokerEpoch).toBe(cluster.durable.registered()[0]?.epoch)
    expect(cluster.self(4).registration.phase).toBe('registered')
  })

  test('that restarts inside its old session is refused and ends', () => {
    const cluster = new Controllers([1, 2])
    cluster.crash(2)

    cluster.restart(2)
    cluster.settle()

    expect(cluster.hand(2).context.exits).toHaveLength(1)
    expect(probed(cluster, 2, Probe.registrationRefused)).toBe(1)
  })

  test('that gets no session in time ends', () => {
    const cluster = new Controllers([])
    cluster.add(1)

    cluster.hand(1).fire('zookeeper.connectionTimeout', 0)

    expect(cluster.hand(1).context.exits).toEqual([
      'no session with ZooKeeper within zookeeper.connection.timeout.ms',
    ])
  })

  test('goes on trying for its session where nobody bounds it', () => {
    const cluster = new Controllers([], { guardsOff: [Guard.connectionTimeout] })
    cluster.add(1)

    cluster.hand(1).fire('zookeeper.connectionTimeout', 0)

    expect(cluster.hand(1).context.exits).toEqual([])
  })

  test('is not bound by that time once it has had its session', () => {
    const cluster = new Controllers([1])

    expect(cluster.hand(1).context.timers.has('zookeeper.connectionTimeout/0')).toBe(false)
  })

  test('that restarts after its old session registers with a higher epoch', () => {
    const cluster = new Controllers([1, 2])
    const before = cluster.self(2).brokerEpoch
    cluster.crash(2)
    cluster.expire(2)

    cluster.restart(2)
    cluster.settle()

    expect(cluster.hand(2).context.exits).toHaveLength(0)
    expect(cluster.self(2).brokerEpoch).toBeGreaterThan(before)
  })

  test('runs on the node of its predecessor where nobody asks whose it is', () => {
    const cluster = new Controllers([1, 2], { guardsOff: [Guard.otherSession] })
    const before = cluster.self(2).brokerEpoch
    const predecessor = cluster.session(2)
    cluster.crash(2)

    cluster.restart(2)
    cluster.settle()
    const during = cluster.self(2).brokerEpoch
    cluster.zookeeper.expire(predecessor)
    cluster.settle()

    expect(during).toBe(before)
    expect(cluster.durable.isRegistered(2)).toBe(false)
  })

  test('whose registration is applied twice is registered once', () => {
    const cluster = new Controllers([1])
    cluster.add(2)
    while (!cluster.durable.isRegistered(2)) {
      cluster.deliver()
      cluster.carry()
    }

    cluster.cut(2)
    cluster.heal(2)
    cluster.settle()

    expect(cluster.self(2).registration.phase).toBe('registered')
    expect(cluster.hand(2).context.exits).toHaveLength(0)
  })
})

describe('a broker whose session expired', () => {
  function expired(options: ConstructorParameters<typeof Controllers>[1] = {}): Controllers {
    const cluster = new Controllers([1, 2], options)
    cluster.cut(2)
    cluster.expire(2)
    cluster.settle()
    return cluster
  }

  test('learns it only from ZooKeeper', () => {
    const cluster = expired()

    expect(cluster.self(2).registration.phase).toBe('registered')
    expect(probed(cluster, 2, Probe.registrationExpired)).toBe(0)
  })

  test('registers in a new session, with a higher epoch', () => {
    const cluster = expired()
    const before = cluster.self(2).brokerEpoch

    cluster.heal(2)
    cluster.settle()

    expect(probed(cluster, 2, Probe.registrationExpired)).toBe(1)
    expect(cluster.self(2).brokerEpoch).toBeGreaterThan(before)
    expect(cluster.durable.isRegistered(2)).toBe(true)
  })

  function leftBehind(options: ConstructorParameters<typeof Controllers>[1] = {}): Controllers {
    const cluster = new Controllers([1, 2], options)
    const node = cluster.zookeeper.nodes.get('/brokers/ids/2')
    const session = cluster.session(2)
    cluster.cut(2)
    cluster.expire(2)
    if (node !== undefined) cluster.zookeeper.nodes.set('/brokers/ids/2', node)
    expect(node?.owner).toBe(session)
    cluster.heal(2)
    cluster.settle()
    return cluster
  }

  test('replaces the node that its own earlier session left behind', () => {
    const cluster = leftBehind()

    expect(probed(cluster, 2, Probe.registrationReplaced)).toBe(1)
    expect(cluster.self(2).registration.phase).toBe('registered')
  })

  test('stays unregistered before such nodes were replaced, and runs on', () => {
    const cluster = leftBehind({ protocols: { registration: 'create-once' } })

    expect(cluster.self(2).registration.phase).toBe('unregistered')
    expect(cluster.hand(2).context.exits).toHaveLength(0)
  })
})
