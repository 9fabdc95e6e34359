import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/controller/guards.ts'
import { brokerName } from '../../../../model/kafka/messages.ts'
import { guardEntries } from '../../../../sim/registry.ts'
import { ControllerWorld } from './controller-world.ts'

/** Crashes, pauses, cuts and administration at drawn times, then a while of peace. */
function torment(world: ControllerWorld): void {
  const { simulation } = world
  const stream = simulation.streams.named('torment')
  const ensemble = world.servers.map((name) => `host-${name}`)
  for (let round = 0; round < 10; round += 1) {
    const name = brokerName(stream.between(1, world.brokers.length))
    const host = [`host-${name}`]
    switch (stream.int(5)) {
      case 0:
        simulation.crash(name)
        break
      case 1:
        simulation.pause(name)
        world.runFor(stream.between(1000, 12_000))
        simulation.resume(name)
        break
      case 2:
        simulation.links.cutOneWay(host, ensemble)
        world.runFor(stream.between(1000, 12_000))
        simulation.links.healOneWay(host, ensemble)
        break
      case 3:
        simulation.crash(`zookeeper-${world.durable.zookeeperLeader()}`)
        world.runFor(stream.between(1000, 4000))
        for (const server of world.servers) simulation.start(server)
        break
      default:
        administer(world, stream.between(1, world.brokers.length))
    }
    world.runFor(stream.between(100, 5000))
  }
  world.runFor(20_000)
}

function administer(world: ControllerWorld, to: number): void {
  const header = { correlationId: 1, clientId: 'admin', apiVersion: 0 }
  const partitions = world.durable.partitions()
  world.ask(to, { type: 'ElectLeadersRequest', ...header, electionType: 'preferred', partitions })
  world.ask(to, { type: 'CreatePartitionsRequest', ...header, topic: 'orders', count: 4 })
}

function tormented(seed: number, guardsOff: readonly string[] = []): ControllerWorld {
  const world = new ControllerWorld({ seed, guardsOff, whole: true })
  world.start()
  world.createOrders([
    [1, 2, 3],
    [2, 3, 1],
    [3, 1, 2],
  ])
  torment(world)
  return world
}

describe('a tormented cluster', () => {
  test.each([1, 2, 3, 4, 5, 6])('comes to rest with full ISRs, seed %i', (seed) => {
    const world = tormented(seed)

    expect(world.active()).toEqual([world.durable.controller()])
    expect(world.durable.registered()).toHaveLength(3)
    for (const partition of world.durable.partitions()) {
      expect(world.durable.isrOf(partition)).toHaveLength(3)
      expect(world.durable.isrOf(partition)).toContain(world.durable.leaderOf(partition))
    }
  })

  const names = Object.values(Guard).map((id) => guardEntries()[id]?.name ?? '')

  test.each(names)('with %s off breaks nothing of the model itself', (name) => {
    expect(() => tormented(1, [name])).not.toThrow()
    expect(() => tormented(4, [name])).not.toThrow()
  })
})
