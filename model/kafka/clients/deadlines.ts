/**
 * Deadlines of a client: one kernel timer that wakes its owner for the earliest of many.
 *
 * A Java client sleeps in `poll` on the monotonic clock and compares deadlines with the wall clock
 * when it wakes (KB 12). So here: owners keep deadlines in wall milliseconds, ask to be woken after
 * a delay, and look at the wall clock again when they are. The timer only ever moves to an earlier
 * time; what was handled meanwhile costs one idle wake-up instead of a cancelled timer a request.
 */

import type { Context } from '../../../sim/process.ts'
import type { Stream } from '../../../sim/random.ts'

/** The wake-up that is set, if any. */
export interface Alarm {
  readonly timer: string
  readonly key: number
  /** Monotonic time of the wake-up; infinite while none is set. */
  atUs: number
}

export function createAlarm(timer: string, key: number): Alarm {
  return { timer, key, atUs: Infinity }
}

/**
 * Makes sure that the owner is woken after at most `delayMs`; an infinite delay asks for nothing.
 */
export function wakeIn(alarm: Alarm, delayMs: number, context: Context): void {
  if (delayMs === Infinity) return
  const delayUs = delayMs <= 0 ? 0 : Math.ceil(delayMs * 1000)
  const atUs = context.monotonicUs() + delayUs
  if (atUs >= alarm.atUs) return
  alarm.atUs = atUs
  context.setTimer(alarm.timer, alarm.key, delayUs)
}

/** To be called first when the timer has fired. */
export function woken(alarm: Alarm): void {
  alarm.atUs = Infinity
}

/**
 * A wall clock that stands still instead of going backwards, as the consumer's `Timer` reads it.
 */
export interface ForwardClock {
  ms: number
}

/** The time of a forward clock after a look at the wall clock. */
export function forwardMs(clock: ForwardClock, context: Context): number {
  const nowMs = context.wallMs()
  if (nowMs > clock.ms) clock.ms = nowMs
  return clock.ms
}

export interface BackoffConfig {
  readonly initialMs: number
  readonly maxMs: number
}

/**
 * The pause before attempt `attempt + 1` (KC 1.3): doubling from the initial one to the maximum,
 * ± 20 %; constant and without jitter where the maximum is not above the initial one.
 */
export function backoffMs(config: BackoffConfig, attempt: number, jitter: Stream): number {
  const { initialMs, maxMs } = config
  if (maxMs <= initialMs) return initialMs
  let pauseMs = initialMs
  for (let step = 0; step < attempt && pauseMs < maxMs; step += 1) pauseMs *= 2
  if (pauseMs > maxMs) pauseMs = maxMs
  return Math.min(maxMs, Math.floor(pauseMs * (0.8 + 0.4 * jitter.next())))
}
