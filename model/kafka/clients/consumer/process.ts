/**
 * A member of a group as a process: the consumer, the application it serves, and what that uses.
 *
 * Threads (KC 2.1): what the application works is served by `app`; all that comes from the network
 * and the heartbeats are on `heartbeat`, so a busy application holds up neither. In Java the
 * application thread reads the network too while it is inside poll; one thread that does both makes
 * no difference to what is seen, because outside of poll only the heartbeat thread reads.
 * A process that was told to stop exits by itself with the reason `stopped`.
 */

import type { Behaviour, Connection, Context, Service } from '../../../../sim/process.ts'
import type { Application } from '../../../application.ts'
import { type History, Lifecycle } from '../../../history.ts'
import {
  type Driver,
  type DriverIo,
  type DriverTimer,
  handleBatch,
  handsOut,
  onApplicationSleep,
  onCallClosed,
  onCallResponse,
  onCallTimeout,
  onWorked,
  resume,
  startDriver,
} from '../../application/driver.ts'
import type { Ailments } from '../../application/ailments.ts'
import { isCallConnection } from '../../application/calls.ts'
import type { EffectStore } from '../../application/effect-store.ts'
import type { CallResponse, ConsumerCommand } from '../../application/messages.ts'
import { sendDerived, type Sends, startSends } from '../../application/sends.ts'
import { type Work, workTime } from '../../application/work-time.ts'
import type { ConsumerConfig } from '../../config/consumer-config.ts'
import type { ProducerConfig } from '../../config/producer-config.ts'
import type { KafkaResponse, ToConsumer, ToProducer } from '../../messages.ts'
import type { Topics } from '../../topics.ts'
import { type ClientCosts, readingServices } from '../costs.ts'
import { onClosed, onNetworkTimer, onOpened, onResponse } from '../network.ts'
import { onRunSender } from '../producer/producer.ts'
import type { ProducerTimer } from '../producer/state.ts'
import {
  commitSync,
  nextRecords,
  onConsumerHeartbeat,
  onConsumerNetworkTimer,
  onPollTimer,
  owns,
  requestClose,
  startConsumer,
} from './consumer.ts'
import { Probe } from './probes.ts'
import type { Consumer, ConsumerOptions, ConsumerTimer } from './state.ts'

export interface ConsumerProcessOptions {
  readonly groupId: string
  /** The number of the group's partition of `__consumer_offsets`, for probes. */
  readonly groupNumber: number
  readonly topics: readonly string[]
  /** Ids of all brokers of the deployment. */
  readonly brokers: readonly number[]
  readonly topicTable: Topics
  readonly config: ConsumerConfig
  /** Whether the consumer commits by itself, whatever its application commits (KC 2.5). */
  readonly autoCommit: boolean
  readonly history: History
  /** Called at each start: what an application keeps in memory dies with its process. */
  readonly application: (member: string) => Application
  /** The group's, the same for all members and incarnations. */
  readonly store: EffectStore
  readonly work: Work
  /** Of the run; absent: no record ails. */
  readonly ailments?: Ailments
  /** Of the producer that the application sends with; null where it sends nothing. */
  readonly producer: ProducerConfig | null
  /** What records cost its threads; absent or null: nothing. */
  readonly costs?: ClientCosts | null
}

export interface Member {
  readonly consumer: Consumer
  readonly driver: Driver
  readonly sends: Sends | null
}

export type MemberTimer = ConsumerTimer | DriverTimer | ProducerTimer
export type MemberIo = DriverIo
export type ToMember = ToConsumer | ToProducer | CallResponse | ConsumerCommand

type MemberContext = Context<MemberTimer, MemberIo>

/** Keys of the networks: two of the consumer, then the producer's. */
const CONSUMER_KEY = 0
const PRODUCER_KEY = 2

type MemberBehaviour = Behaviour<Member, ToMember, MemberTimer, MemberIo>

// The tables are constants: members share them, so that each run's are known to the world.

const stations: MemberBehaviour['stations'] = {
  heartbeat: { servers: 1 },
  app: { servers: 1 },
  sender: { servers: 1 },
}

const threads: NonNullable<MemberBehaviour['threads']> = {
  worked: 'app',
  ProduceResponse: 'sender',
  runSender: 'sender',
}

const receive: MemberBehaviour['receive'] = {
  FetchResponse: onKafkaResponse,
  ListOffsetsResponse: onKafkaResponse,
  OffsetForLeaderEpochResponse: onKafkaResponse,
  MetadataResponse: onKafkaResponse,
  FindCoordinatorResponse: onKafkaResponse,
  JoinGroupResponse: onKafkaResponse,
  SyncGroupResponse: onKafkaResponse,
  HeartbeatResponse: onKafkaResponse,
  LeaveGroupResponse: onKafkaResponse,
  OffsetCommitResponse: onKafkaResponse,
  OffsetFetchResponse: onKafkaResponse,
  ProduceResponse: onKafkaResponse,
  InitProducerIdResponse: onKafkaResponse,
  CallResponse: ({ driver }, response, _connection, context) =>
    onCallResponse(driver, response, context),
  ConsumerCommand: onConsumerCommand,
}

const expire: MemberBehaviour['expire'] = {
  network: onNetwork,
  poll: ({ consumer }, _key, context) => onPollTimer(consumer, context),
  heartbeat: ({ consumer }, _key, context) => onConsumerHeartbeat(consumer, context),
  runSender: ({ sends }, _key, context) => {
    if (sends !== null) onRunSender(sends.producer, context)
  },
  applicationSleep: ({ driver }, _key, context) => onApplicationSleep(driver, context),
  callTimeout: ({ driver }, _key, context) => onCallTimeout(driver, context),
}

const done: NonNullable<MemberBehaviour['done']> = {
  worked: ({ driver }, _key, _outcome, context) => onWorked(driver, context),
}

const FREE: readonly Service[] = []

function services(costs: ClientCosts, message: ToMember): readonly Service[] {
  return message.type === 'FetchResponse' ? readingServices(costs, message) : FREE
}

export function consumerProcess(options: ConsumerProcessOptions): MemberBehaviour {
  const costs = options.costs ?? null
  return {
    stations,
    threads,
    ...(costs === null
      ? {}
      : { cost: (_self: Member, message: ToMember) => services(costs, message) }),
    start: (_disk, context) => start(options, context),
    receive,
    expire,
    done,
    opened: (_self, connection, context) => void onOpened(connection, context),
    closed: (self, connection, reason, context) => {
      if (isCallConnection(connection)) onCallClosed(self.driver, connection, reason, context)
      else onClosed(connection, context)
    },
  }
}

function start(options: ConsumerProcessOptions, context: MemberContext): Member {
  const { history } = options
  history.lived(history.name(context.name), Lifecycle.started, context.incarnation)
  const self: Member = {
    consumer: startOwnConsumer(options, () => self, context),
    driver: startOwnDriver(options, () => self, context),
    sends: startOwnSends(options, () => self, context),
  }
  const records = nextRecords(self.consumer, context)
  if (records !== null) handleBatch(self.driver, records, -1, context)
  return self
}

/** The parts know each other only through the member, which is there before the first event. */
type OfMember = () => Member

/**
 * Field by field: objects that are spread get a hidden class each, and these are read by the poll.
 */
function ownOptions(options: ConsumerProcessOptions, clientId: string): ConsumerOptions {
  return {
    groupId: options.groupId,
    groupNumber: options.groupNumber,
    clientId,
    topics: options.topics,
    brokers: options.brokers,
    topicTable: options.topicTable,
    config: options.config,
    autoCommit: options.autoCommit,
    history: options.history,
    networkKey: CONSUMER_KEY,
  }
}

function startOwnConsumer(
  options: ConsumerProcessOptions,
  member: OfMember,
  context: MemberContext,
): Consumer {
  const { history } = options
  return startConsumer(
    ownOptions(options, context.name),
    {
      polled: (records, generation, now) =>
        handleBatch(member().driver, records, generation, now as MemberContext),
      committed: (outcome, now) => resume(member().driver, outcome, now as MemberContext),
      closed: (now) => {
        history.lived(history.name(now.name), Lifecycle.stopped, now.incarnation)
        now.exit('stopped')
      },
    },
    context,
  )
}

function startOwnDriver(
  options: ConsumerProcessOptions,
  member: OfMember,
  context: MemberContext,
): Driver {
  const { ailments, application, groupId, history, store, work } = options
  return startDriver({
    application: application(context.name),
    history,
    process: history.name(context.name),
    group: history.name(groupId),
    store,
    work: workTime(work, context.random('application/work')),
    ailments: ailments ?? null,
    host: {
      commit: (upTo, now) => commitSync(member().consumer, upTo, now as MemberContext),
      send: (step, now) => {
        const { sends } = member()
        return sends === null ? 'failed' : sendDerived(sends, step, now as MemberContext)
      },
      processed: (record, now) => {
        if (!owns(member().consumer, record)) now.probe(Probe.zombieProcessed, record.partitionId)
      },
      nextBatch: (now) => {
        const { consumer, driver } = member()
        const records = nextRecords(consumer, now as MemberContext)
        handsOut(driver, consumer.membership.ownedGeneration)
        return records
      },
    },
  })
}

function startOwnSends(
  options: ConsumerProcessOptions,
  member: OfMember,
  context: MemberContext,
): Sends | null {
  const { brokers, history, producer, topicTable } = options
  if (producer === null) return null
  return startSends(
    {
      key: PRODUCER_KEY,
      config: producer,
      topics: topicTable,
      brokers,
      history,
      ended: (outcome, now) => resume(member().driver, outcome, now as MemberContext),
    },
    context,
  )
}

function onKafkaResponse(
  _self: Member,
  response: KafkaResponse,
  connection: Connection,
  context: MemberContext,
): void {
  onResponse(connection, response, context)
}

function onNetwork(self: Member, key: number, context: MemberContext): void {
  if (onConsumerNetworkTimer(self.consumer, key, context)) return
  if (self.sends !== null) onNetworkTimer(self.sends.producer.network, context)
}

function onConsumerCommand(
  self: Member,
  { command, factor }: ConsumerCommand,
  _connection: Connection,
  context: MemberContext,
): void {
  if (command === 'slow') self.driver.factor = factor
  else requestClose(self.consumer, context)
}
