/**
 * A simulated world: hosts, the processes on them, the network between, and what befalls them.
 *
 * Whoever builds a run adds hosts and processes, starts them, drives time, and strikes with the
 * faults below. Nothing here knows what the processes are. The order in which hosts and processes
 * are added does not change a run; their names do.
 */

import type { Ending } from './cut.ts'
import { Host, type HostConfig } from './host.ts'
import { invariant, InvariantError } from './invariant.ts'
import { Kernel, NOTHING } from './kernel.ts'
import { LinkFaults } from './link-faults.ts'
import { hashText } from './mix.ts'
import { Network } from './network.ts'
import type { AnyBehaviour, Body } from './process.ts'
import { type Draw, type DrawObserver, Streams } from './random.ts'
import {
  byName,
  guardBytes,
  guardEntries,
  namesOff,
  type ProbeId,
  probeEntries,
} from './registry.ts'
import { ProcessRuntime } from './runtime.ts'
import type { Tie } from './schedule.ts'
import type { Pending } from './station.ts'
import { type RestartPolicy, Supervisor } from './supervisor.ts'
import type { TimerRecord } from './timers.ts'
import type { TraceEvent, TraceHash, TraceSink } from './trace.ts'
import { Triggers } from './triggers.ts'
import type { Endpoint, LinkDelay, Sockets, Wire } from './wires.ts'
import { EventKind, type World } from './world.ts'

export interface ProcessConfig {
  readonly name: string
  readonly host: string
  readonly behaviour: AnyBehaviour
  /** Absent: nobody starts it again. */
  readonly restart?: RestartPolicy
  /** Buffers of its connections; absent: those of a Java client. */
  readonly sockets?: Sockets
  /** Names of guards that are off in this process, beside those of the run. */
  readonly guardsOff?: readonly string[]
}

/** Told of what happens to processes. */
export interface WorldListener {
  started(name: string, incarnation: number): void
  /** `reason`: crash, power-loss, or what the process gave as its reason to exit. */
  stopped(name: string, incarnation: number, reason: string): void
}

export interface SimulationOptions {
  readonly seed: number
  readonly delayBetween: (a: HostConfig, b: HostConfig) => LinkDelay
  readonly hash?: boolean
  readonly guardsOff?: readonly string[]
  readonly sink?: TraceSink
  /** Takes the place of the trace's hash; told of every event as a sink is. */
  readonly recording?: TraceHash & TraceSink
  /** Single draws to be replaced. */
  readonly draws?: readonly Draw[]
  /** Single ties that fall the other way. */
  readonly ties?: readonly Tie[]
  /** Told of every draw of a named stream. */
  readonly drawn?: DrawObserver
  readonly listener?: WorldListener
}

export class Simulation implements World {
  readonly kernel: Kernel
  readonly network: Network
  readonly streams: Streams
  readonly links: LinkFaults
  readonly triggers: Triggers = new Triggers()
  readonly guardsOff: Uint8Array | null
  readonly guardCounts: Float64Array
  readonly probeCounts: Float64Array
  current: ProcessRuntime | null = null

  readonly #hosts = new Map<string, Host>()
  readonly #processes = new Map<string, ProcessRuntime>()
  readonly #supervisor = new Supervisor()
  readonly #sink: TraceSink | null
  readonly #listener: WorldListener | null
  readonly #losingPower = new Map<Host, number | undefined>()

  constructor(options: SimulationOptions) {
    const sink = sinkOf(options)
    this.kernel = new Kernel(
      options.seed,
      (kind, number, reference) => this.#happen(kind, number, reference),
      {
        hash: options.hash ?? true,
        tracing: sink !== null,
        ...(options.recording === undefined ? {} : { trace: options.recording }),
        ...(options.ties === undefined ? {} : { ties: options.ties }),
      },
    )
    this.streams = new Streams(options.seed, options.draws, options.drawn)
    this.network = new Network(this.kernel, this.streams, (a, b) =>
      options.delayBetween(a.config, b.config),
    )
    this.links = new LinkFaults(this.network, (name) => this.host(name))
    this.guardsOff = guardBytes(options.guardsOff ?? [])
    this.guardCounts = new Float64Array(guardEntries().length)
    this.probeCounts = new Float64Array(probeEntries().length)
    this.#sink = sink
    this.#listener = options.listener ?? null
  }

  // Building.

  addHost(config: HostConfig): Host {
    invariant(!this.#hosts.has(config.name), `host ${config.name} is added twice`)
    const host = new Host(config, this.#hosts.size, this.streams)
    this.#hosts.set(config.name, host)
    return host
  }

  /** Adds a process, down. */
  addProcess(config: ProcessConfig): void {
    invariant(!this.#processes.has(config.name), `process ${config.name} is added twice`)
    const runtime = new ProcessRuntime(this, { ...config, host: this.host(config.host) })
    if (config.guardsOff !== undefined && config.guardsOff.length > 0) {
      runtime.guardsOff = guardBytes([...config.guardsOff, ...namesOff(this.guardsOff)])
    }
    runtime.host.processes.push(runtime)
    this.#processes.set(config.name, runtime)
    this.#supervisor.add(runtime, config.restart ?? null)
  }

  /**
   * Lets go of everything, once a run has been read. The collector would do it, but late: objects
   * that it holds for old keep alive what they refer to until it looks at the old ones again, and
   * one list of that age refers to a whole world.
   */
  release(): void {
    for (const host of this.#hosts.values()) {
      host.processes.length = 0
      for (const disk of host.disks) disk.wipe()
    }
    this.#hosts.clear()
    this.#processes.clear()
    this.#supervisor.release()
    this.triggers.release()
    this.network.release()
    this.kernel.release()
  }

  host(name: string): Host {
    const host = this.#hosts.get(name)
    invariant(host !== undefined, `there is no host "${name}"`)
    return host
  }

  process(name: string): ProcessRuntime | undefined {
    return this.#processes.get(name)
  }

  hostNames(): string[] {
    return [...this.#hosts.keys()]
  }

  processNames(): string[] {
    return [...this.#processes.keys()]
  }

  /** The state of a running process, for the harness; undefined while it is down. */
  stateOf<State>(name: string): State | undefined {
    return this.#runtime(name).state as State | undefined
  }

  // Driving.

  get nowUs(): number {
    return this.kernel.now
  }

  step(): boolean {
    return this.kernel.step()
  }

  runUntil(us: number): void {
    this.kernel.runUntil(us)
  }

  /** Calls back at a time; `name` gives the lane, so that ties do not depend on other callbacks. */
  at(us: number, name: string, run: () => void): void {
    this.kernel.at(us, hashText(name), EventKind.callback, 0, { hash: hashText(name), run })
  }

  /** Hands a message to a process as if from outside; lost if it is down. */
  inject(name: string, message: Body): void {
    this.at(this.kernel.now, `inject/${name}/${message.type}`, () => {
      const runtime = this.#runtime(name)
      if (runtime.phase === 'down') return
      const endpoint = this.network.connection(runtime, runtime)
      endpoint.dead = true
      runtime.endpoints.pop()
      const handler = runtime.handlerOf(message.type)
      if (handler === undefined) throw runtime.unhandled(message)
      runtime.receiveMessage(endpoint, handler, message, 0)
    })
  }

  // Processes.

  /** Starts a process; does nothing if it runs, is held down, or its host has no power. */
  start(name: string): void {
    const runtime = this.#runtime(name)
    if (runtime.phase !== 'down' || this.#supervisor.isHeldDown(runtime) || !runtime.host.up) return
    this.#supervisor.started(runtime, this.kernel.now)
    runtime.start()
    this.#listener?.started(name, runtime.incarnation)
  }

  /**
   * Kills a process (SIGKILL): its sockets die, its page cache lives. With `effects`, the next
   * handler is cut after so many effects and dies with it. False if it was down.
   */
  crash(name: string, effects?: number): boolean {
    const runtime = this.#runtime(name)
    if (runtime.phase === 'down') return false
    if (runtime === this.current) runtime.cutEffects('crash', 0)
    else if (effects !== undefined && runtime.phase === 'running')
      runtime.cutEffects('crash', effects)
    else this.#die(runtime, 'crash')
    return true
  }

  /** Keeps a process down until `letUp`, whatever its supervisor wants. Nests. */
  holdDown(name: string): void {
    this.#supervisor.holdDown(this.#runtime(name))
  }

  /** Undoes one `holdDown`; at the last one the process is started. */
  letUp(name: string): void {
    const runtime = this.#runtime(name)
    this.#supervisor.letUp(runtime)
    if (runtime.cutting && runtime.phase === 'running') this.#die(runtime, 'crash')
    this.start(name)
  }

  /**
   * Stops a process without ending it; its input waits. With `effects`, in the middle of its next
   * handler.
   */
  pause(name: string, effects?: number): boolean {
    const runtime = this.#runtime(name)
    if (runtime.phase !== 'running') return false
    if (runtime === this.current) runtime.cutEffects('pause', 0)
    else if (effects !== undefined) runtime.cutEffects('pause', effects)
    else runtime.pause()
    return true
  }

  resume(name: string): void {
    const runtime = this.#runtime(name)
    runtime.spare()
    if (runtime.phase !== 'paused') return
    runtime.resume()
    this.network.resumeAll(runtime)
  }

  // Hosts.

  /**
   * Cuts the power of a host: processes vanish, disks lose what was not synced. `tornShare`: of the
   * files that lose some, how many keep a torn last entry; absent: as each disk has it.
   */
  powerLoss(hostName: string, tornShare?: number): boolean {
    const host = this.host(hostName)
    if (!host.up) return false
    const current = this.current
    if (current !== null && current.host === host) {
      this.#losingPower.set(host, tornShare)
      current.cutEffects('crash', 0)
      return true
    }
    this.#losePower(host, tornShare)
    return true
  }

  /** The host has power again; supervised processes start after their delay. */
  powerOn(hostName: string): void {
    const host = this.host(hostName)
    if (host.up) return
    host.up = true
    this.network.reconsiderBlocked()
    for (const runtime of host.processes) this.#supervise(runtime)
  }

  setDrift(hostName: string, drift: number): void {
    const host = this.host(hostName)
    const now = this.kernel.now
    const { clock } = host
    const before = clock.drift
    clock.setDrift(now, drift)
    for (const runtime of host.processes) {
      runtime.forEachTimer((record) => {
        if (record.dueUs === Infinity) return
        const monotonic = (record.dueUs - now) * (1 + before)
        record.dueUs = Math.ceil(now + clock.trueDelay(monotonic))
        this.arm(record)
      })
    }
  }

  stepClock(hostName: string, us: number): void {
    this.host(hostName).clock.step(us)
  }

  // Answers.

  /** Decisive evaluations by guard name, without those that never were. */
  guardsByName(): Record<string, number> {
    return byName(guardEntries(), this.guardCounts)
  }

  probesByName(): Record<string, number> {
    return byName(probeEntries(), this.probeCounts)
  }

  // World: for processes and the network.

  arm(record: TimerRecord): void {
    if (record.wakeUs !== -1 && record.wakeUs <= record.dueUs) return
    record.wakeUs = record.dueUs
    this.kernel.at(record.dueUs, record.lane, EventKind.timer, 0, record)
  }

  complete(atUs: number, lane: number, pending: Pending): void {
    this.kernel.at(atUs, lane, EventKind.done, 0, pending)
  }

  served(atUs: number, lane: number, runtime: ProcessRuntime, input: unknown): void {
    this.kernel.at(atUs, lane, EventKind.service, runtime.incarnation, { runtime, input })
  }

  probed(runtime: ProcessRuntime, probe: ProbeId, subject: number): void {
    this.probeCounts[probe] = (this.probeCounts[probe] as number) + 1
    if (this.#sink !== null) this.#sink.probe(this.kernel.events, runtime.name, probe, subject)
    this.triggers.reached(probe, runtime.name, subject)
  }

  endAs(runtime: ProcessRuntime, ending: Ending): void {
    if (ending === 'pause') {
      runtime.pause()
      return
    }
    const { host } = runtime
    const tornShare = this.#losingPower.get(host)
    if (this.#losingPower.delete(host)) this.#losePower(host, tornShare)
    else this.#die(runtime, ending === 'crash' ? 'crash' : runtime.ended)
  }

  trace(runtime: ProcessRuntime, kind: TraceEvent['kind'], name: string, detail: number): void {
    if (this.#sink === null) return
    this.#sink.event({
      sequence: this.kernel.events,
      atUs: this.kernel.now,
      cause: this.kernel.cause,
      process: runtime.name,
      kind,
      name,
      detail,
    })
  }

  traceMessage(runtime: ProcessRuntime, message: Body, endpoint: Endpoint, cause: number): void {
    if (this.#sink === null) return
    this.#sink.event({
      sequence: this.kernel.events,
      atUs: this.kernel.now,
      cause,
      process: runtime.name,
      kind: 'message',
      name: message.type,
      from: endpoint.peer,
      detail: message,
    })
  }

  // Inside.

  #happen(kind: number, number: number, reference: unknown): number {
    switch (kind) {
      case EventKind.arrive:
        return this.network.arrived(reference as Wire)
      case EventKind.timer:
        return this.#onTimer(reference as TimerRecord)
      case EventKind.done:
        return this.#onDone(reference as Pending)
      case EventKind.service:
        return this.#onServed(reference as Served, number)
      case EventKind.callback:
        return onCallback(reference as Callback)
      case EventKind.giveUp:
        return this.network.gaveUp(reference as Wire)
      case EventKind.closing:
        return this.network.closing(reference as Endpoint)
      default:
        throw new InvariantError(`no event is of kind ${kind}`)
    }
  }

  #onTimer(record: TimerRecord): number {
    const now = this.kernel.now
    if (record.wakeUs !== now) return NOTHING
    record.wakeUs = -1
    if (record.dueUs === Infinity) return NOTHING
    if (record.dueUs > now) {
      this.arm(record)
      return NOTHING
    }
    record.runtime.timerWoke(record)
    return record.entry.hash
  }

  #onDone(pending: Pending): number {
    const { runtime } = pending
    if (runtime.phase === 'down' || runtime.incarnation !== pending.incarnation) return NOTHING
    if (pending.disk !== null) pending.disk.syncEnded(pending.file, pending.entries)
    runtime.operationDone(pending, pending.disk?.failing === 'io-error' ? 'io-error' : 'ok')
    return pending.entry.hash
  }

  #onServed(served: Served, incarnation: number): number {
    const { runtime } = served
    if (runtime.phase === 'down' || runtime.incarnation !== incarnation) return NOTHING
    runtime.serviceDone(served.input)
    return runtime.nameHash
  }

  #die(runtime: ProcessRuntime, reason: string): void {
    this.network.processDied(runtime)
    this.#gone(runtime, reason)
    this.#supervise(runtime)
  }

  #losePower(host: Host, tornShare: number | undefined): void {
    host.up = false
    for (const runtime of host.processes) {
      if (runtime.phase === 'down') continue
      this.network.processVanished(runtime)
      this.#gone(runtime, 'power-loss')
    }
    for (const disk of host.disks) disk.losePower(this.kernel.now, tornShare)
  }

  #gone(runtime: ProcessRuntime, reason: string): void {
    runtime.clear(reason)
    this.trace(runtime, 'stop', reason, runtime.incarnation)
    this.#listener?.stopped(runtime.name, runtime.incarnation, reason)
  }

  #supervise(runtime: ProcessRuntime): void {
    if (runtime.phase !== 'down') return
    const dueUs = this.#supervisor.restartUs(runtime, this.kernel.now)
    if (dueUs === null) return
    this.at(dueUs, `supervisor/${runtime.name}`, () => this.start(runtime.name))
  }

  #runtime(name: string): ProcessRuntime {
    const runtime = this.#processes.get(name)
    invariant(runtime !== undefined, `there is no process "${name}"`)
    return runtime
  }
}

interface Served {
  readonly runtime: ProcessRuntime
  readonly input: unknown
}

interface Callback {
  readonly hash: number
  readonly run: () => void
}

/** The sink, the recording, both as one, or none. */
function sinkOf({ sink, recording }: SimulationOptions): TraceSink | null {
  if (sink === undefined || recording === undefined) return sink ?? recording ?? null
  return {
    event: (event) => {
      recording.event(event)
      sink.event(event)
    },
    probe: (sequence, process, probe, subject) => sink.probe(sequence, process, probe, subject),
  }
}

function onCallback(callback: Callback): number {
  callback.run()
  return callback.hash
}
