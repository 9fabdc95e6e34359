/**
 * What the parts of the world need of each other: the kernel, the network, the registries' counts.
 *
 * `Simulation` implements it; processes and the network see no more than this.
 */

import type { Kernel } from './kernel.ts'
import type { Network } from './network.ts'
import type { Body } from './process.ts'
import type { Streams } from './random.ts'
import type { ProbeId } from './registry.ts'
import type { Ending } from './cut.ts'
import type { ProcessRuntime } from './runtime.ts'
import type { Pending } from './station.ts'
import type { TimerRecord } from './timers.ts'
import type { TraceEvent } from './trace.ts'
import type { Endpoint } from './wires.ts'

/** Kinds of event; the trace hash folds them, so they keep their numbers. */
export const EventKind = {
  arrive: 0,
  closing: 1,
  giveUp: 2,
  timer: 3,
  done: 4,
  service: 5,
  callback: 6,
} as const

export interface World {
  readonly kernel: Kernel
  readonly network: Network
  readonly streams: Streams
  /** By guard id: 1 where it is off for the run; null if none is. */
  readonly guardsOff: Uint8Array | null
  readonly guardCounts: Float64Array
  /** The process whose handler runs. */
  current: ProcessRuntime | null

  process(name: string): ProcessRuntime | undefined
  /** Makes sure that the timer wakes when it is due. */
  arm(record: TimerRecord): void
  /** Schedules the end of a disk operation or piece of work. */
  complete(atUs: number, lane: number, pending: Pending): void
  /** Schedules the end of one stage of service. */
  served(atUs: number, lane: number, runtime: ProcessRuntime, input: unknown): void
  probed(runtime: ProcessRuntime, probe: ProbeId, subject: number): void
  /** The handler whose effects were cut has returned. */
  endAs(runtime: ProcessRuntime, ending: Ending): void
  trace(runtime: ProcessRuntime, kind: TraceEvent['kind'], name: string, detail: number): void
  traceMessage(runtime: ProcessRuntime, message: Body, endpoint: Endpoint, cause: number): void
}
