/**
 * Writes that succeed only while the writer's controller epoch stands (KB C4).
 *
 * Each group of writes becomes one multi with a check of `/controller_epoch` at the version of the
 * election. At protocol level `controllerFencing=rpc-only` the check is not there (HZ Z03).
 */

import type {
  Write,
  ZooKeeperError,
  ZooKeeperOperation,
  ZooKeeperResult,
} from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { ask } from './event-queue.ts'
import { Guard } from './guards.ts'
import { controllerMoved } from './role.ts'
import { CONTROLLER_EPOCH_PATH } from './znodes.ts'

/** `OK`, or what the first refused write of a group was refused for. */
export type WriteOutcome = ZooKeeperError

export interface FencedWrites {
  /** Each group is written whole or not at all, in order. */
  readonly groups: readonly (readonly Write[])[]
  /** Gets one outcome a group. Not called if the epoch has passed: then the current event ends. */
  readonly done: (outcomes: readonly WriteOutcome[]) => void
}

export function writeFenced(self: Broker, writes: FencedWrites, context: BrokerContext): void {
  if (self.options.protocols.controllerFencing === 'rpc-only') {
    writePlain(self, writes, context)
    return
  }
  const check: Write = {
    op: 'check',
    path: CONTROLLER_EPOCH_PATH,
    version: self.controller.epochVersion,
  }
  const operations = writes.groups.map((group) => multi([check, ...group]))
  ask(self, operations, (results) => settle(self, writes, results, context), context)
}

function settle(
  self: Broker,
  writes: FencedWrites,
  results: readonly ZooKeeperResult[],
  context: BrokerContext,
): void {
  const moved = results.map(isMoved)
  const outcomes = results.map(outcomeOf)
  if (!moved.includes(true)) {
    writes.done(outcomes)
    return
  }
  if (context.guard(Guard.epochVersion, true)) {
    controllerMoved(self, context)
    return
  }
  // The guard is off: what the check refused is written without it.
  const refused = writes.groups.filter((_, index) => moved[index])
  const merge: FencedWrites['done'] = (second) => {
    let next = 0
    writes.done(outcomes.map((first, index) => (moved[index] ? (second[next++] ?? first) : first)))
  }
  writePlain(self, { groups: refused, done: merge }, context)
}

function writePlain(self: Broker, writes: FencedWrites, context: BrokerContext): void {
  const operations = writes.groups.map(multi)
  ask(self, operations, (results) => writes.done(results.map(outcomeOf)), context)
}

function multi(writes: readonly Write[]): ZooKeeperOperation {
  return { op: 'multi', writes }
}

/** True if the check, which stands first, was what failed (KB Z17). */
function isMoved(result: ZooKeeperResult): boolean {
  return result.error !== 'OK' && result.results?.[0]?.error === 'BADVERSION'
}

function outcomeOf(result: ZooKeeperResult): WriteOutcome {
  if (result.error === 'OK') return 'OK'
  const refused = result.results?.find(
    ({ error }) => error !== 'OK' && error !== 'RUNTIMEINCONSISTENCY',
  )
  return refused?.error ?? result.error
}
