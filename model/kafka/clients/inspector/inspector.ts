/**
 * The inspector: a client that asks, again and again, what must be refused, and notes the answer.
 *
 * One inspection at a time, in an order drawn anew for each round. What it hears goes to the
 * history: refused, accepted, or neither. It shares no code with what it asks; the errors it
 * expects are those of Kafka 3.9 and ZooKeeper 3.8. A check then needs to know no rule. It has two
 * seats, because a group of one member has no rebalances. How an inspection goes is `dialogue.ts`.
 */

import type { Behaviour, Connection, Context } from '../../../../sim/process.ts'
import { Outcome } from '../../../history.ts'
import {
  clientClosed,
  clientOpened,
  expirePing,
  expireReadTimeout,
  expireReconnect,
  newSession,
  onConnectResponse,
  onPingReply,
  onWatchNotification,
  onZooKeeperReply,
  startClient,
  type ZooKeeperListener,
} from '../../../zookeeper/client.ts'
import type {
  ConnectResponse,
  ToZooKeeperClient,
  ZooKeeperResult,
} from '../../../zookeeper/messages.ts'
import type { KafkaResponse } from '../../messages.ts'
import { defaultNetworkOptions } from '../admin.ts'
import { createAlarm, woken } from '../deadlines.ts'
import {
  type Exchange,
  type Network,
  type NetworkListener,
  onClosed,
  onNetworkTimer,
  onOpened,
  onResponse,
  startNetwork,
} from '../network.ts'
import {
  answered,
  attend,
  begin,
  end,
  lineAnswered,
  parkedEnded,
  pause,
  sessionAnswered,
} from './dialogue.ts'
import {
  type InspectCommand,
  type Inspector,
  type InspectorContext,
  type InspectorOptions,
  type InspectorTimer,
  type Token,
  ZOOKEEPER_SESSION_MS,
} from './inspector-state.ts'
import { SEATS } from './parked.ts'
import { doubtClosed, doubtEnd, heardOfDoubt, isDoubt, sessionDoubt } from './session-doubt.ts'
import { heardOnLine, isLine, lineClosed, sessionLines } from './session-lines.ts'

type Message = KafkaResponse | ToZooKeeperClient | InspectCommand

const respond = (
  _self: Inspector,
  response: KafkaResponse,
  connection: Connection,
  context: InspectorContext,
): void => onResponse(connection, response, context)

export function inspectorProcess(
  options: InspectorOptions,
): Behaviour<Inspector, Message, InspectorTimer> {
  return {
    stations: { app: { servers: 1 } },
    start: (_disk, context) => start(options, context),
    receive: {
      InspectCommand: (self, { command }, _connection, context) => {
        self.running = command === 'start'
        if (self.running) pause(self, context)
      },
      ProduceResponse: respond,
      FetchResponse: respond,
      ListOffsetsResponse: respond,
      OffsetForLeaderEpochResponse: respond,
      MetadataResponse: respond,
      LeaderAndIsrResponse: respond,
      UpdateMetadataResponse: respond,
      StopReplicaResponse: respond,
      AlterPartitionResponse: respond,
      AllocateProducerIdsResponse: respond,
      ControlledShutdownResponse: respond,
      CreateTopicsResponse: respond,
      CreatePartitionsResponse: respond,
      DeleteTopicsResponse: respond,
      IncrementalAlterConfigsResponse: respond,
      AlterPartitionReassignmentsResponse: respond,
      ElectLeadersResponse: respond,
      InitProducerIdResponse: respond,
      FindCoordinatorResponse: respond,
      JoinGroupResponse: respond,
      SyncGroupResponse: respond,
      HeartbeatResponse: respond,
      LeaveGroupResponse: respond,
      OffsetCommitResponse: respond,
      OffsetFetchResponse: respond,
      ConnectResponse(self, response, connection, context) {
        if (connection === self.session) sessionAnswered(self, response.timeoutMs > 0, context)
        else if (isDoubt(self.doubt, connection)) doubtAnswered(self, connection, response, context)
        else if (isLine(self.lines, connection))
          lineAnswered(self, heardOnLine(self.lines, connection, response), context)
        else onConnectResponse(self.zookeeper, response, connection, context)
      },
      ZooKeeperReply(self, reply, connection, context) {
        if (isLine(self.lines, connection))
          lineAnswered(self, heardOnLine(self.lines, connection, reply), context)
        else onZooKeeperReply(self.zookeeper, reply, connection, context)
      },
      PingReply: (self, reply, connection, context) =>
        onPingReply(self.zookeeper, reply, connection, context),
      WatchNotification: (self, event, connection, context) =>
        onWatchNotification(self.zookeeper, event, connection, context),
    },
    expire: {
      inspect: (self, _key, context) => begin(self, context),
      waited: (self, _key, context) => answered(self, null, context),
      attend: (self, _key, context) => {
        woken(self.alarm)
        attend(self, context)
      },
      network: (self, key, context) => onNetworkTimer(self.networks[key] as Network, context),
      'zookeeper.ping': (self, key, context) => expirePing(self.zookeeper, key, context),
      'zookeeper.readTimeout': (self, key, context) =>
        expireReadTimeout(self.zookeeper, key, context),
      'zookeeper.reconnect': (self, key, context) => expireReconnect(self.zookeeper, key, context),
    },
    opened: (self, connection, context) => {
      if (connection === self.session || isLine(self.lines, connection)) return
      if (isDoubt(self.doubt, connection)) return
      if (!clientOpened(self.zookeeper, connection)) onOpened(connection, context)
    },
    closed: (self, connection, reason, context) => {
      if (connection === self.session) sessionAnswered(self, false, context)
      else if (isLine(self.lines, connection))
        lineAnswered(self, lineClosed(self.lines, connection), context)
      else if (isDoubt(self.doubt, connection)) doubtClosed(self.doubt, connection)
      else if (!clientClosed(self.zookeeper, connection, reason, context))
        onClosed(connection, context)
    },
  }
}

function start(options: InspectorOptions, context: InspectorContext): Inspector {
  const self: Inspector = {
    options,
    // Their owner is this very state, so they come second.
    networks: [],
    zookeeper: undefined as never,
    alarm: createAlarm('attend', 0),
    random: context.random('inspections'),
    running: false,
    queue: [],
    dialogue: null,
    dialogues: 0,
    suspect: null,
    answeredMs: 0,
    toldEnds: new Map(),
    session: null,
    lines: sessionLines(options.zookeeper, context.random('session lines')),
    doubt: sessionDoubt(options.zookeeper),
    heardUs: 0,
  }
  const networkOptions = {
    ...defaultNetworkOptions(context.name),
    requestTimeoutMs: options.patienceMs,
  }
  self.networks = SEATS.map((key) =>
    startNetwork({ ...networkOptions, key }, { owner: self, listener: networkListener }, context),
  )
  self.zookeeper = startClient(
    { owner: self, servers: options.zookeeper, sessionTimeoutMs: ZOOKEEPER_SESSION_MS },
    zooKeeperListener,
    context,
  )
  return self
}

const networkListener: NetworkListener<Inspector> = {
  settled(self, exchange: Exchange, context) {
    const { dialogue } = self
    const { dialogue: number, parkedOn } = exchange.token as Token
    // An answer to a dialogue that was given up belongs to nobody.
    if (dialogue === null || number !== dialogue.number) return
    if (parkedOn !== null) parkedEnded(self, dialogue, exchange, context)
    else if (exchange.outcome === 'answered') answered(self, exchange.response, context)
    else end(self, 'unsure', context)
  },
  connected: (self, _broker, context) => attend(self, context),
  disconnected: (self, _broker, context) => attend(self, context),
}

const zooKeeperListener: ZooKeeperListener<Inspector> = {
  reply(self, token: number, result: ZooKeeperResult, context) {
    if (self.dialogue?.number !== token) return
    if (result.error === 'CONNECTIONLOSS') end(self, 'unsure', context as InspectorContext)
    else answered(self, result, context as InspectorContext)
  },
  watch() {},
  session(self, state, context) {
    if (state === 'disconnected') self.heardUs = self.zookeeper.lastHeardUs
    if (state !== 'expired') return
    doubtExpiry(self, context as InspectorContext)
    newSession(self.zookeeper, context)
  },
}

/**
 * A session may end only if nobody heard of it for its timeout (KB Z8): its server passes that on.
 * What one server says too early is asked of all.
 */
function doubtExpiry(self: Inspector, context: Context): void {
  const { options, zookeeper, heardUs } = self
  const { sessionId, password, lastZxid, timeoutMs } = zookeeper
  const mayEndUs = heardUs + 1000 * (timeoutMs - options.touchDelayMs)
  if (context.monotonicUs() >= mayEndUs) return
  doubtEnd(self.doubt, { sessionId, password, lastZxid, timeoutMs, mayEndUs }, context)
}

function doubtAnswered(
  { options, doubt }: Inspector,
  connection: Connection,
  response: ConnectResponse,
  context: Context,
): void {
  if (!heardOfDoubt(doubt, connection, response, context)) return
  const { history } = options
  const name = history.name('the end of a session that is in touch')
  history.inspectionEnded(history.inspectionInvoked(history.name(context.name), name), Outcome.ok)
}
