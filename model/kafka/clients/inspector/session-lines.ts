/**
 * Connections of the inspector's own to ZooKeeper servers, on which sessions are played by hand:
 * one session by two servers, and what is asked after a session was ended (KB Z10, Z12).
 *
 * A client of ZooKeeper would never do so; a late packet of one looks the same to a server. Left
 * out: pings, so a session that is played lives no longer than its timeout.
 */

import type { Connection, Context } from '../../../../sim/process.ts'
import type { Stream } from '../../../../sim/random.ts'
import type {
  ConnectRequest,
  ConnectResponse,
  ZooKeeperReply,
  ZooKeeperRequest,
} from '../../../zookeeper/messages.ts'
import type { Ask, SessionAnswer } from './script.ts'

/** A session opened anew, come back to, ended, or written by. */
export type LineAsk = Extract<Ask, { readonly to: 'line' }>

export interface SessionLines {
  readonly servers: readonly string[]
  readonly random: Stream
  readonly connections: [Connection | null, Connection | null]
  /** Place of the server that the first line goes to. */
  firstServer: number
  /** The line whose answer is awaited; −1 for none. */
  awaited: number
  /** An answer that nobody awaited yet. */
  early: SessionAnswer | null
  sessionId: number
  password: number
  nextXid: number
}

const SESSION_TIMEOUT_MS = 6_000
const CONNECT_BYTES = 44
const REQUEST_BYTES = 120
const CLOSE_BYTES = 12

export function sessionLines(servers: readonly string[], random: Stream): SessionLines {
  return {
    servers,
    random,
    connections: [null, null],
    firstServer: 0,
    awaited: -1,
    early: null,
    sessionId: 0,
    password: 0,
    nextXid: 0,
  }
}

/** Sends it; an answer at once where none is awaited, or none can come. */
export function putOnLine(
  lines: SessionLines,
  { line, send, later = false }: LineAsk,
  context: Context,
): SessionAnswer | null {
  if (send === 'open' || send === 'attach') {
    connect(lines, line, send, context)
    return null
  }
  if (send === 'hear') return hear(lines, line)
  const connection = lines.connections[line]
  if (connection === null) return { type: 'session', granted: false }
  if (send === 'end') {
    context.send(connection, { type: 'CloseSessionRequest' }, CLOSE_BYTES)
    return { type: 'session', granted: true }
  }
  lines.nextXid += 1
  const request: ZooKeeperRequest = {
    type: 'ZooKeeperRequest',
    xid: lines.nextXid,
    operation: send,
  }
  context.send(connection, request, REQUEST_BYTES)
  if (later) return { type: 'session', granted: true }
  lines.awaited = line
  return null
}

function hear(lines: SessionLines, line: 0 | 1): SessionAnswer | null {
  const { early } = lines
  lines.early = null
  if (early !== null) return early
  if (lines.connections[line] === null) return { type: 'session', granted: false }
  lines.awaited = line
  return null
}

function connect(
  lines: SessionLines,
  line: 0 | 1,
  send: 'open' | 'attach',
  context: Context,
): void {
  const { servers, random } = lines
  const isNew = send === 'open'
  if (isNew) lines.firstServer = random.int(servers.length)
  // The other line goes to another server, where there is one.
  const further = line === 0 ? 0 : 1 + random.int(Math.max(1, servers.length - 1))
  const server = servers[(lines.firstServer + further) % servers.length] as string
  const connection = context.connect(server)
  const request: ConnectRequest = {
    type: 'ConnectRequest',
    lastZxidSeen: 0,
    timeoutMs: SESSION_TIMEOUT_MS,
    sessionId: isNew ? 0 : lines.sessionId,
    password: isNew ? 0 : lines.password,
  }
  lines.connections[line] = connection
  lines.awaited = line
  context.send(connection, request, CONNECT_BYTES)
}

export function isLine({ connections }: SessionLines, connection: Connection): boolean {
  return connections[0] === connection || connections[1] === connection
}

/** What came on a line, as the answer that is awaited; null where it is none. */
export function heardOnLine(
  lines: SessionLines,
  connection: Connection,
  message: ConnectResponse | ZooKeeperReply,
): SessionAnswer | null {
  const answer = answerIn(lines, message)
  if (lines.connections[lines.awaited] === connection) {
    lines.awaited = -1
    return answer
  }
  lines.early = answer
  return null
}

function answerIn(lines: SessionLines, message: ConnectResponse | ZooKeeperReply): SessionAnswer {
  if (message.type === 'ZooKeeperReply') {
    return { type: 'session', granted: message.result.error === 'OK' }
  }
  const granted = message.timeoutMs > 0
  if (granted) {
    lines.sessionId = message.sessionId
    lines.password = message.password
  }
  return { type: 'session', granted }
}

/** A line broke: an answer that was awaited on it will not come. */
export function lineClosed(lines: SessionLines, connection: Connection): SessionAnswer | null {
  const line = lines.connections.indexOf(connection)
  lines.connections[line] = null
  if (lines.awaited !== line) return null
  lines.awaited = -1
  return { type: 'session', granted: false }
}

export function closeLines(lines: SessionLines, context: Context): void {
  for (const line of [0, 1] as const) {
    const connection = lines.connections[line]
    lines.connections[line] = null
    if (connection !== null) context.close(connection)
  }
  lines.awaited = -1
  lines.early = null
}
