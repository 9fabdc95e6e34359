/**
 * One poll, in the order of ClassicKafkaConsumer (KC 2.2): membership, automatic commit, positions,
 * records, next fetches.
 *
 * A poll never waits here; it asks to be woken, or is run again by the next event of the network.
 */

import type { Delivered } from '../../../application.ts'
import { forwardMs, wakeIn } from '../deadlines.ts'
import { refresh } from '../metadata.ts'
import { commitAutomatically } from './commit.ts'
import { collect, sendFetches } from './fetcher.ts'
import { notePoll } from './heartbeat.ts'
import { driveMembership } from './membership.ts'
import { drivePositions } from './position-lookup.ts'
import type { Consumer, ConsumerContext } from './state.ts'

/** The records of a poll, or null if the application thread has to wait for more. */
export function poll(self: Consumer, context: ConsumerContext): readonly Delivered[] | null {
  self.phase = 'polling'
  notePoll(self, forwardMs(self.clock, context))
  // A due refresh goes out before anything else does (KC 1.6).
  refresh(self.metadata, self.fetchNetwork, context)
  let waitMs = driveMembership(self, context)
  waitMs = Math.min(waitMs, commitAutomatically(self, context))
  waitMs = Math.min(waitMs, drivePositions(self, context))
  const records = collect(self, context)
  waitMs = Math.min(waitMs, sendFetches(self, context))
  waitMs = Math.min(waitMs, refresh(self.metadata, self.fetchNetwork, context))
  if (records.length > 0) {
    self.phase = 'handling'
    self.polls += 1
    noteDeliveries(self, records)
    return records
  }
  wakeIn(self.alarm, waitMs, context)
  return null
}

/** One row for each run of records that follow each other in partition and stream. */
function noteDeliveries(self: Consumer, records: readonly Delivered[]): void {
  let from = 0
  let count = 0
  for (let at = 1; at <= records.length; at += 1) {
    const before = records[at - 1] as Delivered
    const next = records[at]
    count += before.count
    if (next !== undefined && continues(before, next)) continue
    noteRange(self, records[from] as Delivered, count)
    from = at
    count = 0
  }
}

function continues(before: Delivered, next: Delivered): boolean {
  return (
    next.partitionId === before.partitionId &&
    next.offset === before.offset + before.count &&
    next.stream === before.stream &&
    next.index === before.index + before.count
  )
}

function noteRange(self: Consumer, first: Delivered, count: number): void {
  const { group, membership, options, polls, process } = self
  options.history.delivered(
    process,
    group,
    membership.ownedGeneration,
    polls,
    first.partitionId,
    first.offset,
    first.stream,
    first.index,
    count,
    self.positions.get(first.partitionId)?.offsetEpoch ?? -1,
  )
}
