/**
 * backlog-bounded: a group's backlog stays below what an ideal queue would have held, half as much
 * again.
 *
 * The ideal queue gets the same records, serves them in the group's measured time with as many
 * lanes as it has members with a partition, and stands still while a fault lasts that took effect,
 * until the heal at the latest, and for the group's session and rebalance timeouts after each.
 */

import { type Check, groupScopes } from './check.ts'
import { membershipTimeoutsUs } from './configuration.ts'
import { enteredUs, membersOf } from './drain.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, grouped, seconds } from './words.ts'

const SLACK = 1.5

/** Less than so many records is no backlog: batches come and go by that. */
const SMALL = 100

export const backlogBounded: Check = {
  name: 'backlog-bounded',
  statement:
    'The backlog of a group stays below 1.5 times that of an ideal queue of its measured rate, ' +
    'which stands still while faults last and for its session and rebalance timeouts after them.',
  promise: 'Always, as long as the group has members.',
  scopes: (judgement) => groupScopes(judgement),
  judge: judgeBacklog,
}

function judgeBacklog(judgement: Judgement, group: string): Finding {
  const waits = waitsOf(judgement, group)
  const promised = membersOf(judgement, judgement.consumer(group)) > 0
  if (waits.entered.length === 0) return vacuous(promised, `Nothing was stored for ${group}`)
  const peak = peakOf(waits)
  const bound = Math.ceil(Math.max(SMALL, idealPeak(judgement, group, waits.entered) * SLACK))
  const most = `${counted(peak.backlog, 'record')} at ${seconds(judgement.since(peak.atUs))}`
  if (peak.backlog <= bound) {
    return kept(
      promised,
      `The backlog of ${group} was at most ${most}; its bound is ${grouped(bound)}`,
    )
  }
  const breach = new Tally()
  const excuse = promised ? null : 'not promised: the group has no members'
  breach.add('more waited than the bound', peak.backlog - bound, excuse, () => ({
    sentence: `${most} waited for ${group}; its bound is ${grouped(bound)}`,
    atUs: judgement.since(peak.atUs),
    partition: null,
    offset: null,
    records: [],
  }))
  return breach.broken(
    `The backlog of ${group} reached ${most}, beyond its bound of ${grouped(bound)}`,
  )
}

/** When each stored record began to wait and when it was done, both in order of time. */
interface Waits {
  readonly entered: Float64Array
  readonly done: Float64Array
}

function waitsOf(judgement: Judgement, group: string): Waits {
  const { atoms } = judgement
  const consumer = judgement.consumer(group)
  const { copies } = judgement.visibleTo(consumer)
  const processed = judgement.processed(group)
  const entered: number[] = []
  const done: number[] = []
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (!judgement.reads(consumer, stream)) continue
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      if (copies[atom] === 0) continue
      const doneUs = processed.doneUs(atom)
      const enteredAt = Math.min(enteredUs(judgement, atom), doneUs)
      for (let record = atoms.weight(atom); record > 0; record -= 1) {
        entered.push(enteredAt)
        done.push(doneUs)
      }
    }
  }
  const inOrder = (times: readonly number[]): Float64Array =>
    Float64Array.from(times).sort((left, right) => left - right)
  return { entered: inOrder(entered), done: inOrder(done) }
}

function peakOf({ entered, done }: Waits): { readonly backlog: number; readonly atUs: number } {
  let most = { backlog: 0, atUs: entered[0] as number }
  let left = 0
  for (let at = 0; at < entered.length; at += 1) {
    const now = entered[at] as number
    while (left < done.length && (done[left] as number) <= now) left += 1
    const backlog = at + 1 - left
    if (backlog > most.backlog) most = { backlog, atUs: now }
  }
  return most
}

interface Pause {
  readonly fromUs: number
  readonly untilUs: number
}

/** The greatest backlog of the ideal queue that the same records would have gone through. */
function idealPeak(judgement: Judgement, group: string, entered: Float64Array): number {
  const serviceUs = serviceTimeUs(judgement, group)
  const pauses = pausesOf(judgement, group)
  const done = new Float64Array(entered.length)
  let freeUs = 0
  let left = 0
  let most = 0
  let pause = 0
  for (let at = 0; at < entered.length; at += 1) {
    const now = entered[at] as number
    let ready = Math.max(freeUs, now) + serviceUs
    while (pause < pauses.length && (pauses[pause] as Pause).untilUs <= Math.max(freeUs, now))
      pause += 1
    const next = pauses[pause]
    if (next !== undefined && next.fromUs < ready) ready = next.untilUs + serviceUs
    done[at] = ready
    freeUs = ready
    while ((done[left] as number) <= now) left += 1
    most = Math.max(most, at + 1 - left)
  }
  return most
}

/** Time for one record with all lanes at work. */
function serviceTimeUs(judgement: Judgement, group: string): number {
  const consumer = judgement.consumer(group)
  const { works, workUs } = judgement.processed(group)
  const each = works === 0 ? consumer.work.p50Us : workUs / works
  const partitions = judgement.result.logs.uncommitted.filter(({ topic }) =>
    consumer.topics.includes(topic),
  ).length
  return each / Math.max(1, Math.min(partitions, membersOf(judgement, consumer)))
}

/** When faults lasted, with the timeouts after them, merged and in order; in true time. */
function pausesOf(judgement: Judgement, group: string): readonly Pause[] {
  const { healUs, originUs } = judgement.result.phases
  const after = membershipTimeoutsUs(judgement.consumer(group))
  const pauses = judgement
    .tookEffect()
    .map(({ atUs, untilUs }) => ({
      fromUs: originUs + (atUs ?? 0),
      untilUs: originUs + Math.min(untilUs ?? healUs, healUs) + after,
    }))
    .sort((left, right) => left.fromUs - right.fromUs)
  const merged: { fromUs: number; untilUs: number }[] = []
  for (const pause of pauses) {
    const last = merged.at(-1)
    if (last === undefined || pause.fromUs > last.untilUs) merged.push({ ...pause })
    else last.untilUs = Math.max(last.untilUs, pause.untilUs)
  }
  return merged
}
