/**
 * A consumer as a component: what a process starts, feeds with its events, and asks for records.
 *
 * Follows ClassicKafkaConsumer of Kafka 3.9 (KC 2). All messages and timers come in on the thread
 * that looks at the network; the application's own time passes on its station. Whatever an event
 * changed, the consumer is then moved on as far as it can go.
 */

import type { Context } from '../../../../sim/process.ts'
import type { Delivered } from '../../../application.ts'
import { createAlarm, forwardMs, wakeIn, woken } from '../deadlines.ts'
import { addTopic, createMetadata, onMetadataSettled, requestUpdate } from '../metadata.ts'
import {
  disconnect,
  type Exchange,
  type Network,
  type NetworkListener,
  type NetworkOwner,
  onNetworkTimer,
  startNetwork,
} from '../network.ts'
import {
  allConsumed,
  beginBlockingCommit,
  CLOSE_TIMEOUT_MS,
  consumedUpTo,
  driveBlockingCommit,
  onOffsetCommitSettled,
} from './commit.ts'
import { markCoordinatorUnknown, onFindCoordinatorSettled } from './coordinator.ts'
import { onFetchSettled } from './fetcher.ts'
import { disableHeartbeats, onHeartbeatSettled, onHeartbeatTimer } from './heartbeat.ts'
import { driveLeaving, leaveGroup, leavingFailed } from './leave.ts'
import { onJoinSettled, onSyncSettled } from './membership.ts'
import { beginLastCommit, giveBack } from './ownership.ts'
import { poll } from './poll.ts'
import { Positions } from './positions.ts'
import {
  onListOffsetsSettled,
  onOffsetFetchSettled,
  onOffsetForLeaderEpochSettled,
} from './position-lookup.ts'
import type {
  Consumer,
  ConsumerContext,
  ConsumerListener,
  ConsumerOptions,
  Membership,
} from './state.ts'

/** `max.in.flight.requests.per.connection` of a consumer's network client, which is fixed there. */
const IN_FLIGHT_MAX = 100

/** Starts a consumer. It joins its group and fetches as soon as it is polled by `nextRecords`. */
export function startConsumer(
  options: ConsumerOptions,
  listener: ConsumerListener,
  context: ConsumerContext,
): Consumer {
  const { config, history } = options
  const retryBackoff = { initialMs: config.retryBackoffMs, maxMs: config.retryBackoffMaxMs }
  const seat: Seat = { consumer: null }
  const self: Consumer = {
    options,
    listener,
    process: history.name(options.clientId),
    group: history.name(options.groupId),
    clock: { ms: -Infinity },
    jitter: context.random('consumer'),
    retryBackoff,
    metadata: createMetadata({
      bootstrap: options.brokers,
      topics: options.topicTable,
      allTopics: false,
      maxAgeMs: config.metadataMaxAgeMs,
      retryBackoff,
    }),
    fetchNetwork: network(options, 0, { owner: seat, listener: fetchListener }, context),
    groupNetwork: network(options, 1, { owner: seat, listener: groupListener }, context),
    alarm: createAlarm('poll', 0),
    phase: 'polling',
    positions: new Positions(),
    seenMetadata: -1,
    lookingUpOffsets: false,
    offsetsRetryAtUs: -Infinity,
    fetcher: { inFlight: [], plans: [], buffer: [] },
    membership: createMembership(),
    coordinator: { broker: -1, lookupInFlight: false, retryAtUs: -Infinity },
    leaving: null,
    closeDeadlineMs: Infinity,
    heartbeats: {
      alarm: createAlarm('heartbeat', 0),
      enabled: false,
      dueMs: Infinity,
      sessionDeadlineMs: Infinity,
      pollDeadlineMs: Infinity,
      failures: 0,
    },
    commits: { clock: { ms: -Infinity }, blocking: null, ended: null, nextAutomaticMs: Infinity },
    closeRequested: false,
    busy: false,
    again: false,
    polls: 0,
  }
  seat.consumer = self
  for (const name of options.topics) {
    const topic = options.topicTable.id(name)
    if (topic !== undefined) addTopic(self.metadata, topic)
  }
  return self
}

/** The application polls: its next records, or null if `polled` will bring them. */
export function nextRecords(self: Consumer, context: ConsumerContext): readonly Delivered[] | null {
  self.phase = self.closeRequested ? 'closing' : 'polling'
  if (self.phase === 'polling') return pollOnce(self, context)
  beginClosing(self, context)
  return null
}

/** commitSync of all that was returned, or up to these records; `later`: `committed` will tell. */
export function commitSync(
  self: Consumer,
  upTo: readonly Delivered[] | null,
  context: ConsumerContext,
): 'ok' | 'failed' | 'later' {
  const offsets = upTo === null ? allConsumed(self) : consumedUpTo(upTo)
  beginBlockingCommit(self, 'sync', offsets, context)
  wakeIn(self.alarm, driveBlockingCommit(self, context), context)
  return takeEnded(self) ?? 'later'
}

/** Closes at the next poll, or now if the application waits in one. */
export function requestClose(self: Consumer, context: ConsumerContext): void {
  if (self.closeRequested) return
  self.closeRequested = true
  if (self.phase === 'polling') beginClosing(self, context)
}

/** Whether the member still owns the partition of a record that it was given. */
export function owns(self: Consumer, { partitionId }: Delivered): boolean {
  return self.membership.generation >= 0 && self.positions.has(partitionId)
}

/** For the host process: the timer `poll` fired. */
export function onPollTimer(self: Consumer, context: ConsumerContext): void {
  woken(self.alarm)
  drive(self, context)
}

/** For the host process: the timer `heartbeat` fired. */
export function onConsumerHeartbeat(self: Consumer, context: ConsumerContext): void {
  if (self.phase === 'closed') return
  self.busy = true
  onHeartbeatTimer(self, context)
  self.busy = false
  if (self.again || self.membership.rejoinNeeded) drive(self, context)
}

/** For the host process: the timer `network` fired. False if the key is another client's. */
export function onConsumerNetworkTimer(
  self: Consumer,
  key: number,
  context: ConsumerContext,
): boolean {
  const place = key - self.options.networkKey
  if (place !== 0 && place !== 1) return false
  onNetworkTimer(place === 0 ? self.fetchNetwork : self.groupNetwork, context)
  return true
}

/** Moves the consumer on as far as it can go without its application, then tells that. */
function drive(self: Consumer, context: ConsumerContext): void {
  if (self.busy) {
    self.again = true
    return
  }
  self.again = false
  switch (self.phase) {
    case 'polling': {
      const records = pollOnce(self, context)
      if (records === null) return
      self.listener.polled(records, self.membership.ownedGeneration, context)
      return
    }
    case 'handling': {
      driveCommit(self, context)
      const ended = takeEnded(self)
      if (ended !== null) self.listener.committed(ended, context)
      return
    }
    case 'closing':
      driveClosing(self, context)
      return
    case 'leaving':
      awaitLeaving(self, context)
      return
    case 'closed':
      return
  }
}

/** A poll, and another one if requests ended in the middle of it. */
function pollOnce(self: Consumer, context: ConsumerContext): readonly Delivered[] | null {
  self.busy = true
  let records: readonly Delivered[] | null
  do {
    self.again = false
    records = poll(self, context)
  } while (records === null && self.again)
  self.busy = false
  return records
}

function driveCommit(self: Consumer, context: ConsumerContext): void {
  if (self.commits.blocking === null) return
  wakeIn(self.alarm, driveBlockingCommit(self, context), context)
}

function takeEnded(self: Consumer): 'ok' | 'failed' | null {
  const { ended } = self.commits
  self.commits.ended = null
  return ended
}

function beginClosing(self: Consumer, context: ConsumerContext): void {
  self.phase = 'closing'
  self.closeDeadlineMs = forwardMs(self.clock, context) + CLOSE_TIMEOUT_MS
  // A join that was giving back its partitions has begun the same commit already.
  if (self.commits.blocking === null) beginLastCommit(self, 'close', context)
  driveClosing(self, context)
}

function driveClosing(self: Consumer, context: ConsumerContext): void {
  driveCommit(self, context)
  if (self.commits.blocking !== null) return
  disableHeartbeats(self)
  giveBack(self, context)
  self.phase = 'leaving'
  leaveGroup(self, context)
  awaitLeaving(self, context)
}

function awaitLeaving(self: Consumer, context: ConsumerContext): void {
  const waitMs = driveLeaving(self, context)
  if (self.phase !== 'leaving') return
  const leftMs = self.closeDeadlineMs - forwardMs(self.clock, context)
  if (self.leaving !== null && leftMs > 0) {
    wakeIn(self.alarm, Math.min(waitMs, leftMs), context)
    return
  }
  self.phase = 'closed'
  for (const broker of self.options.brokers) {
    disconnect(self.fetchNetwork, broker, context)
    disconnect(self.groupNetwork, broker, context)
  }
  self.listener.closed(context)
}

/** The owner of the networks, which are there before the consumer. */
interface Seat {
  consumer: Consumer | null
}

const fetchListener: NetworkListener<Seat> = {
  settled: onExchangeSettled,
  connected: ({ consumer }, _broker, context) => {
    if (consumer !== null) drive(consumer, context as ConsumerContext)
  },
  // Its metadata may be why: unasked, it would call a dead leader until metadata.max.age.ms (KC
  // 1.6).
  disconnected: ({ consumer }, _broker, context) => {
    if (consumer === null) return
    requestUpdate(consumer.metadata)
    drive(consumer, context as ConsumerContext)
  },
}

const groupListener: NetworkListener<Seat> = {
  ...fetchListener,
  connected: ({ consumer }, _broker, context) => {
    if (consumer === null) return
    driveLeaving(consumer, context as ConsumerContext)
    drive(consumer, context as ConsumerContext)
  },
  disconnected: ({ consumer }, broker, context) => {
    if (consumer === null) return
    leavingFailed(consumer, broker)
    // Otherwise the consumer itself gave the connection up.
    if (consumer.coordinator.broker === broker) {
      requestUpdate(consumer.metadata)
      markCoordinatorUnknown(consumer, context as ConsumerContext)
    }
    drive(consumer, context as ConsumerContext)
  },
}

function onExchangeSettled({ consumer }: Seat, exchange: Exchange, context: Context): void {
  if (consumer !== null) onSettled(consumer, exchange, context as ConsumerContext)
}

function onSettled(self: Consumer, exchange: Exchange, context: ConsumerContext): void {
  if (self.phase === 'closed') return
  const outer = self.busy
  self.busy = true
  settle(self, exchange, context)
  self.busy = outer
  const quiet = exchange.request.type === 'HeartbeatRequest' && !self.membership.rejoinNeeded
  if (!quiet || self.again) drive(self, context)
}

function settle(self: Consumer, exchange: Exchange, context: ConsumerContext): void {
  switch (exchange.request.type) {
    case 'FetchRequest':
      return onFetchSettled(self, exchange, context)
    case 'HeartbeatRequest':
      return onHeartbeatSettled(self, exchange, context)
    case 'OffsetCommitRequest':
      return onOffsetCommitSettled(self, exchange, context)
    case 'MetadataRequest':
      onMetadataSettled(self.metadata, self.fetchNetwork, exchange, context)
      return
    case 'FindCoordinatorRequest':
      return onFindCoordinatorSettled(self, exchange, context)
    case 'JoinGroupRequest':
      return onJoinSettled(self, exchange, context)
    case 'SyncGroupRequest':
      return onSyncSettled(self, exchange, context)
    case 'OffsetFetchRequest':
      return onOffsetFetchSettled(self, exchange, context)
    case 'ListOffsetsRequest':
      return onListOffsetsSettled(self, exchange, context)
    case 'OffsetForLeaderEpochRequest':
      return onOffsetForLeaderEpochSettled(self, exchange, context)
    default:
      // LeaveGroup, however it ended: it is not sent again.
      self.leaving = null
      return
  }
}

function network(
  options: ConsumerOptions,
  place: 0 | 1,
  owner: NetworkOwner<Seat>,
  context: ConsumerContext,
): Network<Seat> {
  const { clientId, config, networkKey } = options
  return startNetwork(
    {
      clientId,
      key: networkKey + place,
      inFlightMax: IN_FLIGHT_MAX,
      requestTimeoutMs: config.requestTimeoutMs,
      reconnectBackoff: {
        initialMs: config.reconnectBackoffMs,
        maxMs: config.reconnectBackoffMaxMs,
      },
      setupTimeout: {
        initialMs: config.socketConnectionSetupTimeoutMs,
        maxMs: config.socketConnectionSetupTimeoutMaxMs,
      },
    },
    owner,
    context,
  )
}

function createMembership(): Membership {
  return {
    state: 'unjoined',
    generation: -1,
    memberId: '',
    protocolName: '',
    rejoinNeeded: true,
    prepareNeeded: true,
    preparing: false,
    inFlight: false,
    failures: 0,
    retryAtUs: -Infinity,
    joined: null,
    snapshot: null,
    comparedMetadata: -1,
    ownedGeneration: -1,
  }
}
