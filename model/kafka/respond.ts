/**
 * One request at a time per connection (KB R1): the way in and the way out of a broker's requests.
 *
 * A broker stops reading a connection while it has a request of it, and reads on when the response
 * is written. Where work takes time a network thread sends it: until then it waits with the others
 * (KB 8). Left out: quota throttling, which would keep the connection muted for longer.
 */

import type { Connection } from '../../sim/process.ts'
import type { Broker, BrokerContext } from './broker-state.ts'
import { responseUs } from './costs.ts'
import type { KafkaResponse } from './messages.ts'
import { sizeOf } from './message-size.ts'

/** Responses that wait for a network thread, by their ticket. */
export interface Outbox {
  readonly waiting: Map<number, Outgoing>
  nextTicket: number
}

interface Outgoing {
  readonly connection: Connection
  readonly response: KafkaResponse
  readonly bytes: number
}

export function createOutbox(): Outbox {
  return { waiting: new Map(), nextTicket: 0 }
}

/** Sends the response to the request that muted this connection, and reads on. */
export function respond(
  self: Broker,
  connection: Connection,
  response: KafkaResponse,
  context: BrokerContext,
): void {
  const bytes = sizeOf(response)
  const { costs = null } = self.options
  if (costs === null) {
    deliver({ connection, response, bytes }, context)
    return
  }
  const { outbox } = self
  const ticket = outbox.nextTicket
  outbox.nextTicket += 1
  outbox.waiting.set(ticket, { connection, response, bytes })
  context.serve('network', responseUs(costs, response, bytes), 'respond', ticket)
}

/** Io `respond`: a network thread has sent it. */
export function onResponded(self: Broker, ticket: number, context: BrokerContext): void {
  const outgoing = self.outbox.waiting.get(ticket)
  if (outgoing === undefined) return
  self.outbox.waiting.delete(ticket)
  deliver(outgoing, context)
}

function deliver({ connection, response, bytes }: Outgoing, context: BrokerContext): void {
  context.send(connection, response, bytes)
  context.unmute(connection)
}
