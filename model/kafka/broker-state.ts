/**
 * The state of one broker process and what its parts may ask of it.
 *
 * A broker is one process made of parts: the replica manager (logs, fetchers, ISR), the controller
 * (only active on one broker), the group coordinator, its ZooKeeper session and the metadata cache.
 * Each part is a folder with handlers `(self: Broker, message, connection, context)`; `broker.ts`
 * puts their tables together.
 */

import type { Connection, Context } from '../../sim/process.ts'
import type { Disk } from '../../sim/disk.ts'
import type { Facts } from '../facts.ts'
import type { ZooKeeperClient, ZooKeeperTimer } from '../zookeeper/client.ts'
import type { BrokerConfig } from './config/broker-config.ts'
import type { BrokerCosts } from './costs.ts'
import type { Properties } from './config/reader.ts'
import type { TopicConfig } from './config/topic-config.ts'
import type { Controller, ControllerTimer } from './controller/state.ts'
import type { GroupCoordinator, GroupTimer } from './group/state.ts'
import type { KafkaError } from './errors.ts'
import type { MetadataCache } from './metadata-cache.ts'
import type { Protocols } from './protocols.ts'
import type { Registration } from './registration.ts'
import type { Outbox } from './respond.ts'
import type { ReplicaIo, ReplicaManager, ReplicaTimer } from './replication/state.ts'
import type { Shutdown, ShutdownTimer } from './shutdown.ts'
import type { TopicConfigs } from './topic-configs.ts'
import type { Topics } from './topics.ts'

export type BrokerTimer =
  | ReplicaTimer
  | ControllerTimer
  | GroupTimer
  | ShutdownTimer
  | ZooKeeperTimer
  | 'zookeeper.connectionTimeout'

/** Replication waits for disks, responses for network threads. */
export type BrokerIo = ReplicaIo | 'respond' | 'readCold'

export type BrokerContext = Context<BrokerTimer, BrokerIo>

/** What a broker is started with: its deployment, the same at every restart. */
export interface BrokerOptions {
  readonly id: number
  readonly rack: string | null
  readonly config: BrokerConfig
  /**
   * Effective configuration of a topic, by name: its own over the broker's defaults, and over both
   * what was `altered` since.
   */
  readonly topicConfig: (topic: string, altered?: Properties) => TopicConfig
  readonly topics: Topics
  readonly protocols: Protocols
  /** Levels that its next start finds: an upgrade brings a process back on others. */
  readonly protocolsAtStart?: () => Protocols
  /** Whether anybody may ask to delete a topic; where nobody does, brokers do not look for it. */
  readonly topicsMayGo?: boolean
  /** Whether any broker of the cluster may change ISRs by itself (`isrUpdate=zk`). */
  readonly isrsChangeByNode?: boolean
  /** Names of the ZooKeeper servers' processes. */
  readonly zookeeper: readonly string[]
  readonly facts: Facts | null
  /** What messages cost its threads; null: nothing. */
  readonly costs?: BrokerCosts | null
}

export interface Broker {
  readonly options: BrokerOptions
  readonly disk: Disk
  readonly zookeeper: ZooKeeperClient
  /** Czxid of the registration znode; −1 while not registered. */
  brokerEpoch: number
  /** Connections that wait until the broker is registered; null once it is. */
  waiting: Connection[] | null
  readonly registration: Registration
  readonly metadata: MetadataCache
  readonly topicConfigs: TopicConfigs
  readonly replicas: ReplicaManager
  readonly controller: Controller
  readonly groups: GroupCoordinator
  readonly shutdown: Shutdown
  readonly outbox: Outbox
}

/** Who waits for an append with acks=all: a connection, or the group coordinator by its token. */
export type AppendWaiter =
  | { readonly kind: 'response'; readonly connection: Connection; readonly correlationId: number }
  | { readonly kind: 'group'; readonly token: number }

/** How an append by a coordinator ended. */
export interface CoordinatorAppend {
  readonly token: number
  readonly error: KafkaError
  /** Offset of the first record, −1 on errors. */
  readonly baseOffset: number
}
