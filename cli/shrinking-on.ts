/**
 * `replay <failure> --shrink`: goes on shrinking a kept failure, and keeps the shorter story in its
 * place.
 *
 * No clock ends it: the same failure shrinks to the same story everywhere.
 */

import { type Failure, failureFrom } from '../scenarios/explore/failure.ts'
import { shrink, SHRINK_EVENTS_MAX, SHRINK_RUNS_MAX } from '../scenarios/explore/shrink.ts'
import { type Kept, traceOfCase } from '../scenarios/replay.ts'
import { writeWhole } from './folder.ts'
import { UsageError } from './usage.ts'

/** As many events as so many failures of an exploration have. */
const PATIENCE = 4

/** Tells what came of it in one line. */
export function shrinkOn(file: string, { failure }: Kept): string {
  if (failure === null)
    throw new UsageError(`--shrink: ${file} is no failure file, as explore keeps them`)
  const shrunk = shrink(failure.case, failure, {
    runsMax: SHRINK_RUNS_MAX,
    eventsMax: PATIENCE * SHRINK_EVENTS_MAX,
  })
  if (shrunk === null) return `${file}: does not break ${failure.check} again: not shrunk`
  const { shrinkRuns, shrunkFrom, index } = failure
  const smaller = failureFrom(shrunk.judged, shrunk.verdict, {
    index,
    shrunkFrom,
    shrinkRuns: shrinkRuns + shrunk.runs,
    shrinkStopped: shrunk.stopped,
  })
  writeWhole(file, `${JSON.stringify(smaller, null, 2)}\n`)
  writeWhole(file.replace(/(\.json)?$/, '.trace'), traceOfCase(smaller.case).bytes)
  return told(failure, smaller, shrunk.runs)
}

function told(before: Failure, after: Failure, runs: number): string {
  const early =
    after.shrinkStopped === undefined
      ? 'nothing smaller is left to try'
      : `cut short by the limit of ${after.shrinkStopped}, the same command goes on`
  return `shrunk from ${before.faults} to ${after.faults} timeline entries in ${runs} runs: ${early}`
}
