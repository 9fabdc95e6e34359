/**
 * FindCoordinator: which broker coordinates a group, by what this broker believes (KC 3.1).
 *
 * Any broker answers. Left out: transaction coordinators, the creation of `__consumer_offsets` at
 * its first use (it is made when the cluster is built).
 */

import type { Connection } from '../../../sim/process.ts'
import { partitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { FindCoordinatorRequest, FindCoordinatorResponse } from '../messages.ts'
import { isAlive, leaderOf } from '../metadata-cache.ts'
import { respond } from '../respond.ts'
import { placementOf } from './ownership.ts'

export function onFindCoordinatorRequest(
  self: Broker,
  request: FindCoordinatorRequest,
  connection: Connection,
  context: BrokerContext,
): void {
  const coordinator = request.keyType === 'group' ? coordinatorOf(self, request.key) : -1
  const response: FindCoordinatorResponse = {
    type: 'FindCoordinatorResponse',
    correlationId: request.correlationId,
    error: coordinator === -1 ? 'COORDINATOR_NOT_AVAILABLE' : 'NONE',
    coordinator,
  }
  respond(self, connection, response, context)
}

function coordinatorOf(self: Broker, groupId: string): number {
  const partition = partitionId(self.groups.topic, placementOf(self.groups, groupId))
  const leader = leaderOf(self.metadata, partition)
  return isAlive(self.metadata, leader) ? leader : -1
}
