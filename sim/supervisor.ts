/**
 * Who starts processes again after they ended, and keeps down those that are to stay down.
 */

import { invariant } from './invariant.ts'
import type { ProcessRuntime } from './runtime.ts'

/**
 * When a supervisor starts a process again after it ended: `afterUs`, times `backoff` for each
 * further start in a row, up to `maxUs`.
 */
export interface RestartPolicy {
  readonly afterUs: number
  readonly backoff: number
  readonly maxUs: number
}

/** A run that stays up this long is not "in a row" with the start before, in µs. */
const SETTLED_US = 60_000_000

class Supervision {
  readonly policy: RestartPolicy | null
  heldDown = 0
  inRow = 0
  startedUs = 0

  constructor(policy: RestartPolicy | null) {
    this.policy = policy
  }
}

export class Supervisor {
  readonly #supervision = new Map<ProcessRuntime, Supervision>()

  /** `policy`: null where nobody starts it again. */
  add(runtime: ProcessRuntime, policy: RestartPolicy | null): void {
    this.#supervision.set(runtime, new Supervision(policy))
  }

  /** Lets go of all of them. */
  release(): void {
    this.#supervision.clear()
  }

  isHeldDown(runtime: ProcessRuntime): boolean {
    return this.#of(runtime).heldDown > 0
  }

  holdDown(runtime: ProcessRuntime): void {
    this.#of(runtime).heldDown += 1
  }

  /** Undoes one `holdDown`. */
  letUp(runtime: ProcessRuntime): void {
    const supervision = this.#of(runtime)
    supervision.heldDown = Math.max(0, supervision.heldDown - 1)
  }

  started(runtime: ProcessRuntime, nowUs: number): void {
    this.#of(runtime).startedUs = nowUs
  }

  /** When it is to be started after it has ended; null if not at all. */
  restartUs(runtime: ProcessRuntime, nowUs: number): number | null {
    const supervision = this.#of(runtime)
    const { policy } = supervision
    if (policy === null) return null
    if (nowUs - supervision.startedUs > SETTLED_US) supervision.inRow = 0
    let delay = policy.afterUs
    for (let n = 0; n < supervision.inRow && delay < policy.maxUs; n += 1) delay *= policy.backoff
    supervision.inRow += 1
    return Math.ceil(nowUs + Math.min(delay, policy.maxUs))
  }

  #of(runtime: ProcessRuntime): Supervision {
    const supervision = this.#supervision.get(runtime)
    invariant(supervision !== undefined, `nobody supervises ${runtime.name}`)
    return supervision
  }
}
