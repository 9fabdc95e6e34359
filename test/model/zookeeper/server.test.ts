import { describe, expect, test } from 'vitest'
import { createEnsemble } from '../../../model/zookeeper/ensemble.ts'
import { Guard } from '../../../model/zookeeper/guards.ts'
import type {
  ConnectRequest,
  ConnectResponse,
  FromZooKeeperClient,
  ToZooKeeperClient,
  ZooKeeperOperation,
} from '../../../model/zookeeper/messages.ts'
import type { Notification, PeerMessage } from '../../../model/zookeeper/peer-messages.ts'
import type { ServerTimer, ZooKeeperServer } from '../../../model/zookeeper/server-state.ts'
import type { LogIo } from '../../../model/zookeeper/transaction-log.ts'
import { HandHeld, type HandHeldConnection } from '../kafka/hand-held-context.ts'

type Held = HandHeld<ZooKeeperServer, FromZooKeeperClient | PeerMessage, ServerTimer, LogIo>

/** The first server of an ensemble; alone it leads at once. */
function server(servers: number, guardsOff: readonly number[] = []): Held {
  const [first] = createEnsemble({ servers, tickMs: 1000 }, null)
  if (first === undefined) throw new Error('an ensemble has a server')
  return new HandHeld(first.behaviour, { name: first.name, guardsOff })
}

function connect(held: Held, request: Partial<ConnectRequest> = {}): HandHeldConnection {
  const connection = held.accept('broker-1')
  held.deliver(connection, {
    type: 'ConnectRequest',
    lastZxidSeen: 0,
    timeoutMs: 6000,
    sessionId: 0,
    password: 0,
    ...request,
  })
  return connection
}

function welcomed(held: Held, request: Partial<ConnectRequest> = {}): ConnectResponse {
  connect(held, request)
  held.finishIo()
  return held.context.lastOf<ConnectResponse>('ConnectResponse')
}

function ask(
  held: Held,
  connection: HandHeldConnection,
  xid: number,
  operation: ZooKeeperOperation,
): void {
  held.deliver(connection, { type: 'ZooKeeperRequest', xid, operation })
}

function sentOn(held: Held, connection: HandHeldConnection): ToZooKeeperClient[] {
  return held.context.sent
    .filter((sent) => sent.connection === connection)
    .map(({ message }) => message as ToZooKeeperClient)
}

const createNode: ZooKeeperOperation = {
  op: 'create',
  path: '/a',
  data: 0,
  bytes: 1,
  mode: 'persistent',
}

describe('a server', () => {
  test.each([
    [1, 2000],
    [6000, 6000],
    [60_000, 20_000],
  ])('grants a timeout of %i ms as %i ms', (timeoutMs, granted) => {
    expect(welcomed(server(1), { timeoutMs }).timeoutMs).toBe(granted)
  })

  test('welcomes a client only when its session is committed', () => {
    const held = server(1)
    const connection = connect(held)

    const before = sentOn(held, connection).length
    held.finishIo()

    expect(before).toBe(0)
    expect(sentOn(held, connection).map(({ type }) => type)).toEqual(['ConnectResponse'])
  })

  test('closes the connection of a client while it looks for a leader', () => {
    const held = server(3)

    expect(connect(held).ended).toBe('closed')
    expect(connect(server(3, [Guard.serving])).ended).toBeNull()
  })

  test('closes the connection of a client that has seen more than itself', () => {
    const held = server(1)
    const { sessionId, password } = welcomed(held)
    const lastZxidSeen = held.state.tree.lastZxid + 1

    expect(connect(held, { sessionId, password, lastZxidSeen }).ended).toBe('closed')
  })

  test('tells a client with a wrong password that its session has expired', () => {
    const held = server(1)
    const { sessionId, password } = welcomed(held)

    const right = welcomed(held, { sessionId, password })
    const wrong = welcomed(held, { sessionId, password: password + 1 })

    expect(right).toMatchObject({ sessionId, password, timeoutMs: 6000 })
    expect(wrong).toMatchObject({ sessionId: 0, timeoutMs: 0 })
  })

  test('knows its sessions again after a restart', () => {
    const held = server(1)
    const { sessionId, password } = welcomed(held)

    held.restart()
    held.finishIo()

    expect(welcomed(held, { sessionId, password }).sessionId).toBe(sessionId)
    expect(welcomed(held).sessionId).not.toBe(sessionId)
  })

  test('answers reads and pings of a session behind its pending write', () => {
    const held = server(1)
    const connection = connect(held)
    held.finishIo()
    held.context.clearSent()

    ask(held, connection, 1, createNode)
    ask(held, connection, 2, { op: 'exists', path: '/a', watch: false })
    held.deliver(connection, { type: 'PingRequest' })
    const before = sentOn(held, connection).length
    held.finishIo()

    expect(before).toBe(0)
    expect(sentOn(held, connection)).toMatchObject([
      { xid: 1, result: { error: 'OK' } },
      { xid: 2, result: { error: 'OK' } },
      { type: 'PingReply' },
    ])
  })

  test('answers a failed write in its place', () => {
    const held = server(1)
    const connection = connect(held)
    held.finishIo()
    held.context.clearSent()

    ask(held, connection, 1, createNode)
    ask(held, connection, 2, createNode)
    held.finishIo()
    held.finishIo()

    expect(sentOn(held, connection)).toMatchObject([
      { xid: 1, result: { error: 'OK' } },
      { xid: 2, result: { error: 'NODEEXISTS' } },
    ])
  })

  test('closes the older connection when a client comes twice with one session', () => {
    const held = server(1)
    const first = connect(held)
    held.finishIo()
    const { sessionId, password } = held.context.lastOf<ConnectResponse>('ConnectResponse')

    const second = connect(held, { sessionId, password })

    expect([first.ended, second.ended]).toEqual(['closed', null])
  })

  test('exits when its log cannot be written', () => {
    const held = server(1)
    const disk = held.context.disks[0]
    if (disk === undefined) throw new Error('the server has a disk')
    disk.outcome = 'io-error'

    connect(held)

    expect(held.context.exits).toEqual(['the transaction log cannot be written'])
  })

  test('that looks for a leader waits 200 ms for a better vote when a quorum agrees', () => {
    const held = server(3)
    const connection = held.accept('zookeeper-2')
    const vote = { leader: 2, epoch: 0, zxid: 0 }
    const notification: Notification = {
      type: 'Notification',
      from: 2,
      state: 'LOOKING',
      round: 1,
      vote,
    }

    held.deliver(connection, notification)
    held.advance(199_999)
    const early = held.state.state
    held.advance(1)

    expect(held.state.election.vote).toEqual(vote)
    expect([early, held.state.state]).toEqual(['LOOKING', 'FOLLOWING'])
  })

  test('that comes late joins a leader that others remember from different rounds', () => {
    const held = server(5)

    for (const [from, state, zxid, round] of [
      [2, 'FOLLOWING', 7, 3],
      [3, 'FOLLOWING', 9, 4],
      [5, 'LEADING', 8, 6],
    ] as const) {
      const vote = { leader: 5, epoch: 4, zxid }
      const connection = held.accept(`zookeeper-${from}`)
      held.deliver(connection, { type: 'Notification', from, state, round, vote })
    }

    expect(held.state.state).toBe('FOLLOWING')
    expect(held.connectionTo('zookeeper-5').state).toEqual({ kind: 'leader' })
  })
})
