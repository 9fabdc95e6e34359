/**
 * What the sends of a producing service came to: its history, resends, users who waited for them.
 *
 * A send that the producer gave up ends as failed only if the record surely never left; a timeout
 * of a batch that was on the wire is unknown (KC 1.1, I2).
 */

import type { Context } from '../../../../sim/process.ts'
import { Outcome } from '../../../history.ts'
import { isTimeout } from '../errors.ts'
import type { Desk } from './service.ts'
import type { SendResult } from './state.ts'
import { nextUserUs, startThinking, type Users } from './users.ts'

/** On the sender thread: a send ended. */
export function onCompleted(desk: Desk, token: number, result: SendResult, context: Context): void {
  const { history, resendOnTimeout } = desk.options
  const { error, partition, offset } = result
  history.sendEnded(token, outcomeOf(result), partition, offset)
  const attempt = takeResend(desk, token)
  if (!resendOnTimeout || desk.stopped || !isTimeout(error)) {
    if (desk.users !== null) nextOfUser(desk, desk.users, error !== 'NONE', context)
    return
  }
  if (desk.timedOut.length === 0) context.setTimer('resend', 0, 0)
  desk.timedOut.push({ record: result.record, attempt: attempt + 1 })
}

/** In a closed loop a user has waited for this. */
function nextOfUser(desk: Desk, users: Users, failed: boolean, context: Context): void {
  startThinking(users, desk.options.elapsedUs(), failed)
  awaitUser(desk, context)
}

/** Which resend a send was that ended: 0, or from 1 on. */
function takeResend({ resends }: Desk, token: number): number {
  if (resends.size === 0) return 0
  const attempt = resends.get(token) ?? 0
  if (attempt > 0) resends.delete(token)
  return attempt
}

/** Failed means surely not in the log; anything that was on the wire may be. */
function outcomeOf({ error, mayBeWritten }: SendResult): Outcome {
  if (error === 'NONE') return Outcome.ok
  return mayBeWritten ? Outcome.unknown : Outcome.failed
}

/** In a closed loop the next record is sent when its user has thought. */
export function awaitUser({ users, options }: Desk, context: Context<'arrive'>): void {
  const nextUs = users === null ? Infinity : nextUserUs(users)
  if (nextUs === Infinity) return
  context.setTimer('arrive', 0, Math.max(0, Math.ceil(nextUs - options.elapsedUs())))
}
