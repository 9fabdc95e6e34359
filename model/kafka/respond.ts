/**
 * One request at a time per connection (KB R1): the way in and the way out of a broker's requests.
 *
 * A broker stops reading a connection while it has a request of it, and reads on when the response
 * is written. Where work takes time a network thread sends it: until then it waits with the others
 * (KB 8). It is the network thread, too, that waits for the disk where a fetch gives what has left
 * the page cache: sendfile reads while it sends, and every other connection of this thread waits
 * (KAFKA-7504). Left out: quota throttling, which would keep the connection muted for longer.
 */

import type { Connection } from '../../sim/process.ts'
import type { Broker, BrokerContext } from './broker-state.ts'
import { responseUs } from './costs.ts'
import type { FetchResponse, KafkaResponse } from './messages.ts'
import { sizeOf } from './message-size.ts'
import type { Log } from './replication/log.ts'

/** Responses that wait for a network thread, by their ticket. */
export interface Outbox {
  readonly waiting: Map<number, Outgoing>
  nextTicket: number
}

interface Outgoing {
  readonly connection: Connection
  readonly response: KafkaResponse
  readonly bytes: number
  /** What it carries that is no longer in memory, of which logs. */
  readonly cold: readonly ColdRead[]
}

interface ColdRead {
  readonly log: Log
  readonly bytes: number
}

const NOTHING_COLD: readonly ColdRead[] = []

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
    deliver({ connection, response, bytes, cold: NOTHING_COLD }, context)
    return
  }
  const { outbox } = self
  const ticket = outbox.nextTicket
  outbox.nextTicket += 1
  const cold = response.type === 'FetchResponse' ? coldReads(self, response) : NOTHING_COLD
  outbox.waiting.set(ticket, { connection, response, bytes, cold })
  context.serve('network', responseUs(costs, response, bytes), 'respond', ticket)
}

/** What a fetch gives that has left the page cache. */
function coldReads(self: Broker, { partitions }: FetchResponse): readonly ColdRead[] {
  let reads: ColdRead[] | null = null
  for (const { partition, entries } of partitions) {
    if (entries.length === 0) continue
    const log = self.replicas.partitions.get(partition)?.log
    const bytes = log === undefined ? 0 : log.coldBytes(entries)
    if (log === undefined || bytes === 0) continue
    reads ??= []
    reads.push({ log, bytes })
  }
  return reads ?? NOTHING_COLD
}

/**
 * Io `respond`: a network thread has the response; what is not in memory it reads while it sends.
 */
export function onResponded(self: Broker, ticket: number, context: BrokerContext): void {
  const outgoing = self.outbox.waiting.get(ticket)
  if (outgoing === undefined) return
  if (outgoing.cold.length === 0) {
    self.outbox.waiting.delete(ticket)
    deliver(outgoing, context)
    return
  }
  let us = 0
  for (const { log, bytes } of outgoing.cold) us = Math.max(us, log.disk.read(bytes))
  context.block(us, 'readCold', ticket)
}

/** Io `readCold`: the disk has given what was missing. */
export function onColdRead(self: Broker, ticket: number, context: BrokerContext): void {
  const outgoing = self.outbox.waiting.get(ticket)
  if (outgoing === undefined) return
  self.outbox.waiting.delete(ticket)
  deliver(outgoing, context)
}

function deliver({ connection, response, bytes }: Outgoing, context: BrokerContext): void {
  context.send(connection, response, bytes)
  context.unmute(connection)
}
