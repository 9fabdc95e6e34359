/**
 * What an inspection is: a short dialogue in which one request must be refused.
 *
 * A generator in virtual time: it yields what it asks and gets the answer, null where none came.
 * Its last word is how the request that matters was met. Some play a peer that has been superseded,
 * with epochs that ZooKeeper no longer holds; answered rightly, none of them changes anything.
 */

import type { Stream } from '../../../../sim/random.ts'
import type { Batch, PartitionId } from '../../../record.ts'
import type {
  ZooKeeperError,
  ZooKeeperOperation,
  ZooKeeperResult,
} from '../../../zookeeper/messages.ts'
import type { KafkaError } from '../../errors.ts'
import type { KafkaRequest, KafkaResponse, MetadataPartition } from '../../messages.ts'
import type { Topics } from '../../topics.ts'
import type { ToldEnds } from './end-inspections.ts'

type Unaddressed<Request> = Request extends unknown
  ? Omit<Request, 'correlationId' | 'clientId'>
  : never

/** A request without what the client fills in. */
export type Asked = Unaddressed<KafkaRequest>

export type Ask =
  | {
      readonly to: 'broker'
      readonly broker: number
      readonly request: Asked
      /** Which of the inspector's connections to the broker: a parked request holds up its own. */
      readonly seat?: Seat
      /** Goes on at once; \`parked\` asks for the answer. At most one on a seat. */
      readonly parks?: true
    }
  /** The answer to what was parked: waits for it, or says whether it has come. */
  | { readonly to: 'parked'; readonly seat: Seat; readonly waits: boolean }
  | { readonly to: 'zookeeper'; readonly operation: ZooKeeperOperation }
  /** Lets time pass. */
  | { readonly to: 'nobody'; readonly forMs: number }
  /** A connection of its own to a server, which opens or resumes a session. */
  | {
      readonly to: 'session'
      readonly sessionId: number
      readonly password: number
      readonly lastZxid: number
    }
  /** One of two connections on which a session is played by hand. */
  | {
      readonly to: 'line'
      readonly line: 0 | 1
      readonly send: 'open' | 'attach' | 'end' | 'hear' | ZooKeeperOperation
      /** Goes on at once: the answer is for `hear`. */
      readonly later?: boolean
    }

/** A member of a group speaks on a seat of its own. */
export type Seat = 0 | 1

export type Answer = KafkaResponse | ZooKeeperResult | SessionAnswer | Outstanding | null

/** What was parked has not been answered. */
export interface Outstanding {
  readonly type: 'outstanding'
}

/** How a server met a ConnectRequest, or what came of a session that is played by hand. */
export interface SessionAnswer {
  readonly type: 'session'
  readonly granted: boolean
}

/**
 * `accepted`: taken, or refused for a reason that is not the right one. `unsure`: no answer, or one
 * that says nothing about the rule, such as a leader that just moved.
 */
export type Ending = 'refused' | 'accepted' | 'unsure'

export type Script = Generator<Ask, Ending, Answer>

/** What the configuration bounds: batches of the topic, in bytes, and members of a group. */
export interface Limits {
  readonly segmentBytes: number
  readonly maxMessageBytes: number
  readonly groupMaxSize: number
  readonly minInsyncReplicas: number
  readonly uncleanLeaderElectionEnable: boolean
  /** How far ahead of the broker's clock a record's timestamp may lie. */
  readonly timestampAfterMaxMs: number
  /** Of a member, at least. */
  readonly sessionMs: number
  /** How long a commit waits to be replicated. */
  readonly commitTimeoutMs: number
}

/** What an inspection knows when it begins. */
export interface View {
  readonly brokers: readonly number[]
  /** All there are, alive or not. */
  readonly everyBroker: readonly number[]
  readonly controller: number
  readonly topics: Topics
  /** Name of the topic that is inspected, and its partitions as metadata tells them. */
  readonly topic: string
  readonly partitions: readonly MetadataPartition[]
  readonly limits: Limits
  readonly random: Stream
  /** What the clock here says at the beginning. */
  readonly nowMs: number
  /** What it said when the last answer came. */
  answeredMs(): number
  /** The inspector's own ZooKeeper session, 0 without one. */
  readonly sessionId: number
  readonly password: number
  /** Kept from one inspection to the next. */
  readonly toldEnds: ToldEnds
}

export interface Inspection {
  /** For people: what is asked, as it stands in the evidence. */
  readonly name: string
  /** Taken once is taken: no state that a cluster passes through excuses it. */
  readonly certain?: true
  /** Null where the view does not allow it now. */
  play(view: View): Script | null
}

/**
 * What has to come back, and what tells that it does not although that mostly says nothing. Only
 * for requests that name a thing which no cluster has, or that hold wherever a leader moves to.
 */
export interface Expected {
  readonly refusals: readonly KafkaError[]
  readonly wrong: readonly KafkaError[]
  /** False where it may have been right to take it. */
  readonly takenTells?: false
}

/** One request to one broker, and the error that has to come back. */
export function* expectError(
  broker: number,
  request: Asked,
  expected: readonly KafkaError[] | Expected,
): Script {
  const answer = yield { to: 'broker', broker, request }
  const errors = errorsOf(answer)
  if (!('wrong' in expected)) return endingOf(errors, expected)
  if (expected.takenTells === false && errors.includes('NONE')) return 'unsure'
  const wrong = errors.some((error) => expected.wrong.includes(error))
  return wrong ? 'accepted' : endingOf(errors, expected.refusals)
}

/** One operation on ZooKeeper, and the error that has to come back. */
export function* expectZooKeeperError(
  operation: ZooKeeperOperation,
  refusals: readonly string[],
): Script {
  const result = yield { to: 'zookeeper', operation }
  if (result === null || !('zxid' in result)) return 'unsure'
  return endingOf([result.error], refusals)
}

function endingOf(errors: readonly string[], refusals: readonly string[]): Ending {
  if (errors.some((error) => refusals.includes(error))) return 'refused'
  const telling = errors.some((error) => !SAYS_NOTHING.has(error))
  return telling ? 'accepted' : 'unsure'
}

/** Errors that pass by themselves, whatever was asked. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'KAFKA_STORAGE_ERROR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'STALE_CONTROLLER_EPOCH',
  'STALE_BROKER_EPOCH',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
  'REBALANCE_IN_PROGRESS',
  'OFFSET_NOT_AVAILABLE',
  // Of ZooKeeper: a broker's or the controller's own node may be gone for a while.
  'NONODE',
  'CONNECTIONLOSS',
  'SESSIONEXPIRED',
  'SESSIONMOVED',
] satisfies (KafkaError | ZooKeeperError)[])

/** Every error code of a response: that of the whole if it is one, else those of its rows. */
export function errorsOf(answer: Answer): readonly KafkaError[] {
  if (answer === null || !('correlationId' in answer)) return []
  if ('error' in answer && answer.error !== 'NONE') return [answer.error]
  const rows: readonly { readonly error: KafkaError }[] =
    'partitions' in answer && !('members' in answer) && answer.type !== 'SyncGroupResponse'
      ? answer.partitions
      : answer.type === 'CreateTopicsResponse' || answer.type === 'MetadataResponse'
        ? answer.topics
        : []
  return rows.length > 0 ? rows.map(({ error }) => error) : ['NONE']
}

/** A partition that has a leader, drawn; undefined where none has. */
export function ledPartition(view: View): MetadataPartition | undefined {
  const led = view.partitions.filter(({ leader }) => leader >= 0)
  return led.length === 0 ? undefined : led[view.random.int(led.length)]
}

/** A replica of the partition that does not lead it and is believed alive. */
export function followerOf(view: View, partition: MetadataPartition): number | undefined {
  return partition.replicas.find((id) => id !== partition.leader && view.brokers.includes(id))
}

/** A broker id that no cluster has. */
export const NOBODY = 999

/** A partition number that no topic of a scenario reaches. */
export function unknownPartition(known: PartitionId): PartitionId {
  return known + 4000
}

/** A batch of one record that belongs to nobody's stream. */
export function strangeBatch(changes: Partial<Batch> = {}): Batch {
  return {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    transactional: false,
    control: 'none',
    count: 1,
    bytes: 100,
    maxTimestampMs: 0,
    content: {
      kind: 'explicit',
      records: [{ stream: -1, index: 0, key: null, value: null, bytes: 39, timestampMs: 0 }],
    },
    ...changes,
  }
}
