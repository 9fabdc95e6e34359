/**
 * A station of a process, what waits and is served there, and the servers that are held.
 *
 * Data alone: who is served when is `runtime.ts`.
 */

import type { Definition, HandlerEntry } from './definition.ts'
import type { IoOutcome } from './disk.ts'
import { SPREAD_US } from './host.ts'
import type { Body, CloseReason, Service } from './process.ts'
import type { ProcessRuntime } from './runtime.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import type { StationMeter } from './station-meter.ts'
import type { TimerRecord } from './timers.ts'
import type { Endpoint } from './wires.ts'

export type InputKind = 'message' | 'timer' | 'done' | 'opened' | 'closed'

/** Something that waits for a server, for the resume, or is being served. */
export interface Input {
  readonly kind: InputKind
  readonly entry: HandlerEntry | null
  readonly key: number
  readonly message: Body | null
  readonly endpoint: Endpoint | null
  readonly outcome: IoOutcome
  readonly reason: CloseReason
  readonly cause: number
  readonly incarnation: number
  readonly services: readonly Service[]
  stage: number
  readonly timer: TimerRecord | null
  /** For work: the server that is held for it. */
  readonly hold: Hold | null
  /** How long the process had stood still when its service began; −1 before that. */
  stoodUs: number
  /** Service that was left when the process stood still. */
  leftUs: number
}

/** CPU time of a message where hardware costs nothing: what a slow CPU multiplies there. */
const NOMINAL_CPU_US = 20

export class Station {
  readonly name: string
  readonly servers: number
  readonly queueMax: number
  readonly lane: number
  /** What a message without a cost takes on a slow CPU, before it is multiplied. */
  readonly nominal: readonly Service[]
  busy = 0
  draining = false
  readonly queue: Input[] = []
  #spreadFreeUs = 0
  meter: StationMeter

  constructor(config: Definition['stations'][number], lane: number, meter: StationMeter) {
    this.meter = meter
    this.name = config.name
    this.servers = config.servers
    this.queueMax = config.queueMax
    this.lane = lane
    this.nominal = [{ station: config.name, us: NOMINAL_CPU_US }]
  }

  /** When all of its servers together have done what came in pieces until now. */
  takeSpread(nowUs: number, workUs: number): number {
    const start = Math.max(this.#spreadFreeUs, nowUs - SPREAD_US)
    this.#spreadFreeUs = start + workUs / this.servers
    return Math.ceil(this.#spreadFreeUs)
  }
}

export interface Hold {
  readonly entry: HandlerEntry
  readonly key: number
  readonly station: Station
}

/** A disk operation or a piece of work under way. */
export interface Pending {
  readonly runtime: ProcessRuntime
  readonly incarnation: number
  readonly entry: HandlerEntry
  readonly key: number
  /** For a sync: the file and its length when the sync began. */
  readonly disk: SimulatedDisk | null
  readonly file: string
  readonly entries: number
}

export function isInstant({ us, waitUs }: Service): boolean {
  return us <= 0 && (waitUs === undefined || waitUs <= 0)
}

/** True if an input can be served at once. */
export function isFree(station: Station): boolean {
  return station.busy < station.servers && station.queue.length === 0
}
