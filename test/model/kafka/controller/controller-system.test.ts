import { describe, expect, test } from 'vitest'
import type { ControllerNode, StateNode } from '../../../../model/kafka/controller/znodes.ts'
import { brokerName } from '../../../../model/kafka/messages.ts'
import { ControllerWorld, statesCommitted } from './controller-world.ts'

function started(options: ConstructorParameters<typeof ControllerWorld>[0] = {}): ControllerWorld {
  const world = new ControllerWorld(options)
  world.start()
  return world
}

/** Every epoch of the controller with the brokers that were given it (KB 9.21). */
function holders(world: ControllerWorld): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (const { changes } of world.commits) {
    const controller = changes.find(
      ({ path, kind }) => path === '/controller' && kind === 'created',
    )
    const epoch = changes.find(
      ({ path, kind }) => path === '/controller_epoch' && kind === 'changed',
    )
    if (controller === undefined && epoch === undefined) continue
    const value = (epoch?.data as number | undefined) ?? -1
    const broker = (controller?.data as ControllerNode | undefined)?.brokerId ?? -1
    found.set(value, [...(found.get(value) ?? []), broker])
  }
  return found
}

describe('a cluster that boots', () => {
  test('has one controller that every broker knows', () => {
    const world = started()

    expect(world.active()).toEqual([world.durable.controller()])
    expect(world.durable.controllerEpoch()).toBe(1)
    for (const id of world.brokers) {
      expect(world.self(id)?.controller.activeId).toBe(world.durable.controller())
      expect(world.self(id)?.brokerEpoch).toBeGreaterThan(0)
    }
  })

  test('is the same again from the same seed', () => {
    const [first, second] = [started({ seed: 5 }), started({ seed: 5 })]
    for (const world of [first, second]) world.createOrders([[1, 2, 3]])

    expect(first?.simulation.kernel.hash()).toBe(second?.simulation.kernel.hash())
    expect(first?.commits).toEqual(second?.commits)
  })
})

describe('a controller that crashes', () => {
  test('is followed by another one, which takes its replicas out of every ISR', () => {
    const world = started()
    world.createOrders([
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ])
    const dead = world.durable.controller()

    world.simulation.holdDown(brokerName(dead))
    world.simulation.crash(brokerName(dead))
    world.runFor(12_000)

    expect(world.durable.controllerEpoch()).toBe(2)
    expect(world.durable.controller()).not.toBe(dead)
    expect(world.leaders()).not.toContain(dead)
    for (const partition of world.durable.partitions()) {
      expect(world.durable.isrOf(partition)).not.toContain(dead)
      expect(world.durable.isrOf(partition)).toHaveLength(2)
    }
  })

  test('has in every race one winner an epoch, whatever the seed', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const world = started({ seed, brokers: 5 })
      for (let round = 0; round < 3; round += 1) {
        world.simulation.crash(brokerName(world.durable.controller()))
        world.runFor(4000 + 700 * round)
        if (round === 1) world.simulation.crash(`zookeeper-${world.durable.zookeeperLeader()}`)
        world.runFor(9000)
      }

      for (const [epoch, brokers] of holders(world)) {
        expect([epoch, brokers.length, brokers.includes(-1)]).toEqual([epoch, 1, false])
      }
      expect(world.active().length).toBeLessThanOrEqual(1)
    }
  })
})

describe('a controller that is paused past its session', () => {
  test('is replaced, and finds on waking that it is no longer the controller', () => {
    const world = started()
    world.createOrders([[1, 2, 3]])
    const old = world.durable.controller()

    world.simulation.pause(brokerName(old))
    world.runFor(15_000)
    const during = world.durable.controller()
    world.simulation.resume(brokerName(old))
    world.runFor(5000)

    expect(during).not.toBe(old)
    expect(during).not.toBe(-1)
    expect(world.active()).toEqual([during])
    expect(world.durable.isRegistered(old)).toBe(true)
  })

  test('never writes a state that a newer one has decided', () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const world = started({ seed })
      world.createOrders([
        [1, 2, 3],
        [2, 3, 1],
      ])
      const old = world.durable.controller()
      const other = world.brokers.find((id) => id !== old) ?? -1

      // The controller sleeps while it deals with a broker's death.
      world.simulation.holdDown(brokerName(other))
      world.simulation.crash(brokerName(other))
      world.runUntil(() => !world.durable.isRegistered(other), 12_000)
      world.simulation.runUntil(world.simulation.nowUs + seed * 400)
      world.simulation.pause(brokerName(old))
      world.runFor(14_000)
      world.simulation.resume(brokerName(old))
      world.runFor(8000)

      for (const number of [0, 1]) {
        const epochs = statesCommitted(world, number).map(
          ({ data }) => (data as StateNode).controllerEpoch,
        )
        expect(epochs).toEqual([...epochs].sort((a, b) => a - b))
      }
    }
  })
})

describe('a broker that dies', () => {
  test('is followed by a leader from the ISR within session and tick', () => {
    const world = started()
    world.createOrders([
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ])
    const dead = world.brokers.find((id) => id !== world.durable.controller()) ?? -1
    const before = world.durable.partitions().map((one) => world.durable.isrOf(one))

    world.simulation.holdDown(brokerName(dead))
    world.simulation.crash(brokerName(dead))
    world.runFor(8500)

    world.durable.partitions().forEach((partition, index) => {
      expect(before[index]).toContain(world.durable.leaderOf(partition))
      expect(world.durable.leaderOf(partition)).not.toBe(dead)
    })
    const led = [0, 1, 2]
      .flatMap((number) => statesCommitted(world, number).map(({ data }) => data as StateNode))
      .filter(({ leader }) => leader !== -1)
    for (const { leader, isr } of led) expect(isr).toContain(leader)
  })

  test('and starts again within its session is refused until that has expired', () => {
    const world = started()
    world.createOrders([[1, 2, 3]])

    world.simulation.crash(brokerName(2))
    world.runFor(20_000)

    const refusals = world.exits.filter(({ reason }) => reason.includes('another session'))
    expect(refusals.length).toBeGreaterThanOrEqual(2)
    expect(world.durable.isRegistered(2)).toBe(true)
    expect(world.self(2)?.registration.phase).toBe('registered')
  })
})

describe('what a broker is told', () => {
  test('comes in the order of issue, one at a time, whatever breaks', () => {
    const world = started({ seed: 3 })
    world.createOrders([
      [1, 2, 3],
      [2, 3, 1],
    ])
    const hosts = world.brokers.map((id) => `host-${brokerName(id)}`)
    for (let round = 0; round < 4; round += 1) {
      world.simulation.crash(brokerName((round % 3) + 1))
      world.simulation.links.resetConnections(hosts, hosts)
      world.runFor(9000)
      world.simulation.links.resetConnections(hosts, hosts)
    }

    const last = new Map<string, number>()
    for (const { broker, incarnation, request } of world.told) {
      const key = `${broker}/${incarnation}/${request.controllerEpoch}`
      expect(request.correlationId).toBeGreaterThanOrEqual(last.get(key) ?? 0)
      last.set(key, request.correlationId)
    }
    expect(world.told.length).toBeGreaterThan(20)
  })

  test('is already durable', () => {
    const world = new ControllerWorld({ seed: 2 })
    world.start()
    world.createOrders([
      [1, 2, 3],
      [2, 3, 1],
    ])
    world.simulation.crash(brokerName(3))
    world.runFor(12_000)

    const written = new Set(
      [0, 1].flatMap((number) =>
        statesCommitted(world, number).map(({ data, version }) => key(data as StateNode, version)),
      ),
    )
    for (const { request } of world.told) {
      if (request.type !== 'LeaderAndIsrRequest') continue
      for (const { state } of request.partitions) {
        expect(written).toContain(key(state, state.partitionEpoch))
      }
    }
  })
})

function key(state: StateNode, version: number): string {
  return `${state.leader}/${state.leaderEpoch}/${state.isr.join(',')}/${version}`
}
