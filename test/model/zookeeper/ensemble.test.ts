import { describe, expect, test } from 'vitest'
import { create, EnsembleWorld, getData, setData } from './ensemble-world.ts'

const tickMs = 1000
const sessionMs = 6000

describe('an ensemble', () => {
  test.each([1, 3, 5])('of %i servers elects one leader and serves', (servers) => {
    const world = new EnsembleWorld({ servers, clients: 2 })
    world.start()

    world.settle()
    const created = world.do('client-1', create('/a', 'one'))

    expect(world.led).toHaveLength(1)
    expect(created).toMatchObject({ error: 'OK', path: '/a' })
    world.runFor(100)
    for (const server of world.servers) expect(world.treeOf(server)).toContain('"path":"/a"')
  })

  test('of one server leads without an election', () => {
    const world = new EnsembleWorld({ servers: 1 })
    world.start()

    world.runFor(1)

    expect(world.leaders()).toEqual(['zookeeper-1'])
    expect(world.simulation.probesByName()).not.toHaveProperty('zk.electionStarted')
  })

  test('gives two runs of the same seed the same hash', () => {
    const hashes = [7, 7, 8].map((seed) => {
      const world = new EnsembleWorld({ seed, clients: 2 })
      world.start()
      world.settle()
      world.do('client-1', create('/a'))
      world.runFor(5000)
      return world.simulation.kernel.hash()
    })

    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[0]).not.toBe(hashes[2])
  })

  test('at rest makes fewer than 40 events a second', () => {
    const world = new EnsembleWorld({ servers: 3, clients: 3, sessionTimeoutMs: 18_000 })
    world.start()
    world.settle()
    const before = world.simulation.kernel.events

    world.runFor(60_000)

    expect((world.simulation.kernel.events - before) / 60).toBeLessThan(40)
  })

  test('tries a dead server less than three times a second', () => {
    const world = new EnsembleWorld({ servers: 3 })
    world.simulation.start('zookeeper-1')
    const before = world.simulation.kernel.events

    world.runFor(60_000)

    // Each attempt is a timer and, for each of two peers, a handshake that is refused.
    expect(world.simulation.kernel.events - before).toBeLessThan(60 * 3)
  })
})

describe('when its leader crashes, an ensemble', () => {
  test.each([3, 5])('of %i servers elects another and keeps what was committed', (servers) => {
    const world = new EnsembleWorld({ servers, clients: 2 })
    world.start()
    world.settle()
    world.do('client-1', create('/a', 'kept'))
    const old = world.leader()

    world.simulation.crash(old)
    world.runUntil(() => world.leaders().length === 1 && world.connected(), 20_000)

    expect(world.leader()).not.toBe(old)
    expect(world.led.map(({ epoch }) => epoch)).toEqual([1, 2])
    expect(world.do('client-2', getData('/a'))).toMatchObject({ error: 'OK', data: 'kept' })
  })

  test('closes all client connections and gives every session its full timeout again', () => {
    const world = new EnsembleWorld({ clients: 3 })
    world.start()
    world.settle()

    world.simulation.crash(world.leader())
    world.runFor(sessionMs - 1000)

    for (const client of world.clients) {
      expect(world.states(client).slice(0, 2)).toEqual(['connected', 'disconnected'])
    }
    expect(world.expired).toEqual([])
  })

  test('serves again with the old leader as follower once that is back', () => {
    const world = new EnsembleWorld({ clients: 1 })
    world.start()
    world.settle()
    const old = world.leader()
    world.simulation.crash(old)
    world.awaitLeader()
    world.runUntil(() => world.connected(), 10_000)
    world.do('client-1', create('/missed'))

    world.simulation.start(old)
    world.settle()

    expect(world.server(old).state).toBe('FOLLOWING')
    world.runFor(100)
    expect(world.treeOf(old)).toBe(world.treeOf(world.leader()))
  })
})

describe('a leader that is cut off with a client', () => {
  function cutOff(seed: number): { world: EnsembleWorld; old: string; heal: () => void } {
    const world = new EnsembleWorld({
      seed,
      clients: 2,
      knownServers: (client) => [[3], [1, 2]][client - 1] as number[],
    })
    world.start()
    world.settle()
    world.do('client-1', create('/a', 0))
    const old = world.leader()
    return { world, old, heal: world.isolate([old, 'client-1']) }
  }

  test('commits nothing', () => {
    const { world, old } = cutOff(1)
    const committed = world.commits.length

    world.ask('client-1', setData('/a', 'lost'))
    world.runFor(1000)

    expect(old).toBe('zookeeper-3')
    expect(world.commits).toHaveLength(committed)
    expect(world.server(old).log.lastZxid).toBeGreaterThan(world.commits.at(-1)?.zxid as number)
  })

  test('answers stale reads until it steps down after syncLimit ticks', () => {
    const { world, old } = cutOff(1)

    const stale = world.do('client-1', getData('/a'))
    world.runFor(4 * tickMs)

    expect(stale).toMatchObject({ error: 'OK', data: 0 })
    expect(world.server(old).state).toBe('LOOKING')
    expect(world.client('client-1').state).not.toBe('connected')
  })

  test('loses its unanswered write to the history of the new leader', () => {
    const { world, old, heal } = cutOff(1)
    const token = world.ask('client-1', setData('/a', 'lost'))
    world.runUntil(() => world.leaders().some((name) => name !== old), 20_000)
    world.runUntil(() => world.client('client-2').state === 'connected', 20_000)
    world.do('client-2', setData('/a', 'kept'))

    heal()
    world.settle(90_000)

    expect(world.answer('client-1', token)?.result?.error).toBe('CONNECTIONLOSS')
    expect(world.simulation.probesByName()['zk.followerTruncated']).toBe(1)
    expect(world.do('client-1', getData('/a'))).toMatchObject({ data: 'kept' })
    expect(world.treeOf(old)).not.toContain('lost')
  })

  test('without the guard on quorums commits alone, and two leaders commit different things', () => {
    const world = new EnsembleWorld({
      clients: 2,
      knownServers: (client) => [[3], [1, 2]][client - 1] as number[],
      guardsOff: ['zk.commitQuorum'],
    })
    world.start()
    world.settle()
    world.do('client-1', create('/a', 0))
    world.isolate(['zookeeper-3', 'client-1'])

    const answer = world.do('client-1', setData('/a', 'lost'))
    const other = (): string | undefined => world.leaders().find((name) => name !== 'zookeeper-3')
    world.runUntil(() => other() !== undefined, 20_000)

    expect(answer.error).toBe('OK')
    expect(world.treeOf(other() as string)).not.toContain('lost')
  })
})

describe('a minority that is cut off', () => {
  test('does not disturb the rest, and comes back', () => {
    const world = new EnsembleWorld({ servers: 5 })
    world.start()
    world.settle()
    const heal = world.isolate(['zookeeper-1', 'zookeeper-2'])

    world.runFor(10_000)
    const during = ['zookeeper-1', 'zookeeper-2'].map((name) => world.server(name).state)
    heal()
    world.settle(90_000)

    expect(during).toEqual(['LOOKING', 'LOOKING'])
    expect(world.led).toHaveLength(1)
  })
})

describe('a power loss', () => {
  test.each([1, 2, 3, 4, 5])('of all servers loses nothing that was answered (seed %i)', (seed) => {
    const world = new EnsembleWorld({ seed, clients: 3, retryOnConnectionLoss: true })
    world.start()
    world.settle()
    const tokens: [string, number, string][] = []
    for (let index = 0; index < 60; index += 1) {
      const client = world.clients[index % 3] as string
      tokens.push([client, world.ask(client, create(`/n${index}`)), `/n${index}`])
      world.runFor(0.3)
    }
    const answered = tokens.filter(([client, token]) => world.answer(client, token) !== undefined)

    for (const server of world.servers) world.simulation.powerLoss(server)
    world.runFor(1000)
    for (const server of world.servers) {
      world.simulation.powerOn(server)
      world.simulation.start(server)
    }
    world.settle(60_000)

    expect(answered.length).toBeGreaterThan(0)
    expect(answered.length).toBeLessThan(60)
    const tree = world.treeOf(world.leader())
    for (const [, , path] of answered) expect(tree).toContain(`"path":"${path}"`)
  })

  test('in the middle of writing leaves a torn entry that a restart cuts off', () => {
    const world = new EnsembleWorld({ seed: 3, servers: 1, clients: 1 })
    world.start()
    world.settle()
    const torn: boolean[] = []

    for (let round = 0; round < 12; round += 1) {
      for (let index = 0; index < 5; index += 1) world.ask('client-1', create(`/${round}-${index}`))
      world.runFor(0.45)
      world.simulation.powerLoss('zookeeper-1')
      torn.push(world.simulation.host('zookeeper-1').disks[0]?.torn('transactions-0') === true)
      world.simulation.powerOn('zookeeper-1')
      world.simulation.start('zookeeper-1')
      world.settle(60_000)
    }

    expect(torn).toContain(true)
    const { tree } = world.server('zookeeper-1')
    expect(tree.lastZxid).toBe(world.commits.at(-1)?.zxid)
  })
})

describe('a server whose log has rotted', () => {
  test('goes on until it stops, does not start again, and the others serve', () => {
    const world = new EnsembleWorld({ servers: 3, clients: 1, knownServers: () => [2, 3] })
    world.start()
    world.settle()
    world.do('client-1', create('/before'))
    world.simulation.host('zookeeper-1').disks[0]?.rot('', 1)
    world.do('client-1', create('/meanwhile'))
    const meanwhile = world.simulation.process('zookeeper-1')?.phase

    world.simulation.crash('zookeeper-1')
    world.simulation.start('zookeeper-1')
    world.do('client-1', create('/after'))

    const { phase, ended } = world.simulation.process('zookeeper-1') ?? {}
    expect([meanwhile, phase]).toEqual(['running', 'down'])
    expect(ended).toBe('the transaction log fails its checksum')
    expect(world.treeOf(world.leader())).toContain('"path":"/after"')
  })
})

describe('a follower that was away', () => {
  function comeBack(writes: number, commitLogCount: number): EnsembleWorld {
    const world = new EnsembleWorld({ clients: 1, commitLogCount, knownServers: () => [2, 3] })
    world.start()
    world.settle()
    world.simulation.powerLoss('zookeeper-1')
    for (let index = 0; index < writes; index += 1) world.ask('client-1', create(`/n${index}`))
    world.runFor(1000)
    world.simulation.powerOn('zookeeper-1')
    world.simulation.start('zookeeper-1')
    world.settle()
    world.runFor(100)
    return world
  }

  test('gets the difference if that is short', () => {
    const world = comeBack(10, 20)

    expect(world.simulation.probesByName()).not.toHaveProperty('zk.synchronizedBySnapshot')
    expect(world.treeOf('zookeeper-1')).toBe(world.treeOf(world.leader()))
  })

  test('gets a snapshot if it missed too much, and starts from that after a crash', () => {
    const world = comeBack(50, 20)
    const snapshots = world.simulation.probesByName()['zk.synchronizedBySnapshot']
    world.simulation.crash('zookeeper-1')
    world.simulation.start('zookeeper-1')
    world.settle()

    expect(snapshots).toBe(1)
    expect(world.treeOf('zookeeper-1')).toBe(world.treeOf(world.leader()))
    expect(world.server('zookeeper-1').log.baseZxid).toBeGreaterThan(0)
  })
})
