/**
 * A host: CPU servers, a NIC, disks, clocks and a zone, with the processes that run on it.
 *
 * CPU and NIC are arithmetic, not events: each keeps the time at which it is free again.
 */

import { HostClock } from './clock.ts'
import { type DiskConfig, SimulatedDisk } from './simulated-disk.ts'
import { NicLane } from './nic.ts'
import { PageCache } from './page-cache.ts'
import type { ProcessRuntime } from './runtime.ts'
import type { Streams } from './random.ts'

export interface HostConfig {
  readonly name: string
  /** Rack or zone; latency depends on it. */
  readonly zone: string
  /** CPU servers; 0: as many as are asked for. */
  readonly cores: number
  /** NIC bandwidth each way, in bytes per µs; 0 for no limit. */
  readonly nicBytesPerUs: number
  readonly disks: readonly DiskConfig[]
  /** What the wall clock shows at true time 0, in ms since the epoch. */
  readonly wallStartMs: number
  /** Memory for pages of files; absent or 0: as much as is needed. */
  readonly pageCacheBytes?: number
  /** Somebody wants to know how much of it is used. */
  readonly metered?: boolean
}

/** Messages that stand for many stand for those of so long at the peak. */
export const SPREAD_US = 10_000

export class Host {
  readonly config: HostConfig
  /** Dense number of the host in the run. */
  readonly index: number
  readonly clock: HostClock
  readonly disks: readonly SimulatedDisk[]
  readonly cache: PageCache
  readonly processes: ProcessRuntime[] = []
  /** False between a power loss and the return of power. */
  up = true
  /** Slow-cpu fault: service times are multiplied by it. */
  cpuSlowness = 1

  readonly #coreFreeUs: Float64Array
  #cpuBusyUs = 0
  readonly nicOut: NicLane
  readonly nicIn: NicLane

  constructor(config: HostConfig, index: number, streams: Streams) {
    this.config = config
    this.index = index
    this.clock = new HostClock(config.wallStartMs)
    this.cache = new PageCache(config.pageCacheBytes ?? 0)
    this.disks = config.disks.map(
      (disk) =>
        new SimulatedDisk(disk, streams.named(`disk:${config.name}/${disk.dir}`), this.cache),
    )
    this.#coreFreeUs = new Float64Array(config.cores)
    this.nicOut = new NicLane(config.nicBytesPerUs)
    this.nicIn = new NicLane(config.nicBytesPerUs)
  }

  /** Takes `us` of the core that is free first; returns when the work ends. */
  compute(nowUs: number, us: number): number {
    const cores = this.#coreFreeUs
    if (cores.length === 0) return Math.ceil(nowUs + us * this.cpuSlowness)
    let best = 0
    for (let core = 1; core < cores.length; core += 1) {
      if ((cores[core] as number) < (cores[best] as number)) best = core
    }
    const start = Math.max(nowUs, cores[best] as number)
    const work = us * this.cpuSlowness
    const end = start + work
    cores[best] = end
    this.#cpuBusyUs += work
    return Math.ceil(end)
  }

  /**
   * Takes `workUs` that came in pieces until now, the last one of `us`: cores that were idle
   * meanwhile have done their part. Returns when the last piece ends.
   */
  computeSpread(nowUs: number, us: number, workUs: number): number {
    const cores = this.#coreFreeUs
    const last = us * this.cpuSlowness
    if (cores.length === 0) return Math.ceil(nowUs + last)
    const work = workUs * this.cpuSlowness
    this.#cpuBusyUs += work
    let left = work
    for (let core = 0; core < cores.length && left > 0; core += 1) {
      const from = Math.max(cores[core] as number, nowUs - SPREAD_US)
      const done = Math.min(left, Math.max(0, nowUs - from))
      if (done > 0) cores[core] = from + done
      left -= done
    }
    let first = Infinity
    for (let core = 0; core < cores.length; core += 1) {
      if (left > 0) cores[core] = Math.max(nowUs, cores[core] as number) + left / cores.length
      first = Math.min(first, cores[core] as number)
    }
    return Math.ceil(Math.max(nowUs, first) + last)
  }

  /** Time that the CPU has worked by now, in µs summed over its cores. */
  cpuBusyUs(nowUs: number): number {
    let ahead = 0
    for (const free of this.#coreFreeUs) if (free > nowUs) ahead += free - nowUs
    return Math.max(0, this.#cpuBusyUs - ahead)
  }
}
