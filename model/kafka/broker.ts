/**
 * A broker: one process put together from its parts (contracts §1, KB 8).
 *
 * The tables are constants, so that every broker of a run shares them; what differs stands in the
 * state. Requests of clients and brokers run on the io threads, what other brokers answer on the
 * threads that asked. Left out: TLS, quotas, the separate control-plane listener.
 */

import type {
  Behaviour,
  CloseReason,
  Connection,
  Service,
  StationConfig,
} from '../../sim/process.ts'
import type { Disk } from '../../sim/disk.ts'
import { clientClosed } from '../zookeeper/client.ts'
import { onOpened } from './admission.ts'
import type { Broker, BrokerContext, BrokerIo, BrokerOptions, BrokerTimer } from './broker-state.ts'
import type { BrokerConfig } from './config/broker-config.ts'
import {
  controllerClosed,
  controllerExpire,
  controllerReceive,
  startController,
} from './controller/controller.ts'
import {
  groupExpire,
  groupReceive,
  onCoordinatorAppend,
  onOffsetsPartitionLed,
  onOffsetsPartitionResigned,
  startGroups,
} from './group/coordinator.ts'
import { answeredNext } from './controller/event-queue.ts'
import { notifyFailedDirectory } from './controller/log-directory-events.ts'
import type { OffsetsLog } from './group/state.ts'
import type { ToBroker } from './messages.ts'
import { type BrokerCosts, servicesOf } from './costs.ts'
import { metadataReceive, startMetadataCache } from './metadata-cache.ts'
import {
  sessionExpire,
  sessionReceive,
  startBrokerSession,
  startRegistration,
} from './registration.ts'
import {
  appendAsCoordinator,
  localLog,
  replicaDone,
  replicaExpire,
  replicaReceive,
  replicasClosed,
  startReplicas,
} from './replication/replicas.ts'
import { createOutbox, onColdRead, onResponded } from './respond.ts'
import { startTopicConfigs } from './topic-configs.ts'
import type { ReplicaHooks } from './replication/state.ts'
import {
  expireRetryShutdown,
  logsClosed,
  onBrokerCommand,
  onControlledShutdownResponse,
  shutdownClosed,
  startShutdown,
} from './shutdown.ts'

export type BrokerBehaviour = Behaviour<Broker, ToBroker, BrokerTimer, BrokerIo>

/** What replication tells the group coordinator, which reaches it in turn through `offsetsLog`. */
const hooks: ReplicaHooks = {
  logsClosed,
  directoryFailed: notifyFailedDirectory,
  offsetsPartitionLed: onOffsetsPartitionLed,
  offsetsPartitionResigned: onOffsetsPartitionResigned,
  coordinatorAppended: onCoordinatorAppend,
}

const offsetsLog: OffsetsLog = { append: appendAsCoordinator, entries: localLog }

const receive: BrokerBehaviour['receive'] = {
  ...replicaReceive,
  ...metadataReceive,
  ...controllerReceive,
  ...groupReceive,
  ...sessionReceive,
  BrokerCommand: onBrokerCommand,
  ControlledShutdownResponse: onControlledShutdownResponse,
}

const expire: BrokerBehaviour['expire'] = {
  ...replicaExpire,
  ...controllerExpire,
  ...groupExpire,
  ...sessionExpire,
  retryShutdown: expireRetryShutdown,
}

const done: NonNullable<BrokerBehaviour['done']> = {
  ...replicaDone,
  respond: (self, ticket, _outcome, context) => onResponded(self, ticket, context),
  readCold: (self, ticket, _outcome, context) => onColdRead(self, ticket, context),
}

/** Everything not named here belongs to the io threads. */
const threads: NonNullable<BrokerBehaviour['threads']> = {
  FetchResponse: 'fetcher',
  ListOffsetsResponse: 'fetcher',
  OffsetForLeaderEpochResponse: 'fetcher',
  fetch: 'fetcher',
  timeOutFetch: 'fetcher',
  LeaderAndIsrResponse: 'controllerEvent',
  UpdateMetadataResponse: 'controllerEvent',
  StopReplicaResponse: 'controllerEvent',
  AllocateProducerIdsResponse: 'controllerEvent',
  ConnectResponse: 'controllerEvent',
  ZooKeeperReply: 'controllerEvent',
  PingReply: 'controllerEvent',
  WatchNotification: 'controllerEvent',
  resendControl: 'controllerEvent',
  timeOutControl: 'controllerEvent',
  timeOutAllocation: 'controllerEvent',
  rebalanceLeaders: 'controllerEvent',
  'zookeeper.ping': 'controllerEvent',
  'zookeeper.readTimeout': 'controllerEvent',
  'zookeeper.reconnect': 'controllerEvent',
  'zookeeper.connectionTimeout': 'controllerEvent',
  AlterPartitionResponse: 'scheduler',
  sendAlterPartition: 'scheduler',
  BrokerCommand: 'scheduler',
  ControlledShutdownResponse: 'scheduler',
  retryShutdown: 'scheduler',
  timeOutAlterPartition: 'scheduler',
  propagateIsr: 'scheduler',
  expireFetches: 'scheduler',
  expireProduces: 'scheduler',
  expireGroups: 'scheduler',
  loadGroups: 'scheduler',
  shrinkIsr: 'scheduler',
  checkpointHighWatermarks: 'scheduler',
  checkpointRecoveryPoints: 'scheduler',
  expireProducerIds: 'scheduler',
  flushLogs: 'scheduler',
  rolled: 'scheduler',
  closedLogs: 'scheduler',
}

/** A fetcher is a thread of its own for each leader: enough servers that none waits for another. */
const FETCHER_SERVERS = 64

/** KB R10: threads and the queue in front of the io threads. */
function stationsOf(config: BrokerConfig): Readonly<Record<string, StationConfig>> {
  return {
    io: { servers: config.numIoThreads, queueMax: config.queuedMaxRequests },
    network: { servers: config.numNetworkThreads },
    controllerEvent: { servers: 1 },
    fetcher: { servers: FETCHER_SERVERS },
    scheduler: { servers: 1 },
  }
}

/** The behaviour of the broker that `options` describe. */
export function broker(options: BrokerOptions): BrokerBehaviour {
  const costs = options.costs ?? null
  return {
    ...(costs === null
      ? {}
      : { cost: (self: Broker, message: ToBroker) => services(self, costs, message) }),
    stations: stationsOf(options.config),
    threads,
    start: (disk, context) => startBroker(atStart(options), disk, context),
    receive,
    expire,
    done,
    opened: onOpened,
    closed: onClosed,
  }
}

function services(self: Broker, costs: BrokerCosts, message: ToBroker): readonly Service[] {
  const { partitions } = self.replicas
  return servicesOf(costs, message, {
    codec: (partition) => partitions.get(partition)?.config.compressionType ?? 'producer',
    writeDelayUs: (partition, bytes) =>
      partitions.get(partition)?.log.disk.writeDelayUs(bytes) ?? 0,
    operationsAnswered: () => answeredNext(self),
  })
}

function atStart(options: BrokerOptions): BrokerOptions {
  const protocols = options.protocolsAtStart?.() ?? options.protocols
  return protocols === options.protocols ? options : { ...options, protocols }
}

type Unconnected = Omit<Broker, 'zookeeper'> & { zookeeper: Broker['zookeeper'] | null }

/** All parts from what the disks kept; the ZooKeeper session last, because it calls them back. */
function startBroker(options: BrokerOptions, disk: Disk, context: BrokerContext): Broker {
  const self: Unconnected = {
    options,
    disk,
    zookeeper: null,
    brokerEpoch: -1,
    waiting: [],
    registration: startRegistration(),
    metadata: startMetadataCache(),
    topicConfigs: startTopicConfigs(),
    replicas: startReplicas(options, hooks, context),
    controller: startController(context),
    groups: startGroups(options, offsetsLog, context),
    shutdown: startShutdown(),
    outbox: createOutbox(),
  }
  const complete = self as Broker
  self.zookeeper = startBrokerSession(complete, options, context)
  return complete
}

/** A closed connection is dispatched to the part that owns it; clients' are nobody's. */
function onClosed(
  self: Broker,
  connection: Connection,
  reason: CloseReason,
  context: BrokerContext,
): void {
  if (!connection.outgoing) return
  if (clientClosed(self.zookeeper, connection, reason, context)) return
  if (replicasClosed(self, connection, context)) return
  if (shutdownClosed(self, connection, context)) return
  controllerClosed(self, connection, context)
}
