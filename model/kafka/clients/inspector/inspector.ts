/**
 * The inspector: a client that asks, again and again, what must be refused, and notes the answer.
 *
 * One inspection at a time, in an order drawn anew for each round. What it hears goes to the
 * history: refused, accepted, or neither. It shares no code with what it asks; the errors it
 * expects are those of Kafka 3.9 and ZooKeeper 3.8. A check then needs to know no rule. What was
 * taken is asked again twice, on metadata read anew: a leader may have moved in between. It has two
 * seats, because a group of one member has no rebalances.
 */

import type { Behaviour, Connection, Context } from '../../../../sim/process.ts'
import type { Stream } from '../../../../sim/random.ts'
import { type History, Outcome } from '../../../history.ts'
import {
  clientClosed,
  clientOpened,
  expirePing,
  expireReadTimeout,
  expireReconnect,
  onConnectResponse,
  onPingReply,
  onWatchNotification,
  newSession,
  onZooKeeperReply,
  startClient,
  submit,
  type ZooKeeperClient,
  type ZooKeeperListener,
  type ZooKeeperTimer,
} from '../../../zookeeper/client.ts'
import type {
  ConnectRequest,
  ConnectResponse,
  ToZooKeeperClient,
  ZooKeeperResult,
} from '../../../zookeeper/messages.ts'
import type { KafkaRequest, KafkaResponse, MetadataResponse } from '../../messages.ts'
import type { Topics } from '../../topics.ts'
import { defaultNetworkOptions } from '../admin.ts'
import { type Alarm, createAlarm, wakeIn, woken } from '../deadlines.ts'
import {
  connectionDelayMs,
  createExchange,
  disconnect,
  type Exchange,
  isReady,
  type Network,
  type NetworkListener,
  type NetworkTimer,
  nextCorrelationId,
  onClosed,
  onNetworkTimer,
  onOpened,
  onResponse,
  sendRequest,
  startNetwork,
} from '../network.ts'
import { confirmed } from './confirmation.ts'
import {
  closeLines,
  heardOnLine,
  isLine,
  lineClosed,
  putOnLine,
  type SessionLines,
  sessionLines,
} from './session-lines.ts'
import {
  doubtClosed,
  doubtEnd,
  heardOfDoubt,
  isDoubt,
  type SessionDoubt,
  sessionDoubt,
} from './session-doubt.ts'
import type { ToldEnds } from './end-inspections.ts'
import type { InspectionSubject } from './subject-names.ts'
import { allSubjects, inspectionsAbout } from './subjects.ts'
import {
  askParked,
  nothingParked,
  park,
  type Parked,
  parkedAnswered,
  parkedAt,
  SEATS,
} from './parked.ts'
import type {
  Answer,
  Ask,
  Limits,
  Ending,
  Inspection,
  Script,
  Seat,
  SessionAnswer,
} from './script.ts'

export interface InspectorOptions {
  readonly topics: Topics
  readonly brokers: readonly number[]
  /** Names of the ZooKeeper servers' processes. */
  readonly zookeeper: readonly string[]
  /** The topic that is inspected. */
  readonly topic: string
  /** What it asks about: everything by default. */
  readonly about?: readonly InspectionSubject[]
  readonly limits: Limits
  /** Pause between two inspections, on average. */
  readonly pauseUs: number
  /** A server may know of a touch so much longer than the leader. */
  readonly touchDelayMs: number
  /** An inspection without an answer for so long is given up. */
  readonly patienceMs: number
  readonly history: History
}

/** From the runner: begin, or end after the inspection under way. */
export interface InspectCommand {
  readonly type: 'InspectCommand'
  readonly command: 'start' | 'stop'
}

/** One inspection under way. */
interface Dialogue {
  readonly number: number
  readonly inspection: Inspection | null
  readonly row: number
  readonly deadlineMs: number
  script: Script | null
  /** What is to be asked; null while an answer is awaited. */
  ask: Ask | null
  readonly parked: Parked
}

/** What was taken `times` of the `tries` since it was taken first. */
interface Suspect {
  readonly inspection: Inspection
  readonly times: number
  readonly tries: number
}

/** What an exchange belongs to. */
interface Token {
  readonly dialogue: number
  /** Null unless it was parked. */
  readonly parkedOn: Seat | null
}

export interface Inspector {
  readonly options: InspectorOptions
  /** By seat. */
  networks: readonly Network[]
  zookeeper: ZooKeeperClient
  readonly alarm: Alarm
  readonly random: Stream
  running: boolean
  /** Inspections of this round that are still to come. */
  queue: Inspection[]
  dialogue: Dialogue | null
  dialogues: number
  /** Taken so often in a row, and to be asked again. */
  suspect: Suspect | null
  /** When the last answer came. */
  answeredMs: number
  readonly toldEnds: ToldEnds
  /** The connection of a session that an inspection asks for. */
  session: Connection | null
  readonly lines: SessionLines
  /** Of its own session, where it ended too early by the word of one server. */
  readonly doubt: SessionDoubt
  /** When its own ZooKeeper session was in touch before it lost its server. */
  heardUs: number
}

export type InspectorTimer = NetworkTimer | ZooKeeperTimer | 'attend' | 'inspect' | 'waited'

type InspectorContext = Context<InspectorTimer>
type Message = KafkaResponse | ToZooKeeperClient | InspectCommand

/** What is taken so often in a row is taken. */
const TIMES_TAKEN = 3
/** What cannot be asked again so that it counts is let go after so many tries. */
const TRIES = 7
/** Before what was taken is asked again. */
const DOUBT_US = 2_000_000

const ZOOKEEPER_SESSION_MS = 6_000

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

function parkedEnded(
  self: Inspector,
  dialogue: Dialogue,
  exchange: Exchange,
  context: Context,
): void {
  const seat = (exchange.token as Token).parkedOn as Seat
  const answer = exchange.outcome === 'answered' ? exchange.response : null
  if (parkedAnswered(dialogue.parked, seat, answer)) answered(self, answer, context)
}

/** The pause before the next inspection. */
function pause(self: Inspector, context: Context): void {
  const { pauseUs } = self.options
  const drawnUs = Math.ceil(self.random.exponential(pauseUs))
  context.setTimer('inspect', 0, self.suspect === null ? drawnUs : DOUBT_US)
}

/** Looks at the cluster first: every inspection plays on what metadata tells now. */
function begin(self: Inspector, context: InspectorContext): void {
  if (!self.running || self.dialogue !== null) return
  const { options, random } = self
  const broker = options.brokers[random.int(options.brokers.length)] as number
  self.dialogues += 1
  self.dialogue = {
    number: self.dialogues,
    inspection: null,
    row: -1,
    deadlineMs: context.wallMs() + options.patienceMs,
    script: null,
    parked: nothingParked(),
    ask: {
      to: 'broker',
      broker,
      request: { type: 'MetadataRequest', apiVersion: 12, topics: [options.topic] },
    },
  }
  attend(self, context)
}

/** Sends what is to be asked, as soon as that can be; gives up what takes too long. */
function attend(self: Inspector, context: Context): void {
  const { dialogue } = self
  if (dialogue === null) return
  const waitMs = dialogue.deadlineMs - context.wallMs()
  if (waitMs <= 0) {
    end(self, 'unsure', context)
    return
  }
  wakeIn(self.alarm, waitMs, context)
  const { ask } = dialogue
  if (ask === null) return
  if (ask.to === 'broker') {
    // A broker that took an invented peer for real, without a guard, may send us there.
    if (!self.options.brokers.includes(ask.broker)) {
      end(self, 'unsure', context)
      return
    }
    const network = self.networks[ask.seat ?? 0] as Network
    if (!isReady(network, ask.broker, context)) {
      wakeIn(self.alarm, connectionDelayMs(network, ask.broker, context), context)
      return
    }
  }
  dialogue.ask = null
  put(self, dialogue, ask, context)
}

function put(self: Inspector, dialogue: Dialogue, ask: Ask, context: Context): void {
  if (ask.to === 'broker') {
    const { broker, seat = 0, parks = false } = ask
    const network = self.networks[seat] as Network
    const correlationId = nextCorrelationId(network)
    const request = { ...ask.request, correlationId, clientId: context.name } as KafkaRequest
    const token: Token = { dialogue: dialogue.number, parkedOn: parks ? seat : null }
    if (parks) park(dialogue.parked, seat, broker)
    sendRequest(network, createExchange(network, broker, request, token), context)
    if (parks) answered(self, null, context)
  } else if (ask.to === 'parked') {
    const answer = askParked(dialogue.parked, ask.seat, ask.waits)
    if (answer !== undefined) answered(self, answer, context)
  } else if (ask.to === 'zookeeper') {
    submit(self.zookeeper, ask.operation, dialogue.number, context)
  } else if (ask.to === 'line') {
    lineAnswered(self, putOnLine(self.lines, ask, context), context)
  } else if (ask.to === 'nobody') {
    context.setTimer('waited', 0, ask.forMs * 1000)
  } else {
    const servers = self.options.zookeeper
    const connection = context.connect(servers[self.random.int(servers.length)] as string)
    const { sessionId, password, lastZxid: lastZxidSeen } = ask
    const message: ConnectRequest = {
      type: 'ConnectRequest',
      lastZxidSeen,
      timeoutMs: ZOOKEEPER_SESSION_MS,
      sessionId,
      password,
    }
    self.session = connection
    context.send(connection, message, 44)
  }
}

function sessionAnswered(self: Inspector, granted: boolean, context: InspectorContext): void {
  const { session } = self
  self.session = null
  if (session !== null && granted) context.close(session)
  answered(self, { type: 'session', granted }, context)
}

function lineAnswered(self: Inspector, answer: SessionAnswer | null, context: Context): void {
  if (answer !== null) answered(self, answer, context)
}

/** Goes on with the dialogue, or opens one on the cluster as it was just told. */
function answered(self: Inspector, answer: Answer, context: Context): void {
  const { dialogue } = self
  if (dialogue === null) return
  if (dialogue.script !== null) {
    goOn(self, dialogue, answer, context)
    return
  }
  const opened = open(self, answer as MetadataResponse, context)
  if (opened === null) end(self, 'unsure', context)
  else goOn(self, opened, null, context)
}

/** Begins the next inspection of the round that can be played now. */
function open(self: Inspector, metadata: MetadataResponse, context: Context): Dialogue | null {
  const { options, random, zookeeper } = self
  const told = metadata.topics[0]
  if (told === undefined) return null
  const { sessionId, password } = zookeeper
  const view = {
    brokers: metadata.brokers,
    everyBroker: options.brokers,
    controller: metadata.controllerId,
    topics: options.topics,
    topic: options.topic,
    limits: options.limits,
    partitions: told.partitions,
    random,
    nowMs: context.wallMs(),
    answeredMs: () => self.answeredMs,
    sessionId,
    password,
    toldEnds: self.toldEnds,
  }
  if (self.queue.length === 0) {
    self.queue = shuffled(inspectionsAbout(options.about ?? allSubjects), random)
  }
  const inspection = self.suspect?.inspection ?? (self.queue.pop() as Inspection)
  const script = self.suspect === null ? inspection.play(view) : confirmed(inspection, view)
  if (script === null) {
    self.suspect = null
    return null
  }
  const { history } = options
  const dialogue: Dialogue = {
    number: self.dialogues,
    inspection,
    row: history.inspectionInvoked(history.name(context.name), history.name(inspection.name)),
    deadlineMs: context.wallMs() + 4 * options.patienceMs,
    script,
    ask: null,
    parked: nothingParked(),
  }
  self.dialogue = dialogue
  return dialogue
}

function goOn(self: Inspector, dialogue: Dialogue, answer: Answer, context: Context): void {
  self.answeredMs = context.wallMs()
  const step = (dialogue.script as Script).next(answer)
  if (step.done === true) {
    end(self, step.value, context)
    return
  }
  dialogue.ask = step.value
  attend(self, context)
}

const outcomes: Readonly<Record<Ending, Outcome>> = {
  refused: Outcome.failed,
  accepted: Outcome.ok,
  unsure: Outcome.unknown,
}

function end(self: Inspector, ending: Ending, context: Context): void {
  const { dialogue } = self
  if (dialogue !== null && dialogue.row >= 0) {
    const settled = suspected(self, dialogue, ending) ? 'unsure' : ending
    self.options.history.inspectionEnded(dialogue.row, outcomes[settled])
  }
  self.dialogue = null
  closeLines(self.lines, context)
  if (dialogue !== null) giveUpParked(self, dialogue, context)
  if (self.session !== null) {
    context.close(self.session)
    self.session = null
  }
  if (self.running) pause(self, context)
}

/** What is still parked would hold up whoever speaks on its seat next. */
function giveUpParked(self: Inspector, { parked }: Dialogue, context: Context): void {
  for (const seat of SEATS) {
    const broker = parkedAt(parked, seat)
    if (broker !== null) disconnect(self.networks[seat] as Network, broker, context)
  }
}

/**
 * True if it was taken, and is to be asked again before that counts. Where nothing was learnt it is
 * asked again a few times more.
 */
function suspected(self: Inspector, { inspection }: Dialogue, ending: Ending): boolean {
  const { suspect } = self
  self.suspect = null
  if (inspection === null || inspection.certain === true || ending === 'refused') return false
  const taken = ending === 'accepted'
  if (!taken && suspect === null) return false
  const times = (suspect?.times ?? 0) + (taken ? 1 : 0)
  const tries = (suspect?.tries ?? 0) + 1
  if (times >= TIMES_TAKEN) return false
  if (tries < TRIES) self.suspect = { inspection, times, tries }
  return taken
}

function shuffled(all: readonly Inspection[], random: Stream): Inspection[] {
  const rest = [...all]
  const drawn: Inspection[] = []
  while (rest.length > 0) drawn.push(...rest.splice(random.int(rest.length), 1))
  return drawn
}
