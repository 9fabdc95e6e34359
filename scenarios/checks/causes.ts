/**
 * Why a record is gone and whether that is excused: truth's removals and excuses, looked up.
 *
 * A loss is excused only by cause (checks.md 3.2): an unclean election, or disks that lost the
 * record on every replica that could have been elected.
 */

import type { PartitionId } from '../../model/record.ts'
import type { Excuse, Removal } from '../result.ts'
import { TOPIC_DELETED } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { seconds } from './words.ts'

/** Where a record was said to be stored, and when its send began, in µs from t = 0. */
export interface Place {
  readonly partition: PartitionId
  readonly offset: number
  readonly invokedUs: number
}

const excuseWords: Readonly<Record<Excuse['cause'], string>> = {
  'unclean-election': 'not promised: the election was unclean',
  disk: 'not promised: disks lost it on every replica that could be elected',
  'topic-deleted': TOPIC_DELETED,
}

/** What excuses the loss of a record, in words, or null. */
export function excuseOf(judgement: Judgement, place: Place): string | null {
  for (const excuse of judgement.result.excuses) {
    if (covers(excuse, place)) return excuseWords[excuse.cause]
  }
  return null
}

/** Whether anything that was committed in a partition was lost with an excuse. */
export function hasExcuse(judgement: Judgement, partition: PartitionId): boolean {
  return judgement.result.excuses.some((excuse) => excuse.partition === partition)
}

/** Whether a record went with its topic, which an administrator deleted. */
export function isDeleted(judgement: Judgement, place: Place): boolean {
  return judgement.result.excuses.some(
    (excuse) => excuse.cause === 'topic-deleted' && covers(excuse, place),
  )
}

/** Whether its topic was deleted: what stands there now is another log. */
export function wasDeleted(judgement: Judgement, partition: PartitionId): boolean {
  return judgement.result.excuses.some(
    (excuse) => excuse.partition === partition && excuse.cause === 'topic-deleted',
  )
}

/** Why a partition may lack what was committed in it, in words, or null. */
export function lackOf(judgement: Judgement, partition: PartitionId): string | null {
  if (wasDeleted(judgement, partition)) return TOPIC_DELETED
  return hasExcuse(judgement, partition) ? 'not promised: committed records were lost there' : null
}

/** The same for what stands at an offset: a log that was cut there is as it was below. */
export function lackFrom(
  judgement: Judgement,
  partition: PartitionId,
  offset: number,
): string | null {
  if (wasDeleted(judgement, partition)) return TOPIC_DELETED
  const isCut = judgement.result.excuses.some(
    (excuse) => excuse.partition === partition && excuse.fromOffset <= offset,
  )
  return isCut ? 'not promised: committed records were lost there' : null
}

/** Whether truth knows what removed a record; true where nobody kept removals. */
export function isRemoved(judgement: Judgement, place: Place): boolean {
  return judgement.result.removals === undefined || removalOf(judgement, place) !== null
}

/** Whether committed offsets of groups were lost with an excuse. */
export function offsetsExcused(judgement: Judgement): boolean {
  return judgement.result.excuses.some(({ partition }) => judgement.isOffsetsTopic(partition))
}

const mechanisms: Readonly<Record<Removal['how'], string>> = {
  elected: 'leader elected without the record',
  'elected-uncleanly': 'leader elected uncleanly',
  truncated: 'truncated',
  disk: 'lost by a disk',
  retention: 'deleted by retention before its time',
}

export interface Cause {
  readonly mechanism: string
  readonly sentence: string
  readonly atUs: number | null
}

/**
 * What removed a record: the first election that passed over it, else a disk, else a truncation.
 */
export function causeOf(judgement: Judgement, place: Place): Cause {
  const removal = removalOf(judgement, place)
  if (removal === null) {
    return { mechanism: 'missing without a cause', sentence: 'no cause is known', atUs: null }
  }
  const { atUs, how } = removal
  return { mechanism: mechanisms[how], sentence: removalText(judgement, removal), atUs }
}

function removalText(judgement: Judgement, removal: Removal): string {
  const { broker, atUs, fromOffset, leaderEpoch } = removal
  const partition = judgement.partitionText(removal.partition)
  switch (removal.how) {
    case 'elected':
    case 'elected-uncleanly': {
      const uncleanly = removal.how === 'elected' ? '' : ', elected uncleanly,'
      return (
        `broker ${broker}${uncleanly} began to lead ${partition} at ${seconds(atUs)} in epoch ` +
        `${leaderEpoch} without what stood there from offset ${fromOffset} on`
      )
    }
    case 'truncated':
      return `broker ${broker} truncated ${partition} to offset ${fromOffset} at ${seconds(atUs)}`
    case 'retention':
      return (
        `broker ${broker}, leader of ${partition}, had deleted everything below offset ` +
        `${removal.untilOffset} by ${seconds(atUs)}`
      )
    case 'disk':
      return `broker ${broker} found at ${seconds(atUs)} that its disk had lost ${partition} from offset ${fromOffset} on`
  }
}

const order: readonly Removal['how'][] = [
  'elected-uncleanly',
  'elected',
  'disk',
  'retention',
  'truncated',
]

/**
 * The deletion by retention that took a record, or null if there was none or the record was lost
 * before it. Only the loss of what was committed counts as such: removals go by offsets, and what
 * a leader passed over, a disk lost or a follower cut off may have been a former try of the same
 * send. So a record that acks=1 lost and that would have expired since is not told.
 */
export function deletionOf(judgement: Judgement, place: Place): Removal | null {
  const { removals = [], excuses, truth } = judgement.result
  const deletion = removals.find((one) => one.how === 'retention' && covers(one, place))
  if (deletion === undefined) return null
  const before = (range: Range): boolean => range.atUs < deletion.atUs && covers(range, place)
  if (excuses.some(before)) return null
  const broke = truth.some(
    ({ property, partition, atUs }) =>
      property === 'LeaderCompleteness' &&
      partition === place.partition &&
      atUs >= place.invokedUs &&
      atUs < deletion.atUs,
  )
  return broke && removals.some((one) => one.how.startsWith('elected') && before(one))
    ? null
    : deletion
}

function removalOf(judgement: Judgement, place: Place): Removal | null {
  let found: Removal | null = null
  for (const removal of judgement.result.removals ?? []) {
    if (!covers(removal, place)) continue
    if (found === null || order.indexOf(removal.how) < order.indexOf(found.how)) found = removal
  }
  return found
}

interface Range {
  readonly partition: PartitionId
  readonly atUs: number
  readonly fromOffset: number
  readonly untilOffset: number
}

/** A later record at the same offset is not meant: its send began after the range was gone. */
function covers(range: Range, { partition, offset, invokedUs }: Place): boolean {
  if (range.partition !== partition || range.atUs < invokedUs) return false
  return offset >= range.fromOffset && offset < range.untilOffset
}
