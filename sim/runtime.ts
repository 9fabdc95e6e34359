/**
 * One process as the world runs it: its stations, timers, held servers and effects.
 *
 * Every input belongs to a station and waits for a free server; without a cost its handler runs at
 * once. Effects are performed as they are asked for; when a crash or pause is to cut a handler's
 * effects (`cut.ts`), those beyond it are lost (crash) or kept for the resume (pause). Left out: a
 * bound on what waits in front of a station with costs is met by not reading from connections, so
 * timers and completions are never refused.
 */

import { Cut, type Ending } from './cut.ts'
import { type Definition, define, type HandlerEntry } from './definition.ts'
import type { Disk, IoOutcome, WriteOutcome } from './disk.ts'
import { DiskView, NO_DISK } from './disk-view.ts'
import type { Host } from './host.ts'
import { invariant, InvariantError } from './invariant.ts'
import { hashText, mix32 } from './mix.ts'
import type { AnyBehaviour, Body, CloseReason, Connection, Context, Service } from './process.ts'
import type { Stream } from './random.ts'
import type { GuardId, ProbeId } from './registry.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import {
  type Hold,
  type Input,
  type InputKind,
  isFree,
  isInstant,
  type Pending,
  Station,
} from './station.ts'
import { StationMeter } from './station-meter.ts'
import { type TimerRecord, Timers } from './timers.ts'
import { DEFAULT_SOCKETS, type Endpoint, type Sockets } from './wires.ts'
import type { World } from './world.ts'

export type Phase = 'down' | 'running' | 'paused'

const NO_SERVICES: readonly Service[] = []

export class ProcessRuntime implements Context {
  readonly name: string
  readonly nameHash: number
  readonly host: Host
  readonly behaviour: AnyBehaviour
  readonly disks: readonly Disk[]
  readonly endpoints: Endpoint[] = []
  readonly sockets: Sockets
  phase: Phase = 'down'
  incarnation = 0
  state: unknown = undefined
  /** By guard id: 1 where it is off for this process. */
  guardsOff: Uint8Array | null
  /** Why it ended last. */
  ended = ''
  /** How much of each station was in use. */
  readonly meters: readonly StationMeter[]

  readonly #world: World
  readonly #definition: Definition
  /** Its messages take service before their handlers run. */
  readonly #costs: boolean
  #stations: Station[] = []
  #station: Station | null = null
  #holding = false
  #holds: Hold[] = []
  readonly #timers: Timers
  #suspended: Input[] = []
  /** When its pause began, and how long those before it were together. */
  #pausedUs = 0
  #stoodUs = 0

  readonly #cut = new Cut()

  constructor(
    world: World,
    config: {
      readonly name: string
      readonly host: Host
      readonly behaviour: AnyBehaviour
      readonly sockets?: Sockets
    },
  ) {
    this.#world = world
    this.name = config.name
    this.nameHash = hashText(config.name) | 0
    this.host = config.host
    this.behaviour = config.behaviour
    this.sockets = config.sockets ?? DEFAULT_SOCKETS
    this.guardsOff = world.guardsOff
    this.#definition = define(config.behaviour)
    this.#timers = new Timers(this)
    this.#costs = config.behaviour.cost !== undefined
    this.meters = this.#definition.stations.map(
      ({ name, servers }) => new StationMeter(name, servers),
    )
    this.disks = config.host.disks.map((disk) => new DiskView(this, disk))
  }

  // What the world does with a process.

  start(): void {
    invariant(this.phase === 'down', `${this.name} is started while it runs`)
    this.phase = 'running'
    this.incarnation += 1
    this.#stations = this.#definition.stations.map(
      (config, index) =>
        new Station(
          config,
          mix32(this.nameHash, hashText(config.name)) | 0,
          this.meters[index] as StationMeter,
        ),
    )
    this.#world.trace(this, 'start', this.name, 0)
    const disk = this.disks[0] ?? NO_DISK
    this.#enter(null)
    this.state = this.behaviour.start(disk, this)
    this.#leave()
  }

  /** Forgets everything but the disks: what waits and what is under way is lost. */
  clear(reason: string): void {
    this.phase = 'down'
    this.ended = reason
    this.state = undefined
    for (const station of this.#stations) {
      station.meter.giveAll(this.#world.kernel.now)
      // A handler that is being cut still gives its server back, to a pool that is no more.
      station.meter = new StationMeter(station.name, station.servers)
    }
    this.#stations = []
    this.#station = null
    this.#holding = false
    this.#holds = []
    this.#suspended = []
    this.#cut.forget()
    this.#timers.forget()
  }

  pause(): void {
    this.phase = 'paused'
    this.#pausedUs = this.#world.kernel.now
  }

  resume(): void {
    this.#stoodUs = this.#standstillUs()
    this.phase = 'running'
    for (const { effect, given } of this.#cut.takeLate()) Reflect.apply(effect, this, given)
    const suspended = this.#suspended
    this.#suspended = []
    for (let at = 0; at < suspended.length; at += 1) {
      if (!this.#runs()) {
        // Paused again by what it did first: the rest waits on.
        this.#suspended = [...suspended.slice(at), ...this.#suspended]
        return
      }
      this.#continue(suspended[at] as Input)
    }
    // What stood in a queue when a handler was cut has nobody before it who would call it.
    for (const station of this.#stations) this.#serveWaiting(station)
  }

  #runs(): boolean {
    return this.phase === 'running'
  }

  /** True while one of its handlers runs. */
  get inHandler(): boolean {
    return this.#world.current === this
  }

  /**
   * Cuts the effects of the handler in flight, or of the next one, after `effects` more; when that
   * handler returns, the process ends so.
   */
  cutEffects(ending: Ending, effects: number): void {
    this.#cut.begin(ending, effects)
  }

  /** A pause that was to begin with the next handler is off. */
  spare(): void {
    if (this.#cut.ending === 'pause') this.#cut.end()
  }

  /** True while its handler runs on beyond its end: what it does now never happens. */
  get posthumous(): boolean {
    return this.#cut.posthumous
  }

  get cutting(): boolean {
    return this.#cut.ending !== null
  }

  /** All timers, for a change of the clock's drift. */
  forEachTimer(visit: (record: TimerRecord) => void): void {
    this.#timers.each(visit)
  }

  /** Servers in use and inputs waiting, for measures. */
  load(): readonly { readonly station: string; readonly busy: number; readonly waiting: number }[] {
    return this.#stations.map(({ name, busy, queue }) => ({
      station: name,
      busy,
      waiting: queue.length,
    }))
  }

  // Inputs.

  /** Who handles messages of a type; undefined for those that never should come. */
  handlerOf(type: string): HandlerEntry | undefined {
    return this.#definition.receive.get(type)
  }

  unhandled(message: Body): InvariantError {
    return new InvariantError(`${this.name} has no handler for ${message.type}`)
  }

  /**
   * False if a message has to wait in its connection: paused, or no room in front of its station.
   */
  reads(entry: HandlerEntry | undefined): boolean {
    if (this.phase !== 'running') return false
    if (entry === undefined) return true
    const station = this.#stations[entry.station] as Station
    return station.queue.length < station.queueMax
  }

  receiveMessage(endpoint: Endpoint, entry: HandlerEntry, message: Body, cause: number): void {
    let services = this.#costs ? this.#servicesOf(message) : NO_SERVICES
    const station = this.#stations[entry.station] as Station
    if (services.length === 0 && this.host.cpuSlowness !== 1) services = station.nominal
    // A connection is not read while the process is paused; what comes from outside waits here.
    if (this.phase === 'running' && services.length === 0 && isFree(station)) {
      station.busy += 1
      this.#runMessage(station, entry, message, endpoint, cause)
      this.#free(station)
    } else {
      const input = this.#input('message', entry, 0, { message, endpoint, services, cause })
      this.#dispatch(input)
    }
  }

  connectionOpened(endpoint: Endpoint): void {
    if (this.phase === 'paused') this.#suspended.push(this.#input('opened', null, 0, { endpoint }))
    else this.#runOpened(endpoint)
  }

  connectionClosed(endpoint: Endpoint, reason: CloseReason): void {
    if (this.phase === 'paused')
      this.#suspended.push(this.#input('closed', null, 0, { endpoint, reason }))
    else if (this.phase === 'running') this.#runClosed(endpoint, reason)
  }

  /** A timer's wake-up is due; true if it fired. */
  timerWoke(record: TimerRecord): void {
    record.dueUs = Infinity
    const { entry, key } = record
    const station = this.#stations[entry.station] as Station
    if (this.phase === 'running' && isFree(station)) {
      station.busy += 1
      this.#runTimer(entry, key, station)
      this.#free(station)
      return
    }
    record.queued = true
    this.#dispatch(this.#input('timer', entry, key, { timer: record }))
  }

  /** A disk operation or piece of work is over. */
  operationDone(pending: Pending, outcome: IoOutcome): void {
    const { entry, key } = pending
    const input = this.#input('done', entry, key, { outcome })
    if (this.phase === 'paused') this.#suspended.push(input)
    else this.#finishOperation(input)
  }

  /** One stage of an input's service is over. */
  serviceDone(input: unknown): void {
    const served = input as Input
    served.leftUs = this.#standstillUs() - served.stoodUs
    if (this.phase === 'paused') this.#suspended.push(served)
    else this.#serveOn(served)
  }

  // Context: what a handler asks for.

  monotonicUs(): number {
    return this.host.clock.monotonicUs(this.#world.kernel.now)
  }

  wallMs(): number {
    return this.host.clock.wallMs(this.#world.kernel.now)
  }

  random(purpose: string): Stream {
    return this.#world.streams.named(`${this.name}/${purpose}`)
  }

  connect(to: string): Connection {
    const target = this.#world.process(to)
    if (target === undefined)
      throw new InvariantError(`${this.name} connects to "${to}", which does not exist`)
    const { network } = this.#world
    const endpoint = network.connection(this, target)
    this.#dial(endpoint)
    return endpoint
  }

  send(connection: Connection, message: Body, bytes: number): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.send, connection, message, bytes)) return
    this.#world.network.send(connection as Endpoint, message, bytes)
  }

  close(connection: Connection): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.close, connection)) return
    this.#world.network.close(connection as Endpoint)
  }

  reset(connection: Connection): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.reset, connection)) return
    this.#world.network.reset(connection as Endpoint)
  }

  mute(connection: Connection): void {
    this.#world.network.mute(connection as Endpoint)
  }

  unmute(connection: Connection): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.unmute, connection)) return
    this.#world.network.unmute(connection as Endpoint)
  }

  setTimer(timer: string, key: number, delayUs: number): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.setTimer, timer, key, delayUs)) return
    const record = this.#timer(timer, key)
    const delay = this.host.clock.trueDelay(delayUs > 0 ? delayUs : 0)
    record.queued = false
    record.dueUs = Math.ceil(this.#world.kernel.now + delay)
    this.#world.arm(record)
  }

  cancelTimer(timer: string, key: number): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.cancelTimer, timer, key)) return
    const record = this.#timer(timer, key)
    record.dueUs = Infinity
    record.queued = false
  }

  serve(stationName: string, us: number, io: string, key: number): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.serve, stationName, us, io, key)) return
    const entry = this.#io(io)
    const services = [{ station: stationName, us }]
    this.#queueOrServe(this.#input('done', entry, key, { services }))
  }

  work(us: number, io: string, key: number): void {
    this.hold(io, key)
    if (this.#cut.ending !== null && this.#cut.takes(this.#startWork, us, io, key)) return
    this.#startWork(us, io, key)
  }

  block(us: number, io: string, key: number): void {
    this.hold(io, key)
    if (this.#cut.ending !== null && this.#cut.takes(this.#endHold, us, io, key)) return
    this.#endHold(us, io, key)
  }

  hold(io: string, key: number): void {
    const station = this.#station
    invariant(station !== null, `${this.name} holds a server outside a station's handler`)
    this.#holding = true
    this.#holds.push({ entry: this.#io(io), key, station })
  }

  release(io: string, key: number): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.release, io, key)) return
    this.#endHold(0, io, key)
  }

  guard(guard: GuardId, breach: boolean): boolean {
    if (!breach) return false
    if (this.posthumous) return this.guardsOff === null || this.guardsOff[guard] !== 1
    const counts = this.#world.guardCounts
    counts[guard] = (counts[guard] as number) + 1
    return this.guardsOff === null || this.guardsOff[guard] !== 1
  }

  probe(probe: ProbeId, subject = -1): void {
    if (this.#cut.posthumous) return
    this.#world.probed(this, probe, subject)
  }

  exit(reason: string): void {
    this.ended = reason
    this.cutEffects('exit', 0)
  }

  // For the disk view.

  /** True time. */
  get nowUs(): number {
    return this.#world.kernel.now
  }

  diskAppend(disk: SimulatedDisk, file: string, entry: unknown, bytes: number): WriteOutcome {
    if (this.#cut.ending !== null && this.#cut.takes(this.diskAppend, disk, file, entry, bytes))
      return 'ok'
    return disk.append(file, entry, bytes, this.#world.kernel.now)
  }

  diskTruncate(disk: SimulatedDisk, file: string, entries: number): WriteOutcome {
    if (this.#cut.ending !== null && this.#cut.takes(this.diskTruncate, disk, file, entries))
      return 'ok'
    return disk.truncate(file, entries)
  }

  diskTrimHead(disk: SimulatedDisk, file: string, entries: number, bytes?: number): WriteOutcome {
    if (this.#cut.ending !== null && this.#cut.takes(this.diskTrimHead, disk, file, entries, bytes))
      return 'ok'
    return disk.trimHead(file, entries, bytes)
  }

  diskReplace(disk: SimulatedDisk, file: string, value: unknown): WriteOutcome {
    if (this.#cut.ending !== null && this.#cut.takes(this.diskReplace, disk, file, value))
      return 'ok'
    return disk.replace(file, value)
  }

  diskRemove(disk: SimulatedDisk, file: string): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.diskRemove, disk, file)) return
    disk.remove(file)
  }

  diskSync(disk: SimulatedDisk, file: string, io: string, key: number): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.diskSync, disk, file, io, key)) return
    const now = this.#world.kernel.now
    const pending = this.#pending(io, key, disk, file)
    const lane = mix32(this.nameHash, hashText(disk.config.dir)) | 0
    this.#world.complete(disk.syncEnd(file, now), lane, pending)
  }

  // Running.

  #enter(station: Station | null): void {
    this.#world.current = this
    this.#station = station
    this.#holding = false
  }

  #leave(): void {
    this.#world.current = null
    this.#station = null
    const { ending } = this.#cut
    if (ending === null) return
    this.#cut.end()
    this.#world.endAs(this, ending)
  }

  #runMessage(
    station: Station,
    entry: HandlerEntry,
    message: Body,
    endpoint: Endpoint,
    cause: number,
  ): void {
    this.#world.traceMessage(this, message, endpoint, cause)
    this.#enter(station)
    entry.run(this.state as never, message as never, endpoint as never, this as never)
    const held = this.#holding
    this.#leave()
    if (held) this.#occupy(station)
    this.#world.network.handled(endpoint)
  }

  #runTimer(entry: HandlerEntry, key: number, station: Station): void {
    this.#world.trace(this, 'timer', entry.name, key)
    this.#enter(station)
    entry.run(this.state as never, key as never, this as never, undefined as never)
    const held = this.#holding
    this.#leave()
    if (held) this.#occupy(station)
  }

  #runDone(entry: HandlerEntry, key: number, outcome: IoOutcome, station: Station): void {
    this.#world.trace(this, 'done', entry.name, key)
    this.#enter(station)
    entry.run(this.state as never, key as never, outcome as never, this as never)
    const held = this.#holding
    this.#leave()
    if (held) this.#occupy(station)
  }

  #runOpened(endpoint: Endpoint): void {
    this.#world.trace(this, 'opened', endpoint.peer, endpoint.id)
    if (this.behaviour.opened === undefined || endpoint.dead) return
    this.#enter(null)
    this.behaviour.opened(this.state, endpoint, this)
    this.#leave()
  }

  #runClosed(endpoint: Endpoint, reason: CloseReason): void {
    this.#world.trace(this, 'closed', reason, endpoint.id)
    if (this.behaviour.closed === undefined) return
    this.#enter(null)
    this.behaviour.closed(this.state, endpoint, reason, this)
    this.#leave()
  }

  #servicesOf(message: Body): readonly Service[] {
    return this.behaviour.cost?.(this.state, message) ?? NO_SERVICES
  }

  /** Takes an input to its station, or keeps it for the resume. */
  #dispatch(input: Input): void {
    if (this.phase === 'paused') this.#suspended.push(input)
    else this.#queueOrServe(input)
  }

  #queueOrServe(input: Input): void {
    const station = this.#stationOf(input)
    if (isFree(station)) {
      this.#occupy(station)
      this.#serveStage(input, station)
    } else {
      const waiting = station.queue.push(input)
      if (waiting > station.meter.queuePeak) station.meter.queuePeak = waiting
    }
  }

  #stationOf(input: Input): Station {
    const service = input.services[input.stage]
    if (service === undefined)
      return this.#stations[(input.entry as HandlerEntry).station] as Station
    const index = this.#definition.stationIndex.get(service.station)
    if (index === undefined)
      throw new InvariantError(`${this.name} has no station "${service.station}"`)
    return this.#stations[index] as Station
  }

  /**
   * A server of the station is taken: serves the stage, or runs the handler if there is nothing to
   * wait for.
   */
  #serveStage(input: Input, station: Station): void {
    const service = input.services[input.stage]
    // A handler runs to its end before the next one: what it has served at once comes after it.
    if (service === undefined || (isInstant(service) && !this.inHandler)) {
      this.#stageServed(input, station)
      return
    }
    const { now } = this.#world.kernel
    const { us, workUs, waitUs = 0 } = service
    const worked =
      workUs === undefined
        ? this.host.compute(now, us)
        : Math.max(this.host.computeSpread(now, us, workUs), station.takeSpread(now, workUs))
    const end = Math.ceil(worked + waitUs)
    // A server is taken until then; of the work the others have done their part.
    if (workUs !== undefined) station.meter.add(workUs - (worked - now))
    input.stoodUs = this.#stoodUs
    this.#world.served(end, station.lane, this, input)
  }

  /** A service is over, or the rest of it begins: its process stood still meanwhile. */
  #serveOn(input: Input): void {
    if (input.incarnation !== this.incarnation) return
    const station = input.hold?.station ?? this.#stationOf(input)
    const { leftUs } = input
    if (leftUs > 0) {
      input.stoodUs = this.#stoodUs
      input.leftUs = 0
      this.#world.served(this.#world.kernel.now + leftUs, station.lane, this, input)
    } else if (input.hold === null) this.#stageServed(input, station)
    else this.#finishHeld(input, input.hold)
  }

  /** For how long it has stood still, all pauses together. */
  #standstillUs(): number {
    if (this.phase !== 'paused') return this.#stoodUs
    return this.#stoodUs + this.#world.kernel.now - this.#pausedUs
  }

  #stageServed(input: Input, station: Station): void {
    const last = input.stage >= input.services.length - 1
    if (last) {
      this.#runInput(input, station)
      this.#vacate(station)
      return
    }
    this.#vacate(station)
    if (this.phase === 'down') return
    input.stage += 1
    this.#queueOrServe(input)
  }

  #runInput(input: Input, station: Station): void {
    const entry = input.entry as HandlerEntry
    if (input.kind === 'message') {
      this.#runMessage(
        station,
        entry,
        input.message as Body,
        input.endpoint as Endpoint,
        input.cause,
      )
    } else if (input.kind === 'done') {
      this.#runDone(entry, input.key, input.outcome, station)
    } else if (input.timer !== null && input.timer.queued) {
      input.timer.queued = false
      this.#runTimer(entry, input.key, station)
    }
  }

  /** Takes a server for as long as it takes; a handler without a cost takes one unmetered. */
  #occupy(station: Station): void {
    station.busy += 1
    station.meter.take(this.#world.kernel.now)
  }

  #vacate(station: Station): void {
    station.meter.give(this.#world.kernel.now)
    this.#free(station)
  }

  /** Gives a server back and serves what waits. */
  #free(station: Station): void {
    station.busy -= 1
    this.#serveWaiting(station)
  }

  /** Gives the servers that are free to what waits for them. */
  #serveWaiting(station: Station): void {
    if (station.queue.length === 0 || station.draining) return
    station.draining = true
    while (station.busy < station.servers && station.queue.length > 0 && this.phase === 'running') {
      const input = station.queue.shift() as Input
      this.#occupy(station)
      if (station.queue.length + 1 === station.queueMax) this.#world.network.resumeAll(this)
      this.#serveStage(input, station)
    }
    station.draining = false
  }

  /** Goes on with an input that waited for the resume. */
  #continue(input: Input): void {
    if (input.kind === 'opened') this.#runOpened(input.endpoint as Endpoint)
    else if (input.kind === 'closed') this.#runClosed(input.endpoint as Endpoint, input.reason)
    else if (input.stoodUs >= 0) this.#serveOn(input)
    else if (input.kind === 'done') this.#finishOperation(input)
    else this.#queueOrServe(input)
  }

  /** Runs `done` on the server that was held for it, or on one of its station. */
  #finishOperation(input: Input): void {
    const hold = this.#holdOf(input.entry, input.key)
    if (hold === undefined) this.#queueOrServe(input)
    else this.#finishHeld(input, hold)
  }

  #holdOf(entry: HandlerEntry | null, key: number): Hold | undefined {
    return this.#holds.find((hold) => hold.entry === entry && hold.key === key)
  }

  #finishHeld(input: Input, hold: Hold): void {
    const { station } = hold
    this.#holds.splice(this.#holds.indexOf(hold), 1)
    this.#runInput(input, station)
    this.#vacate(station)
  }

  /** The host's CPU works for the server that was held for it. */
  #startWork(us: number, io: string, key: number): void {
    const entry = this.#io(io)
    const hold = this.#holdOf(entry, key)
    invariant(hold !== undefined, `${this.name} works on a server that it does not hold`)
    const input = this.#input('done', entry, key, { hold })
    input.stoodUs = this.#stoodUs
    const end = this.host.compute(this.#world.kernel.now, us)
    this.#world.served(end, hold.station.lane, this, input)
  }

  #endHold(us: number, io: string, key: number): void {
    const due = Math.ceil(this.#world.kernel.now + us)
    this.#world.complete(due, mix32(this.nameHash, hashText(io)), this.#pending(io, key, null, ''))
  }

  #pending(io: string, key: number, disk: SimulatedDisk | null, file: string): Pending {
    return {
      runtime: this,
      incarnation: this.incarnation,
      entry: this.#io(io),
      key,
      disk,
      file,
      entries: disk === null ? 0 : disk.length(file),
    }
  }

  #io(io: string): HandlerEntry {
    const entry = this.#definition.done.get(io)
    if (entry === undefined) throw new InvariantError(`${this.name} has no handler for io "${io}"`)
    return entry
  }

  #timer(timer: string, key: number): TimerRecord {
    const entry = this.#definition.expire.get(timer)
    if (entry === undefined)
      throw new InvariantError(`${this.name} has no handler for timer "${timer}"`)
    return this.#timers.of(entry, key)
  }

  #dial(endpoint: Endpoint): void {
    if (this.#cut.ending !== null && this.#cut.takes(this.#dial, endpoint)) return
    this.#world.network.dial(endpoint)
  }

  #input(
    kind: InputKind,
    entry: HandlerEntry | null,
    key: number,
    rest: {
      readonly message?: Body
      readonly endpoint?: Endpoint
      readonly outcome?: IoOutcome
      readonly reason?: CloseReason
      readonly cause?: number
      readonly services?: readonly Service[]
      readonly timer?: TimerRecord
      readonly hold?: Hold
    },
  ): Input {
    return {
      kind,
      entry,
      key,
      message: rest.message ?? null,
      endpoint: rest.endpoint ?? null,
      outcome: rest.outcome ?? 'ok',
      reason: rest.reason ?? 'fin',
      cause: rest.cause ?? 0,
      incarnation: this.incarnation,
      services: rest.services ?? NO_SERVICES,
      stage: 0,
      timer: rest.timer ?? null,
      hold: rest.hold ?? null,
      stoodUs: -1,
      leftUs: 0,
    }
  }
}
