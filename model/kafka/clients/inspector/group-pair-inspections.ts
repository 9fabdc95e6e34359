/**
 * Inspections of the group coordinator that take two members, or two clients (KC 2.4, 3.2, 3.3).
 *
 * The first member speaks on seat 0, the other on seat 1, because a request that waits at the
 * broker holds up its connection (KB R1). Each plays in a new group, so that what one leaves behind
 * is no concern of the next.
 */

import {
  asJoin,
  commit,
  coordinatorOf,
  fetchOffset,
  heartbeat,
  join,
  leaving,
  type Member,
  member,
  newGroup,
  sync,
} from './group-inspections.ts'
import {
  type Answer,
  type Ask,
  type Ending,
  errorsOf,
  expectError,
  type Inspection,
  ledPartition,
  type Script,
  type Seat,
  type View,
} from './script.ts'

/** A member that has its assignment, and one that waits for the first to join again. */
interface Pair {
  readonly one: Member
  readonly otherId: string
  readonly partition: number
}

type Act = (pair: Pair) => Script

/** Longer than a request is under way, on links that are not slow. */
const SURELY_THERE_MS = 200
const SURELY_BACK_MS = 50
/** Commits until one has to wait for a replica that lags. */
const COMMITS = 20

function asPair(name: string, act: Act): Inspection {
  return {
    name,
    // A group that takes one member alone has no pairs.
    play: (view) => (view.limits.groupMaxSize < 2 ? null : playPair(view, name, act)),
  }
}

function* playPair(view: View, name: string, act: Act): Script {
  const partition = ledPartition(view)?.partition
  const one = yield* member(view, newGroup(view, name))
  if (one === null || partition === undefined) return 'unsure'
  const { coordinator: broker } = one
  const synced = yield { to: 'broker', broker, request: sync(one) }
  if (errorsOf(synced)[0] !== 'NONE') return 'unsure'
  const otherId = yield* parkedJoin(one)
  if (otherId === null) return 'unsure'
  const ending = yield* act({ one, otherId, partition })
  yield { to: 'broker', broker, request: leaving(one) }
  yield { to: 'parked', seat: 1, waits: true }
  const { group } = one
  yield { to: 'broker', broker, seat: 1, request: leaving({ group, memberId: otherId }) }
  return ending
}

/** A second member joins and waits for the first; its id, null if it was not let in. */
function* parkedJoin({
  group,
  coordinator: broker,
}: Member): Generator<Ask, string | null, Answer> {
  const announced = asJoin(yield { to: 'broker', broker, seat: 1, request: join({ group }) })
  if (announced?.error !== 'MEMBER_ID_REQUIRED') return null
  const { memberId } = announced
  yield { to: 'broker', broker, seat: 1, parks: true, request: join({ group, memberId }) }
  return memberId
}

/**
 * A heartbeat has told that the group prepares its next generation; so the second join is there.
 */
function* isPreparing(one: Member): Generator<Ask, boolean, Answer> {
  const { coordinator: broker } = one
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = yield { to: 'broker', broker, request: heartbeat(one) }
    if (errorsOf(answer)[0] === 'REBALANCE_IN_PROGRESS') return true
    yield { to: 'nobody', forMs: SURELY_BACK_MS }
  }
  return false
}

function* syncTooLate({ one }: Pair): Script {
  if (!(yield* isPreparing(one))) return 'unsure'
  return yield* expectError(one.coordinator, sync(one), ['REBALANCE_IN_PROGRESS'])
}

function* heartbeatOfTheSilent({ one }: Pair): Script {
  const admitted = asJoin(yield { to: 'parked', seat: 1, waits: true })
  if (admitted?.error !== 'NONE' || admitted.generationId === one.generationId) return 'unsure'
  return yield* expectError(one.coordinator, heartbeat(one), ['UNKNOWN_MEMBER_ID'])
}

/** The follower syncs first and brings an assignment; what counts is that of the leader. */
function* assignmentOfAFollower({ one, otherId, partition }: Pair): Script {
  const { coordinator: broker, group, memberId } = one
  if (!(yield* isPreparing(one))) return 'unsure'
  const joined = asJoin(yield { to: 'broker', broker, request: join({ group, memberId }) })
  if (joined?.error !== 'NONE' || joined.leader !== memberId) return 'unsure'
  const { generationId } = joined
  const all = (owner: string): Parameters<typeof sync>[1] => ({
    generationId,
    assignments: [{ memberId: owner, partitions: [partition] }],
  })
  yield { to: 'parked', seat: 1, waits: true }
  const ofFollower = sync({ ...one, memberId: otherId }, all(otherId))
  yield { to: 'broker', broker, seat: 1, parks: true, request: ofFollower }
  yield { to: 'nobody', forMs: SURELY_THERE_MS }
  return assigned(yield { to: 'broker', broker, request: sync(one, all(memberId)) }, partition)
}

function assigned(answer: Answer, partition: number): Ending {
  if (answer === null || !('type' in answer) || answer.type !== 'SyncGroupResponse') return 'unsure'
  if (answer.error !== 'NONE') return 'unsure'
  return answer.partitions.includes(partition) ? 'refused' : 'accepted'
}

/**
 * An offset that is asked for while a commit of it waits for a replica that lags. That it did wait
 * shows in the end: the coordinator gives it up after its timeout, so it had it that long before.
 */
function* unstableOffset(view: View, name: string): Script {
  const group = newGroup(view, name)
  const partition = ledPartition(view)?.partition
  const broker = yield* coordinatorOf(view, group)
  if (broker < 0 || partition === undefined) return 'unsure'
  const request = commit({ group, memberId: '', generationId: -1 }, partition)
  let sentMs = 0
  for (let attempt = 0; ; attempt += 1) {
    if (attempt === COMMITS) return 'unsure'
    sentMs = view.answeredMs()
    yield { to: 'broker', broker, parks: true, request }
    yield { to: 'nobody', forMs: SURELY_THERE_MS }
    if (yield* isOutstanding(0)) break
  }
  const askedMs = view.answeredMs()
  const told = yield { to: 'broker', broker, seat: 1, request: fetchOffset(group, partition) }
  const [error] = errorsOf(told)
  if (error === 'UNSTABLE_OFFSET_COMMIT') return 'refused'
  const toldMs = view.answeredMs()
  const answer = yield { to: 'parked', seat: 0, waits: true }
  const { commitTimeoutMs } = view.limits
  const waited = errorsOf(answer)[0] === 'REQUEST_TIMED_OUT'
  const hadIt = waited && view.answeredMs() <= askedMs + commitTimeoutMs
  const stillHadIt = toldMs <= sentMs + commitTimeoutMs
  return error === 'NONE' && hadIt && stillHadIt ? 'accepted' : 'unsure'
}

/**
 * A second member joins while the assignment of the first is being stored: once it is, it must not
 * end the rebalance that the second has begun. Which of the two comes first is for the network.
 */
function* overtakenAssignment(view: View, name: string): Script {
  for (let attempt = 0; attempt < RACES; attempt += 1) {
    const one = yield* member(view, newGroup(view, name))
    if (one === null) return 'unsure'
    const { group, coordinator: broker } = one
    const announced = asJoin(yield { to: 'broker', broker, seat: 1, request: join({ group }) })
    if (announced?.error !== 'MEMBER_ID_REQUIRED') return 'unsure'
    const { memberId } = announced
    yield { to: 'broker', broker, parks: true, request: sync(one) }
    yield { to: 'broker', broker, seat: 1, parks: true, request: join({ group, memberId }) }
    const met = errorsOf(yield { to: 'parked', seat: 0, waits: true })[0]
    const ending = met === 'REBALANCE_IN_PROGRESS' ? yield* goesOnPreparing(one) : 'unsure'
    yield { to: 'broker', broker, request: leaving(one) }
    yield { to: 'parked', seat: 1, waits: true }
    yield { to: 'broker', broker, seat: 1, request: leaving({ group, memberId }) }
    if (ending === 'accepted') return ending
    if (met === 'REBALANCE_IN_PROGRESS' && attempt + 1 === RACES) return ending
  }
  return 'unsure'
}

/** How often two requests are sent at once. */
const RACES = 4

/** Whoever asks is told of the rebalance as long as the other waits for it. */
function* goesOnPreparing(one: Member): Script {
  const { coordinator: broker } = one
  let ending: Ending = 'unsure'
  for (let look = 0; look < 3; look += 1) {
    yield { to: 'nobody', forMs: SURELY_BACK_MS }
    const [error] = errorsOf(yield { to: 'broker', broker, request: heartbeat(one) })
    if (!(yield* isOutstanding(1))) return ending
    if (error === 'NONE') return 'accepted'
    if (error === 'REBALANCE_IN_PROGRESS') ending = 'refused'
  }
  return ending
}

function* isOutstanding(seat: Seat): Generator<Ask, boolean, Answer> {
  const answer = yield { to: 'parked', seat, waits: false }
  return answer !== null && 'type' in answer && answer.type === 'outstanding'
}

const UNSTABLE = 'a committed offset while its successor is under way'
const OVERTAKEN = 'an assignment that another member overtook'

export const groupPairInspections: readonly Inspection[] = [
  asPair('a sync while others join', syncTooLate),
  asPair('a heartbeat of one that did not rejoin', heartbeatOfTheSilent),
  asPair('an assignment by a follower', assignmentOfAFollower),
  {
    name: OVERTAKEN,
    play: (view) => (view.limits.groupMaxSize < 2 ? null : overtakenAssignment(view, OVERTAKEN)),
  },
  { name: UNSTABLE, certain: true, play: (view) => unstableOffset(view, UNSTABLE) },
]
