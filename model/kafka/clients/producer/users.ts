/**
 * A closed loop: users who each send a record, wait for its outcome, think, and send again.
 *
 * However slow the system, no user has more than one record on its way, so the load yields to it;
 * an open load does not. A user's first record comes within its first time of thinking. Left out:
 * users who give up, and users who come and go.
 */

import type { Stream } from '../../../../sim/random.ts'
import { drawWorkUs, type Work, type WorkTime, workTime } from '../../application/work-time.ts'

export interface ClosedLoop {
  readonly users: number
  /** From an outcome to the user's next record. */
  readonly think: Work
}

/** A user whose send failed comes again no sooner: a refusal may take no time at all. */
const AFTER_FAILURE_US = 1_000

export interface Users {
  readonly think: WorkTime
  /** When those who think will send, the earliest last. */
  readonly dueUs: number[]
  /** No arrivals from here on. */
  readonly endUs: number
}

export function createUsers(
  loop: ClosedLoop,
  { fromUs, endUs }: { readonly fromUs: number; readonly endUs: number },
  random: Stream,
): Users {
  const users: Users = { think: workTime(loop.think, random), dueUs: [], endUs }
  for (let user = 0; user < loop.users; user += 1) {
    place(users, fromUs + random.next() * drawWorkUs(users.think, 1))
  }
  return users
}

/** A user has its outcome, and thinks. */
export function startThinking(users: Users, nowUs: number, failed: boolean): void {
  const thinkUs = drawWorkUs(users.think, 1)
  place(users, nowUs + (failed ? Math.max(AFTER_FAILURE_US, thinkUs) : thinkUs))
}

/** When the next user sends; infinite while all of them wait, or after the end. */
export function nextUserUs({ dueUs }: Users): number {
  return dueUs.at(-1) ?? Infinity
}

/** The next user sends: gives the time at which it meant to. */
export function takeUser({ dueUs }: Users): number {
  return dueUs.pop() ?? Infinity
}

function place({ dueUs, endUs }: Users, atUs: number): void {
  if (atUs >= endUs) return
  let low = 0
  let high = dueUs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((dueUs[middle] as number) > atUs) low = middle + 1
    else high = middle
  }
  dueUs.splice(low, 0, atUs)
}
