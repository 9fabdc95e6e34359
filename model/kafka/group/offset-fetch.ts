/**
 * OffsetFetch: what a group has committed (KC 2.4, 3.3). Neither member nor generation is asked
 * for.
 */

import type { Connection } from '../../../sim/process.ts'
import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { OffsetFetchRequest, OffsetFetchResponse } from '../messages.ts'
import { respond } from '../respond.ts'
import { Guard } from './guards.ts'
import { ownershipOf } from './ownership.ts'
import type { Group } from './state.ts'

type FetchedOffset = OffsetFetchResponse['partitions'][number]

const NO_OFFSETS: readonly FetchedOffset[] = []
const NO_PARTITIONS: readonly PartitionId[] = []

export function onOffsetFetchRequest(
  self: Broker,
  request: OffsetFetchRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  const error = offsetFetchError(self, request, context) ?? 'NONE'
  const group = self.groups.groups.get(request.groupId)
  const response: OffsetFetchResponse = {
    type: 'OffsetFetchResponse',
    correlationId: request.correlationId,
    error,
    partitions: error === 'NONE' ? fetchedOffsets(group, request, context) : NO_OFFSETS,
  }
  respond(self, connection, response, context)
}

function offsetFetchError(
  self: Broker,
  request: OffsetFetchRequest,
  context: BrokerContext,
): KafkaError | null {
  const ownership = ownershipOf(self.groups, request.groupId)
  if (context.guard(Guard.offsetFetchLoading, ownership === 'loading')) {
    return 'COORDINATOR_LOAD_IN_PROGRESS'
  }
  if (context.guard(Guard.offsetFetchOwner, ownership === 'none')) return 'NOT_COORDINATOR'
  return null
}

function fetchedOffsets(
  group: Group | undefined,
  request: OffsetFetchRequest,
  context: BrokerContext,
): readonly FetchedOffset[] {
  const partitions = request.partitions ?? group?.offsets.keys() ?? NO_PARTITIONS
  const fetched: FetchedOffset[] = []
  for (const partition of partitions) {
    const pending = group?.pendingCommits.has(partition) ?? false
    if (context.guard(Guard.offsetFetchStable, request.requireStable && pending)) {
      fetched.push(withoutOffset(partition, 'UNSTABLE_OFFSET_COMMIT'))
      continue
    }
    const committed = group?.offsets.get(partition)
    if (committed === undefined) {
      fetched.push(withoutOffset(partition, 'NONE'))
    } else {
      const { offset, leaderEpoch } = committed
      fetched.push({ partition, error: 'NONE', offset, leaderEpoch })
    }
  }
  return fetched
}

function withoutOffset(partition: PartitionId, error: KafkaError): FetchedOffset {
  return { partition, error, offset: -1, leaderEpoch: -1 }
}
