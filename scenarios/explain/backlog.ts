/**
 * The account of a backlog that did not drain in time, or of records that waited too long.
 *
 * Told in rates: how much arrived and how much was processed before and after each change of the
 * group or of the timeline, where the backlog peaked, and what one member can do.
 */

import type { Verdict } from '../result.ts'
import { seconds } from '../checks/words.ts'
import type { Witnessed } from './account.ts'
import { type Account, Story } from './story.ts'

export function backlogAccount(seen: Witnessed, verdict: Verdict): Account | null {
  const { judgement, judged } = seen
  const { measures, result } = judged
  const group = verdict.scope
  const measured = measures.groups.find((one) => one.group === group)
  if (measured === undefined) return null
  const { originUs, healUs, endUs } = result.phases
  const story = new Story(seen)
  const consumer = judgement.consumer(group)
  for (const cut of spans(seen, group)) {
    const { fromUs, untilUs } = cut
    const arrived = rateOf(seen, measures.series.produced, fromUs, untilUs)
    const done = rateOf(seen, measures.series.consumed[group] ?? [], fromUs, untilUs)
    const text =
      `until ${seconds(untilUs)} ${arrived} records a second were acknowledged and ` +
      `${group} processed ${done} a second`
    story.add(fromUs + originUs, null, text)
  }
  const { backlogPeak, backlogPeakAtUs, latenessPeakUs, backlogAtHeal, drainUs } = measured
  const peak = `the backlog of ${group} was at its peak: ${backlogPeak} records`
  story.add(backlogPeakAtUs + originUs, null, peak)
  story.add(
    healUs + originUs,
    null,
    `the load ended and the faults were over: ${backlogAtHeal} records waited`,
  )
  if (drainUs !== null) {
    story.add(healUs + drainUs + originUs, null, `${group} was through it`)
  } else {
    story.add(endUs + originUs, null, `the run ended and ${group} was not through it`)
  }
  const members = result.history.names.filter((name) => name.startsWith(`${group}-`))
  story.addTimeline(originUs, endUs + originUs, [])
  story.addLives(originUs + 1, endUs + originUs, members)
  const perSecond = Math.round(1_000_000 / Math.max(1, consumer.work.p50Us))
  return {
    check: verdict.check,
    scope: verdict.scope,
    kind: 'backlog',
    about: `${group}: ${backlogPeak} records at the peak, the oldest ${seconds(latenessPeakUs)} old`,
    steps: story.told(),
    moral: `One member that works ${seconds(consumer.work.p50Us)} on a record does ${perSecond} a second at most; ${consumer.members === 1 ? 'there was one at the start' : `there were ${consumer.members} at the start`}. What arrives above that waits.`,
  }
}

interface Span {
  readonly fromUs: number
  readonly untilUs: number
}

/** The time of the load, cut where an entry of the timeline took effect or ended. */
function spans({ judgement }: Witnessed, _group: string): readonly Span[] {
  const { healUs } = judgement.result.phases
  const cuts = [0, healUs]
  for (const { atUs, untilUs } of judgement.tookEffect()) {
    for (const at of [atUs, untilUs]) if (at !== null && at > 0 && at < healUs) cuts.push(at)
  }
  cuts.sort((a, b) => a - b)
  const found: Span[] = []
  for (let at = 1; at < cuts.length && found.length < SPANS_MAX; at += 1) {
    const fromUs = cuts[at - 1] as number
    const untilUs = cuts[at] as number
    if (untilUs - fromUs >= SPAN_MIN_US) found.push({ fromUs, untilUs })
  }
  return found
}

const SPANS_MAX = 6
/** Shorter ones have no rate worth telling. */
const SPAN_MIN_US = 2_000_000

function rateOf(
  { judged }: Witnessed,
  counts: readonly number[],
  fromUs: number,
  untilUs: number,
): number {
  const { atUs } = judged.measures.series
  let sum = 0
  for (let at = 0; at < atUs.length; at += 1) {
    const time = atUs[at] as number
    if (time > fromUs && time <= untilUs) sum += counts[at] ?? 0
  }
  return Math.round((sum * 1_000_000) / (untilUs - fromUs))
}
