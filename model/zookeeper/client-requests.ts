/**
 * The client's requests: at most `maxInFlight` on the wire, the rest waiting, all in order (KB Z6,
 * Z7).
 *
 * Follows ClientCnxn's two queues and, with `retryOnConnectionLoss`, the endless retry of Kafka's
 * KafkaZkClient. A request that was on the wire when the connection broke may have been applied.
 */

import type { Connection } from '../../sim/process.ts'
import type { ClientRequest, ZooKeeperClient, ZooKeeperContext } from './client-state.ts'
import { rememberWatch } from './client-watches.ts'
import { sizeOfRequest } from './message-size.ts'
import type {
  ZooKeeperError,
  ZooKeeperOperation,
  ZooKeeperReply,
  ZooKeeperRequest,
} from './messages.ts'

/**
 * Asks for one operation; the listener's `reply` gets `token` with the result. Never answers from
 * inside. In state `expired` or `closed` the answer is SESSIONEXPIRED, unless a new session comes
 * first.
 */
export function submit(
  client: ZooKeeperClient,
  operation: ZooKeeperOperation,
  token: number,
  context: ZooKeeperContext,
): void {
  client.waiting.push({ xid: 0, operation, token, retried: false })
  if (client.state === 'connected') sendWaiting(client, context)
  else if (hasEnded(client)) context.setTimer('zookeeper.reconnect', 0, 0)
}

/** True when only `newSession` can bring this client back. */
export function hasEnded(client: ZooKeeperClient): boolean {
  return client.state === 'expired' || client.state === 'closed'
}

export function onZooKeeperReply(
  client: ZooKeeperClient,
  message: ZooKeeperReply,
  connection: Connection,
  context: ZooKeeperContext,
): void {
  if (connection.id !== client.connection?.id) return
  client.lastHeardUs = context.monotonicUs()
  const request = takeInFlight(client.inFlight, message.xid)
  if (request === undefined) return

  const { result } = message
  if (result.zxid > 0) client.lastZxid = result.zxid
  rememberWatch(client, request.operation, result.error)
  sendWaiting(client, context)
  const told = request.retried ? { ...result, retried: true } : result
  client.listener.reply(client.owner, request.token, told, context)
}

/** Answers come in the order of requests; the search is for servers whose guard on that is off. */
function takeInFlight(inFlight: ClientRequest[], xid: number): ClientRequest | undefined {
  if (inFlight[0]?.xid === xid) return inFlight.shift()
  for (let index = 1; index < inFlight.length; index += 1) {
    if (inFlight[index]?.xid === xid) return inFlight.splice(index, 1)[0]
  }
  return undefined
}

/** Sends as many waiting requests as the limit allows. */
export function sendWaiting(client: ZooKeeperClient, context: ZooKeeperContext): void {
  const { connection } = client
  if (connection === null || client.closing) return
  while (client.inFlight.length < client.maxInFlight && sendNext(client, connection, context));
}

/** Sends all waiting requests, whatever the limit: what is closed comes after them (KB Z13). */
export function sendAllWaiting(
  client: ZooKeeperClient,
  connection: Connection,
  context: ZooKeeperContext,
): void {
  while (sendNext(client, connection, context));
}

function sendNext(
  client: ZooKeeperClient,
  connection: Connection,
  context: ZooKeeperContext,
): boolean {
  const request = client.waiting[client.waitingHead]
  if (request === undefined) {
    if (client.waitingHead > 0) client.waiting.length = 0
    client.waitingHead = 0
    return false
  }
  client.waitingHead += 1
  client.nextXid += 1
  request.xid = client.nextXid
  client.inFlight.push(request)
  client.lastSentUs = context.monotonicUs()
  const message: ZooKeeperRequest = {
    type: 'ZooKeeperRequest',
    xid: request.xid,
    operation: request.operation,
  }
  context.send(connection, message, sizeOfRequest(request.operation))
  return true
}

/** After a broken connection: the requests go to the front again, or end with CONNECTIONLOSS. */
export function loseRequests(client: ZooKeeperClient, context: ZooKeeperContext): void {
  if (!client.retryOnConnectionLoss) {
    failRequests(client, 'CONNECTIONLOSS', context)
    return
  }
  if (client.inFlight.length === 0) return
  for (const request of client.inFlight) request.retried = true
  client.waiting = [...client.inFlight, ...client.waiting.slice(client.waitingHead)]
  client.waitingHead = 0
  client.inFlight = []
}

/**
 * Ends all requests with `error`. A request submitted from inside a reply waits for the next time.
 */
export function failRequests(
  client: ZooKeeperClient,
  error: ZooKeeperError,
  context: ZooKeeperContext,
): void {
  const inFlight = client.inFlight
  const waiting = client.waiting
  const head = client.waitingHead
  client.inFlight = []
  client.waiting = []
  client.waitingHead = 0
  for (const request of inFlight) {
    fail(client, request, error, context)
  }
  for (let index = head; index < waiting.length; index += 1) {
    fail(client, waiting[index] as ClientRequest, error, context)
  }
}

function fail(
  client: ZooKeeperClient,
  request: ClientRequest,
  error: ZooKeeperError,
  context: ZooKeeperContext,
): void {
  const { retried, token } = request
  const zxid = client.lastZxid
  const result = retried ? { error, zxid, retried } : { error, zxid }
  client.listener.reply(client.owner, token, result, context)
}
