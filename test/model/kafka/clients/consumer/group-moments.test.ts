import { describe, expect, test } from 'vitest'
import { stream } from '../../../../../sim/random.ts'
import { probeNamed } from '../../../../../sim/registry.ts'
import { breaches } from './continuity.ts'
import { GroupWorld } from './group-world.ts'

/** Moments of the group protocol at which somebody is struck. */
const moments = [
  'group.joinParked',
  'group.generationIssued',
  'group.syncParked',
  'group.rebalanced',
  'group.memberExpired',
  'group.loaded',
  'commit.accepted',
  'commit.fenced',
  'consumer.rebalanced',
  'consumer.revoked',
  'consumer.lost',
  'consumer.kicked',
  'consumer.coordinatorLost',
  'consumer.staleFetchDropped',
] as const

const deeds = ['crash', 'pause', 'reset', 'clock'] as const

/** Strikes a member or broker a moment after the probe is reached; `pause` takes its time. */
function strike(cluster: GroupWorld, name: string, deed: (typeof deeds)[number], us: number): void {
  const { world } = cluster
  switch (deed) {
    case 'crash':
      world.crash(name)
      return
    case 'pause':
      if (world.pause(name)) world.at(world.nowUs + us, 'resume', () => world.resume(name))
      return
    case 'reset':
      world.links.resetConnections([name], ['broker-1', 'broker-2', 'broker-3'])
      return
    case 'clock':
      world.stepClock(name, (us % 2_000 === 0 ? 1 : -1) * us)
  }
}

/** A group under load that is struck at each of its protocol moments in turn. */
function tormented(seed: number, pattern: 'process-then-commit' | 'auto-commit'): GroupWorld {
  const dice = stream(seed, 'moments')
  const cluster = new GroupWorld({ members: 3, pattern, seed, workUs: 5000, ordersPerSecond: 8 })
  cluster.boot()
  cluster.produce()
  cluster.run(2)
  const struck = [...cluster.members, ...cluster.members, 'broker-1', 'broker-2', 'broker-3']
  for (let time = 0; time < 10; time += 1) {
    const name = dice.pick(struck)
    const deed = dice.pick(deeds)
    const us = 1000 * dice.pick([20, 1501, 4000, 7001, 12_000])
    const probe = probeNamed(dice.pick(moments))
    if (probe === undefined) throw new Error('there is no such probe')
    const disarm = cluster.world.triggers.arm(probe, () => {
      disarm()
      cluster.world.at(cluster.world.nowUs + 1, 'strike', () => strike(cluster, name, deed, us))
    })
    if (time % 3 === 0) cluster.world.crash(dice.pick(cluster.members))
    cluster.run(dice.between(2, 6))
  }
  cluster.stopProducing()
  cluster.run(90)
  return cluster
}

describe('a group struck at the moments of its protocol', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('skips nothing and has one owner each (seed %i)', (seed) => {
    const cluster = tormented(seed, seed % 2 === 0 ? 'auto-commit' : 'process-then-commit')

    expect(breaches(cluster.history)).toEqual([])
    expect([...cluster.processed().values()].filter((times) => times === 0)).toEqual([])
    expect(
      Object.values(cluster.owners())
        .flat()
        .toSorted((one, other) => one - other),
    ).toEqual([0, 1, 2, 3])
  })
})
