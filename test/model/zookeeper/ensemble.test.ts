import { describe, expect, test } from 'vitest'
import { epochOf } from '../../../model/zookeeper/transaction.ts'
import { create, EnsembleWorld, ephemeral, exists, getData, setData } from './ensemble-world.ts'

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

describe('a session', () => {
  test('survives the crash of its server, with its ephemeral nodes', () => {
    const world = new EnsembleWorld({ clients: 1, knownServers: () => [1, 2] })
    world.start()
    world.settle()
    world.do('client-1', ephemeral('/me'))
    const { sessionId, connection } = world.client('client-1')

    world.simulation.crash(connection?.peer as string)
    world.runFor(4000)

    expect(world.states('client-1')).toEqual(['connected', 'disconnected', 'connected'])
    expect(world.client('client-1').sessionId).toBe(sessionId)
    expect(world.do('client-1', exists('/me'))).toMatchObject({
      error: 'OK',
      stat: { ephemeralOwner: sessionId },
    })
  })

  test.each([1, 2, 3, 4, 5, 6])(
    'of a client that is cut off expires in (T, T + 1.5 ticks], in one zxid (seed %i)',
    (seed) => {
      const world = new EnsembleWorld({ seed, clients: 1, knownServers: () => [1] })
      world.start()
      world.settle()
      world.do('client-1', ephemeral('/a'))
      world.do('client-1', ephemeral('/b'))
      world.runFor(3000 + seed * 170)
      world.isolate(['client-1'])
      const { lastSentUs } = world.client('client-1')

      world.runUntil(() => world.expired.length > 0, 20_000)

      const afterMs = ((world.expired[0]?.atUs as number) - lastSentUs) / 1000
      expect(afterMs).toBeGreaterThan(sessionMs)
      expect(afterMs).toBeLessThanOrEqual(sessionMs + 1.5 * tickMs + 5)
      expect(world.commits.at(-1)?.changes.map(({ kind, path }) => [kind, path])).toEqual([
        ['deleted', '/a'],
        ['deleted', '/b'],
      ])
      expect(world.states('client-1')).toEqual(['connected', 'disconnected'])
    },
  )

  test('that expired is known to its client only when a server says so', () => {
    const world = new EnsembleWorld({ clients: 1 })
    world.start()
    world.settle()
    const heal = world.isolate(['client-1'])
    world.runFor(30_000)
    const before = world.states('client-1')

    heal()
    world.runUntil(() => world.client('client-1').state === 'expired', 60_000)

    expect(before).toEqual(['connected', 'disconnected'])
    expect(world.expired).toHaveLength(1)
  })

  test('that its client closes ends at once with its ephemeral nodes', () => {
    const world = new EnsembleWorld({ clients: 2 })
    world.start()
    world.settle()
    world.do('client-1', ephemeral('/me'))

    world.endSession('client-1')
    world.runFor(100)

    expect(world.states('client-1').at(-1)).toBe('closed')
    expect(world.do('client-2', exists('/me')).error).toBe('NONODE')
    expect(world.expired).toEqual([])
  })

  test('of a client process that was killed lives on until it expires', () => {
    const world = new EnsembleWorld({ clients: 2 })
    world.start()
    world.settle()
    world.do('client-1', ephemeral('/me'))

    world.simulation.crash('client-1')
    world.runFor(sessionMs - 100)
    const early = world.do('client-2', exists('/me'))
    world.runFor(1.5 * tickMs + 200)

    expect(early.error).toBe('OK')
    expect(world.do('client-2', exists('/me')).error).toBe('NONODE')
  })

  test('does not expire while there is no quorum, and gets its full time afterwards', () => {
    const world = new EnsembleWorld({ clients: 1, knownServers: () => [3] })
    world.start()
    world.settle()
    world.simulation.crash('zookeeper-1')
    world.simulation.crash('zookeeper-2')
    world.simulation.crash('client-1')

    world.runFor(60_000)
    const during = world.expired.length
    world.simulation.start('zookeeper-1')
    world.runUntil(() => world.leaders().length === 1, 90_000)
    const ledUs = world.nowUs
    world.runUntil(() => world.expired.length > 0, 30_000)

    expect(during).toBe(0)
    expect(world.nowUs - ledUs).toBeGreaterThan((sessionMs - 20) * 1000)
  })
})

describe('a watch', () => {
  test('fires before the reply that reveals the change, and once', () => {
    const world = new EnsembleWorld({ clients: 2 })
    world.start()
    world.settle()
    world.do('client-1', create('/a', 0))
    world.runFor(100)
    world.do('client-2', getData('/a', true))

    for (let index = 1; index <= 20; index += 1) {
      world.ask('client-1', setData('/a', index))
      world.ask('client-2', getData('/a'))
      world.runFor(0.2)
    }
    world.runFor(1000)

    const heard = world.heardBy('client-2')
    const first = heard.findIndex(({ result }) => Number(result?.data) > 0)
    const fired = heard.map(({ kind }, index) => (kind === 'watch' ? index : -1))
    expect(fired.filter((index) => index >= 0)).toHaveLength(1)
    expect(fired.find((index) => index >= 0)).toBeLessThan(first)
  })

  test('fires late for a change made while its client was away', () => {
    const world = new EnsembleWorld({ clients: 2 })
    world.start()
    world.settle()
    for (const path of ['/changed', '/deleted', '/same']) world.do('client-1', create(path))
    world.runFor(100)
    for (const path of ['/changed', '/deleted', '/same']) world.do('client-2', getData(path, true))
    for (const path of ['/created', '/brief']) world.do('client-2', exists(path, true))
    world.do('client-2', { op: 'getChildren', path: '/', watch: true })
    const heal = world.isolate(['client-2'])
    world.runFor(100)

    world.do('client-1', setData('/changed', 1))
    world.do('client-1', { op: 'delete', path: '/deleted', version: -1 })
    world.do('client-1', create('/created'))
    world.do('client-1', create('/brief'))
    world.do('client-1', { op: 'delete', path: '/brief', version: -1 })
    world.simulation.links.resetConnections(['client-2'], world.servers)
    world.runFor(1)
    heal()
    world.runUntil(() => world.client('client-2').state === 'connected', 5000)
    world.runFor(100)

    const events = world.heardBy('client-2').filter(({ kind }) => kind === 'watch')
    expect(events.map(({ event, path }) => `${event} ${path}`)).toEqual([
      'NodeDataChanged /changed',
      'NodeDeleted /deleted',
      'NodeCreated /created',
      'NodeChildrenChanged /',
    ])
  })
})

describe('requests of one session', () => {
  test('are answered in order, a read after the writes before it', () => {
    const world = new EnsembleWorld({ clients: 1, knownServers: () => [1] })
    world.start()
    world.settle()
    world.do('client-1', create('/a', 0))

    const write = world.ask('client-1', setData('/a', 'mine'))
    const read = world.ask('client-1', getData('/a'))
    world.runFor(100)

    const replies = world.heardBy('client-1').filter(({ kind }) => kind === 'reply')
    expect(replies.slice(-2).map(({ token }) => token)).toEqual([write, read])
    expect(replies.at(-1)?.result).toMatchObject({ data: 'mine' })
  })

  test('read a stale tree at a slow follower unless a sync comes first', () => {
    const world = new EnsembleWorld({
      clients: 2,
      knownServers: (client) => [client === 1 ? 3 : 1],
    })
    world.start()
    world.settle()
    world.do('client-1', create('/a', 'old'))
    world.runFor(100)
    const slow = { delayUs: 300_000, jitterUs: 0, bytesPerUs: 0 }
    world.simulation.links.slowOneWay(['zookeeper-3'], ['zookeeper-1'], slow)

    world.do('client-1', setData('/a', 'new'))
    const stale = world.do('client-2', getData('/a'))
    world.ask('client-2', { op: 'sync', path: '/a' })
    const fresh = world.do('client-2', getData('/a'))

    expect(stale.data).toBe('old')
    expect(fresh.data).toBe('new')
  })

  test('are all answered when a sync stands between writes that are committed together', () => {
    const world = new EnsembleWorld({ clients: 1, knownServers: () => [1] })
    world.start()
    world.settle()
    world.do('client-1', create('/a', 0))

    const tokens = [1, 2, 3, 4].flatMap((data) => [
      world.ask('client-1', setData('/a', data)),
      world.ask('client-1', { op: 'sync', path: '/a' }),
    ])
    world.runFor(200)

    expect(tokens.map((token) => world.answer('client-1', token)?.result?.error)).toEqual(
      tokens.map(() => 'OK'),
    )
  })

  test('with retries are applied at least once and say that they were retried', () => {
    const world = new EnsembleWorld({ clients: 1, retryOnConnectionLoss: true })
    world.start()
    world.settle()
    world.do('client-1', create('/a', 0))
    const leader = world.leader()

    const tokens = [1, 2, 3].map((data) => world.ask('client-1', setData('/a', data)))
    world.runFor(0.4)
    world.simulation.crash(leader)
    world.runUntil(() => tokens.every((token) => world.answer('client-1', token)), 30_000)

    const results = tokens.map((token) => world.answer('client-1', token)?.result)
    expect(results.map((result) => result?.error)).toEqual(['OK', 'OK', 'OK'])
    expect(results.some((result) => result?.retried === true)).toBe(true)
    expect(world.do('client-1', getData('/a'))).toMatchObject({ data: 3 })
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

describe('an unanswered write', () => {
  test('of a leader that crashed vanishes or appears; what was committed stays', () => {
    const outcomes = new Set<boolean>()
    for (let seed = 1; seed <= 30; seed += 1) {
      const world = new EnsembleWorld({ seed, clients: 1 })
      world.start()
      world.settle()
      world.do('client-1', create('/committed'))
      const token = world.ask('client-1', create('/open'))
      world.runFor(0.3 + (seed % 10) * 0.1)
      if (world.answer('client-1', token) !== undefined) continue
      world.simulation.crash(world.leader())
      world.runUntil(() => world.leaders().length === 1 && world.connected(), 20_000)

      const tree = world.treeOf(world.leader())
      expect(tree).toContain('/committed')
      expect(world.commits.every(({ zxid }) => epochOf(zxid) > 0)).toBe(true)
      outcomes.add(tree.includes('/open'))
    }

    expect(outcomes).toEqual(new Set([true, false]))
  })
})
