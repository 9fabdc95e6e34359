/**
 * An end of a session that came too early, and whether it is one (KB Z5, Z8, Z12).
 *
 * One server's word is not enough: a leader that was paused wakes with old touches, ends sessions
 * on its own and says so before it notices that another leads; ZooKeeper 3.8 does the same. The
 * session lives on at the others. So all servers are asked with its password: it has ended if most
 * of them say so before it could have ended by silence, and lives if one takes it back.
 */

import type { Connection, Context } from '../../../../sim/process.ts'
import type { ConnectRequest, ConnectResponse } from '../../../zookeeper/messages.ts'

/** The session that is asked for, as its client remembers it. */
export interface DoubtedSession {
  readonly sessionId: number
  readonly password: number
  readonly lastZxid: number
  readonly timeoutMs: number
  /** From then on it may have ended by the silence of its client. */
  readonly mayEndUs: number
}

export interface SessionDoubt {
  readonly servers: readonly string[]
  /** Open questions. */
  connections: Connection[]
  /** Servers that said that it has ended. */
  denials: number
  mayEndUs: number
}

const CONNECT_BYTES = 44

export function sessionDoubt(servers: readonly string[]): SessionDoubt {
  return { servers, connections: [], denials: 0, mayEndUs: 0 }
}

/** Asks every server; an earlier doubt is dropped. */
export function doubtEnd(doubt: SessionDoubt, session: DoubtedSession, context: Context): void {
  dropDoubt(doubt, context)
  const { sessionId, password, lastZxid, timeoutMs, mayEndUs } = session
  doubt.denials = 0
  doubt.mayEndUs = mayEndUs
  const request: ConnectRequest = {
    type: 'ConnectRequest',
    lastZxidSeen: lastZxid,
    timeoutMs,
    sessionId,
    password,
  }
  for (const server of doubt.servers) {
    const connection = context.connect(server)
    doubt.connections.push(connection)
    context.send(connection, request, CONNECT_BYTES)
  }
}

export function isDoubt({ connections }: SessionDoubt, connection: Connection): boolean {
  return connections.includes(connection)
}

/** What one server said. True if it settles that the session has ended too early. */
export function heardOfDoubt(
  doubt: SessionDoubt,
  connection: Connection,
  { timeoutMs }: ConnectResponse,
  context: Context,
): boolean {
  const lives = timeoutMs > 0
  if (lives || context.monotonicUs() >= doubt.mayEndUs) {
    dropDoubt(doubt, context)
    return false
  }
  doubtClosed(doubt, connection)
  context.close(connection)
  doubt.denials += 1
  if (2 * doubt.denials <= doubt.servers.length) return false
  dropDoubt(doubt, context)
  return true
}

/** A server that hangs up says nothing about the session. */
export function doubtClosed(doubt: SessionDoubt, connection: Connection): void {
  doubt.connections = doubt.connections.filter((other) => other !== connection)
}

function dropDoubt(doubt: SessionDoubt, context: Context): void {
  for (const connection of doubt.connections) context.close(connection)
  doubt.connections = []
}
