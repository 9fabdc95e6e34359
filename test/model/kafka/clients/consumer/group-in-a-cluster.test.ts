import { describe, expect, test } from 'vitest'
import { Ownership } from '../../../../../model/history.ts'
import { stream } from '../../../../../sim/random.ts'
import { GroupWorld, type GroupWorldOptions } from './group-world.ts'

/** A group that works, under load. */
function underLoad(options: GroupWorldOptions): GroupWorld {
  const cluster = new GroupWorld(options)
  cluster.boot()
  cluster.produce()
  cluster.run(3)
  return cluster
}

/** Ends the load and gives the group time to finish. */
function drain(cluster: GroupWorld, seconds = 20): void {
  cluster.stopProducing()
  cluster.run(seconds)
}

const timesProcessed = (cluster: GroupWorld): number[] => [...cluster.processed().values()]
const lost = (cluster: GroupWorld): number =>
  timesProcessed(cluster).filter((times) => times === 0).length
const repeated = (cluster: GroupWorld): number =>
  timesProcessed(cluster).filter((times) => times > 1).length
const probe = (cluster: GroupWorld, name: string): number => cluster.world.probesByName()[name] ?? 0

describe('a group in a cluster', () => {
  test('divides the partitions and processes every record once', () => {
    const cluster = underLoad({ members: 2, pattern: 'process-then-commit' })
    drain(cluster)

    expect(cluster.owners()).toEqual({ 'payment-1': [0, 1], 'payment-2': [2, 3] })
    expect(timesProcessed(cluster).length).toBeGreaterThan(150)
    expect(lost(cluster)).toBe(0)
    expect(repeated(cluster)).toBe(0)
  })

  test('is the same on the same seed and another on another', () => {
    const hashes = [7, 7, 8].map((seed) => {
      const cluster = underLoad({ members: 2, pattern: 'idempotent', seed })
      cluster.world.crash('payment-1')
      drain(cluster)
      return `${cluster.world.kernel.hash()} ${cluster.history.hash()}`
    })

    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[2]).not.toBe(hashes[0])
  })

  test('gives the partitions of a member that stops in good order to the others at once', () => {
    const cluster = underLoad({ members: 2, pattern: 'process-then-commit' })

    cluster.stop('payment-1')
    cluster.run(3)

    expect(cluster.owners()).toEqual({ 'payment-2': [0, 1, 2, 3] })
    expect(cluster.world.process('payment-1')?.ended).toBe('stopped')
    drain(cluster)
    expect(lost(cluster)).toBe(0)
    expect(repeated(cluster)).toBe(0)
  })

  test('takes a new member in', () => {
    const cluster = underLoad({ members: 1, pattern: 'process-then-commit' })

    cluster.world.start(cluster.addMember())
    cluster.run(5)

    expect(cluster.owners()).toEqual({ 'payment-1': [0, 1], 'payment-2': [2, 3] })
    drain(cluster)
    expect(lost(cluster)).toBe(0)
  })

  test('leaves members without partitions where there are more members than those', () => {
    const cluster = underLoad({ members: 3, partitions: 2, pattern: 'process-then-commit' })

    const owners = Object.values(cluster.owners()).map((partitions) => partitions.length)

    expect(owners).toEqual([1, 1, 0])
    expect(probe(cluster, 'consumer.kicked')).toBe(0)
  })

  test('takes partitions over that are added, from their first record', () => {
    const cluster = underLoad({ members: 2, pattern: 'process-then-commit' })

    cluster.addPartitions(6)
    cluster.run(15)

    expect(cluster.owners()).toEqual({ 'payment-1': [0, 1, 2], 'payment-2': [3, 4, 5] })
    drain(cluster)
    expect(lost(cluster)).toBe(0)
  })

  test('does not take added partitions over with the guard off', () => {
    const cluster = underLoad({
      members: 2,
      pattern: 'process-then-commit',
      guardsOff: ['consumer.assignmentMetadata'],
    })

    cluster.addPartitions(6)
    cluster.run(15)
    drain(cluster)

    expect(lost(cluster)).toBeGreaterThan(0)
  })

  test.each([1, 2, 3])('survives the crash of broker %i, leader or coordinator or both', (id) => {
    const cluster = underLoad({ members: 2, pattern: 'process-then-commit' })

    cluster.world.holdDown(`broker-${id}`)
    cluster.world.crash(`broker-${id}`)
    cluster.run(15)
    cluster.world.letUp(`broker-${id}`)
    cluster.run(5)
    drain(cluster)

    expect(lost(cluster)).toBe(0)
    expect(Object.values(cluster.owners()).flat()).toHaveLength(4)
  })
})

describe('a member whose only leader stays dead', () => {
  test.each([1, 2, 3])('finds the next leader although its metadata is young: broker %i', (id) => {
    const cluster = underLoad({
      members: 1,
      partitions: 1,
      pattern: 'process-then-commit',
      config: { 'metadata.max.age.ms': 300_000 },
    })

    cluster.world.holdDown(`broker-${id}`)
    cluster.world.crash(`broker-${id}`)
    cluster.run(20)
    drain(cluster)

    expect(lost(cluster)).toBe(0)
    expect(timesProcessed(cluster).length).toBeGreaterThan(150)
  })
})

describe('a member that crashes', () => {
  const crashed = (options: Omit<GroupWorldOptions, 'members' | 'workUs'>): GroupWorld => {
    const cluster = underLoad({ members: 2, workUs: 20_000, ...options })
    for (let time = 0; time < 4; time += 1) {
      cluster.world.crash('payment-1')
      cluster.run(9)
    }
    drain(cluster, 60)
    return cluster
  }

  test('loses records with commit-then-process and repeats none', () => {
    const cluster = crashed({ pattern: 'commit-then-process' })

    expect(lost(cluster)).toBeGreaterThan(0)
    expect(repeated(cluster)).toBe(0)
  })

  test('repeats records with process-then-commit and loses none', () => {
    const cluster = crashed({ pattern: 'process-then-commit' })

    expect(lost(cluster)).toBe(0)
    const applied = [...cluster.applied('payment').values()]
    expect(applied.some((times) => times > 1)).toBe(true)
  })

  test('repeats records with auto-commit and loses none', () => {
    const cluster = crashed({ pattern: 'auto-commit' })

    expect(lost(cluster)).toBe(0)
    expect(repeated(cluster)).toBeGreaterThan(0)
  })

  test('applies each effect once with idempotent, whatever is delivered again', () => {
    const cluster = crashed({ pattern: 'idempotent' })

    expect(lost(cluster)).toBe(0)
    const applied = [...cluster.applied('payment').values()]
    expect(applied.every((times) => times === 1)).toBe(true)
    expect(applied.length).toBe(timesProcessed(cluster).length)
    expect([...cluster.history.effects.column('applied')]).toContain(0)
  })
})

describe('a zombie', () => {
  test('is put out while it is paused, and what it goes on with is processed twice', () => {
    const cluster = underLoad({ members: 2, pattern: 'process-then-commit', workUs: 30_000 })

    cluster.world.pause('payment-1')
    cluster.run(15)
    cluster.world.resume('payment-1')
    cluster.run(10)
    drain(cluster, 40)

    expect(probe(cluster, 'consumer.kicked')).toBeGreaterThan(0)
    expect(repeated(cluster)).toBeGreaterThan(0)
    expect(lost(cluster)).toBe(0)
    expect([...cluster.history.ownerships.column('kind')]).toContain(Ownership.lost)
  })

  test('comes back from a pause that struck between two records of a batch', () => {
    const cluster = underLoad({
      members: 2,
      pattern: 'process-then-commit',
      workUs: 300,
      ordersPerSecond: 300,
    })
    const { world } = cluster
    const member = cluster.member('payment-1')
    const { deliveries } = cluster.history
    const fourth = (): number => deliveries.length - 4
    const poll = (row: number): string =>
      `${deliveries.get('process', row)}/${deliveries.get('poll', row)}`
    const own = (row: number): boolean =>
      poll(row) === `${member.consumer.process}/${member.consumer.polls}`
    for (let steps = 0; steps < 100_000; steps += 1) {
      if (member.driver.waiting === 'work' && own(fourth()) && own(fourth() + 3)) break
      world.step()
    }

    // One effect is left to the handler of the work: to ask for the next.
    world.pause('payment-1', 1)
    cluster.run(15)
    world.resume('payment-1')
    drain(cluster, 40)

    expect(cluster.owners()).toEqual({ 'payment-1': [0, 1], 'payment-2': [2, 3] })
    expect(member.consumer.phase).toBe('polling')
    expect(lost(cluster)).toBe(0)
  })

  test('of slow work leaves the group after max.poll.interval and comes back', () => {
    const cluster = underLoad({
      members: 2,
      pattern: 'process-then-commit',
      workUs: 2000,
      config: { 'max.poll.interval.ms': 3000 },
    })

    cluster.world.inject('payment-1', {
      type: 'ConsumerCommand',
      command: 'slow',
      factor: 2000,
    } as { type: string })
    cluster.run(20)

    expect(probe(cluster, 'consumer.kicked')).toBeGreaterThan(0)
    expect(probe(cluster, 'consumer.zombieProcessed')).toBeGreaterThan(0)
  })
})

describe('a bank', () => {
  const charging = (pattern: 'idempotent' | 'process-then-commit'): GroupWorld => {
    const cluster = underLoad({
      members: 2,
      pattern,
      application: {
        effectPer: 'key',
        calls: [{ service: 'bank', timeoutUs: 500_000, retryBackoffUs: 100_000 }],
        produces: { topic: 'payments', recordBytes: 200 },
      },
    })
    for (let time = 0; time < 3; time += 1) {
      cluster.world.crash('service-bank')
      cluster.run(4)
      cluster.world.pause('service-bank')
      cluster.run(2)
      cluster.world.resume('service-bank')
      cluster.world.crash('payment-1')
      cluster.run(8)
    }
    drain(cluster, 60)
    return cluster
  }

  test('charges each order once for idempotent callers, through its outages and theirs', () => {
    const cluster = charging('idempotent')

    const orders = new Set(
      cluster.history.streams.filter((one) => one.topic === 2).map((one) => one.key),
    )
    const charged = [...cluster.applied('bank').values()]
    expect(lost(cluster)).toBe(0)
    expect(charged.length).toBe(orders.size)
    expect(charged.every((times) => times === 1)).toBe(true)
  })

  test('charges orders more than once for callers that only process and commit', () => {
    const cluster = charging('process-then-commit')

    expect(lost(cluster)).toBe(0)
    const charged = [...cluster.applied('bank').values()]
    expect(Math.max(...charged)).toBeGreaterThan(3)
  })
})

describe('groups in trouble', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'lose nothing and find their peace again, whoever crashes or pauses (seed %i)',
    (seed) => {
      const dice = stream(seed, 'trouble')
      const cluster = underLoad({ members: 3, pattern: 'idempotent', seed, workUs: 5000 })
      const struck = [...cluster.members, 'broker-1', 'broker-2', 'broker-3']
      for (let time = 0; time < 8; time += 1) {
        const name = dice.pick(struck)
        if (dice.chance(0.5)) cluster.world.crash(name)
        else if (cluster.world.pause(name)) {
          cluster.run(dice.between(1, 12))
          cluster.world.resume(name)
        }
        cluster.run(dice.between(1, 6))
      }

      drain(cluster, 90)

      expect(lost(cluster)).toBe(0)
      expect([...cluster.applied('payment').values()].every((times) => times === 1)).toBe(true)
      expect(
        Object.values(cluster.owners())
          .flat()
          .toSorted((one, other) => one - other),
      ).toEqual([0, 1, 2, 3])
    },
  )
})
