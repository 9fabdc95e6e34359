import { describe, expect, test } from 'vitest'
import { pingIntervalUs } from '../../../model/zookeeper/client-session.ts'
import {
  clientClosed,
  closeSession,
  expirePing,
  expireReadTimeout,
  expireReconnect,
  newSession,
  onConnectResponse,
  onWatchNotification,
  onZooKeeperReply,
  type SessionState,
  startClient,
  submit,
  type ZooKeeperClient,
  type ZooKeeperContext,
  type ZooKeeperListener,
  type ZooKeeperTimer,
} from '../../../model/zookeeper/client.ts'
import type {
  ConnectRequest,
  SetWatchesRequest,
  ZooKeeperRequest,
  ZooKeeperResult,
} from '../../../model/zookeeper/messages.ts'
import type { Connection, Context } from '../../../sim/process.ts'
import { HandHeldContext } from '../kafka/hand-held-context.ts'

interface Heard {
  readonly replies: [token: number, result: ZooKeeperResult][]
  readonly states: SessionState[]
  readonly events: string[]
}

type Hand = HandHeldContext<ZooKeeperTimer, never>

const listener: ZooKeeperListener<Heard> = {
  reply: (owner, token, result) => void owner.replies.push([token, result]),
  watch: (owner, event, path) => void owner.events.push(`${event} ${path}`),
  session: (owner, state) => void owner.states.push(state),
}

class Bench {
  readonly context: Hand = new HandHeldContext<ZooKeeperTimer, never>({ name: 'broker-1' })
  readonly heard: Heard = { replies: [], states: [], events: [] }
  readonly client: ZooKeeperClient

  constructor(options: { retry?: boolean; maxInFlight?: number; servers?: number } = {}) {
    const { retry = false, maxInFlight = 10, servers = 3 } = options
    this.client = startClient(
      {
        owner: this.heard,
        servers: Array.from({ length: servers }, (_, index) => `zookeeper-${index + 1}`),
        sessionTimeoutMs: 18_000,
        maxInFlight,
        retryOnConnectionLoss: retry,
      },
      listener,
      this.context,
    )
  }

  get connection(): Connection {
    return this.client.connection as Connection
  }

  connect(timeoutMs = 18_000, sessionId = 7): void {
    const message = { type: 'ConnectResponse', timeoutMs, sessionId, password: 9 } as const
    onConnectResponse(this.client, message, this.connection, this.context)
  }

  ask(token: number): void {
    submit(this.client, { op: 'getData', path: `/${token}`, watch: false }, token, this.context)
  }

  reply(xid: number, result: Partial<ZooKeeperResult> = {}): void {
    const full: ZooKeeperResult = { error: 'OK', zxid: 5, ...result }
    const message = { type: 'ZooKeeperReply', xid, result: full } as const
    onZooKeeperReply(this.client, message, this.connection, this.context)
  }

  lose(): void {
    clientClosed(this.client, this.connection, 'fin', this.context)
  }

  reconnect(): void {
    expireReconnect(this.client, 0, this.context)
  }

  sentPaths(): string[] {
    return this.context
      .sentOf<ZooKeeperRequest>('ZooKeeperRequest')
      .map(({ operation }) => (operation as { path: string }).path)
  }
}

describe('a ZooKeeper client', () => {
  test('comes back with its session, its password and the last zxid it saw', () => {
    const bench = new Bench()
    bench.connect()
    bench.ask(1)
    bench.reply(1, { zxid: 12 })

    bench.lose()
    bench.reconnect()

    expect(bench.context.lastOf<ConnectRequest>('ConnectRequest')).toMatchObject({
      sessionId: 7,
      password: 9,
      lastZxidSeen: 12,
    })
    expect(bench.heard.states).toEqual(['connected', 'disconnected'])
  })

  test('has at most as many requests in flight as allowed, in order', () => {
    const bench = new Bench({ maxInFlight: 2 })
    bench.connect()

    for (const token of [1, 2, 3, 4]) bench.ask(token)
    const before = bench.sentPaths()
    bench.reply(1)

    expect(before).toEqual(['/1', '/2'])
    expect(bench.sentPaths()).toEqual(['/1', '/2', '/3'])
  })

  test('ends what is in flight or waits with CONNECTIONLOSS when the connection breaks', () => {
    const bench = new Bench({ maxInFlight: 1 })
    bench.connect()
    bench.ask(1)
    bench.ask(2)

    bench.lose()

    expect(bench.heard.replies).toEqual([
      [1, { error: 'CONNECTIONLOSS', zxid: 0 }],
      [2, { error: 'CONNECTIONLOSS', zxid: 0 }],
    ])
  })

  test('with retries sends again what was in flight, first and marked', () => {
    const bench = new Bench({ retry: true, maxInFlight: 2 })
    bench.connect()
    for (const token of [1, 2, 3]) bench.ask(token)

    bench.lose()
    bench.reconnect()
    bench.context.clearSent()
    bench.connect()
    for (const xid of [3, 4, 5]) bench.reply(xid)

    expect(bench.sentPaths()).toEqual(['/1', '/2', '/3'])
    expect(bench.heard.replies.map(([token, { retried }]) => [token, retried])).toEqual([
      [1, true],
      [2, true],
      [3, undefined],
    ])
  })

  test('never declares its session expired by itself', () => {
    const bench = new Bench()
    bench.connect()
    bench.lose()

    for (let attempt = 0; attempt < 1000; attempt += 1) {
      bench.context.nowUs += 20_000_000
      bench.reconnect()
      expireReadTimeout(bench.client, 0, bench.context)
    }

    expect(bench.client.state).toBe('disconnected')
    expect(bench.heard.states).toEqual(['connected', 'disconnected'])
  })

  test('that learns of its expiry ends all requests, and starts anew only when told', () => {
    const bench = new Bench({ retry: true })
    bench.connect()
    bench.ask(1)
    bench.lose()
    bench.reconnect()

    bench.connect(0)
    bench.ask(2)
    const beforeTimer = bench.heard.replies.length
    bench.reconnect()
    newSession(bench.client, bench.context)

    expect(beforeTimer).toBe(1)
    expect(bench.heard.replies.map(([token, { error }]) => [token, error])).toEqual([
      [1, 'SESSIONEXPIRED'],
      [2, 'SESSIONEXPIRED'],
    ])
    expect(bench.context.lastOf<ConnectRequest>('ConnectRequest')).toMatchObject({
      sessionId: 0,
      lastZxidSeen: 0,
    })
  })

  test('leaves a server that is silent for two thirds of the session', () => {
    const bench = new Bench()
    bench.connect(18_000)

    bench.context.nowUs += 11_999_999
    expireReadTimeout(bench.client, 0, bench.context)
    const before = bench.client.state
    bench.context.nowUs += 1
    expireReadTimeout(bench.client, 0, bench.context)

    expect([before, bench.client.state]).toEqual(['connected', 'disconnected'])
  })

  test('gives a connection attempt its share of the session timeout', () => {
    const bench = new Bench({ servers: 3 })
    const first = bench.connection

    bench.context.nowUs += 6_000_000
    expireReadTimeout(bench.client, 0, bench.context)
    bench.reconnect()

    expect(bench.connection.peer).not.toBe(first.peer)
    expect(bench.client.state).toBe('connecting')
  })

  test('waits a second longer when all servers were tried in vain', () => {
    const delays = [1, 2, 3, 4, 5, 6].map(() => 0)
    const bench = new Bench({ servers: 3 })

    for (let attempt = 0; attempt < delays.length; attempt += 1) {
      bench.lose()
      const timer = bench.context.timers.get('zookeeper.reconnect/0')
      delays[attempt] = (timer?.atUs as number) - bench.context.nowUs
      bench.reconnect()
    }

    expect(delays.map((delay) => delay >= 1_000_000)).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
    ])
    expect(Math.max(...delays)).toBeLessThan(2_000_000)
  })

  test('pings only when it has sent nothing for long enough', () => {
    const bench = new Bench()
    bench.connect(18_000)
    bench.context.nowUs += 3_000_000
    bench.ask(1)

    bench.context.nowUs += 4_999_999
    expirePing(bench.client, 0, bench.context)
    const early = bench.context.sentOf('PingRequest').length
    bench.context.nowUs += 1
    expirePing(bench.client, 0, bench.context)

    expect([early, bench.context.sentOf('PingRequest').length]).toEqual([0, 1])
  })

  test('sets its live watches again with what it has seen, and forgets fired ones', () => {
    const bench = new Bench()
    bench.connect()
    const { client, context } = bench
    submit(client, { op: 'getData', path: '/data', watch: true }, 1, context)
    submit(client, { op: 'exists', path: '/absent', watch: true }, 2, context)
    submit(client, { op: 'getChildren', path: '/fired', watch: true }, 3, context)
    submit(client, { op: 'getChildren', path: '/children', watch: true }, 4, context)
    submit(client, { op: 'getData', path: '/missing', watch: true }, 5, context)
    bench.reply(1)
    bench.reply(2, { error: 'NONODE' })
    bench.reply(3)
    bench.reply(4, { zxid: 8 })
    bench.reply(5, { error: 'NONODE', zxid: 9 })
    const fired = { event: 'NodeChildrenChanged', path: '/fired', zxid: 10 } as const
    onWatchNotification(client, { type: 'WatchNotification', ...fired }, bench.connection, context)

    bench.lose()
    bench.reconnect()
    bench.connect()

    expect(bench.heard.events).toEqual(['NodeChildrenChanged /fired'])
    expect(context.lastOf<SetWatchesRequest>('SetWatchesRequest')).toEqual({
      type: 'SetWatchesRequest',
      relativeZxid: 9,
      dataWatches: ['/data'],
      existWatches: ['/absent'],
      childWatches: ['/children'],
    })
  })

  test('closes its session after everything it was asked before', () => {
    const bench = new Bench({ maxInFlight: 1 })
    bench.connect()
    bench.ask(1)
    bench.ask(2)

    closeSession(bench.client, bench.context)

    expect(bench.context.sent.map(({ message }) => message.type).slice(-3)).toEqual([
      'ZooKeeperRequest',
      'ZooKeeperRequest',
      'CloseSessionRequest',
    ])
    bench.lose()
    expect(bench.client.state).toBe('closed')
  })

  test('does not hear what an old connection still brings', () => {
    const bench = new Bench()
    bench.connect()
    const old = bench.connection
    bench.lose()
    bench.reconnect()

    const message = { type: 'ConnectResponse', timeoutMs: 0, sessionId: 0, password: 0 } as const
    onConnectResponse(bench.client, message, old, bench.context)

    expect(bench.client.state).toBe('disconnected')
  })

  test('fits into a process with timers of its own', () => {
    type Wider = Context<ZooKeeperTimer | 'retention', 'synced'>
    const narrow = (context: Wider): ZooKeeperContext => context
    const own: ZooKeeperListener<Heard> = {
      reply: (owner, token, result, _context: Wider) => void owner.replies.push([token, result]),
      watch: () => {},
      session: () => {},
    }

    expect(narrow).toBeTypeOf('function')
    expect(own).toBeDefined()
  })
})

describe('the ping interval', () => {
  test.each([
    // read timeout, interval: all in ms (KB Z2)
    [12_000, 5000],
    [4000, 1000],
    [2666, 1000],
    [1000, 500],
    [40_000, 10_000],
  ])('of a read timeout of %i ms is %i ms', (readTimeoutMs, intervalMs) => {
    expect(pingIntervalUs(readTimeoutMs * 1000)).toBe(intervalMs * 1000)
  })
})
