/**
 * A producing service: a process that sends one topic's records as its load makes them.
 *
 * The application thread makes records (`records.ts`) and writes the history, the sender thread is
 * the producer's, and tells what a send came to (`outcomes.ts`). A crash loses what was in memory;
 * the next incarnation sends other streams.
 */

import type { Behaviour, Connection, Service } from '../../../../sim/process.ts'
import type { ToProducer } from '../../messages.ts'
import { type ClientCosts, makingUs, settlingServices } from '../costs.ts'
import { onClosed, onNetworkTimer, onOpened, onResponse } from '../network.ts'
import { createArrivals, nextArrivalUs } from './load.ts'
import { flush, isQuiet, onRunSender, startProducer } from './producer.ts'
import { arrive, endLoad, keyTable, onFollowUp, onResend } from './records.ts'
import { awaitUser, onCompleted } from './outcomes.ts'
import type {
  Desk,
  LoadCommand,
  ProducingContext,
  ProducingIo,
  ProducingOptions,
  ProducingService,
  ProducingTimer,
} from './service.ts'
import { drawerOf } from './sizes.ts'
import type { ProducerListener } from './state.ts'
import { createUsers, nextUserUs, takeUser } from './users.ts'

type In = ToProducer | LoadCommand
type ProducingBehaviour = Behaviour<ProducingService, In, ProducingTimer, ProducingIo>

// The tables are constants: instances share them, so that each run's are known to the world.

const stations: ProducingBehaviour['stations'] = { app: { servers: 1 }, sender: { servers: 1 } }

const threads: NonNullable<ProducingBehaviour['threads']> = {
  ProduceResponse: 'sender',
  MetadataResponse: 'sender',
  InitProducerIdResponse: 'sender',
  runSender: 'sender',
  network: 'sender',
}

const receive: ProducingBehaviour['receive'] = {
  ProduceResponse: onKafkaResponse,
  MetadataResponse: onKafkaResponse,
  InitProducerIdResponse: onKafkaResponse,
  LoadCommand: (self, { command }, _connection, context) => onLoadCommand(self, command, context),
}

const expire: ProducingBehaviour['expire'] = {
  arrive: (self, _key, context) => onArrive(self, context),
  followUp: (self, _key, context) => onFollowUp(self, context),
  resend: (self, _key, context) => onResend(self, context),
  runSender: (self, _key, context) => onRunSender(self.producer, context),
  network: (self, _key, context) => onNetworkTimer(self.producer.network, context),
}

const done: NonNullable<ProducingBehaviour['done']> = { made() {} }

const FREE: readonly Service[] = []

function services(costs: ClientCosts, message: In): readonly Service[] {
  return message.type === 'ProduceResponse' ? settlingServices(costs, message) : FREE
}

/** The behaviour of one instance of a producing service. */
export function producerProcess(options: ProducingOptions): ProducingBehaviour {
  const costs = options.costs ?? null
  return {
    stations,
    threads,
    ...(costs === null
      ? {}
      : { cost: (_self: ProducingService, message: In) => services(costs, message) }),
    start: (_disk, context) => start(options, context),
    receive,
    expire,
    done,
    opened: (_self, connection, context) => void onOpened(connection, context),
    closed: (_self, connection, _reason, context) => void onClosed(connection, context),
  }
}

function onKafkaResponse(
  _self: ProducingService,
  response: ToProducer,
  connection: Connection,
  context: ProducingContext,
): void {
  onResponse(connection, response, context)
}

/** True if the load is over and every send has its outcome. */
export function isProducingDone(self: ProducingService): boolean {
  const { timedOut, users } = self.desk
  const idle = self.orders.length === 0 && timedOut.length === 0
  const comes = users === null ? self.nextUs : nextUserUs(users)
  return comes === Infinity && idle && isQuiet(self.producer)
}

const listener: ProducerListener<Desk> = {
  completed: onCompleted,
  flushed() {},
  closed() {},
}

function start(options: ProducingOptions, context: ProducingContext): ProducingService {
  const { config, topics, brokers, history, halves = false } = options
  const process = history.name(context.name)
  const desk: Desk = {
    options,
    process,
    resends: new Map(),
    timedOut: [],
    stopped: false,
    users: null,
  }
  const { sizes } = options.load
  const self: ProducingService = {
    desk,
    producer: startProducer(
      { clientId: context.name, key: 0, config, topics, brokers, halves },
      { owner: desk, listener },
      context,
    ),
    random: context.random('load'),
    keyTable: keyTable(options.load),
    drawBytes: sizes === undefined ? null : drawerOf(sizes, context.random('sizes')),
    arrivals: null,
    nextUs: -1,
    orders: [],
    keyPrefix: `${context.name}.${context.incarnation}/`,
    unkeyed: null,
    orderCount: 0,
    recordCount: 0,
    lateUs: 0,
    occupies: (options.costs ?? null) !== null,
    owedUs: 0,
  }
  if (options.elapsedUs() >= 0) beginLoad(self, context)
  return self
}

function onLoadCommand(
  self: ProducingService,
  command: LoadCommand['command'],
  context: ProducingContext,
): void {
  if (command === 'start') {
    if (self.nextUs === -1) beginLoad(self, context)
    return
  }
  self.desk.stopped = true
  endLoad(self, context)
  flush(self.producer, context)
}

function beginLoad(self: ProducingService, context: ProducingContext): void {
  const { load, elapsedUs } = self.desk.options
  if (load.closed !== undefined) {
    const time = { fromUs: elapsedUs(), endUs: load.endUs }
    self.nextUs = Infinity
    self.desk.users = createUsers(load.closed, time, self.random)
    awaitUser(self.desk, context)
    return
  }
  self.arrivals = createArrivals(load, elapsedUs(), self.random)
  self.nextUs = nextArrivalUs(self.arrivals)
  awaitArrival(self, context)
}

function awaitArrival(self: ProducingService, context: ProducingContext): void {
  if (self.nextUs === Infinity) return
  const waitUs = Math.ceil(self.nextUs - self.desk.options.elapsedUs())
  context.setTimer('arrive', 0, Math.max(0, waitUs))
}

/** Makes what has arrived: one record as a rule, many after a pause of the process. */
function onArrive(self: ProducingService, context: ProducingContext): void {
  const nowUs = self.desk.options.elapsedUs()
  const { users } = self.desk
  if (users !== null) {
    while (nextUserUs(users) <= nowUs && self.desk.users !== null) {
      self.lateUs = nowUs - takeUser(users)
      arrive(self, context)
    }
    awaitUser(self.desk, context)
    return
  }
  const before = self.recordCount
  while (self.nextUs <= nowUs && self.arrivals !== null) {
    self.lateUs = nowUs - self.nextUs
    self.nextUs = nextArrivalUs(self.arrivals)
    arrive(self, context)
    // Where making a record takes time, the next one waits until it is made.
    if (self.occupies) break
  }
  if (self.occupies) occupy(self, self.recordCount - before, context)
  awaitArrival(self, context)
}

/**
 * What comes meanwhile waits for the application thread. A record takes about a µs, and time is
 * whole: what is left over is owed by the next.
 */
function occupy(self: ProducingService, records: number, context: ProducingContext): void {
  const { costs = null, load, config } = self.desk.options
  if (costs === null || records === 0) return
  const made = { records, bytes: records * load.recordBytes }
  const us = self.owedUs + makingUs(costs, made, config.compressionType)
  const whole = Math.floor(us)
  self.owedUs = us - whole
  if (whole > 0) context.serve('app', whole, 'made', 0)
}
