/**
 * ISR changes that leaders wrote themselves: how the controller learns of them (KB F23).
 *
 * A numbered node names the partitions; the controller reads their states again, tells every broker
 * and removes the node. Whoever becomes the controller has read all states, and removes what stands
 * there unread. Looked for only where a broker may write so.
 */

import type { PartitionId } from '../../record.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import { flushBatch, tellEveryone } from './control-batch.ts'
import { ask, enqueue, finish } from './event-queue.ts'
import { Probe } from './probes.ts'
import { completeMoves } from './reassign.ts'
import { readStates } from './state-changes.ts'
import { ISR_CHANGES_PATH, type IsrChangeNode } from './znodes.ts'

/** The watch on the notifications fired. */
export function isrsChanged(self: Broker, context: BrokerContext): void {
  enqueue(self, {
    name: 'isrChangeNotification',
    run: () => {
      if (self.controller.active) readChanges(self, () => finish(self), context)
      else finish(self)
    },
    drop: null,
  })
}

/** A new controller watches, and removes what was told to the one before. */
export function forgetIsrChanges(self: Broker, done: () => void, context: BrokerContext): void {
  if (self.options.isrsChangeByNode !== true) done()
  else list(self, (paths) => remove(self, paths, done, context), context)
}

function list(
  self: Broker,
  done: (paths: readonly string[]) => void,
  context: BrokerContext,
): void {
  const listed = ([found]: readonly ZooKeeperResult[]): void =>
    done((found?.children ?? []).map((child) => `${ISR_CHANGES_PATH}/${child}`))
  ask(self, [{ op: 'getChildren', path: ISR_CHANGES_PATH, watch: true }], listed, context)
}

function remove(
  self: Broker,
  paths: readonly string[],
  done: () => void,
  context: BrokerContext,
): void {
  const deletes = paths.map((path): ZooKeeperOperation => ({ op: 'delete', path, version: -1 }))
  ask(self, deletes, () => done(), context)
}

function readChanges(self: Broker, done: () => void, context: BrokerContext): void {
  const named = (paths: readonly string[], nodes: readonly ZooKeeperResult[]): void => {
    const changed = new Set<PartitionId>()
    for (const { error, data } of nodes) {
      if (error === 'OK') for (const one of (data as IsrChangeNode).partitions) changed.add(one)
    }
    const known = [...changed].filter((partition) => self.controller.partitions.has(partition))
    const told = (): void => {
      for (const partition of known) context.probe(Probe.isrChangeHeard, partition)
      tellEveryone(self, known)
      flushBatch(self, context)
      completeMoves(self, known, context)
      remove(self, paths, done, context)
    }
    readStates(self, known, told, context)
  }
  list(
    self,
    (paths) => {
      const reads = paths.map((path) => ({ op: 'getData', path, watch: false }) as const)
      ask(self, reads, (nodes) => named(paths, nodes), context)
    },
    context,
  )
}
