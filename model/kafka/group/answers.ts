/**
 * The answers to joins and syncs, those sent at once and those that were parked (KC 3.2, 3.3).
 *
 * A parked request keeps its connection muted; answering it reads on (KB R1). To answer a request
 * whose connection has closed does nothing.
 */

import type { PartitionId } from '../../record.ts'
import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { JoinGroupResponse } from '../messages.ts'
import { respond } from '../respond.ts'
import { parkJoin, subscriptionOf } from './group.ts'
import { Probe } from './probes.ts'
import type { Group, Member, Parked } from './state.ts'

const NO_MEMBERS: JoinGroupResponse['members'] = []
const NO_PARTITIONS: readonly PartitionId[] = []

/** Sends a join back with an error, and the member id that the client should keep. */
export function refuseJoin(
  self: Broker,
  asked: Parked,
  refusal: { readonly error: KafkaError; readonly memberId: string },
  context: BrokerContext,
): void {
  const response: JoinGroupResponse = {
    type: 'JoinGroupResponse',
    correlationId: asked.correlationId,
    error: refusal.error,
    generationId: -1,
    protocolName: '',
    leader: '',
    memberId: refusal.memberId,
    skipAssignment: false,
    members: NO_MEMBERS,
  }
  respond(self, asked.connection, response, context)
}

/** Tells a member the present generation, and the leader who its members are. */
export function admit(
  self: Broker,
  group: Group,
  joined: { readonly member: Member; readonly asked: Parked },
  context: BrokerContext,
): void {
  const { member, asked } = joined
  const response: JoinGroupResponse = {
    type: 'JoinGroupResponse',
    correlationId: asked.correlationId,
    error: 'NONE',
    generationId: group.generation,
    protocolName: group.protocolName ?? '',
    leader: group.leader ?? '',
    memberId: member.id,
    skipAssignment: false,
    members: group.leader === member.id ? membersOf(group) : NO_MEMBERS,
  }
  respond(self, asked.connection, response, context)
}

function membersOf(group: Group): JoinGroupResponse['members'] {
  const members: JoinGroupResponse['members'][number][] = []
  for (const member of group.members.values()) {
    members.push({
      memberId: member.id,
      groupInstanceId: member.instanceId,
      subscription: subscriptionOf(group, member),
    })
  }
  return members
}

/** Answers the join that a member waits with, if it does. */
export function refuseParkedJoin(
  self: Broker,
  group: Group,
  refused: { readonly member: Member; readonly error: KafkaError; readonly memberId: string },
  context: BrokerContext,
): void {
  const asked = refused.member.awaitingJoin
  if (asked === null) return
  parkJoin(group, refused.member, null)
  refuseJoin(self, asked, refused, context)
}

export function answerSync(
  self: Broker,
  asked: Parked,
  answer: { readonly error: KafkaError; readonly partitions: readonly PartitionId[] },
  context: BrokerContext,
): void {
  const response = {
    type: 'SyncGroupResponse',
    correlationId: asked.correlationId,
    error: answer.error,
    partitions: answer.partitions,
  } as const
  respond(self, asked.connection, response, context)
}

export function refuseSync(
  self: Broker,
  asked: Parked,
  error: KafkaError,
  context: BrokerContext,
): void {
  answerSync(self, asked, { error, partitions: NO_PARTITIONS }, context)
}

/** Keeps a sync until the assignment is stored. */
export function parkSync(
  group: Group,
  member: Member,
  asked: Parked,
  context: BrokerContext,
): void {
  context.mute(asked.connection)
  member.awaitingSync = asked
  context.probe(Probe.syncParked, group.partition)
}
