/**
 * One request at a time per connection (KB R1): the way in and the way out of a broker's requests.
 *
 * A broker stops reading a connection while it has a request of it, and reads on when the response
 * is written. Left out: quota throttling, which would keep the connection muted for longer.
 */

import type { Connection } from '../../sim/process.ts'
import type { Broker, BrokerContext } from './broker-state.ts'
import type { KafkaResponse } from './messages.ts'
import { sizeOf } from './message-size.ts'

/** Sends the response to the request that muted this connection, and reads on. */
export function respond(
  _self: Broker,
  connection: Connection,
  response: KafkaResponse,
  context: BrokerContext,
): void {
  context.send(connection, response, sizeOf(response))
  context.unmute(connection)
}
