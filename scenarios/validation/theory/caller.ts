/**
 * An open source of calls: Poisson arrivals that do not wait for answers.
 *
 * It is the client of the theory rows. A connection is read one request at a time (KB R1), so calls
 * take many connections in turn. A call goes to every service at once and is over when all have
 * answered, so one service is a queue and several are a fork-join. Time counts from the drawn
 * arrival, not from when the process came to it (no coordinated omission).
 */

import type { Behaviour, Connection, Context } from '../../../sim/process.ts'
import type { Stream } from '../../../sim/random.ts'
import {
  CALL_REQUEST_BYTES,
  type CallRequest,
  type CallResponse,
  serviceName,
} from '../../../model/kafka/application/messages.ts'

export interface CallerOptions {
  readonly services: readonly string[]
  /** Between two arrivals, on average. */
  readonly meanUs: number
  /** True time; the caller's clock does not drift. */
  readonly now: () => number
  /** Told of each call that is over, in the order of their ends. */
  readonly ended: (arrivedUs: number, tookUs: number, refused: boolean) => void
}

/** More than calls are ever under way at the loads of the rows. */
const CONNECTIONS = 256

interface Call {
  readonly arrivedUs: number
  /** Services that have not answered. */
  open: number
  refused: boolean
}

export interface Caller {
  readonly options: CallerOptions
  readonly arrivals: Stream
  /** By service. */
  readonly connections: readonly (readonly Connection[])[]
  readonly calls: Map<number, Call>
  /** Of the next arrival; not whole. */
  nextUs: number
  callId: number
}

export type CallerTimer = 'arrive'

type CallerContext = Context<CallerTimer>

export function callerProcess(
  options: CallerOptions,
): Behaviour<Caller, CallResponse, CallerTimer> {
  return {
    stations: { application: { servers: 1 } },
    start: (_disk, context) => start(options, context),
    receive: { CallResponse: onCallResponse },
    expire: { arrive: onArrive },
  }
}

function start(options: CallerOptions, context: CallerContext): Caller {
  const self: Caller = {
    options,
    arrivals: context.random('arrivals'),
    connections: options.services.map((name) =>
      Array.from({ length: CONNECTIONS }, () => context.connect(serviceName(name))),
    ),
    calls: new Map(),
    nextUs: options.now(),
    callId: 0,
  }
  arriveLater(self, context)
  return self
}

/** The fraction of a µs is kept, so that the rate is the one asked for. */
function arriveLater(self: Caller, context: CallerContext): void {
  self.nextUs += self.arrivals.exponential(self.options.meanUs)
  context.setTimer('arrive', 0, self.nextUs - self.options.now())
}

function onArrive(self: Caller, _key: number, context: CallerContext): void {
  const { connections } = self
  self.callId += 1
  self.calls.set(self.callId, {
    arrivedUs: self.nextUs,
    open: connections.length,
    refused: false,
  })
  const request: CallRequest = {
    type: 'CallRequest',
    callId: self.callId,
    caller: 0,
    effect: 'served',
    messageId: `0/${self.callId}`,
    stream: 0,
    index: self.callId,
    idempotent: false,
  }
  for (const own of connections) {
    const connection = own[self.callId % CONNECTIONS] as Connection
    context.send(connection, request, CALL_REQUEST_BYTES)
  }
  arriveLater(self, context)
}

function onCallResponse(self: Caller, { callId, busy }: CallResponse): void {
  const call = self.calls.get(callId)
  if (call === undefined) return
  call.open -= 1
  if (busy) call.refused = true
  if (call.open > 0) return
  self.calls.delete(callId)
  self.options.ended(call.arrivedUs, self.options.now() - call.arrivedUs, call.refused)
}
