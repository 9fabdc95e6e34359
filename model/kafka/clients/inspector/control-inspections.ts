/**
 * Inspections that speak as a superseded peer: an old controller, broker or leader (KB C4–C8, F22).
 *
 * What is true now is read from ZooKeeper first; what is then asked is behind it by one, or ahead.
 */

import { partitionId, topicOf, type PartitionId } from '../../../record.ts'
import {
  brokerPath,
  CONTROLLER_EPOCH_PATH,
  type StateNode,
  statePath,
} from '../../controller/znodes.ts'
import type { KafkaError } from '../../errors.ts'
import type { PartitionState } from '../../messages.ts'
import {
  type Answer,
  type Ask,
  type Asked,
  expectError,
  type Inspection,
  ledPartition,
  NOBODY,
  type Script,
  unknownPartition,
  type View,
} from './script.ts'

/** What ZooKeeper holds about a partition and its leader. */
interface Truth {
  readonly partition: PartitionId
  readonly replicas: readonly number[]
  readonly state: PartitionState
  readonly brokerEpoch: number
}

/** Before that of every controller, and of brokers that have not heard of one. */
const NO_CONTROLLER_EPOCH = -1
/**
 * Older than what a broker holds that has not heard of its roles yet, and would rightly take any.
 */
const NO_PARTITION_EPOCH = -2
/** Likewise, and not the one that stands for the deletion of a topic. */
const NO_LEADER_EPOCH = -3
/**
 * A broker epoch from before every registration: who does not know of its newest has had another.
 */
const LONG_AGO = 0
/** Beyond every controller epoch of a run. */
const CONTROLLER_EPOCH_TO_COME = 1_000_000

function* read(view: View): Generator<Ask, Truth | null, Answer> {
  const chosen = ledPartition(view)
  if (chosen === undefined) return null
  const { partition, replicas } = chosen
  const state = yield* readNode(statePath(view.topics, partition))
  if (state === null) return null
  const node = state.data as StateNode
  if (node.leader < 0) return null
  const epoch = yield* readNode(CONTROLLER_EPOCH_PATH)
  const broker = yield* readNode(brokerPath(node.leader))
  if (epoch === null || broker === null) return null
  return {
    partition,
    replicas,
    state: { ...node, partitionEpoch: state.version, controllerEpoch: epoch.data as number },
    brokerEpoch: broker.czxid,
  }
}

interface Node {
  readonly data: unknown
  readonly version: number
  readonly czxid: number
  readonly mzxid: number
}

/** What a znode holds; null without it. */
export function* readNode(path: string): Generator<Ask, Node | null, Answer> {
  const result = yield { to: 'zookeeper', operation: { op: 'getData', path, watch: false } }
  if (result === null || !('zxid' in result) || result.stat === undefined) return null
  const { version, czxid, mzxid } = result.stat
  return { data: result.data, version, czxid, mzxid }
}

/** An inspection of the partition's leader by something that ZooKeeper has moved past. */
function stale(
  name: string,
  refusals: readonly KafkaError[],
  request: (truth: Truth) => Asked | null,
): Inspection {
  return { name, play: (view) => playStale(view, refusals, request, ({ state }) => state.leader) }
}

/** The same at the controller. */
function staleAtController(
  name: string,
  refusals: readonly KafkaError[],
  request: (truth: Truth) => Asked | null,
): Inspection {
  return {
    name,
    play: (view) =>
      view.controller < 0 ? null : playStale(view, refusals, request, () => view.controller),
  }
}

function* playStale(
  view: View,
  refusals: readonly KafkaError[],
  request: (truth: Truth) => Asked | null,
  to: (truth: Truth) => number,
): Script {
  const truth = yield* read(view)
  const asked = truth === null ? null : request(truth)
  if (truth === null || asked === null) return 'unsure'
  return yield* expectError(to(truth), asked, refusals)
}

interface Claim {
  readonly state?: Partial<PartitionState>
  readonly controllerEpoch?: number
  readonly brokerEpoch?: number
  readonly replicas?: readonly number[]
  readonly partition?: PartitionId
}

function leaderAndIsr(truth: Truth, claim: Claim): Asked {
  const state = { ...truth.state, ...claim.state }
  return {
    type: 'LeaderAndIsrRequest',
    apiVersion: 7,
    controllerId: truth.state.leader,
    controllerEpoch: claim.controllerEpoch ?? truth.state.controllerEpoch,
    brokerEpoch: claim.brokerEpoch ?? truth.brokerEpoch,
    partitions: [
      {
        partition: claim.partition ?? truth.partition,
        state,
        replicas: claim.replicas ?? truth.replicas,
        isNew: false,
      },
    ],
    liveLeaders: [state.leader],
  }
}

function alterPartition(
  truth: Truth,
  claim: {
    readonly partition?: PartitionId
    readonly leaderEpoch?: number
    readonly partitionEpoch?: number
    readonly newIsr?: readonly number[]
    readonly brokerEpoch?: number
  },
): Asked {
  const { state } = truth
  return {
    type: 'AlterPartitionRequest',
    apiVersion: 3,
    brokerId: state.leader,
    brokerEpoch: claim.brokerEpoch ?? truth.brokerEpoch,
    partitions: [
      {
        partition: claim.partition ?? truth.partition,
        leaderEpoch: claim.leaderEpoch ?? state.leaderEpoch,
        newIsr: claim.newIsr ?? [state.leader],
        partitionEpoch: claim.partitionEpoch ?? state.partitionEpoch,
      },
    ],
  }
}

/** A partition of a topic that nobody created. */
function inUnknownTopic(partition: PartitionId): PartitionId {
  return partitionId(topicOf(partition) + 50, 0)
}

/** What a starting broker does not compare yet it must not read. */
const longAgo: Inspection = {
  name: 'UpdateMetadata for an incarnation of long ago',
  certain: true,
  play: ({ brokers, everyBroker, random }) => {
    const absent = everyBroker.filter((id) => !brokers.includes(id))
    const asked = absent.length > 0 ? absent : everyBroker
    const broker = asked[random.int(asked.length)]
    if (broker === undefined) return null
    const request: Asked = {
      type: 'UpdateMetadataRequest',
      apiVersion: 8,
      controllerId: broker,
      controllerEpoch: CONTROLLER_EPOCH_TO_COME,
      brokerEpoch: LONG_AGO,
      liveBrokers: [],
      partitions: [],
    }
    return expectError(broker, request, ['STALE_BROKER_EPOCH'])
  },
}

export const controlInspections: readonly Inspection[] = [
  stale('LeaderAndIsr of an older controller', ['STALE_CONTROLLER_EPOCH'], (truth) =>
    leaderAndIsr(truth, {
      controllerEpoch: NO_CONTROLLER_EPOCH,
      state: { leaderEpoch: truth.state.leaderEpoch + 1 },
    }),
  ),
  stale('LeaderAndIsr for an earlier incarnation', ['STALE_BROKER_EPOCH'], (truth) =>
    leaderAndIsr(truth, {
      controllerEpoch: CONTROLLER_EPOCH_TO_COME,
      brokerEpoch: LONG_AGO,
    }),
  ),
  stale('LeaderAndIsr of the same leader epoch', ['STALE_CONTROLLER_EPOCH'], (truth) =>
    leaderAndIsr(truth, {}),
  ),
  stale('LeaderAndIsr of an older partition epoch', ['STALE_CONTROLLER_EPOCH'], (truth) =>
    leaderAndIsr(truth, {
      state: { leaderEpoch: truth.state.leaderEpoch + 1, partitionEpoch: NO_PARTITION_EPOCH },
    }),
  ),
  stale('LeaderAndIsr to a broker that is no replica', ['UNKNOWN_TOPIC_OR_PARTITION'], (truth) =>
    leaderAndIsr(truth, {
      partition: unknownPartition(truth.partition),
      replicas: truth.replicas.filter((id) => id !== truth.state.leader),
    }),
  ),
  stale('UpdateMetadata of an older controller', ['STALE_CONTROLLER_EPOCH'], (truth) => ({
    type: 'UpdateMetadataRequest',
    apiVersion: 8,
    controllerId: truth.state.leader,
    controllerEpoch: NO_CONTROLLER_EPOCH,
    brokerEpoch: truth.brokerEpoch,
    liveBrokers: [],
    partitions: [],
  })),
  stale('StopReplica of an older leader epoch', ['FENCED_LEADER_EPOCH'], (truth) => ({
    type: 'StopReplicaRequest',
    apiVersion: 4,
    controllerId: truth.state.leader,
    controllerEpoch: truth.state.controllerEpoch,
    brokerEpoch: truth.brokerEpoch,
    partitions: [
      // Should it be obeyed, nothing is deleted.
      { partition: truth.partition, leaderEpoch: NO_LEADER_EPOCH, deletePartition: false },
    ],
  })),
  staleAtController('an ISR change of an earlier incarnation', ['STALE_BROKER_EPOCH'], (truth) =>
    alterPartition(truth, { brokerEpoch: truth.brokerEpoch - 1 }),
  ),
  staleAtController('an ISR change of nothing known', ['UNKNOWN_TOPIC_OR_PARTITION'], (truth) =>
    alterPartition(truth, { partition: inUnknownTopic(truth.partition) }),
  ),
  staleAtController('an ISR change of a state to come', ['NOT_CONTROLLER'], (truth) =>
    alterPartition(truth, { leaderEpoch: truth.state.leaderEpoch + 3 }),
  ),
  staleAtController('an ISR change of an older leader', ['FENCED_LEADER_EPOCH'], (truth) =>
    truth.state.leaderEpoch < 1
      ? null
      : alterPartition(truth, { leaderEpoch: truth.state.leaderEpoch - 1 }),
  ),
  staleAtController('an ISR change of an older state', ['INVALID_UPDATE_VERSION'], (truth) =>
    // Equal to what stands there it would be answered as done already.
    truth.state.partitionEpoch < 1 || truth.state.isr.length < 2
      ? null
      : alterPartition(truth, { partitionEpoch: truth.state.partitionEpoch - 1 }),
  ),
  staleAtController('an ISR with a broker that is dead', ['INELIGIBLE_REPLICA'], (truth) =>
    alterPartition(truth, { newIsr: [...truth.state.isr, NOBODY] }),
  ),
  staleAtController('the shutdown of an earlier incarnation', ['STALE_BROKER_EPOCH'], (truth) => ({
    type: 'ControlledShutdownRequest',
    apiVersion: 3,
    brokerId: truth.state.leader,
    brokerEpoch: truth.brokerEpoch - 1,
  })),
  // Thrice in each round: a broker starts for moments only.
  longAgo,
  longAgo,
  longAgo,
  staleAtController('producer ids for an earlier incarnation', ['STALE_BROKER_EPOCH'], (truth) => ({
    type: 'AllocateProducerIdsRequest',
    apiVersion: 0,
    brokerId: truth.state.leader,
    brokerEpoch: truth.brokerEpoch - 1,
  })),
]
