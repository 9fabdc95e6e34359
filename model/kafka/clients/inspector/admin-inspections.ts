/**
 * Inspections of what administrators ask for, and of znodes themselves (KB 4.1, Z17).
 */

import type { ZooKeeperOperation } from '../../../zookeeper/messages.ts'
import {
  BROKER_IDS_PATH,
  BROKERS_PATH,
  brokerPath,
  CONTROLLER_EPOCH_PATH,
  CONTROLLER_PATH,
  type StateNode,
  statePath,
} from '../../controller/znodes.ts'
import type { KafkaError } from '../../errors.ts'
import type { CreateTopicsRequest, MetadataPartition } from '../../messages.ts'
import { TRANSACTION_TOPIC } from '../../topics.ts'
import { readNode } from './control-inspections.ts'
import {
  type Answer,
  type Ask,
  type Asked,
  expectError,
  expectZooKeeperError,
  type Inspection,
  ledPartition,
  type Script,
  unknownPartition,
  type View,
} from './script.ts'

type NewTopic = CreateTopicsRequest['topics'][number]

function atController(
  name: string,
  refusals: readonly KafkaError[],
  request: (view: View) => Asked | null,
): Inspection {
  return {
    name,
    play(view: View): Script | null {
      const asked = view.controller < 0 ? null : request(view)
      return asked === null ? null : expectError(view.controller, asked, refusals)
    },
  }
}

/** Of a topic that has a name here and that nobody creates. */
function creation(changes: Partial<NewTopic>): Asked {
  const topic: NewTopic = {
    name: TRANSACTION_TOPIC,
    partitions: 1,
    replicationFactor: 1,
    assignment: null,
    config: {},
    ...changes,
  }
  return { type: 'CreateTopicsRequest', apiVersion: 7, topics: [topic] }
}

/**
 * The election itself moves the epoch, so nobody can ask again whether it was needed. It was not if
 * the epoch moved once: a preferred leader that was lost in between would have moved it as well.
 */
function* electNeedlessly(view: View, { partition, leader }: MetadataPartition): Script {
  const path = statePath(view.topics, partition)
  const before = yield* leadershipAt(path)
  if (before?.leader !== leader) return 'unsure'
  const ending = yield* expectError(view.controller, election(partition), ['ELECTION_NOT_NEEDED'])
  if (ending !== 'accepted') return ending
  const synced = yield { to: 'zookeeper', operation: { op: 'sync', path } }
  const after = synced === null ? null : yield* leadershipAt(path)
  if (after?.leader !== leader) return 'unsure'
  return after.leaderEpoch <= before.leaderEpoch + 1 ? 'accepted' : 'unsure'
}

function* leadershipAt(path: string): Generator<Ask, StateNode | null, Answer> {
  const node = yield* readNode(path)
  return node === null ? null : (node.data as StateNode)
}

/** An inspection of a broker that is not the controller. */
function elsewhere(name: string, request: (view: View) => Asked | null): Inspection {
  return {
    name,
    play(view: View): Script | null {
      const other = view.brokers.find((id) => id !== view.controller)
      const asked = request(view)
      if (asked === null || other === undefined || view.controller < 0) return null
      return expectError(other, asked, ['NOT_CONTROLLER'])
    },
  }
}

function election(partition: number): Asked {
  const partitions = [partition]
  return { type: 'ElectLeadersRequest', apiVersion: 2, electionType: 'preferred', partitions }
}

function inZooKeeper(
  name: string,
  refusals: readonly string[],
  operation: (view: View) => ZooKeeperOperation | null,
): Inspection {
  return {
    name,
    play(view: View): Script | null {
      const asked = operation(view)
      return asked === null ? null : expectZooKeeperError(asked, refusals)
    },
  }
}

function created(path: string): ZooKeeperOperation {
  return { op: 'create', path, data: null, bytes: 0, mode: 'persistent' }
}

function moved(partition: number, replicas: readonly number[]) {
  const type = 'AlterPartitionReassignmentsRequest'
  return { type, apiVersion: 0, partition, replicas } as const
}

export const adminInspections: readonly Inspection[] = [
  atController('a topic that is there already', ['TOPIC_ALREADY_EXISTS'], ({ topic }) =>
    creation({ name: topic }),
  ),
  atController('a topic without a name', ['INVALID_TOPIC_EXCEPTION'], () => creation({ name: '' })),
  atController('a topic without partitions', ['INVALID_PARTITIONS'], () =>
    creation({ partitions: 0 }),
  ),
  atController('more replicas than brokers', ['INVALID_REPLICATION_FACTOR'], () =>
    creation({ replicationFactor: 90 }),
  ),
  atController('two replicas on one broker', ['INVALID_REPLICA_ASSIGNMENT'], ({ brokers }) =>
    creation({ assignment: [[brokers[0] ?? 1, brokers[0] ?? 1]] }),
  ),
  atController('fewer partitions than there are', ['INVALID_PARTITIONS'], ({ topic }) => ({
    type: 'CreatePartitionsRequest',
    apiVersion: 3,
    topic,
    count: 1,
  })),
  atController('partitions for no topic', ['UNKNOWN_TOPIC_OR_PARTITION'], () => ({
    type: 'CreatePartitionsRequest',
    apiVersion: 3,
    topic: 'inspected',
    count: 3,
  })),
  atController('a move to a broker that is not there', ['INVALID_REPLICA_ASSIGNMENT'], (view) => {
    const led = ledPartition(view)
    return led === undefined ? null : moved(led.partition, [90])
  }),
  atController('a move of no partition', ['UNKNOWN_TOPIC_OR_PARTITION'], (view) => {
    const led = ledPartition(view)
    return led === undefined ? null : moved(unknownPartition(led.partition), view.brokers)
  }),
  atController('the configuration of no topic', ['UNKNOWN_TOPIC_OR_PARTITION'], () => ({
    type: 'IncrementalAlterConfigsRequest',
    apiVersion: 1,
    topic: 'inspected',
    config: { 'min.insync.replicas': '1' },
  })),
  atController('a configuration that no broker could read', ['INVALID_CONFIG'], ({ topic }) => ({
    type: 'IncrementalAlterConfigsRequest',
    apiVersion: 1,
    topic,
    config: { 'min.insync.replicas': 'most' },
  })),
  {
    name: 'an election that is not needed',
    certain: true,
    play(view: View): Script | null {
      const led = view.partitions.find(({ leader, replicas }) => leader === replicas[0])
      return led === undefined || view.controller < 0 ? null : electNeedlessly(view, led)
    },
  },
  atController('an election in no partition', ['UNKNOWN_TOPIC_OR_PARTITION'], (view) => {
    const led = ledPartition(view)
    return led === undefined ? null : election(unknownPartition(led.partition))
  }),
  atController(
    'the election of a replica out of sync',
    ['PREFERRED_LEADER_NOT_AVAILABLE'],
    (view) => {
      const behind = view.partitions.find(
        ({ leader, replicas, isr }) => leader >= 0 && !isr.includes(replicas[0] ?? leader),
      )
      return behind === undefined ? null : election(behind.partition)
    },
  ),
  {
    name: 'the description of an unknown topic',
    play({ brokers, random }: View): Script | null {
      const broker = brokers[random.int(Math.max(1, brokers.length))]
      if (broker === undefined) return null
      const asked = {
        type: 'MetadataRequest',
        apiVersion: 12,
        topics: ['inspected'],
      } as const
      return expectError(broker, asked, ['UNKNOWN_TOPIC_OR_PARTITION'])
    },
  },
  elsewhere('a topic at another broker', () => creation({})),
  elsewhere('partitions at another broker', ({ topic, partitions }) => ({
    type: 'CreatePartitionsRequest',
    apiVersion: 3,
    topic,
    count: partitions.length + 1,
  })),
  elsewhere('producer ids at another broker', ({ brokers }) => ({
    type: 'AllocateProducerIdsRequest',
    apiVersion: 0,
    brokerId: brokers[0] ?? -1,
    brokerEpoch: -1,
  })),
  inZooKeeper('a znode that is there already', ['NODEEXISTS'], () => created(BROKER_IDS_PATH)),
  inZooKeeper('a znode below none', ['NONODE'], () => created('/inspected/below')),
  inZooKeeper('the data of no znode', ['NONODE'], () => ({
    op: 'setData',
    path: '/inspected',
    data: null,
    bytes: 0,
    version: -1,
  })),
  inZooKeeper('a znode below an ephemeral one', ['NOCHILDRENFOREPHEMERALS'], () =>
    created(`${CONTROLLER_PATH}/below`),
  ),
  // Once it is gone nobody can be asked again.
  {
    ...inZooKeeper('the deletion of a znode with children', ['NOTEMPTY'], () => ({
      op: 'delete',
      path: BROKERS_PATH,
      version: -1,
    })),
    certain: true,
  },
  inZooKeeper('a write on a version that has passed', ['BADVERSION'], () => ({
    op: 'setData',
    path: CONTROLLER_EPOCH_PATH,
    data: 0,
    bytes: 1,
    version: 0,
  })),
  inZooKeeper('a deletion on a version to come', ['BADVERSION'], ({ brokers }) =>
    brokers[0] === undefined
      ? null
      : { op: 'delete', path: brokerPath(brokers[0]), version: 1_000 },
  ),
]
