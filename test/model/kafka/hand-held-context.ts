/**
 * A world for one behaviour, held in the hand: a context that notes every effect, and a driver
 * that delivers messages, fires timers and completes disk work exactly when the test says so.
 *
 * Effects happen at once here, in the order in which they are asked for; stations and service
 * times are left out, because the real kernel has its own tests.
 */

import type { Disk, IoOutcome, WriteOutcome } from '../../../sim/disk.ts'
import type {
  Behaviour,
  Body,
  CloseReason,
  Connection,
  Context,
  ProcessName,
} from '../../../sim/process.ts'
import { stream, type Stream } from '../../../sim/random.ts'
import type { GuardId, ProbeId } from '../../../sim/registry.ts'

export interface HandHeldConnection extends Connection {
  open: boolean
  muted: boolean
  /** How its owner ended it, if it did. */
  ended: 'closed' | 'reset' | null
}

export interface Sent {
  readonly connection: HandHeldConnection
  readonly message: Body
  readonly bytes: number
}

export interface PendingIo {
  readonly kind: 'sync' | 'serve' | 'work' | 'block' | 'hold'
  readonly io: string
  readonly key: number
}

interface DiskFile {
  entries: unknown[]
  synced: number
  torn: boolean
  value: unknown
}

/** A disk in memory that can lose what was not synced. */
export class HandHeldDisk implements Disk {
  readonly dir: string
  /** What the next writes answer. */
  outcome: WriteOutcome = 'ok'
  onSync: (io: string, key: number) => void = () => {}
  /** Entries that have rotted, as `file#index`. */
  readonly rotted = new Set<string>()
  readonly #files = new Map<string, DiskFile>()

  constructor(dir = 'data-0') {
    this.dir = dir
  }

  append(file: string, entry: unknown, _bytes: number): WriteOutcome {
    if (this.outcome === 'ok') this.#file(file).entries.push(entry)
    return this.outcome
  }

  truncate(file: string, entries: number): WriteOutcome {
    if (this.outcome !== 'ok') return this.outcome
    const found = this.#file(file)
    found.entries.length = Math.min(entries, found.entries.length)
    found.synced = Math.min(found.synced, found.entries.length)
    found.torn = false
    return 'ok'
  }

  trimHead(file: string, entries: number): WriteOutcome {
    if (this.outcome !== 'ok') return this.outcome
    const found = this.#file(file)
    found.entries.splice(0, entries)
    found.synced = Math.max(0, found.synced - entries)
    return 'ok'
  }

  replace(file: string, value: unknown, _bytes: number): WriteOutcome {
    if (this.outcome === 'ok') this.#file(file).value = value
    return this.outcome
  }

  remove(file: string): void {
    this.#files.delete(file)
  }

  entries<Entry>(file: string): readonly Entry[] {
    return (this.#files.get(file)?.entries ?? []) as readonly Entry[]
  }

  torn(file: string): boolean {
    return this.#files.get(file)?.torn ?? false
  }

  get rotting(): boolean {
    return this.rotted.size > 0
  }

  rotten(file: string, index: number): boolean {
    return this.rotted.has(`${file}#${index}`)
  }

  value<Value>(file: string): Value | undefined {
    return this.#files.get(file)?.value as Value | undefined
  }

  files(): readonly string[] {
    return [...this.#files.keys()]
  }

  writeDelayUs(): number {
    return 0
  }

  isCold(): boolean {
    return false
  }

  read(): number {
    return 0
  }

  synced(file: string): number {
    return this.#files.get(file)?.synced ?? 0
  }

  sync(file: string, io: string, key: number): void {
    const found = this.#files.get(file)
    if (found !== undefined) found.synced = found.entries.length
    this.onSync(io, key)
  }

  /** Cuts a file after `entries` of its entries, but never below what was synced. */
  losePower(file: string, entries: number, torn = false): void {
    const found = this.#file(file)
    found.entries.length = Math.max(found.synced, Math.min(entries, found.entries.length))
    found.torn = torn && found.entries.length > found.synced
  }

  #file(file: string): DiskFile {
    let found = this.#files.get(file)
    if (found === undefined) {
      found = { entries: [], synced: 0, torn: false, value: undefined }
      this.#files.set(file, found)
    }
    return found
  }
}

export interface HandHeldOptions {
  readonly name?: ProcessName
  readonly disks?: readonly HandHeldDisk[]
  readonly guardsOff?: readonly GuardId[]
  readonly seed?: number
}

/** A context that notes what its process asks for. */
export class HandHeldContext<
  Timer extends string = string,
  Io extends string = string,
> implements Context<Timer, Io> {
  readonly name: ProcessName
  incarnation = 1
  readonly disks: readonly HandHeldDisk[]
  nowUs = 0
  /** What the wall clock shows at monotonic 0; move it to step the clock. */
  wallOffsetMs = 1_700_000_000_000
  readonly sent: Sent[] = []
  readonly connections: HandHeldConnection[] = []
  readonly timers = new Map<string, { timer: Timer; key: number; atUs: number }>()
  readonly pendingIo: PendingIo[] = []
  readonly probes: { readonly probe: ProbeId; readonly subject: number }[] = []
  /** Guards that would have rejected, decisive or switched off. */
  readonly breaches: GuardId[] = []
  readonly exits: string[] = []
  readonly guardsOff: Set<GuardId>
  readonly #seed: number
  readonly #streams = new Map<string, Stream>()

  constructor(options: HandHeldOptions = {}) {
    this.name = options.name ?? 'broker-1'
    this.disks = options.disks ?? [new HandHeldDisk()]
    this.guardsOff = new Set(options.guardsOff)
    this.#seed = options.seed ?? 1
    for (const disk of this.disks) {
      disk.onSync = (io, key) => void this.pendingIo.push({ kind: 'sync', io, key })
    }
  }

  monotonicUs(): number {
    return this.nowUs
  }

  wallMs(): number {
    return this.wallOffsetMs + Math.floor(this.nowUs / 1000)
  }

  random(purpose: string): Stream {
    let found = this.#streams.get(purpose)
    if (found === undefined) {
      found = stream(this.#seed, `${this.name}/${purpose}`)
      this.#streams.set(purpose, found)
    }
    return found
  }

  connect(to: ProcessName): HandHeldConnection {
    return this.#connection(to, true)
  }

  /** A connection that `peer` has opened to this process. */
  accept(peer: ProcessName): HandHeldConnection {
    const connection = this.#connection(peer, false)
    connection.open = true
    return connection
  }

  send(connection: Connection, message: Body, bytes: number): void {
    const own = connection as HandHeldConnection
    if (own.ended !== null) return
    this.sent.push({ connection: own, message, bytes })
  }

  close(connection: Connection): void {
    this.#end(connection, 'closed')
  }

  reset(connection: Connection): void {
    this.#end(connection, 'reset')
  }

  mute(connection: Connection): void {
    ;(connection as HandHeldConnection).muted = true
  }

  unmute(connection: Connection): void {
    ;(connection as HandHeldConnection).muted = false
  }

  setTimer(timer: Timer, key: number, delayUs: number): void {
    this.timers.set(`${timer}/${key}`, { timer, key, atUs: this.nowUs + Math.max(0, delayUs) })
  }

  cancelTimer(timer: Timer, key: number): void {
    this.timers.delete(`${timer}/${key}`)
  }

  serve(_station: string, _us: number, io: Io, key: number): void {
    this.pendingIo.push({ kind: 'serve', io, key })
  }

  work(_us: number, io: Io, key: number): void {
    this.pendingIo.push({ kind: 'work', io, key })
  }

  block(_us: number, io: Io, key: number): void {
    this.pendingIo.push({ kind: 'block', io, key })
  }

  hold(io: Io, key: number): void {
    this.pendingIo.push({ kind: 'hold', io, key })
  }

  /** The driver runs `done` for a released hold: it is due at once. */
  release(io: Io, key: number): void {
    this.released.push({ kind: 'hold', io, key })
  }

  readonly released: PendingIo[] = []

  guard(guard: GuardId, breach: boolean): boolean {
    if (!breach) return false
    this.breaches.push(guard)
    return !this.guardsOff.has(guard)
  }

  probe(probe: ProbeId, subject = -1): void {
    this.probes.push({ probe, subject })
  }

  exit(reason: string): void {
    this.exits.push(reason)
  }

  /** The messages of one type sent so far, oldest first. */
  sentOf<Message extends Body>(type: Message['type']): Message[] {
    return this.sent
      .filter((sent) => sent.message.type === type)
      .map(({ message }) => message as Message)
  }

  /** The newest message of one type; fails the test if there is none. */
  lastOf<Message extends Body>(type: Message['type']): Message {
    const found = this.sentOf<Message>(type).at(-1)
    if (found === undefined) throw new Error(`no ${type} was sent`)
    return found
  }

  /** Forgets what was sent, so that a test looks only at what comes next. */
  clearSent(): void {
    this.sent.length = 0
  }

  #connection(peer: ProcessName, outgoing: boolean): HandHeldConnection {
    const connection: HandHeldConnection = {
      id: this.connections.length + 1,
      peer,
      outgoing,
      open: false,
      state: undefined,
      muted: false,
      ended: null,
    }
    this.connections.push(connection)
    return connection
  }

  #end(connection: Connection, how: 'closed' | 'reset'): void {
    const own = connection as HandHeldConnection
    own.open = false
    own.ended ??= how
  }
}

/** One running behaviour and the hand that moves it. */
export class HandHeld<State, In extends Body, Timer extends string, Io extends string> {
  readonly behaviour: Behaviour<State, In, Timer, Io>
  readonly context: HandHeldContext<Timer, Io>
  state: State

  constructor(behaviour: Behaviour<State, In, Timer, Io>, options: HandHeldOptions = {}) {
    this.behaviour = behaviour
    this.context = new HandHeldContext<Timer, Io>(options)
    this.state = this.#start()
  }

  /** A peer opens a connection to this process. */
  accept(peer: ProcessName): HandHeldConnection {
    const connection = this.context.accept(peer)
    this.behaviour.opened?.(this.state, connection, this.context)
    return connection
  }

  /** A connection that this process asked for is established. */
  open(connection: HandHeldConnection): void {
    connection.open = true
    this.behaviour.opened?.(this.state, connection, this.context)
  }

  /** The newest connection to a peer that this process asked for. */
  connectionTo(peer: ProcessName): HandHeldConnection {
    const found = this.context.connections.findLast((one) => one.outgoing && one.peer === peer)
    if (found === undefined) throw new Error(`no connection to ${peer} was asked for`)
    return found
  }

  deliver(connection: Connection, message: In): void {
    const handler = this.behaviour.receive[message.type as In['type']]
    handler(this.state, message as never, connection, this.context)
    this.#settle()
  }

  /** The other side, or the network, ends a connection. */
  closed(connection: HandHeldConnection, reason: CloseReason): void {
    connection.open = false
    this.behaviour.closed?.(this.state, connection, reason, this.context)
    this.#settle()
  }

  /** Runs a timer now, whether or not its time has come. */
  fire(timer: Timer, key: number): void {
    this.context.timers.delete(`${timer}/${key}`)
    this.behaviour.expire[timer](this.state, key, this.context)
    this.#settle()
  }

  /** Lets time pass and runs what falls due, in order of time and then of setting. */
  advance(us: number): void {
    const until = this.context.nowUs + us
    for (;;) {
      const due = this.#earliest(until)
      if (due === null) break
      this.context.nowUs = Math.max(this.context.nowUs, due.atUs)
      this.fire(due.timer, due.key)
    }
    this.context.nowUs = until
  }

  /** Completes all disk work and services that are pending; a hold ends with what it waits for. */
  finishIo(outcome: IoOutcome = 'ok'): void {
    const due = this.context.pendingIo.filter(({ kind }) => kind !== 'hold')
    const held = this.context.pendingIo.filter(({ kind }) => kind === 'hold')
    this.context.pendingIo.splice(0, Infinity, ...held)
    for (const pending of due) {
      const index = this.#holdOf(pending)
      if (index !== -1) this.context.pendingIo.splice(index, 1)
      this.#done(pending, outcome)
    }
    this.#settle()
  }

  /** The process dies and starts again on the same disks; connections and timers are gone. */
  restart(): void {
    this.context.timers.clear()
    this.context.pendingIo.length = 0
    this.context.released.length = 0
    for (const connection of this.context.connections) connection.open = false
    this.context.incarnation += 1
    this.state = this.#start()
  }

  #start(): State {
    const disk = this.context.disks[0]
    if (disk === undefined) throw new Error('a process needs a disk')
    return this.behaviour.start(disk, this.context)
  }

  #earliest(until: number): { timer: Timer; key: number; atUs: number } | null {
    let earliest: { timer: Timer; key: number; atUs: number } | null = null
    for (const pending of this.context.timers.values()) {
      if (pending.atUs > until) continue
      if (earliest === null || pending.atUs < earliest.atUs) earliest = pending
    }
    return earliest
  }

  #settle(): void {
    while (this.context.released.length > 0) {
      const released = this.context.released.shift() as PendingIo
      const index = this.#holdOf(released)
      if (index === -1) continue
      this.context.pendingIo.splice(index, 1)
      this.#done(released, 'ok')
    }
  }

  #holdOf(ended: PendingIo): number {
    return this.context.pendingIo.findIndex(
      (one) => one.kind === 'hold' && one.io === ended.io && one.key === ended.key,
    )
  }

  #done(pending: PendingIo, outcome: IoOutcome): void {
    this.behaviour.done?.[pending.io as Io](this.state, pending.key, outcome, this.context)
  }
}
