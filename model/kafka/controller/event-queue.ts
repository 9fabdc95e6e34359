/**
 * The controller's event queue: one event at a time, however long ZooKeeper takes (KB C3).
 *
 * Follows ControllerEventManager and the blocking requests of KafkaZkClient: an event asks for a
 * batch of operations and goes on when all results are there. Requests that a broken connection
 * left open are sent again by the client (KB Z6), so a result may belong to a second application.
 */

import { invariant } from '../../../sim/invariant.ts'
import { submit } from '../../zookeeper/client.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { Asked, ControllerEvent } from './state.ts'

/** Puts an event at the end of the queue and runs it if nothing else is under way. */
export function enqueue(self: Broker, event: ControllerEvent): void {
  self.controller.queue.push(event)
  pump(self)
}

/** Ends the current event; the next one begins when the running handler is done with it. */
export function finish(self: Broker): void {
  self.controller.current = null
}

/** Asks ZooKeeper for the current event; `done` gets one result an operation, in their order. */
export function ask(
  self: Broker,
  operations: readonly ZooKeeperOperation[],
  done: (results: readonly ZooKeeperResult[]) => void,
  context: BrokerContext,
): void {
  const { controller } = self
  invariant(controller.current !== null, 'the controller asks ZooKeeper only within an event')
  invariant(controller.asked === null, 'an event of the controller has one batch under way')
  if (operations.length === 0) {
    done([])
    return
  }
  const firstToken = controller.nextToken
  const results = operations.map(() => undefined)
  controller.nextToken += operations.length
  const missing = operations.length
  controller.asked = { firstToken, operations, results, missing, undone: [], done }
  for (let index = 0; index < operations.length; index += 1) {
    submit(self.zookeeper, operations[index] as ZooKeeperOperation, firstToken + index, context)
  }
}

/** A reply to one operation; those of abandoned events are recognised by their token. */
export function onControllerReply(
  self: Broker,
  token: number,
  result: ZooKeeperResult,
  context: BrokerContext,
): void {
  const { asked } = self.controller
  if (asked === null || token < asked.firstToken) return
  const index = token - asked.firstToken
  if (result.error === 'SESSIONMOVED') {
    submit(self.zookeeper, asked.operations[index] as ZooKeeperOperation, token, context)
    return
  }
  // The expiry itself is told next, and decides what becomes of the event.
  if (result.error === 'SESSIONEXPIRED') {
    asked.undone.push(index)
    return
  }
  asked.results[index] = result
  asked.missing -= 1
  if (asked.missing === 0) goOn(self, asked)
}

/** How many operations are answered once the next reply is there; 0 while some are missing. */
export function answeredNext({ controller: { asked } }: Broker): number {
  return asked?.missing === 1 ? asked.operations.length : 0
}

function goOn(self: Broker, asked: Asked): void {
  self.controller.asked = null
  asked.done(asked.results as readonly ZooKeeperResult[])
  pump(self)
}

/** Asks again in a new session for what the end of the old one left undone. */
export function askUndone(self: Broker, context: BrokerContext): void {
  const { asked } = self.controller
  if (asked === null) return
  for (const index of asked.undone.splice(0)) {
    const operation = asked.operations[index] as ZooKeeperOperation
    submit(self.zookeeper, operation, asked.firstToken + index, context)
  }
}

/** Ends the current event before its time and lets `event` run in its place. */
export function interrupt(self: Broker, event: ControllerEvent): void {
  dropCurrent(self)
  self.controller.queue.unshift(event)
}

/** Ends the current event and discards all that wait (KB C3: clearAndPut). */
export function clearEvents(self: Broker): void {
  const waiting = self.controller.queue.splice(0)
  dropCurrent(self)
  for (const event of waiting) event.drop?.()
}

function dropCurrent(self: Broker): void {
  const { current } = self.controller
  self.controller.asked = null
  self.controller.current = null
  current?.drop?.()
}

function pump(self: Broker): void {
  const { controller } = self
  while (controller.current === null) {
    const event = controller.queue.shift()
    if (event === undefined) return
    controller.current = event
    event.run()
  }
}
