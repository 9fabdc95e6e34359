/**
 * Repeatable reads: what readers were once shown of a partition is what every later one is shown.
 *
 * The furthest prefix that a reader saw is kept as a position in the tree of batches, and each
 * further exposure held against it. It breaks LogMatching, which speaks of all times: what stood
 * below a high watermark is compared with what stands there now. Excused losses end what was shown.
 */

import type { Book } from './book.ts'
import { endAt, homeOf, shared, depthBelow } from './lineage.ts'
import type { PartitionTruth, Replica } from './partition.ts'

/**
 * A reader was shown what lies below an offset, which is not above the replica's high watermark.
 */
export function judgeExposed(
  book: Book,
  partition: PartitionTruth,
  replica: Replica,
  offset: number,
): void {
  const { shown } = partition
  if (shown !== null && shown.branch === replica.branch && offset <= shown.end) return
  // Readers are mostly shown all that is committed, and how much that is has been counted.
  const all = offset === replica.highWatermark
  const depth = all ? replica.watermarkDepth : depthBelow(replica, offset)
  const branch = homeOf(replica.branch, depth)
  if (shown === null) {
    partition.shown = { branch, depth, end: offset }
    return
  }
  const common = Math.min(depth, shown.depth, shared(branch, shown.branch))
  if (common < Math.min(depth, shown.depth)) {
    differs(book, partition, replica, endAt(replica.branch, common))
  } else if (depth <= shown.depth) return
  shown.branch = branch
  shown.depth = depth
  shown.end = offset
}

function differs(book: Book, partition: PartitionTruth, replica: Replica, offset: number): void {
  if (book.excuses.some((excuse) => excuse.partition === partition.id)) return
  const { broker } = replica
  if (!book.isNew(partition, `shown/${broker}/${offset}`)) return
  const sentence = `broker ${broker} let a reader see other records from offset ${offset} on than readers saw before`
  book.breach(partition, 'LogMatching', [broker], sentence)
}
