/**
 * Whom a starting broker listens to: its sockets are open, but nothing is read from them before the
 * broker is registered (KafkaServer starts its request processing last).
 *
 * Without this a request that was meant for the incarnation before would be taken by the next one,
 * which has no broker epoch yet to compare it with (KB C17, HZ Z06).
 */

import { defineGuards } from '../../sim/registry.ts'
import type { Connection } from '../../sim/process.ts'
import type { Broker, BrokerContext } from './broker-state.ts'

export const Guard: { readonly beforeServing: number } = defineGuards({
  beforeServing: {
    name: 'registration.beforeServing',
    rule: 'KB C17',
    sentence: 'A broker reads no request before it is registered.',
    protects: 'truth',
    whenOff: 'A request for the incarnation before is taken by one that has no epoch to compare.',
    exercise: 'refusals',
  },
})

/** Someone connected: what they send waits until the broker is registered. */
export function onOpened(self: Broker, connection: Connection, context: BrokerContext): void {
  if (connection.outgoing) return
  const { waiting } = self
  if (waiting === null || !context.guard(Guard.beforeServing, true)) return
  context.mute(connection)
  waiting.push(connection)
}

/** The broker is registered for the first time since it started: it begins to read. */
export function beginServing(self: Broker, context: BrokerContext): void {
  const { waiting } = self
  if (waiting === null) return
  self.waiting = null
  for (const connection of waiting) context.unmute(connection)
}
