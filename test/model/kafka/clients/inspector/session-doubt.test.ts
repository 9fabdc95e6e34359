import { beforeEach, describe, expect, test } from 'vitest'
import {
  doubtClosed,
  doubtEnd,
  heardOfDoubt,
  isDoubt,
  type SessionDoubt,
  sessionDoubt,
} from '../../../../../model/kafka/clients/inspector/session-doubt.ts'
import type { ConnectResponse } from '../../../../../model/zookeeper/messages.ts'
import { HandHeldContext } from '../../hand-held-context.ts'

const SERVERS = ['zookeeper-1', 'zookeeper-2', 'zookeeper-3']
const MAY_END_US = 4_000_000

const ended: ConnectResponse = { type: 'ConnectResponse', timeoutMs: 0, sessionId: 0, password: 0 }
const lives: ConnectResponse = { ...ended, timeoutMs: 6_000, sessionId: 5, password: 7 }

let context: HandHeldContext
let doubt: SessionDoubt

function hear(place: number, response: ConnectResponse): boolean {
  const connection = context.connections[place]
  if (connection === undefined) throw new Error('no such server was asked')
  return heardOfDoubt(doubt, connection, response, context)
}

beforeEach(() => {
  context = new HandHeldContext({ name: 'inspector-1' })
  doubt = sessionDoubt(SERVERS)
  const session = { sessionId: 5, password: 7, lastZxid: 11, timeoutMs: 6_000 }
  doubtEnd(doubt, { ...session, mayEndUs: MAY_END_US }, context)
})

describe('the end of a session that came too early', () => {
  test('is asked of every server, under the password of the session', () => {
    const asked = context.sent.map(({ connection, message }) => [connection.peer, message])

    const request = {
      type: 'ConnectRequest',
      lastZxidSeen: 11,
      timeoutMs: 6_000,
      sessionId: 5,
      password: 7,
    }
    expect(asked).toEqual(SERVERS.map((server) => [server, request]))
  })

  test('counts once most servers say that it has ended', () => {
    const verdicts = [hear(0, ended), hear(2, ended)]

    expect(verdicts).toEqual([false, true])
    expect(context.connections.map((connection) => connection.ended)).toEqual(
      SERVERS.map(() => 'closed'),
    )
  })

  test('does not count where one server takes the session back', () => {
    const verdicts = [hear(0, ended), hear(1, lives)]

    expect(verdicts).toEqual([false, false])
    expect(context.connections.every((connection) => !isDoubt(doubt, connection))).toBe(true)
  })

  test('does not count by the word of one server while the others hang up', () => {
    const [, second, third] = context.connections
    const verdict = hear(0, ended)
    for (const connection of [second, third]) if (connection) doubtClosed(doubt, connection)

    expect(verdict).toBe(false)
    expect(doubt.connections).toEqual([])
  })

  test('does not count where it is heard so late that silence may have ended the session', () => {
    const first = hear(0, ended)
    context.nowUs = MAY_END_US
    const second = hear(1, ended)

    expect([first, second]).toEqual([false, false])
    expect(doubt.connections).toEqual([])
  })

  test('is asked of no server twice at a time', () => {
    const session = { sessionId: 6, password: 8, lastZxid: 12, timeoutMs: 6_000 }
    doubtEnd(doubt, { ...session, mayEndUs: MAY_END_US }, context)

    expect(doubt.connections).toHaveLength(SERVERS.length)
    expect(context.connections.slice(0, 3).every(({ ended: how }) => how === 'closed')).toBe(true)
  })
})
