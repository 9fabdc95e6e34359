/**
 * Inspections of the group coordinator: a member of a group of its own that breaks one rule (KC
 * 3.3–3.6).
 *
 * Each plays in a group named after itself, so that no group of the scenario is disturbed. Those
 * that take two members are in group-pair-inspections.ts.
 */

import type { KafkaError } from '../../errors.ts'
import type { JoinGroupResponse } from '../../messages.ts'
import {
  type Answer,
  type Ask,
  type Asked,
  type Ending,
  errorsOf,
  expectError,
  type Inspection,
  ledPartition,
  type Limits,
  type Script,
  unknownPartition,
  type View,
} from './script.ts'

/** A member that has joined: what it may name, and its coordinator. */
export interface Member {
  readonly group: string
  readonly coordinator: number
  readonly memberId: string
  readonly generationId: number
  readonly protocolName: string
}

interface Join {
  readonly group: string
  readonly memberId?: string
  readonly protocol?: string
  readonly sessionTimeoutMs?: number
}

/** Kafka's least session timeout by default; members ask for the least there is. */
const SESSION_MS = 6_000
const REBALANCE_MS = 1_000
const STRANGER = 'inspector-stranger'

export function join({
  group,
  memberId = '',
  protocol = 'range',
  sessionTimeoutMs = SESSION_MS,
}: Join): Asked {
  const subscription = { topics: [], ownedPartitions: [], generation: -1 }
  return {
    type: 'JoinGroupRequest',
    apiVersion: 9,
    groupId: group,
    sessionTimeoutMs,
    rebalanceTimeoutMs: REBALANCE_MS,
    memberId,
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: protocol, subscription }],
  }
}

export function* coordinatorOf(view: View, group: string): Generator<Ask, number, Answer> {
  const broker = view.brokers[view.random.int(Math.max(1, view.brokers.length))]
  return broker === undefined ? -1 : yield* coordinatorNamedBy(broker, group)
}

/** −1 where it names none. */
export function* coordinatorNamedBy(broker: number, group: string): Generator<Ask, number, Answer> {
  const request: Asked = {
    type: 'FindCoordinatorRequest',
    apiVersion: 6,
    keyType: 'group',
    key: group,
  }
  const answer = yield { to: 'broker', broker, request }
  if (answer === null || !('coordinator' in answer)) return -1
  return answer.coordinator
}

export function asJoin(answer: Answer): JoinGroupResponse | null {
  return answer !== null && 'type' in answer && answer.type === 'JoinGroupResponse' ? answer : null
}

/** Joins a group of its own as its only member. */
export function* member(view: View, group: string): Generator<Ask, Member | null, Answer> {
  const coordinator = yield* coordinatorOf(view, group)
  if (coordinator < 0) return null
  let memberId = ''
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const request = join({ group, memberId, sessionTimeoutMs: view.limits.sessionMs })
    const answer = asJoin(yield { to: 'broker', broker: coordinator, request })
    if (answer === null) return null
    if (answer.error === 'NONE') {
      const { generationId, protocolName } = answer
      return { group, coordinator, memberId: answer.memberId, generationId, protocolName }
    }
    if (answer.error !== 'MEMBER_ID_REQUIRED') return null
    memberId = answer.memberId
  }
  return null
}

type Assignments = Extract<Asked, { type: 'SyncGroupRequest' }>['assignments']

export function sync(
  one: Member,
  changes: Partial<Member> & { readonly assignments?: Assignments } = {},
): Asked {
  const { group, memberId, generationId, protocolName } = { ...one, ...changes }
  return {
    type: 'SyncGroupRequest',
    apiVersion: 5,
    groupId: group,
    generationId,
    memberId,
    groupInstanceId: null,
    protocolName,
    assignments: changes.assignments ?? [{ memberId: one.memberId, partitions: [] }],
  }
}

export function heartbeat(one: Member, changes: Partial<Member> = {}): Asked {
  const { group, memberId, generationId } = { ...one, ...changes }
  return {
    type: 'HeartbeatRequest',
    apiVersion: 4,
    groupId: group,
    generationId,
    memberId,
    groupInstanceId: null,
  }
}

export function commit(
  one: Pick<Member, 'group' | 'memberId' | 'generationId'>,
  partition: number,
): Asked {
  return {
    type: 'OffsetCommitRequest',
    apiVersion: 9,
    groupId: one.group,
    generationId: one.generationId,
    memberId: one.memberId,
    groupInstanceId: null,
    partitions: [{ partition, offset: 0, leaderEpoch: -1 }],
  }
}

/** Joins and, unless told otherwise, syncs; then asks what must be refused; then leaves. */
function asMember(
  name: string,
  refusals: readonly KafkaError[],
  request: (one: Member, partition: number) => Asked,
  options: Pick<Play, 'synced' | 'after' | 'left' | 'where'> = {},
): Inspection {
  const { where = () => true } = options
  return {
    name,
    play: (view) =>
      where(view) ? playMember(view, { name, refusals, request, ...options }) : null,
  }
}

interface Play {
  readonly name: string
  readonly refusals: readonly KafkaError[]
  readonly request: (one: Member, partition: number) => Asked
  /** False: it stays without an assignment. */
  readonly synced?: boolean
  /** True: it has left its group when it asks. */
  readonly left?: boolean
  /** How long it is silent before it asks. */
  readonly after?: (limits: Limits) => number
  /** Whether the view allows it. */
  readonly where?: (view: View) => boolean
}

function* playMember(view: View, play: Play): Script {
  const partition = ledPartition(view)?.partition
  const one = yield* member(view, groupOf(play.name))
  if (one === null || partition === undefined) return 'unsure'
  const { coordinator: broker } = one
  if (play.synced ?? true) {
    const answer = yield { to: 'broker', broker, request: sync(one) }
    if (errorsOf(answer)[0] !== 'NONE') return 'unsure'
  }
  if (play.after !== undefined) yield { to: 'nobody', forMs: play.after(view.limits) }
  if (play.left === true) yield { to: 'broker', broker, request: leaving(one) }
  const ending = yield* expectError(broker, play.request(one, partition), play.refusals)
  yield { to: 'broker', broker, request: leaving(one) }
  return ending
}

export function leaving({ group, memberId }: Pick<Member, 'group' | 'memberId'>): Asked {
  return { type: 'LeaveGroupRequest', apiVersion: 5, groupId: group, memberId }
}

export function fetchOffset(group: string, partition: number): Asked {
  return {
    type: 'OffsetFetchRequest',
    apiVersion: 9,
    groupId: group,
    requireStable: true,
    partitions: [partition],
  }
}

export function groupOf(name: string): string {
  return `inspected: ${name}`
}

/** A group that nobody has joined yet. */
export function newGroup(view: View, name: string): string {
  return `${groupOf(name)} ${view.random.int(1_000_000_000)}`
}

/** Asks a coordinator as somebody who is no member of anything. */
function asStranger(
  name: string,
  refusals: readonly KafkaError[],
  request: (group: string, partition: number) => Asked,
): Inspection {
  return {
    name,
    *play(view): Script {
      const group = groupOf(name)
      const partition = ledPartition(view)?.partition
      const coordinator = yield* coordinatorOf(view, group)
      if (coordinator < 0 || partition === undefined) return 'unsure'
      return yield* expectError(coordinator, request(group, partition), refusals)
    },
  }
}

/** Asks a broker that does not coordinate the group. */
function elsewhere(name: string, request: (group: string, partition: number) => Asked): Inspection {
  return {
    name,
    *play(view): Script {
      const group = groupOf(name)
      const partition = ledPartition(view)?.partition
      const coordinator = yield* coordinatorOf(view, group)
      const other = view.brokers.find((id) => id !== coordinator)
      if (coordinator < 0 || other === undefined || partition === undefined) return 'unsure'
      // One that was deposed and has not heard of it still takes itself for the coordinator.
      if ((yield* coordinatorNamedBy(other, group)) !== coordinator) return 'unsure'
      return yield* expectError(other, request(group, partition), ['NOT_COORDINATOR'])
    },
  }
}

/** A new member has to come twice, the second time with the id it was given. */
function* newcomer(view: View, group: string): Script {
  const coordinator = yield* coordinatorOf(view, group)
  if (coordinator < 0) return 'unsure'
  const answer = asJoin(yield { to: 'broker', broker: coordinator, request: join({ group }) })
  if (answer === null) return 'unsure'
  const ending: Ending = answer.error === 'NONE' ? 'accepted' : 'refused'
  return answer.error === 'NONE' || answer.error === 'MEMBER_ID_REQUIRED' ? ending : 'unsure'
}

const stranger = { memberId: STRANGER, generationId: 5 }

export const groupInspections: readonly Inspection[] = [
  { name: 'a new member without an id', play: (view) => newcomer(view, groupOf('newcomer')) },
  asStranger('a session timeout out of bounds', ['INVALID_SESSION_TIMEOUT'], (group) =>
    join({ group, sessionTimeoutMs: 1 }),
  ),
  asStranger('a member id in a group that is not there', ['UNKNOWN_MEMBER_ID'], (group) =>
    join({ group, memberId: STRANGER }),
  ),
  asStranger('a commit to a group that is not there', ['ILLEGAL_GENERATION'], (group, partition) =>
    commit({ group, ...stranger }, partition),
  ),
  asStranger('a commit to an unknown partition', ['UNKNOWN_TOPIC_OR_PARTITION'], (group, known) =>
    commit({ group, memberId: '', generationId: -1 }, unknownPartition(known)),
  ),
  elsewhere('a heartbeat to another broker', (group) =>
    heartbeat({ group, coordinator: -1, protocolName: '', ...stranger }),
  ),
  elsewhere('a commit to another broker', (group, partition) =>
    commit({ group, memberId: '', generationId: -1 }, partition),
  ),
  elsewhere('committed offsets from another broker', (group, partition) => ({
    type: 'OffsetFetchRequest',
    apiVersion: 9,
    groupId: group,
    requireStable: false,
    partitions: [partition],
  })),
  asMember(
    'a stranger that joins under an id',
    ['UNKNOWN_MEMBER_ID'],
    ({ group }) => join({ group, memberId: STRANGER }),
    { left: true },
  ),
  asMember(
    'a member with another assignor',
    ['INCONSISTENT_GROUP_PROTOCOL'],
    ({ group, memberId }) => join({ group, memberId, protocol: 'inspected' }),
  ),
  asMember(
    'one member more than group.max.size',
    ['GROUP_MAX_SIZE_REACHED'],
    ({ group }) => join({ group }),
    { where: ({ limits }) => limits.groupMaxSize === 1 },
  ),
  asMember('a sync of a stranger', ['UNKNOWN_MEMBER_ID'], (one) => sync(one, stranger)),
  asMember('a sync of an older generation', ['ILLEGAL_GENERATION'], (one) =>
    sync(one, { generationId: one.generationId - 1 }),
  ),
  asMember('a sync under another assignor', ['INCONSISTENT_GROUP_PROTOCOL'], (one) =>
    sync(one, { protocolName: 'inspected' }),
  ),
  asMember('a heartbeat of a stranger', ['UNKNOWN_MEMBER_ID'], (one) => heartbeat(one, stranger)),
  asMember('a heartbeat of an older generation', ['ILLEGAL_GENERATION'], (one) =>
    heartbeat(one, { generationId: one.generationId - 1 }),
  ),
  asMember(
    'a heartbeat after the session is over',
    ['UNKNOWN_MEMBER_ID'],
    (one) => heartbeat(one),
    {
      after: ({ sessionMs }) => sessionMs + 1_500,
    },
  ),
  asMember('a heartbeat of one that never synced', ['UNKNOWN_MEMBER_ID'], (one) => heartbeat(one), {
    synced: false,
    after: () => REBALANCE_MS + 1_500,
  }),
  asMember('a stranger that leaves', ['UNKNOWN_MEMBER_ID'], ({ group }) =>
    leaving({ group, memberId: STRANGER }),
  ),
  asMember('a commit of a stranger', ['UNKNOWN_MEMBER_ID'], ({ group }, partition) =>
    commit({ group, ...stranger }, partition),
  ),
  asMember('a commit of an older generation', ['ILLEGAL_GENERATION'], (one, partition) =>
    commit({ ...one, generationId: one.generationId - 1 }, partition),
  ),
  asMember('a commit past the members of a group', ['UNKNOWN_MEMBER_ID'], ({ group }, partition) =>
    commit({ group, memberId: '', generationId: -1 }, partition),
  ),
  asMember(
    'a commit before the assignment',
    ['REBALANCE_IN_PROGRESS'],
    (one, partition) => commit(one, partition),
    { synced: false },
  ),
]
