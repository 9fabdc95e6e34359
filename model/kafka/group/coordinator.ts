/**
 * The group coordinator as a part of a broker: its state at start, its handlers and timers (KC 3).
 *
 * Replication tells it which partitions of `__consumer_offsets` this broker leads and how its
 * appends ended; it reaches the replicas through the `OffsetsLog` that `startGroups` is given.
 */

import { invariant } from '../../../sim/invariant.ts'
import type { Behaviour } from '../../../sim/process.ts'
import type {
  Broker,
  BrokerContext,
  BrokerIo,
  BrokerOptions,
  BrokerTimer,
} from '../broker-state.ts'
import type { ToBroker } from '../messages.ts'
import { OFFSETS_TOPIC } from '../topics.ts'
import { onOffsetCommitRequest } from './commit.ts'
import { type Deadline, Deadlines } from './deadlines.ts'
import { onFindCoordinatorRequest } from './find-coordinator.ts'
import { onHeartbeatRequest, onLeaveGroupRequest } from './heartbeat.ts'
import { onJoinGroupRequest } from './join.ts'
import { onLoadGroups } from './loading.ts'
import { onOffsetFetchRequest } from './offset-fetch.ts'
import { onJoinDeadline, onSessionDeadline, onSyncDeadline } from './rebalance.ts'
import { armTimer } from './sessions.ts'
import type { GroupCoordinator, GroupTimer, OffsetsLog } from './state.ts'
import { onSyncGroupRequest } from './sync.ts'

export { onOffsetsPartitionLed, onOffsetsPartitionResigned } from './loading.ts'
export { onCoordinatorAppend } from './stored.ts'

/** Reading one batch of the log and taking it into memory, at a load. */
const LOAD_US_PER_ENTRY = 5

/** A coordinator that owns nothing yet. */
export function startGroups(
  options: BrokerOptions,
  log: OffsetsLog,
  context: BrokerContext,
): GroupCoordinator {
  const topic = options.topics.id(OFFSETS_TOPIC)
  invariant(topic !== undefined, 'every deployment has the topic of the group coordinators')
  const partitions = options.config.offsetsTopicNumPartitions
  return {
    config: options.config,
    topic,
    log,
    memberIds: context.random('group-member-ids'),
    groups: new Map(),
    placements: new Map(),
    ownership: Array.from({ length: partitions }, () => 'none' as const),
    epochs: Array.from({ length: partitions }, () => -1),
    tasks: [],
    loadUsPerEntry: LOAD_US_PER_ENTRY,
    deadlines: new Deadlines(),
    armedUs: -1,
    appends: new Map(),
    nextToken: 0,
  }
}

type BrokerBehaviour = Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo>

/** Requests that the coordinator handles. */
export const groupReceive: Pick<
  BrokerBehaviour['receive'],
  | 'FindCoordinatorRequest'
  | 'JoinGroupRequest'
  | 'SyncGroupRequest'
  | 'HeartbeatRequest'
  | 'LeaveGroupRequest'
  | 'OffsetCommitRequest'
  | 'OffsetFetchRequest'
> = {
  FindCoordinatorRequest: onFindCoordinatorRequest,
  JoinGroupRequest: onJoinGroupRequest,
  SyncGroupRequest: onSyncGroupRequest,
  HeartbeatRequest: onHeartbeatRequest,
  LeaveGroupRequest: onLeaveGroupRequest,
  OffsetCommitRequest: onOffsetCommitRequest,
  OffsetFetchRequest: onOffsetFetchRequest,
}

/** Timers that the coordinator sets. */
export const groupExpire: Pick<BrokerBehaviour['expire'], GroupTimer> = {
  expireGroups: onExpireGroups,
  loadGroups: onLoadGroups,
}

/** Some deadline may be due: all that are go off, in the order of their times. */
function onExpireGroups(self: Broker, _key: number, context: BrokerContext): void {
  const groups = self.groups
  const nowUs = context.monotonicUs()
  groups.armedUs = -1
  for (;;) {
    const deadline = groups.deadlines.first()
    if (deadline === undefined || deadline.atUs > nowUs) break
    groups.deadlines.clear(deadline)
    expire(self, deadline, context)
  }
  armTimer(groups, context)
}

function expire(self: Broker, deadline: Deadline, context: BrokerContext): void {
  switch (deadline.kind) {
    case 'session':
    case 'announced':
      onSessionDeadline(self, deadline, context)
      return
    case 'join':
      onJoinDeadline(self, deadline.group, context)
      return
    case 'sync':
      onSyncDeadline(self, deadline.group, context)
      return
  }
}
