/**
 * Whether this broker is the controller, and how it stops being it (KB C3, C4, C20).
 *
 * Follows KafkaController's maybeResign and onControllerResignation: whoever doubts its role reads
 * `/controller` again, and sets the watch on it again in the same batch.
 */

import type { ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { closeChannel } from './control-channels.ts'
import { forgetBatch } from './control-batch.ts'
import { ask, finish, interrupt } from './event-queue.ts'
import { Probe } from './probes.ts'
import { CONTROLLER_EPOCH_PATH, CONTROLLER_PATH, type ControllerNode } from './znodes.ts'

/** What `/controller` and `/controller_epoch` said; `id` −1 if there is no controller. */
export interface RoleRead {
  readonly id: number
  readonly epoch: number
  /** −1 if there is no epoch either. */
  readonly epochVersion: number
}

/** Watches and reads `/controller`; an active controller that is not named there steps down. */
export function readRole(
  self: Broker,
  done: (role: RoleRead) => void,
  context: BrokerContext,
): void {
  ask(
    self,
    [
      { op: 'exists', path: CONTROLLER_PATH, watch: true },
      { op: 'getData', path: CONTROLLER_PATH, watch: false },
      { op: 'getData', path: CONTROLLER_EPOCH_PATH, watch: false },
    ],
    ([, controller, epoch]) => {
      const role = roleRead(controller, epoch)
      self.controller.activeId = role.id
      if (self.controller.active && role.id !== self.options.id) resign(self, context)
      done(role)
    },
    context,
  )
}

export function roleRead(
  controller: ZooKeeperResult | undefined,
  epoch: ZooKeeperResult | undefined,
): RoleRead {
  const node = controller?.error === 'OK' ? (controller.data as ControllerNode) : null
  return {
    id: node?.brokerId ?? -1,
    epoch: epoch?.error === 'OK' ? (epoch.data as number) : 0,
    epochVersion: epoch?.stat?.version ?? -1,
  }
}

/** Forgets the cluster and closes the channels; what is on the wire still goes out (KB C20). */
export function resign(self: Broker, context: BrokerContext): void {
  const { controller } = self
  if (!controller.active) return
  controller.active = false
  context.cancelTimer('rebalanceLeaders', 0)
  for (const broker of controller.channels.keys()) closeChannel(self, broker, context)
  forgetBatch(self)
  controller.live.clear()
  controller.shuttingDown.clear()
  controller.offlineReplicas.clear()
  controller.topics.clear()
  controller.deletions.clear()
  controller.partitions.clear()
  context.probe(Probe.resigned, self.options.id)
}

/** ZooKeeper refused a write by its epoch: the event ends, and the role is read again (KB C4). */
export function controllerMoved(self: Broker, context: BrokerContext): void {
  context.probe(Probe.fenced, self.options.id)
  interrupt(self, {
    name: 'controllerMoved',
    run: () => readRole(self, () => finish(self), context),
    drop: null,
  })
}
