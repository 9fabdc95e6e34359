/**
 * Takes the use of resources between events, step by step, and makes series of it.
 *
 * The world counts; the sampler reads the counts and subtracts. It has no events of its own, so a
 * run is the same with and without it. Left out: hosts without a hardware profile.
 */

import type { Host } from '../../sim/host.ts'
import type { NicLane } from '../../sim/nic.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type { SimulatedDisk } from '../../sim/simulated-disk.ts'
import type { StationMeter } from '../../sim/station-meter.ts'
import { stepFor } from '../measures/series.ts'
import type { HostResources, ResourceName, Resources, ResourceUse } from '../resources.ts'

/** Shorter steps say nothing of a rate. */
const STEP_US_MIN = 100_000
/** Steps of load and drain together; a drain that takes longer is not sampled to its end. */
const STEPS_MAX = 2_000

/** What the resource has used by a time, in its own unit. */
interface Gauge {
  readonly resource: ResourceName
  readonly part: string
  /** Busy time by now in µs of one server, or bytes held. */
  readonly read: (nowUs: number) => number
  /** Busy time per µs that is full use, or bytes that are. */
  readonly capacity: number
  /** `level`: what is read is the use; else what was added in the step. */
  readonly level: boolean
  readonly bytes: (() => number) | null
  readonly meter: StationMeter | null
}

interface Track {
  readonly gauge: Gauge
  last: number
  lastBytes: number
  readonly utilisation: (number | null)[]
  readonly bytes: number[]
  readonly queue: number[]
}

interface Watched {
  readonly host: Host
  readonly tracks: readonly Track[]
  /** Nothing ran on it at the last sample. */
  asleep: boolean
  /** Page-cache misses in each step, and at the last one. */
  readonly missed: number[]
  missedBytes: number
}

export class Sampler {
  readonly #world: Simulation
  readonly #hosts: readonly Watched[]
  readonly #originUs: number
  readonly #stepUs: number
  readonly #loadUs: number
  readonly #atUs: number[] = []
  #lastUs: number
  /** True time of the next sample; Infinity if there is nothing to watch. */
  dueUs: number = Infinity

  constructor(
    world: Simulation,
    phases: { readonly originUs: number; readonly loadUs: number },
    brokerFetchers: number,
  ) {
    this.#world = world
    this.#originUs = phases.originUs
    this.#loadUs = phases.loadUs
    this.#lastUs = phases.originUs
    this.#stepUs = Math.max(STEP_US_MIN, stepFor(phases.loadUs))
    this.#hosts = world
      .hostNames()
      .map((name) => world.host(name))
      .filter(({ config }) => config.metered === true)
      .map((host) => ({
        host,
        asleep: isAsleep(host),
        missed: [],
        missedBytes: host.cache.missedBytes,
        tracks: gaugesOf(host, brokerFetchers).map((gauge) => trackOf(gauge, this.#originUs)),
      }))
    if (this.#hosts.length > 0) this.dueUs = phases.originUs + this.#stepUs
  }

  /** Takes a sample if it is time. */
  look(): void {
    if (this.#world.nowUs >= this.dueUs) this.#take()
  }

  #take(): void {
    const now = this.#world.nowUs
    const us = now - this.#lastUs
    this.#lastUs = now
    this.#atUs.push(now - this.#originUs)
    for (const watched of this.#hosts) {
      const asleepBefore = watched.asleep
      watched.asleep = isAsleep(watched.host)
      const isDown = asleepBefore && watched.asleep
      for (const track of watched.tracks) sample(track, { nowUs: now, us, isDown })
      const { missedBytes } = watched.host.cache
      watched.missed.push(missedBytes - watched.missedBytes)
      watched.missedBytes = missedBytes
    }
    this.dueUs = this.#atUs.length < STEPS_MAX ? now + this.#stepUs : Infinity
  }

  /** Everything so far; null if no host was watched. */
  resources(): Resources | null {
    if (this.#hosts.length === 0) return null
    const load = this.#atUs.filter((us) => us <= this.#loadUs).length
    const hosts = this.#hosts.map(({ host, tracks, missed, missedBytes }): HostResources => {
      const uses = tracks.map((track) => useOf(track, load, this.#atUs))
      const name = host.config.name
      return { host: name, uses, ...(missedBytes === 0 ? {} : { missedBytes: missed }) }
    })
    return { stepUs: this.#stepUs, atUs: this.#atUs, hosts }
  }
}

function isAsleep({ processes }: Host): boolean {
  return processes.every(({ phase }) => phase === 'down')
}

/** Names of thread pools in the words of operators; others are called after their station. */
const THREADS: Readonly<Record<string, ResourceName>> = {
  network: 'network-threads',
  io: 'handler-threads',
  fetcher: 'fetcher-threads',
  controllerEvent: 'controller-thread',
}

function gaugesOf(host: Host, brokerFetchers: number): Gauge[] {
  const { cores } = host.config
  const cpu: Gauge = {
    ...plain('cpu', ''),
    read: (now) => host.cpuBusyUs(now),
    capacity: cores,
  }
  return [
    ...(cores > 0 ? [cpu] : []),
    ...nicGauges('nic-in', host.nicIn),
    ...nicGauges('nic-out', host.nicOut),
    ...host.disks.flatMap((disk) => diskGauges(disk, host.disks.length > 1)),
    ...host.processes.flatMap(({ meters }) =>
      meters.map((meter) => threadGauge(meter, brokerFetchers)),
    ),
  ]
}

function plain(resource: ResourceName, part: string): Omit<Gauge, 'read' | 'capacity'> {
  return { resource, part, level: false, bytes: null, meter: null }
}

function nicGauges(resource: ResourceName, lane: NicLane): Gauge[] {
  if (lane.bytesPerUs === 0) return []
  const bytes = (): number => lane.bytes
  return [{ ...plain(resource, ''), read: (now) => lane.busyUs(now), capacity: 1, bytes }]
}

function diskGauges(disk: SimulatedDisk, several: boolean): Gauge[] {
  const part = several ? disk.config.dir : ''
  const bytes = (): number => disk.writtenBytes + disk.readBytes
  const held = (): number => disk.heldBytes
  const space = disk.config.spaceBytes ?? 0
  return [
    { ...plain('disk', part), read: (now) => disk.busyUs(now), capacity: 1, bytes },
    {
      ...plain('disk-space', part),
      read: held,
      capacity: space === 0 ? Infinity : space,
      level: true,
      bytes: held,
    },
  ]
}

function threadGauge(meter: StationMeter, brokerFetchers: number): Gauge {
  const { station, servers } = meter
  const read = (now: number): number => meter.busyUs(now)
  // The pool is made large enough for any cluster; a broker runs so many of them.
  const capacity = station === 'fetcher' ? Math.max(1, brokerFetchers) : servers
  const resource = THREADS[station] ?? `${station}-thread${servers === 1 ? '' : 's'}`
  return { ...plain(resource, ''), read, capacity, meter }
}

function trackOf(gauge: Gauge, nowUs: number): Track {
  gauge.meter?.takeQueuePeak()
  return {
    gauge,
    last: gauge.read(nowUs),
    lastBytes: gauge.bytes?.() ?? 0,
    utilisation: [],
    bytes: [],
    queue: [],
  }
}

interface Step {
  readonly nowUs: number
  readonly us: number
  /** Nothing ran at its beginning nor at its end. */
  readonly isDown: boolean
}

function sample(track: Track, { nowUs, us, isDown }: Step): void {
  const { gauge } = track
  const read = gauge.read(nowUs)
  const used = gauge.level ? read / gauge.capacity : (read - track.last) / (us * gauge.capacity)
  track.last = read
  track.utilisation.push(isDown && used === 0 ? null : rounded(used))
  if (gauge.bytes !== null) {
    const bytes = gauge.bytes()
    track.bytes.push(Math.round(gauge.level ? bytes : bytes - track.lastBytes))
    track.lastBytes = bytes
  }
  if (gauge.meter !== null) track.queue.push(gauge.meter.takeQueuePeak())
}

/** Four digits are more than a reader can use; a work that ends between µs may stand over 1. */
function rounded(share: number): number {
  return Math.min(1, Math.max(0, Math.round(share * 10_000) / 10_000))
}

/** As many bytes as this may be missing where a disk is full: the next batch did not fit. */
const FULL_SHARE = 0.98

/**
 * When a level is at its capacity: in the run, or if it goes on to rise as in the second half of
 * the load; null if it does not rise.
 */
export function fullAtUs(
  level: readonly number[],
  capacity: number,
  load: number,
  atUs: readonly number[],
): number | null {
  const full = level.findIndex((bytes) => bytes >= capacity * FULL_SHARE)
  if (full !== -1) return atUs[full] as number
  const half = load >> 1
  const last = load - 1
  if (last <= half) return null
  const bytes = (level[last] as number) - (level[half] as number)
  const us = (atUs[last] as number) - (atUs[half] as number)
  if (bytes <= 0 || capacity === Infinity) return null
  return Math.round((atUs[last] as number) + ((capacity - (level[last] as number)) / bytes) * us)
}

function useOf(track: Track, load: number, atUs: readonly number[]): ResourceUse {
  const { gauge, utilisation, bytes, queue } = track
  let sum = 0
  let best = -1
  for (let step = 0; step < load; step += 1) {
    const share = utilisation[step] ?? 0
    sum += share
    if (best === -1 || share > (utilisation[best] ?? 0)) best = step
  }
  return {
    resource: gauge.resource,
    part: gauge.part,
    utilisation,
    mean: load === 0 ? 0 : rounded(sum / load),
    peak: utilisation[best] ?? 0,
    peakAtUs: atUs[best] ?? 0,
    ...(gauge.bytes === null ? {} : { bytes }),
    ...(gauge.level ? { fullAtUs: fullAtUs(bytes, gauge.capacity, load, atUs) } : {}),
    ...(gauge.meter === null ? {} : { queue }),
  }
}
