/**
 * A server whose calls take service before their handler, as a broker's requests do (KB 8): a
 * network thread, then a handler thread, each for an exponential time on a core of the host.
 *
 * It stands for the path `cost` → stations → cores of `sim/process.ts`; services of a scenario take
 * the other one, `work`.
 */

import type { Behaviour, Connection, Context, Service } from '../../../sim/process.ts'
import type { Stream } from '../../../sim/random.ts'
import {
  CALL_RESPONSE_BYTES,
  type CallRequest,
  type CallResponse,
} from '../../../model/kafka/application/messages.ts'

export interface StagedOptions {
  readonly networkUs: number
  readonly handlerUs: number
}

export interface Staged {
  readonly options: StagedOptions
  readonly times: Stream
}

export function stagedServer(options: StagedOptions): Behaviour<Staged, CallRequest> {
  return {
    stations: { network: { servers: 1 }, io: { servers: 1 } },
    threads: { CallRequest: 'io' },
    start: (_disk, context) => ({ options, times: context.random('service') }),
    cost: (self) => costOf(self),
    receive: { CallRequest: onCallRequest },
    expire: {},
  }
}

function costOf({ options, times }: Staged): readonly Service[] {
  return [
    { station: 'network', us: Math.round(times.exponential(options.networkUs)) },
    { station: 'io', us: Math.round(times.exponential(options.handlerUs)) },
  ]
}

function onCallRequest(
  _self: Staged,
  { callId }: CallRequest,
  connection: Connection,
  context: Context,
): void {
  const response: CallResponse = { type: 'CallResponse', callId, busy: false, applied: true }
  context.send(connection, response, CALL_RESPONSE_BYTES)
}
