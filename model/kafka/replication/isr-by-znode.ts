/**
 * ISR changes as leaders made them up to 2.6 (KB F23, `isrUpdate=zk`): the leader writes the state
 * znode itself, and the controller hears of it later.
 *
 * The write holds only for the version that the leader knows; where another stands there, it is
 * accepted only if it says the same, and otherwise the change stays pending, as it does when the
 * session ends. Changed partitions are gathered and told by a numbered node, as soon as nothing
 * changed for a while. Unlike Kafka, other requests go on while the write is under way.
 */

import { submit } from '../../zookeeper/client.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import {
  createNode,
  ISR_CHANGE_PREFIX,
  type IsrChangeNode,
  stateIn,
  type StateNode,
  statePath,
  writeState,
} from '../controller/znodes.ts'
import type { KafkaError } from '../errors.ts'
import type { PartitionState } from '../messages.ts'
import { Guard } from './guards.ts'
import { takeIsrOutcome } from './isr-outcome.ts'
import { tellCoordinators } from './produce-purgatory.ts'
import type { IsrWrite, Partition, PendingIsr } from './state.ts'

/** Tokens from here on belong to ISR changes; those of the controller stay far below. */
export const ISR_TOKENS: number = 1_099_511_627_776
const UNHEARD_TOKEN = -1

const PROPAGATE_US = 2_500_000
/** Nothing changed for so long, or the last word was so long ago. */
const QUIET_US = 5_000_000
const SILENCE_MAX_US = 60_000_000
const CHANGE_BYTES = 60

/** Writes the change under the version that the leader knows. */
export function writeIsr(
  self: Broker,
  partition: Partition,
  change: PendingIsr,
  context: BrokerContext,
): void {
  const node: StateNode = {
    leader: self.options.id,
    leaderEpoch: change.leaderEpoch,
    isr: change.isr,
    controllerEpoch: partition.controllerEpoch,
  }
  const path = statePath(self.options.topics, partition.id)
  const operation = writeState(path, node, change.partitionEpoch)
  ask(self, { partition: partition.id, change, node, operation }, context)
}

function ask(self: Broker, write: IsrWrite, context: BrokerContext): void {
  const { isrWrites } = self.replicas
  const token = ISR_TOKENS + self.replicas.nextIsrToken
  self.replicas.nextIsrToken += 1
  isrWrites.set(token, write)
  submit(self.zookeeper, write.operation, token, context)
}

/** ZooKeeper answers a write, or the look at what stands there instead. */
export function onIsrReply(
  self: Broker,
  token: number,
  result: ZooKeeperResult,
  context: BrokerContext,
): void {
  const write = self.replicas.isrWrites.get(token)
  if (write === undefined) return
  self.replicas.isrWrites.delete(token)
  if (result.error === 'SESSIONMOVED') {
    ask(self, write, context)
  } else if (write.operation.op === 'getData') {
    compare(self, write, result, context)
  } else if (result.error === 'OK') {
    accept(self, write, stateIn(write.node, write.change.partitionEpoch + 1), context)
  } else if (result.error === 'BADVERSION') {
    const { path } = write.operation as { readonly path: string }
    const read: ZooKeeperOperation = { op: 'getData', path, watch: false }
    ask(self, { ...write, operation: read }, context)
  }
  // Otherwise the session ended. Whether it was written, nobody knows: the change stays pending, so
  // that the watermark counts what may stand there, until the controller tells a new leadership.
}

/** A first try whose answer was lost left what it wrote; anything else is somebody else's. */
function compare(
  self: Broker,
  write: IsrWrite,
  result: ZooKeeperResult,
  context: BrokerContext,
): void {
  const found = result.error === 'OK' ? (result.data as StateNode) : null
  if (found === null || context.guard(Guard.isrReply, !isSame(found, write.node))) {
    end(self, write, { error: 'INVALID_UPDATE_VERSION', state: null }, context)
  } else accept(self, write, stateIn(found, result.stat?.version ?? 0), context)
}

function isSame(one: StateNode, other: StateNode): boolean {
  return (
    one.leader === other.leader &&
    one.leaderEpoch === other.leaderEpoch &&
    one.controllerEpoch === other.controllerEpoch &&
    one.isr.length === other.isr.length &&
    one.isr.every((broker, place) => broker === other.isr[place])
  )
}

function accept(
  self: Broker,
  write: IsrWrite,
  state: PartitionState,
  context: BrokerContext,
): void {
  const { isrChanges } = self.replicas
  if (isrChanges.size === 0) context.setTimer('propagateIsr', 0, PROPAGATE_US)
  isrChanges.add(write.partition)
  self.replicas.lastIsrChangeUs = context.monotonicUs()
  end(self, write, { error: 'NONE', state }, context)
}

interface Outcome {
  readonly error: KafkaError
  readonly state: PartitionState | null
}

function end(self: Broker, write: IsrWrite, outcome: Outcome, context: BrokerContext): void {
  const partition = self.replicas.partitions.get(write.partition)
  if (partition === undefined) return
  const { change } = write
  if (takeIsrOutcome(self, partition, { change, ...outcome }, context) === 'again') {
    writeIsr(self, partition, change, context)
  }
  tellCoordinators(self, context)
}

/** Timer `propagateIsr`: the controller is told once the changes have come to rest. */
export function propagateIsr(self: Broker, context: BrokerContext): void {
  const { replicas } = self
  if (replicas.isrChanges.size === 0) return
  const nowUs = context.monotonicUs()
  const quiet = replicas.lastIsrChangeUs + QUIET_US < nowUs
  if (!quiet && replicas.lastIsrWordUs + SILENCE_MAX_US >= nowUs) {
    context.setTimer('propagateIsr', 0, PROPAGATE_US)
    return
  }
  const data: IsrChangeNode = { partitions: [...replicas.isrChanges] }
  replicas.isrChanges.clear()
  replicas.lastIsrWordUs = nowUs
  const node = createNode(ISR_CHANGE_PREFIX, data, CHANGE_BYTES, 'persistent-sequential')
  submit(self.zookeeper, node, UNHEARD_TOKEN, context)
}
