/**
 * A queue of work that flows in as a curve says and out at full speed: the least that anything
 * behind it waits. No simulation can be faster, so what this misses is ruled out without one.
 */

export interface FluidStep {
  /** Of length one step: seconds of work that arrive, for a server that does one a second. */
  readonly work: number
  /** Weight of the step in percentiles: records. */
  readonly records: number
}

export interface FluidAnswer {
  /** In seconds. */
  readonly delayMax: number
  readonly delayMean: number
  /** Records that wait, at most. */
  readonly backlogMax: number
  /** In seconds; `share` of the records wait no longer. */
  delayAt(share: number): number
}

export function fluid(steps: readonly FluidStep[], stepSeconds: number): FluidAnswer {
  let backlog = 0
  const delays: { readonly delay: number; readonly records: number }[] = []
  let records = 0
  let sum = 0
  let delayMax = 0
  let backlogMax = 0
  for (const { work, records: arrived } of steps) {
    const before = backlog
    backlog = Math.max(0, backlog + work - stepSeconds)
    // Arrivals of a step are spread over it: in the mean they find the mean of both ends.
    const delay = (before + backlog) / 2
    delays.push({ delay, records: arrived })
    records += arrived
    sum += delay * arrived
    delayMax = Math.max(delayMax, backlog)
    if (work > 0) backlogMax = Math.max(backlogMax, (backlog / work) * arrived)
  }
  return {
    delayMax,
    delayMean: records === 0 ? 0 : sum / records,
    backlogMax,
    delayAt: (share) => delayAt(delays, records * share),
  }
}

function delayAt(
  delays: readonly { readonly delay: number; readonly records: number }[],
  wanted: number,
): number {
  let seen = 0
  for (const { delay, records } of delays.toSorted((a, b) => a.delay - b.delay)) {
    seen += records
    if (seen >= wanted) return delay
  }
  return 0
}
