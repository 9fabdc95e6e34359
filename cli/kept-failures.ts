/**
 * Keeps the failures of an exploration: one for each mechanism, shrunk, as a file and a token.
 *
 * Shrinking runs in this thread, with a bound on runs and on time. What the scenario says may break
 * is kept as it was found: nobody waits for the shortest story of something that is no surprise.
 * Once the time of the exploration is over, what was to break is shrunk for ten seconds at most and
 * what broke a promise for a minute, all of it together.
 */

import type { KeptFailure } from '../reports/answer.ts'
import { elementsOf } from '../scenarios/explore/elements.ts'
import { type FailureGroup, failureGroups } from '../reports/tally.ts'
import { exploredCase } from '../scenarios/explore/cases.ts'
import type { Exploration } from '../scenarios/explore/explore.ts'
import { type Failure, failureFrom, tokenOf } from '../scenarios/explore/failure.ts'
import { signatureKey } from '../scenarios/explore/signature.ts'
import { shrink, SHRINK_RUNS_MAX } from '../scenarios/explore/shrink.ts'
import { traceOfCase } from '../scenarios/replay.ts'
import type { Folder } from './folder.ts'

export interface KeepOptions {
  readonly folder: Folder
  readonly shrinks: boolean
  readonly now: () => number
  readonly tell: (line: string) => void
  /** When the exploration's time is over, on the clock of `now`; absent: never. */
  readonly untilMs?: number
  /** What was shrunk elsewhere already. */
  readonly found?: readonly Failure[]
}

export interface Kept {
  readonly failures: readonly KeptFailure[]
  /** Runs that did not break again what they broke: nondeterminism. */
  readonly different: readonly number[]
}

/** Mechanisms that are kept; there are rarely more than three. */
const KEPT_MAX = 12
/** Real time for one failure. */
const SHRINK_MS_MAX = 60_000
/** Once the time is over, for all that broke a promise and for all that was to break. */
const GRACE_MS = { promised: 60_000, expected: 10_000 }

export function keepFailures(exploration: Exploration, options: KeepOptions): Kept {
  const failures: KeptFailure[] = []
  const different: number[] = []
  const numbers = new Map<string, number>()
  for (const group of failureGroups(exploration).slice(0, KEPT_MAX)) {
    const failure = foundBefore(group, options) ?? failureOf(exploration, group, options)
    if (failure === null) {
      different.push(group.index)
      continue
    }
    const number = (numbers.get(group.check) ?? 0) + 1
    numbers.set(group.check, number)
    const name = `failures/${group.check}-${number}.json`
    options.folder.write(name, `${JSON.stringify(failure, null, 2)}\n`)
    options.folder.write(name.replace(/json$/, 'trace'), traceOfCase(failure.case).bytes)
    failures.push({
      failure,
      runs: group.runs,
      most: group.most,
      elements: elementsOf(failure.case),
      bias: group.bias,
      token: tokenOf(failure.case),
      file: options.folder.file(name),
    })
  }
  return { failures, different }
}

function foundBefore(group: FailureGroup, { found = [] }: KeepOptions): Failure | null {
  return found.find((one) => one.index === group.index && signatureKey(one) === group.key) ?? null
}

/** Null if the run does not break it again. */
function failureOf(
  { scenario, seed }: Exploration,
  group: FailureGroup,
  { shrinks, now, tell, untilMs = Infinity }: KeepOptions,
): Failure | null {
  const one = exploredCase(scenario, seed, group.index, group.given)
  const worthwhile = !group.asExpected || group.expected === 'breaks'
  const runsMax = shrinks && worthwhile ? SHRINK_RUNS_MAX : 1
  const graceMs = group.asExpected ? GRACE_MS.expected : GRACE_MS.promised
  const endMs = Math.min(now() + SHRINK_MS_MAX, untilMs + graceMs)
  tell(`shrinking run ${group.index}: ${group.check} ${group.scope}`)
  const shrunk = shrink(one, group, { runsMax, enough: () => now() > endMs })
  if (shrunk === null) return null
  const { judged, verdict, from } = shrunk
  return failureFrom(judged, verdict, {
    index: group.index,
    shrunkFrom: from,
    shrinkRuns: runsMax === 1 ? 0 : shrunk.runs,
    shrinkStopped: runsMax === 1 ? null : shrunk.stopped,
  })
}
