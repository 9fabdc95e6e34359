/**
 * Inspections of a group coordinator that has not read its log yet (KC 3.5).
 *
 * Loading is short and comes only after a coordinator has moved, so each asks again and again for a
 * while; what it takes in that moment is taken.
 */

import {
  commit,
  coordinatorNamedBy,
  coordinatorOf,
  fetchOffset,
  heartbeat,
  leaving,
  member,
  newGroup,
  sync,
} from './group-inspections.ts'
import {
  type Answer,
  type Ask,
  type Ending,
  errorsOf,
  type Inspection,
  ledPartition,
  type Script,
  type View,
} from './script.ts'

/**
 * A committed offset, asked for again and again while its coordinator may change: a coordinator
 * that has not read its log yet has to say so. That is short, so what it takes is taken.
 */
function* offsetOverALoad(view: View, name: string): Script {
  const group = newGroup(view, name)
  const partition = ledPartition(view)?.partition
  const first = yield* coordinatorOf(view, group)
  if (first < 0 || partition === undefined) return 'unsure'
  const request = commit({ group, memberId: '', generationId: -1 }, partition)
  const stored = yield { to: 'broker', broker: first, request }
  if (errorsOf(stored)[0] !== 'NONE') return 'unsure'
  for (let look = 0; look < LOOKS; look += 1) {
    yield { to: 'nobody', forMs: LOOK_MS }
    const broker = yield* coordinatorOf(view, group)
    if (broker < 0) continue
    const told = yield { to: 'broker', broker, request: fetchOffset(group, partition) }
    if (errorsOf(told)[0] === 'COORDINATOR_LOAD_IN_PROGRESS') return 'refused'
    // One that was deposed and has not heard of it tells what it remembers.
    if (saysNothingWasCommitted(told) && (yield* allName(view, group, broker))) return 'accepted'
  }
  return 'unsure'
}

/**
 * A member that keeps in touch while its coordinator may change: one that has not read its log yet
 * must not take it for a stranger, neither when it says that it lives nor when it commits.
 */
function* memberOverALoad(view: View, name: string): Script {
  const partition = ledPartition(view)?.partition
  const one = yield* member(view, newGroup(view, name))
  if (one === null || partition === undefined) return 'unsure'
  const { group, coordinator } = one
  const synced = yield { to: 'broker', broker: coordinator, request: sync(one) }
  if (errorsOf(synced)[0] !== 'NONE') return 'unsure'
  let heardMs = view.answeredMs()
  let ending: Ending = 'unsure'
  for (let look = 0; look < LOOKS; look += 1) {
    yield { to: 'nobody', forMs: LOOK_MS }
    const broker = yield* coordinatorOf(view, group)
    if (broker < 0) continue
    const askedMs = view.answeredMs()
    for (const request of [heartbeat(one), commit(one, partition)]) {
      const [error] = errorsOf(yield { to: 'broker', broker, request })
      if (error === 'NONE') heardMs = askedMs
      if (error === 'COORDINATOR_LOAD_IN_PROGRESS') ending = 'refused'
      if (error !== 'UNKNOWN_MEMBER_ID' && error !== 'ILLEGAL_GENERATION') continue
      // Its session may have ended while nobody answered, and one that was deposed counts on alone.
      const inTouch = view.answeredMs() - heardMs < view.limits.sessionMs - SLACK_MS
      return inTouch && (yield* allName(view, group, broker)) ? 'accepted' : 'unsure'
    }
  }
  yield { to: 'broker', broker: coordinator, request: leaving(one) }
  return ending
}

/** For requests under way. */
const SLACK_MS = 500

/** Every other broker takes this one for the coordinator. */
function* allName(view: View, group: string, coordinator: number): Generator<Ask, boolean, Answer> {
  for (const broker of view.brokers) {
    if (broker === coordinator) continue
    if ((yield* coordinatorNamedBy(broker, group)) !== coordinator) return false
  }
  return true
}

const LOOKS = 20
const LOOK_MS = 150

function saysNothingWasCommitted(answer: Answer): boolean {
  if (answer === null || !('type' in answer) || answer.type !== 'OffsetFetchResponse') return false
  if (answer.error !== 'NONE') return false
  return answer.partitions.some(({ error, offset }) => error === 'NONE' && offset < 0)
}

const OFFSET = 'a committed offset while its coordinator loads'
const MEMBER = 'a member while its coordinator loads'

export const groupLoadInspections: readonly Inspection[] = [
  { name: OFFSET, certain: true, play: (view) => offsetOverALoad(view, OFFSET) },
  { name: MEMBER, certain: true, play: (view) => memberOverALoad(view, MEMBER) },
]
