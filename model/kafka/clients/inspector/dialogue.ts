/**
 * One inspection after the other: which is next, what it asks, what its answers come to.
 *
 * An inspection is a script that is told each answer and says what to ask next. What was taken is
 * asked again twice, on metadata read anew; only what is taken each time counts.
 */

import type { Context } from '../../../../sim/process.ts'
import type { Stream } from '../../../../sim/random.ts'
import { Outcome } from '../../../history.ts'
import { submit } from '../../../zookeeper/client.ts'
import type { ConnectRequest } from '../../../zookeeper/messages.ts'
import type { KafkaRequest, MetadataResponse } from '../../messages.ts'
import { wakeIn } from '../deadlines.ts'
import {
  connectionDelayMs,
  createExchange,
  disconnect,
  type Exchange,
  isReady,
  type Network,
  nextCorrelationId,
  sendRequest,
} from '../network.ts'
import { confirmed } from './confirmation.ts'
import {
  type Dialogue,
  type Inspector,
  type InspectorContext,
  type Token,
  ZOOKEEPER_SESSION_MS,
} from './inspector-state.ts'
import { askParked, nothingParked, park, parkedAnswered, parkedAt, SEATS } from './parked.ts'
import type { Answer, Ask, Ending, Inspection, Script, Seat, SessionAnswer } from './script.ts'
import { closeLines, putOnLine } from './session-lines.ts'
import { allSubjects, inspectionsAbout } from './subjects.ts'

/** What is taken so often in a row is taken. */
const TIMES_TAKEN = 3
/** What cannot be asked again so that it counts is let go after so many tries. */
const TRIES = 7
/** Before what was taken is asked again. */
const DOUBT_US = 2_000_000

export function parkedEnded(
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
export function pause(self: Inspector, context: Context): void {
  const { pauseUs } = self.options
  const drawnUs = Math.ceil(self.random.exponential(pauseUs))
  context.setTimer('inspect', 0, self.suspect === null ? drawnUs : DOUBT_US)
}

/** Looks at the cluster first: every inspection plays on what metadata tells now. */
export function begin(self: Inspector, context: InspectorContext): void {
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
export function attend(self: Inspector, context: Context): void {
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

export function sessionAnswered(
  self: Inspector,
  granted: boolean,
  context: InspectorContext,
): void {
  const { session } = self
  self.session = null
  if (session !== null && granted) context.close(session)
  answered(self, { type: 'session', granted }, context)
}

export function lineAnswered(
  self: Inspector,
  answer: SessionAnswer | null,
  context: Context,
): void {
  if (answer !== null) answered(self, answer, context)
}

/** Goes on with the dialogue, or opens one on the cluster as it was just told. */
export function answered(self: Inspector, answer: Answer, context: Context): void {
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

export function end(self: Inspector, ending: Ending, context: Context): void {
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
