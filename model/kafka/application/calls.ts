/**
 * The calling side of downstream services: one call at a time, over one connection for a service.
 *
 * A call without an answer in time is unknown, and its connection is given up, as an HTTP client
 * does: an answer that comes late must not be taken for that of a later call. A refused connection
 * and a full queue are the cases in which the service surely did nothing.
 */

import type { CloseReason, Connection, Context, ProcessName } from '../../../sim/process.ts'
import type { CallOutcome, Step } from '../../application.ts'
import { CALL_REQUEST_BYTES, type CallRequest, type CallResponse, serviceName } from './messages.ts'

export type CallTimer = 'callTimeout'

type CallContext = Context<CallTimer>
type CallStep = Extract<Step, { readonly do: 'call' }>

/** The way to one service; `connection.state` of its connection holds it. */
interface Route {
  readonly kind: 'service'
  readonly process: ProcessName
  connection: Connection | null
}

export interface Calls {
  readonly routes: Map<string, Route>
  /** The call that waits, and the way it took. */
  waiting: Route | null
  callId: number
  /** Number of the group's name in the history: whose message ids these are. */
  readonly caller: number
}

export function startCalls(caller: number): Calls {
  return { routes: new Map(), waiting: null, callId: 0, caller }
}

/** Makes a call; how it ended is told by `callAnswered`, `callTimedOut` or `callClosed`. */
export function call(calls: Calls, step: CallStep, context: CallContext): void {
  const route = routeTo(calls, step.service)
  if (route.connection === null) {
    route.connection = context.connect(route.process)
    route.connection.state = route
  }
  calls.callId += 1
  calls.waiting = route
  const request: CallRequest = {
    type: 'CallRequest',
    callId: calls.callId,
    caller: calls.caller,
    effect: step.effect,
    messageId: step.messageId,
    stream: step.record.stream,
    index: step.record.index,
    idempotent: step.idempotent,
  }
  context.send(route.connection, request, CALL_REQUEST_BYTES)
  context.setTimer('callTimeout', 0, step.timeoutUs)
}

/** The outcome of the waiting call, or null if the response is to none. */
export function callAnswered(
  calls: Calls,
  response: CallResponse,
  context: CallContext,
): CallOutcome | null {
  if (calls.waiting === null || response.callId !== calls.callId) return null
  calls.waiting = null
  context.cancelTimer('callTimeout', 0)
  return response.busy ? 'failed' : 'ok'
}

export function callTimedOut(calls: Calls, context: CallContext): CallOutcome | null {
  const route = calls.waiting
  if (route === null) return null
  calls.waiting = null
  if (route.connection !== null) context.close(route.connection)
  route.connection = null
  return 'unknown'
}

/** Whether the connection was one to a service. */
export function isCallConnection(connection: Connection): boolean {
  return (connection.state as { readonly kind?: unknown } | undefined)?.kind === 'service'
}

/** A connection to a service ended: the outcome of the call that waited on it, if one did. */
export function callClosed(
  calls: Calls,
  connection: Connection,
  reason: CloseReason,
  context: CallContext,
): CallOutcome | null {
  const route = connection.state as Route
  if (route.connection !== connection) return null
  route.connection = null
  if (calls.waiting !== route) return null
  calls.waiting = null
  context.cancelTimer('callTimeout', 0)
  return reason === 'refused' ? 'failed' : 'unknown'
}

function routeTo(calls: Calls, service: string): Route {
  let route = calls.routes.get(service)
  if (route === undefined) {
    route = { kind: 'service', process: serviceName(service), connection: null }
    calls.routes.set(service, route)
  }
  return route
}
