/**
 * Changes of a replica's role: the one door, whoever brings them (KB 3.5).
 *
 * `applyPartitionState` takes a partition's state as the controller decided it, today from
 * LeaderAndIsr. Becoming leader begins a new epoch at the own end of log; becoming follower ends
 * every promise that still waits (KB P13) and begins to copy by the protocol level's rule.
 */

import type { Broker, BrokerContext } from '../broker-state.ts'
import type { KafkaError } from '../errors.ts'
import type { LeaderAndIsrRequest } from '../messages.ts'
import { isAlive } from '../metadata-cache.ts'
import { topicOf } from '../../record.ts'
import { topicConfigOf } from '../topic-configs.ts'
import { advance } from './advance.ts'
import { completeFetches } from './fetch-purgatory.ts'
import { follow, unfollow } from './fetchers.ts'
import { Guard } from './guards.ts'
import { tellHighWatermark } from './high-watermark.ts'
import { directoryForNew } from './log-directories.ts'
import { createPartition, isOffsetsPartition, markMembers, truncateReplica } from './partition.ts'
import { Probe } from './probes.ts'
import { checkProduces } from './produce-purgatory.ts'
import type { Fetcher, Partition, RemoteReplica } from './state.ts'

/** What is decided about one partition. */
export type PartitionChange = LeaderAndIsrRequest['partitions'][number]

/** Why a change is refused; `NONE` if it is to be applied (KB F-b). */
export function changeError(
  self: Broker,
  change: PartitionChange,
  context: BrokerContext,
): KafkaError {
  const known = self.replicas.partitions.get(change.partition)
  const { leaderEpoch, partitionEpoch } = change.state
  // Whoever asks for a replica on a failed directory is told so, whatever its epoch (KB C16).
  if (known?.role === 'offline') return 'KAFKA_STORAGE_ERROR'
  const late = known !== undefined && known.role !== 'none' && leaderEpoch <= known.leaderEpoch
  if (context.guard(Guard.leaderEpoch, late)) return 'STALE_CONTROLLER_EPOCH'
  const older = known !== undefined && partitionEpoch < known.partitionEpoch
  if (context.guard(Guard.partitionEpoch, older)) return 'STALE_CONTROLLER_EPOCH'
  const stranger = !change.replicas.includes(self.options.id)
  if (context.guard(Guard.assigned, stranger)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  return 'NONE'
}

/**
 * Applies a change that is not refused. Answers the fetcher that has to be set going, if the
 * replica follows now.
 */
export function applyPartitionState(
  self: Broker,
  change: PartitionChange,
  context: BrokerContext,
): { readonly error: KafkaError; readonly fetcher: Fetcher | null } {
  const partition = hosted(self, change)
  if (partition === undefined || partition.directory.offline) {
    return { error: 'KAFKA_STORAGE_ERROR', fetcher: null }
  }
  if (change.state.leader === self.options.id) {
    becomeLeader(self, partition, change, context)
    return { error: 'NONE', fetcher: null }
  }
  return { error: 'NONE', fetcher: becomeFollower(self, partition, change, context) }
}

function hosted(self: Broker, change: PartitionChange): Partition | undefined {
  const { partitions, directories } = self.replicas
  const found = partitions.get(change.partition)
  if (found !== undefined) return found
  // A replica that is not new has its log where it cannot be read.
  if (!change.isNew && directories.some(({ offline }) => offline)) return undefined
  const directory = directoryForNew(directories)
  if (directory === undefined) return undefined
  const created = createPartition(self.options, directory, change.partition)
  created.config = topicConfigOf(self, topicOf(change.partition))
  partitions.add(created)
  return created
}

/** KB F-c. */
function becomeLeader(
  self: Broker,
  partition: Partition,
  change: PartitionChange,
  context: BrokerContext,
): void {
  const { facts, id } = self.options
  const ledBefore = partition.role === 'leader'
  if (ledBefore) facts?.ledUntil(id, partition.id)
  unfollow(partition)
  const former = partition.remotes
  takeState(partition, change)
  partition.role = 'leader'
  partition.isr = change.state.isr
  partition.ledEpoch = partition.leaderEpoch
  const { log } = partition
  partition.epochStartOffset = log.endOffset
  if (self.replicas.truncation.notesEpochAtElection) {
    log.epochs.assign(partition.leaderEpoch, log.endOffset)
  }
  const nowMs = context.wallMs()
  partition.remotes = []
  for (const broker of change.replicas) {
    if (broker === id) continue
    const known = ledBefore ? former.find((remote) => remote.broker === broker) : undefined
    const caughtUpMs = partition.isr.includes(broker) ? nowMs : 0
    partition.remotes.push(
      known === undefined
        ? newRemote(broker, caughtUpMs)
        : renewedRemote(known, partition.epochStartOffset, caughtUpMs),
    )
  }
  markMembers(partition)
  facts?.ledFrom(id, partition.id, partition.leaderEpoch, log.endOffset, partition.isr)
  tellHighWatermark(self, partition)
  context.probe(Probe.leaderBecame, partition.id)
  advance(self, partition, context)
  // A leader that only got a newer epoch goes on coordinating its groups; nothing is loaded (KC
  // 3.5).
  if (!ledBefore && isOffsetsPartition(self, partition.id)) {
    self.replicas.hooks.offsetsPartitionLed(self, partition.id, partition.leaderEpoch, context)
  }
}

/** KB F-d. A follower whose leader is not believed alive only gets its log. */
function becomeFollower(
  self: Broker,
  partition: Partition,
  change: PartitionChange,
  context: BrokerContext,
): Fetcher | null {
  const gone = !isAlive(self.metadata, change.state.leader)
  if (context.guard(Guard.leaderAlive, gone)) return null
  const ledBefore = partition.role === 'leader'
  unfollow(partition)
  takeState(partition, change)
  partition.role = 'follower'
  partition.isr = []
  if (ledBefore) resign(self, partition, context)
  completeFetches(self, partition, context)
  partition.remotes = []
  checkProduces(self, partition, context)
  context.probe(Probe.followerBecame, partition.id)
  if (isOffsetsPartition(self, partition.id)) {
    self.replicas.hooks.offsetsPartitionResigned(self, partition.id, context)
  }
  // Without a leader, as only a broken guard allows it, there is nobody to copy from.
  if (partition.leader < 0) return null
  return beginFollowing(self, partition, context)
}

function resign(self: Broker, partition: Partition, context: BrokerContext): void {
  self.options.facts?.ledUntil(self.options.id, partition.id)
  tellHighWatermark(self, partition)
  context.probe(Probe.leaderResigned, partition.id)
}

/** Where a new follower begins, by its truncation level (KB F-d, 3.6). */
function beginFollowing(self: Broker, partition: Partition, context: BrokerContext): Fetcher {
  const { cutsAtOnce, comparesInFetch } = self.replicas.truncation
  const { log } = partition
  if (cutsAtOnce) {
    truncateReplica(self, partition, log.highWatermark, context)
    return follow(self, partition, { phase: 'fetching', offset: log.endOffset })
  }
  if (comparesInFetch && !log.epochs.empty) {
    return follow(self, partition, { phase: 'fetching', offset: log.endOffset })
  }
  return follow(self, partition, { phase: 'truncating', offset: log.highWatermark })
}

function takeState(partition: Partition, change: PartitionChange): void {
  const { state, replicas } = change
  partition.leader = state.leader
  partition.leaderEpoch = state.leaderEpoch
  partition.partitionEpoch = state.partitionEpoch
  partition.controllerEpoch = state.controllerEpoch
  partition.replicas = replicas
  partition.minIsr = Math.min(partition.config.minInsyncReplicas, replicas.length)
  partition.pendingIsr = null
}

/** KB F18: nothing is known of a follower until it has fetched in this leadership. */
function newRemote(broker: number, lastCaughtUpMs: number): RemoteReplica {
  return {
    broker,
    fetchOffset: -1,
    endOffset: -1,
    lastFetchLeaderEnd: 0,
    lastFetchMs: 0,
    lastCaughtUpMs,
    inIsr: false,
    inMaximalIsr: false,
    parked: null,
    toldHighWatermark: -1,
    toldLogStart: -1,
    toldConnection: -1,
  }
}

/** KB F18: the same leader was elected again and keeps what its followers have. */
function renewedRemote(
  known: RemoteReplica,
  epochStartOffset: number,
  caughtUpMs: number,
): RemoteReplica {
  const remote = newRemote(known.broker, caughtUpMs)
  remote.endOffset = known.endOffset
  remote.lastFetchLeaderEnd = epochStartOffset
  remote.lastFetchMs = caughtUpMs
  remote.parked = known.parked
  return remote
}
