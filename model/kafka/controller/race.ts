/**
 * The race for `/controller`: who creates it first with the next epoch is the controller (KB C1).
 *
 * Follows KafkaController's elect and KafkaZkClient's registration: node and epoch are written in
 * one multi; whoever is refused reads again, because a lost reply may hide its own success.
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { failOver } from './failover.ts'
import { Guard } from './guards.ts'
import { Probe } from './probes.ts'
import { readRole, type RoleRead, roleRead } from './role.ts'
import { CONTROLLER_EPOCH_PATH, CONTROLLER_PATH, createNode, TOP_LEVEL_NODES } from './znodes.ts'

const CONTROLLER_BYTES = 60

/** At start, when `/controller` vanished, and after a new registration. */
export function runForController(self: Broker, context: BrokerContext): void {
  const read = (role: RoleRead): void => {
    if (role.id !== -1) finish(self)
    else if (role.epochVersion === -1) makeTopLevel(self, context)
    else stand(self, role, context)
  }
  enqueue(self, { name: 'reelect', run: () => readRole(self, read, context), drop: null })
}

/** `/controller` was created or rewritten: an active controller may have been replaced. */
export function controllerChanged(self: Broker, context: BrokerContext): void {
  const run = (): void => readRole(self, () => finish(self), context)
  enqueue(self, { name: 'controllerChange', run, drop: null })
}

/**
 * Without an epoch nobody can be elected: what is missing of the nodes above all others is made,
 * one by one, for some may stand. A broker finds them missing when its registration was taken
 * without.
 */
function makeTopLevel(self: Broker, context: BrokerContext): void {
  const read = (role: RoleRead): void => stand(self, role, context)
  ask(self, TOP_LEVEL_NODES, () => readRole(self, read, context), context)
}

function stand(self: Broker, read: RoleRead, context: BrokerContext): void {
  const node = { brokerId: self.options.id, timestampMs: context.wallMs() }
  const next: RoleRead = {
    id: self.options.id,
    epoch: read.epoch + 1,
    epochVersion: read.epochVersion + 1,
  }
  const writes = [
    createNode(CONTROLLER_PATH, node, CONTROLLER_BYTES, 'ephemeral'),
    {
      op: 'setData',
      path: CONTROLLER_EPOCH_PATH,
      data: next.epoch,
      bytes: 4,
      version: read.epochVersion,
    },
  ] as const
  ask(
    self,
    [{ op: 'multi', writes }],
    ([result]) => {
      if (result?.error === 'OK') takeOffice(self, next, context)
      else readAgain(self, next, context)
    },
    context,
  )
}

function readAgain(self: Broker, wanted: RoleRead, context: BrokerContext): void {
  const reads = [
    { op: 'getData', path: CONTROLLER_PATH, watch: false },
    { op: 'getData', path: CONTROLLER_EPOCH_PATH, watch: false },
  ] as const
  ask(
    self,
    reads,
    ([controller, epoch]) => {
      const found = roleRead(controller, epoch)
      const own = found.id === wanted.id && found.epoch === wanted.epoch
      if (own) takeOffice(self, found, context)
      else lose(self, wanted, found, context)
    },
    context,
  )
}

function lose(self: Broker, wanted: RoleRead, found: RoleRead, context: BrokerContext): void {
  if (!context.guard(Guard.oneWinner, true)) {
    takeOffice(self, wanted, context)
    return
  }
  self.controller.activeId = found.id
  context.probe(Probe.lostRace, self.options.id)
  finish(self)
}

function takeOffice(self: Broker, role: RoleRead, context: BrokerContext): void {
  const { controller } = self
  controller.active = true
  controller.activeId = self.options.id
  controller.epoch = role.epoch
  controller.epochVersion = role.epochVersion
  context.probe(Probe.elected, self.options.id)
  failOver(self, () => finish(self), context)
}
