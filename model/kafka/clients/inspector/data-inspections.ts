/**
 * Inspections of produce, fetch and the offset look-ups (KB P1–P5, P15, F1–F6, F9, F24).
 */

import type { Batch } from '../../../record.ts'
import type { KafkaError } from '../../errors.ts'
import type { MetadataPartition } from '../../messages.ts'
import {
  type Asked,
  type Expected,
  expectError,
  followerOf,
  type Inspection,
  ledPartition,
  NOBODY,
  type Script,
  strangeBatch,
  unknownPartition,
  type View,
} from './script.ts'

/** A producer id that no block of ids ever holds. */
const STRANGE_PRODUCER = 7_000_000_000

function produce(
  partition: number,
  batch: Batch,
  acks: number = -1,
): Extract<Asked, { type: 'ProduceRequest' }> {
  return {
    type: 'ProduceRequest',
    apiVersion: 11,
    acks: acks as -1,
    timeoutMs: 2_000,
    transactionalId: null,
    partitions: [{ partition, batch }],
  }
}

interface FetchChanges {
  readonly replicaId?: number
  readonly fetchOffset?: number
  readonly currentLeaderEpoch?: number
  readonly lastFetchedEpoch?: number
}

function fetch(partition: number, changes: FetchChanges): Asked {
  return {
    type: 'FetchRequest',
    apiVersion: 17,
    replicaId: changes.replicaId ?? -1,
    replicaEpoch: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000,
    isolation: 'read_uncommitted',
    partitions: [
      {
        partition,
        fetchOffset: changes.fetchOffset ?? 0,
        logStartOffset: 0,
        currentLeaderEpoch: changes.currentLeaderEpoch ?? -1,
        lastFetchedEpoch: changes.lastFetchedEpoch ?? -1,
        maxBytes: 1_000,
      },
    ],
  }
}

/** An inspection of a partition's leader. */
function atLeader(
  name: string,
  expected: readonly KafkaError[] | Expected,
  request: (partition: MetadataPartition, view: View) => Asked | null,
): Inspection {
  return {
    name,
    play(view: View): Script | null {
      const partition = ledPartition(view)
      if (partition === undefined) return null
      const asked = request(partition, view)
      return asked === null ? null : expectError(partition.leader, asked, expected)
    },
  }
}

/** An inspection of a replica that does not lead. */
function atFollower(
  name: string,
  request: (partition: MetadataPartition, follower: number) => Asked,
  wrong: readonly KafkaError[] = [],
): Inspection {
  return {
    name,
    play(view: View): Script | null {
      const partition = ledPartition(view)
      if (partition === undefined) return null
      const follower = followerOf(view, partition)
      if (follower === undefined) return null
      const expected = { refusals: ['NOT_LEADER_OR_FOLLOWER'], wrong } as const
      return expectError(follower, request(partition, follower), expected)
    },
  }
}

/** Of a partition that nobody created: whoever leads what, it is unknown. */
const UNKNOWN_PARTITION: Expected = {
  refusals: ['UNKNOWN_TOPIC_OR_PARTITION'],
  wrong: ['NOT_LEADER_OR_FOLLOWER'],
}

/**
 * With the ISR below its minimum: refused before anything is written, not after. That it was taken
 * tells nothing, for the ISR may have grown since metadata told of it; truth knows (MinIsr).
 */
const BELOW_MINIMUM: Expected = {
  refusals: ['NOT_ENOUGH_REPLICAS'],
  wrong: ['NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
  takenTells: false,
}

/** More than this ahead of the bound, whatever clocks there are. */
const AHEAD_MS = 3_600_000
/** Bounds from here on are none. */
const NEVER_MS = 1e15

/** How a dialogue about sequences ends. */
type Last = 'repeat' | 'gap' | 'old-epoch' | 'new-epoch'

/** The same first batch twice, then one that leaves a gap: taken once, told again, refused. */
function* numbered(partition: MetadataPartition, last: Last): Script {
  const identity = { producerId: STRANGE_PRODUCER + partition.partition, producerEpoch: 1 }
  const first = strangeBatch({ ...identity, baseSequence: 0 })
  const { leader: broker } = partition
  const taken = yield { to: 'broker', broker, request: produce(partition.partition, first) }
  if (taken === null || !('type' in taken) || taken.type !== 'ProduceResponse') return 'unsure'
  const before = taken.partitions[0]
  // An earlier visit may have left the epoch further on; then nothing is to be learnt here.
  if (before === undefined || before.error !== 'NONE') return 'unsure'
  if (last === 'gap') {
    const gap = strangeBatch({ ...identity, baseSequence: 9 })
    return yield* expectError(broker, produce(partition.partition, gap), [
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
    ])
  }
  if (last === 'new-epoch') {
    const late = strangeBatch({ ...identity, producerEpoch: 2, baseSequence: 3 })
    return yield* expectError(broker, produce(partition.partition, late), [
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
    ])
  }
  if (last === 'old-epoch') {
    const old = strangeBatch({ ...identity, producerEpoch: 0, baseSequence: 0 })
    return yield* expectError(broker, produce(partition.partition, old), ['INVALID_PRODUCER_EPOCH'])
  }
  const again = yield { to: 'broker', broker, request: produce(partition.partition, first) }
  if (again === null || !('type' in again) || again.type !== 'ProduceResponse') return 'unsure'
  const repeated = again.partitions[0]
  if (repeated === undefined || repeated.error !== 'NONE') return 'unsure'
  return repeated.baseOffset === before.baseOffset ? 'refused' : 'accepted'
}

function sequence(name: string, last: Last): Inspection {
  return {
    name,
    play(view: View): Script | null {
      const partition = ledPartition(view)
      return partition === undefined ? null : numbered(partition, last)
    },
  }
}

export const dataInspections: readonly Inspection[] = [
  atLeader('a produce with acks=2', ['INVALID_REQUIRED_ACKS'], ({ partition }) =>
    produce(partition, strangeBatch(), 2),
  ),
  atLeader('a batch beyond max.message.bytes', ['MESSAGE_TOO_LARGE'], ({ partition }, { limits }) =>
    produce(partition, strangeBatch({ bytes: limits.maxMessageBytes + 1 })),
  ),
  atLeader(
    'a batch beyond segment.bytes',
    ['RECORD_LIST_TOO_LARGE'],
    ({ partition }, { limits }) =>
      limits.segmentBytes >= limits.maxMessageBytes
        ? null
        : produce(partition, strangeBatch({ bytes: limits.segmentBytes + 1 })),
  ),
  atLeader('a control batch from a client', ['INVALID_RECORD'], ({ partition }) =>
    produce(partition, strangeBatch({ control: 'commit' })),
  ),
  atLeader('a batch with a producer id and no sequence', ['INVALID_RECORD'], ({ partition }) =>
    produce(partition, strangeBatch({ producerId: STRANGE_PRODUCER, producerEpoch: 0 })),
  ),
  atLeader('a record from the future', ['INVALID_TIMESTAMP'], ({ partition }, view) => {
    const { timestampAfterMaxMs } = view.limits
    if (timestampAfterMaxMs >= NEVER_MS) return null
    const maxTimestampMs = view.nowMs + timestampAfterMaxMs + AHEAD_MS
    return produce(partition, strangeBatch({ maxTimestampMs }))
  }),
  {
    name: 'a produce below min.insync.replicas',
    play(view: View): Script | null {
      const { minInsyncReplicas } = view.limits
      const few = view.partitions.find(
        ({ leader, isr, replicas }) =>
          leader >= 0 && isr.length < Math.min(minInsyncReplicas, replicas.length),
      )
      if (few === undefined) return null
      return expectError(few.leader, produce(few.partition, strangeBatch()), BELOW_MINIMUM)
    },
  },
  atLeader('a produce to an unknown partition', UNKNOWN_PARTITION, ({ partition }) =>
    produce(unknownPartition(partition), strangeBatch()),
  ),
  atFollower('a produce to a follower', ({ partition }) => produce(partition, strangeBatch())),
  sequence('a batch sent twice', 'repeat'),
  sequence('a batch that leaves a gap in its sequence', 'gap'),
  sequence('a batch of an older producer epoch', 'old-epoch'),
  sequence('a new producer epoch that does not begin at 0', 'new-epoch'),
  atLeader('a fetch beyond the end of the log', ['OFFSET_OUT_OF_RANGE'], ({ partition }) =>
    fetch(partition, { fetchOffset: 1_000_000_000 }),
  ),
  atLeader('a fetch of an older leader epoch', ['FENCED_LEADER_EPOCH'], (asked) =>
    asked.leaderEpoch < 1
      ? null
      : fetch(asked.partition, { currentLeaderEpoch: asked.leaderEpoch - 1 }),
  ),
  atLeader('a fetch of a leader epoch to come', ['UNKNOWN_LEADER_EPOCH'], (asked) =>
    fetch(asked.partition, { currentLeaderEpoch: asked.leaderEpoch + 7 }),
  ),
  atLeader('a fetch after an epoch to come', ['OFFSET_OUT_OF_RANGE'], (asked) =>
    fetch(asked.partition, { lastFetchedEpoch: asked.leaderEpoch + 7 }),
  ),
  atLeader('a fetch by a replica that is none', ['UNKNOWN_LEADER_EPOCH'], ({ partition }) =>
    fetch(partition, { replicaId: NOBODY }),
  ),
  atLeader('a fetch of an unknown partition', UNKNOWN_PARTITION, ({ partition }) =>
    fetch(unknownPartition(partition), {}),
  ),
  atFollower(
    'a fetch by a replica from a follower',
    ({ partition, leader }) => fetch(partition, { replicaId: leader }),
    ['UNKNOWN_LEADER_EPOCH'],
  ),
  atFollower('the offsets of a log from a follower', ({ partition }) => ({
    type: 'ListOffsetsRequest',
    apiVersion: 9,
    replicaId: -1,
    isolation: 'read_uncommitted',
    partitions: [{ partition, currentLeaderEpoch: -1, timestamp: 'latest' }],
  })),
  atFollower('the end of an epoch from a follower', ({ partition, leaderEpoch }) => ({
    type: 'OffsetForLeaderEpochRequest',
    apiVersion: 4,
    replicaId: -1,
    partitions: [{ partition, currentLeaderEpoch: -1, leaderEpoch }],
  })),
]
