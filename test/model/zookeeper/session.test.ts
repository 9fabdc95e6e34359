import { describe, expect, test } from 'vitest'
import { epochOf } from '../../../model/zookeeper/transaction.ts'
import { create, EnsembleWorld, ephemeral, exists, getData, setData } from './ensemble-world.ts'

const tickMs = 1000
const sessionMs = 6000

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
