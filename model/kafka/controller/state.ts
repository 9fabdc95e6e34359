/**
 * What the controller of one broker holds: its event queue, its election, its view of the cluster.
 *
 * Every broker has one and every broker watches `/controller`; the view (brokers, partitions,
 * channels) is filled only while this broker is the active controller (KB 4). All of it is lost in
 * a crash: what lasts stands in ZooKeeper.
 */

import type { Connection, Context } from '../../../sim/process.ts'
import type { Stream } from '../../../sim/random.ts'
import type { PartitionId, TopicId } from '../../record.ts'
import type { ZooKeeperOperation, ZooKeeperResult } from '../../zookeeper/messages.ts'
import type {
  LeaderAndIsrRequest,
  PartitionState,
  StopReplicaRequest,
  UpdateMetadataRequest,
} from '../messages.ts'

/** Keys of the first two are broker ids; of the others 0. */
export type ControllerTimer =
  'resendControl' | 'timeOutControl' | 'timeOutAllocation' | 'rebalanceLeaders'

/**
 * One entry of the controller's queue (KB C3). Events run one at a time, from `run` until a step
 * calls `finish`, over as many round trips to ZooKeeper as they need.
 */
export interface ControllerEvent {
  readonly name: string
  readonly run: () => void
  /** The event will not come to its end: whoever waits for it has to be told. */
  readonly drop: (() => void) | null
}

/** Operations under way for the current event. */
export interface Asked {
  readonly firstToken: number
  readonly operations: readonly ZooKeeperOperation[]
  readonly results: (ZooKeeperResult | undefined)[]
  /** How many results are missing. */
  missing: number
  /** Operations that the end of the session left undone. */
  readonly undone: number[]
  readonly done: (results: readonly ZooKeeperResult[]) => void
}

/** A live broker as the controller knows it. */
export interface LiveBroker {
  readonly epoch: number
  readonly rack: string | null
}

/** KB C5–C7: new has no state yet, offline has no live leader. */
export type PartitionStatus = 'new' | 'online' | 'offline'

export interface PartitionRecord {
  readonly partition: PartitionId
  /** While the partition moves, old and new ones together, the new ones first. */
  replicas: readonly number[]
  /** Of these, those that come and those that go (KB C14). */
  adding: readonly number[]
  removing: readonly number[]
  status: PartitionStatus
  /** The state znode as this controller last read or wrote it; null while new. */
  state: PartitionState | null
}

/** A topic on its way out. */
export interface TopicDeletion {
  readonly topic: TopicId
  /** Clients are told that it is gone, and its partitions change no more. */
  begun: boolean
  /** Replicas whose logs are not known to be gone, by broker. */
  readonly waiting: Map<number, Set<PartitionId>>
  /** By broker: the StopReplica request that has gone out to it. */
  readonly asked: Map<number, number>
}

export type ControlRequest = LeaderAndIsrRequest | UpdateMetadataRequest | StopReplicaRequest

/** The way to one live broker: a queue, one request in flight (KB C15). */
export interface ControlChannel {
  readonly part: 'controller'
  readonly broker: number
  readonly epoch: number
  readonly queue: ControlRequest[]
  /** Sent, or to be sent again after a pause. */
  inFlight: ControlRequest | null
  connection: Connection | null
}

/** What the transitions since the last flush have to tell the brokers. */
export interface ControlBatch {
  /** By broker: partitions to tell, true for those that are new there. */
  readonly leaderAndIsr: Map<number, Map<PartitionId, boolean>>
  readonly updateMetadata: Set<number>
  readonly updatedPartitions: Set<PartitionId>
}

/** The broker's own block of producer ids, whoever is the controller (KB P19). */
export interface ProducerIds {
  next: number
  /** First id behind the block. */
  end: number
  /** The block to go on with. */
  nextBlock: { readonly start: number; readonly end: number } | null
  /** To the controller; a request for a block is under way on it while `asking`. */
  connection: Connection | null
  asking: boolean
  correlationId: number
}

export interface Controller {
  readonly queue: ControllerEvent[]
  current: ControllerEvent | null
  asked: Asked | null
  nextToken: number

  active: boolean
  /** Whom this broker takes for the controller; −1 for nobody. */
  activeId: number
  epoch: number
  /** Version of `/controller_epoch` at the election: the fencing token (KB C4). */
  epochVersion: number

  readonly live: Map<number, LiveBroker>
  /** Live brokers that are about to end in good order (KB C12). */
  readonly shuttingDown: Set<number>
  /** By broker: replicas on log directories that have failed (KB C6). */
  readonly offlineReplicas: Map<number, Set<PartitionId>>
  /** Known topics, with what tells each from an earlier one of its name. */
  readonly topics: Map<TopicId, number>
  /** Topics that are to be deleted. */
  readonly deletions: Map<TopicId, TopicDeletion>
  readonly partitions: Map<PartitionId, PartitionRecord>
  readonly channels: Map<number, ControlChannel>
  readonly batch: ControlBatch
  nextCorrelationId: number

  /** Order in which simultaneous deaths are handled (KB C10). */
  readonly deathOrder: Stream
  /** Where the assignment of a new topic begins. */
  readonly assignmentStart: Stream
  readonly producerIds: ProducerIds
}

export function startController(context: Context): Controller {
  return {
    queue: [],
    current: null,
    asked: null,
    nextToken: 0,
    active: false,
    activeId: -1,
    epoch: 0,
    epochVersion: -1,
    live: new Map(),
    shuttingDown: new Set(),
    offlineReplicas: new Map(),
    topics: new Map(),
    deletions: new Map(),
    partitions: new Map(),
    channels: new Map(),
    batch: { leaderAndIsr: new Map(), updateMetadata: new Set(), updatedPartitions: new Set() },
    nextCorrelationId: 0,
    deathOrder: context.random('controller/death-order'),
    assignmentStart: context.random('controller/assignment'),
    producerIds: {
      next: 0,
      end: 0,
      nextBlock: null,
      connection: null,
      asking: false,
      correlationId: 0,
    },
  }
}
