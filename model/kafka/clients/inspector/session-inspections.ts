/**
 * Inspections of ZooKeeper's sessions: who may come, and what one that moved or ended may no longer
 * do (KB Z3–Z5, Z10, Z12).
 */

import type { ZooKeeperOperation } from '../../../zookeeper/messages.ts'
import type { Answer, Ask, Ending, Inspection, Script } from './script.ts'

/** Beyond every zxid of a run. */
const ZXID_TO_COME = 1_000_000 * 4_294_967_296
const STRANGE_SESSION = 77_777_777
/** Ephemeral, so that whoever is right leaves nothing behind. */
const LATE_NODE = '/inspected-late'

const lateWrite: ZooKeeperOperation = {
  op: 'create',
  path: LATE_NODE,
  data: null,
  bytes: 0,
  mode: 'ephemeral',
}

function* connecting(session: {
  readonly sessionId: number
  readonly password: number
  readonly lastZxid: number
}): Script {
  const answer = yield { to: 'session', ...session }
  if (answer === null || !('granted' in answer)) return 'unsure'
  const ending: Ending = answer.granted ? 'accepted' : 'refused'
  return ending
}

type Step<Value> = Generator<Ask, Value, Answer>

function* granted(ask: Ask): Step<boolean> {
  const answer = yield ask
  return answer !== null && 'granted' in answer && answer.granted
}

/** Whether the node stands in a tree that has seen every write before; null if nobody tells. */
function* stands(): Step<boolean | null> {
  const synced = yield { to: 'zookeeper', operation: { op: 'sync', path: LATE_NODE } }
  const read = yield {
    to: 'zookeeper',
    operation: { op: 'exists', path: LATE_NODE, watch: false },
  }
  if (synced === null || read === null || !('zxid' in read)) return null
  if (read.error === 'OK') return true
  return read.error === 'NONODE' ? false : null
}

/** By the server that the session has left, after it came to another one. */
function* writingAfterMove(): Script {
  if ((yield* stands()) !== false) return 'unsure'
  if (!(yield* granted({ to: 'line', line: 0, send: 'open' }))) return 'unsure'
  if (!(yield* granted({ to: 'line', line: 1, send: 'attach' }))) return 'unsure'
  yield { to: 'line', line: 0, send: lateWrite }
  const there = yield* stands()
  yield { to: 'line', line: 1, send: 'end' }
  return there === null ? 'unsure' : there ? 'accepted' : 'refused'
}

/** On the heels of its own end, on the same connection. */
function* writingAfterEnd(): Script {
  if ((yield* stands()) !== false) return 'unsure'
  if (!(yield* granted({ to: 'line', line: 0, send: 'open' }))) return 'unsure'
  yield { to: 'line', line: 0, send: 'end' }
  yield { to: 'line', line: 0, send: lateWrite }
  const there = yield* stands()
  if (there !== true) return there === null ? 'unsure' : 'refused'
  // Nobody else removes it.
  yield { to: 'zookeeper', operation: { op: 'delete', path: LATE_NODE, version: -1 } }
  return 'accepted'
}

/** A read on the heels of a write of its own: it has to wait for it, and to see it (KB Z13). */
function* readingOwnWrite(): Script {
  if ((yield* stands()) !== false) return 'unsure'
  if (!(yield* granted({ to: 'line', line: 0, send: 'open' }))) return 'unsure'
  yield { to: 'line', line: 0, send: lateWrite, later: true }
  const read = { op: 'exists', path: LATE_NODE, watch: false } as const
  const first = yield* granted({ to: 'line', line: 0, send: read })
  const second = yield* granted({ to: 'line', line: 0, send: 'hear' })
  yield { to: 'line', line: 0, send: 'end' }
  if (first && second) return 'refused'
  // A connection that broke grants nothing more.
  return !first && second ? 'accepted' : 'unsure'
}

export const sessionInspections: readonly Inspection[] = [
  {
    name: 'a session that never was',
    play: () => connecting({ sessionId: STRANGE_SESSION, password: 0, lastZxid: 0 }),
  },
  {
    name: 'a session under a wrong password',
    play: ({ sessionId, password }) =>
      sessionId === 0 ? null : connecting({ sessionId, password: password + 1, lastZxid: 0 }),
  },
  {
    name: 'a client that has seen more than the server',
    play: () => connecting({ sessionId: 0, password: 0, lastZxid: ZXID_TO_COME }),
  },
  { name: 'a write by a server that its session has left', play: writingAfterMove },
  { name: 'a write of a session that has ended', play: writingAfterEnd },
  { name: 'a read that overtakes a write of its session', play: readingOwnWrite },
]
