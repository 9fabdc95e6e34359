/**
 * How a group gets through its backlog after the heal, and how long that may take.
 *
 * A record waits from its acknowledgement (or from its send, where nobody was told that it is
 * stored) to its first processing. The bound is that of contracts §6: what waits, at the measured
 * rate of the full membership, half as much again, and the timeouts of one rebalance. A group is as
 * fast as its busiest member: whole partitions are assigned, so that one may have the fullest of
 * them. What producers still retried at the heal comes later, and its work counts too.
 */

import { type PartitionId, topicOf } from '../../model/record.ts'
import type { Consumer } from '../schema/scenario.ts'
import { wasDeleted } from './causes.ts'
import { membershipTimeoutsUs, numberOf } from './configuration.ts'
import type { Judgement } from './judgement.ts'

const SLACK = 1.5

export interface Drain {
  /** Records stored for the group. */
  readonly stored: number
  readonly backlogAtHeal: number
  /** With what was stored later. */
  readonly toProcess: number
  /** Records never processed. */
  readonly left: number
  /** From the heal to the last first processing; 0 if nothing was waiting; null if some is left. */
  readonly drainUs: number | null
  /** How long the drain may take after the heal. */
  readonly boundUs: number
  /** How long a record may wait, from its acknowledgement or the heal, whichever is later. */
  readonly lateUs: number
  /**
   * Longest wait from when a record was due to its first processing, or to the end of the run; of
   * what was due while it was measured.
   */
  readonly latenessPeakUs: number
}

/** When a stored record began to wait, in true time. */
export function enteredUs(judgement: Judgement, atom: number): number {
  const { sends } = judgement.result.history
  const { okRow, firstRow } = judgement.sends
  const acknowledged = okRow[atom] as number
  if (acknowledged > 0) return sends.data.endedUs[acknowledged - 1] as number
  const first = firstRow[atom] as number
  return first > 0 ? (sends.data.invokedUs[first - 1] as number) : judgement.result.phases.originUs
}

/** When a record was stored at the latest: its producer had heard so, or had given up. */
function storedByUs(judgement: Judgement, atom: number): number {
  const { sends } = judgement.result.history
  const { okRow, firstRow } = judgement.sends
  const row = (okRow[atom] as number) || (firstRow[atom] as number)
  if (row === 0) return judgement.result.phases.originUs
  const endedUs = sends.data.endedUs[row - 1] as number
  return Number.isFinite(endedUs) ? endedUs : (sends.data.invokedUs[row - 1] as number)
}

/** When a record was due, in true time: a service that was busy or stood still sent it later. */
export function dueUs(judgement: Judgement, atom: number): number {
  const first = judgement.sends.firstRow[atom] as number
  if (first === 0) return judgement.result.phases.originUs
  const { data } = judgement.result.history.sends
  return (data.invokedUs[first - 1] as number) - (data.lateUs[first - 1] as number)
}

/** Of all topics of a group, or of one of them; made once a judgement. */
export function drainOf(judgement: Judgement, consumer: Consumer, topic?: string): Drain {
  const only = consumer.topics.length > 1 ? topic : undefined
  const name = `drain ${consumer.group} ${only ?? ''}`
  return judgement.once(name, () => measureDrain(judgement, consumer, only))
}

function measureDrain(judgement: Judgement, consumer: Consumer, topic: string | undefined): Drain {
  const { atoms, result } = judgement
  const { phases } = result
  const healUs = phases.originUs + phases.healUs
  const endUs = phases.originUs + phases.endUs
  const measuredUntilUs = phases.originUs + (judgement.scenario.measureUntilUs ?? Infinity)
  const { copies, partition } = judgement.visibleTo(consumer)
  const processed = judgement.processed(consumer.group)
  const waiting = new Map<PartitionId, number>()
  const total = {
    stored: 0,
    backlog: 0,
    after: 0,
    left: 0,
    lastUs: healUs,
    storedUs: healUs,
    late: 0,
    peak: 0,
  }
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (!judgement.reads(consumer, stream)) continue
    if (topic !== undefined && judgement.topicOfStream(stream) !== topic) continue
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      if (copies[atom] === 0) continue
      const done = processed.doneUs(atom)
      // Offsets that a group had committed for a topic that is gone may pass over the next one's.
      if (done === Infinity && wasDeleted(judgement, partition[atom] as number)) continue
      const weight = atoms.weight(atom)
      const entered = enteredUs(judgement, atom)
      total.stored += weight
      if (done === Infinity) total.left += weight
      else if (done > total.lastUs) total.lastUs = done
      const until = done === Infinity ? endUs : done
      const due = dueUs(judgement, atom)
      if (due < measuredUntilUs) total.peak = Math.max(total.peak, until - due)
      total.late = Math.max(total.late, until - Math.max(entered, healUs))
      if (done <= healUs) continue
      total.after += weight
      if (entered <= healUs) total.backlog += weight
      total.storedUs = Math.max(total.storedUs, Math.min(storedByUs(judgement, atom), done))
      const of = partition[atom] as number
      waiting.set(of, (waiting.get(of) ?? 0) + weight)
    }
  }
  return {
    stored: total.stored,
    backlogAtHeal: total.backlog,
    toProcess: total.after,
    left: total.left,
    drainUs: total.left > 0 ? null : total.lastUs - healUs,
    boundUs: total.storedUs - healUs + boundUs(judgement, consumer, waiting),
    lateUs: total.late,
    latenessPeakUs: total.peak,
  }
}

function boundUs(
  judgement: Judgement,
  consumer: Consumer,
  waiting: ReadonlyMap<PartitionId, number>,
): number {
  const { workUs, works, workAfterHealUs, worksAfterHeal } = judgement.processed(consumer.group)
  const each =
    worksAfterHeal > 0 ? workAfterHealUs / worksAfterHeal : works > 0 ? workUs / works : 0
  const work = busiestShare(judgement, membersOf(judgement, consumer), waiting) * each
  const timeouts = membershipTimeoutsUs(consumer)
  return Math.ceil(work * SLACK) + timeouts + commitTimeoutUs(judgement, consumer)
}

/**
 * A member of a topic that goes tries to commit for it until max.poll.interval.ms, then joins
 * again.
 */
function commitTimeoutUs(judgement: Judgement, { config, topics }: Consumer): number {
  const goes = judgement.tookEffect().some(({ entry }) => {
    return entry?.kind === 'delete-topic' && topics.includes(entry.topic)
  })
  return goes ? numberOf(config, 'max.poll.interval.ms', 300_000) * 1_000 : 0
}

/**
 * Records that one member may have to process: its number of partitions, and the fullest of them.
 */
function busiestShare(
  { result }: Judgement,
  members: number,
  waiting: ReadonlyMap<PartitionId, number>,
): number {
  const partitions = new Map<number, number>()
  for (const { partition } of result.logs.uncommitted) {
    partitions.set(topicOf(partition), (partitions.get(topicOf(partition)) ?? 0) + 1)
  }
  let share = 0
  for (const [topic, count] of partitions) {
    const records = [...waiting].filter(([partition]) => topicOf(partition) === topic)
    const fullest = records.map(([, number]) => number).sort((left, right) => right - left)
    const own = Math.ceil(count / Math.max(1, members))
    for (const number of fullest.slice(0, own)) share += number
  }
  return share
}

/** Members after what operators did. */
export function membersOf(judgement: Judgement, consumer: Consumer): number {
  let { members } = consumer
  for (const { entry } of judgement.tookEffect()) {
    if (entry === undefined || !('group' in entry) || entry.group !== consumer.group) continue
    if (entry.kind === 'add-members') members += entry.count
    else if (entry.kind === 'stop-members') members -= entry.count
  }
  return Math.max(0, members)
}
