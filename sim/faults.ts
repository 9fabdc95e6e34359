/**
 * Faults on hosts, links, disks and clocks, with their targets already resolved to hosts.
 *
 * A fault is *interval* (its end is given back and called at the latest at heal) or *instant* (its
 * damage stays). A process is named as its host: one process a host. Crash and pause may strike in
 * the middle of the next handler, at a drawn place among its effects (design §4).
 */

import type { Stream } from './random.ts'
import type { DiskAilment, SimulatedDisk } from './simulated-disk.ts'
import type { Simulation } from './simulation.ts'

export type HostFault =
  | { readonly kind: 'crash'; readonly hosts: readonly string[] }
  | {
      readonly kind: 'power-loss'
      readonly hosts: readonly string[]
      /** Every file that loses something keeps a torn last entry. */
      readonly torn?: boolean
    }
  | { readonly kind: 'pause'; readonly hosts: readonly string[] }
  | { readonly kind: 'restart'; readonly hosts: readonly string[] }
  | { readonly kind: 'cut'; readonly directions: readonly Way[] }
  | {
      readonly kind: 'flap'
      readonly directions: readonly Way[]
      readonly downUs: number
      readonly upUs: number
    }
  | { readonly kind: 'hold'; readonly directions: readonly Way[] }
  | { readonly kind: 'clog'; readonly directions: readonly Way[] }
  | {
      readonly kind: 'reset' | 'half-open'
      readonly between: readonly string[]
      readonly and: readonly string[]
    }
  | {
      readonly kind: 'slow-link'
      readonly directions: readonly Way[]
      readonly delayUs: number
      readonly jitterUs: number
      /** 0: as before. */
      readonly bytesPerUs: number
    }
  | {
      readonly kind: 'disk-full' | 'io-error' | 'lying-sync' | 'wipe'
      readonly hosts: readonly string[]
      /** Number of the disk on its host; null: all of them. */
      readonly disk: number | null
    }
  | {
      readonly kind: 'bit-rot'
      readonly hosts: readonly string[]
      readonly disk: number | null
      readonly entries: number
      /** How the names of the files begin. */
      readonly files: string
    }
  | {
      readonly kind: 'slow-disk'
      readonly hosts: readonly string[]
      readonly delayUs: number
      readonly factor: number
    }
  | { readonly kind: 'slow-cpu'; readonly hosts: readonly string[]; readonly factor: number }
  | { readonly kind: 'clock-step'; readonly hosts: readonly string[]; readonly byUs: number }
  | { readonly kind: 'clock-drift'; readonly hosts: readonly string[]; readonly ppm: number }

/** Everything sent from one set of hosts to another. */
export interface Way {
  readonly from: readonly string[]
  readonly to: readonly string[]
}

/** Share of crashes and pauses that strike in the middle of a handler. */
const MID_HANDLER_SHARE = 0.5
/** Effects of the handler that still happen, at most. */
const EFFECTS_MAX = 6
/** Time of a sync where hardware costs nothing: what a slow disk multiplies there. */
const NOMINAL_SYNC_US = 1000

/** Strikes; gives what ends the fault, or null if it is instant. */
export function strike(world: Simulation, fault: HostFault, random: Stream): (() => void) | null {
  switch (fault.kind) {
    case 'crash':
    case 'restart':
      return crash(world, fault.hosts, random)
    case 'power-loss':
      return powerLoss(world, fault)
    case 'pause':
      for (const host of fault.hosts) world.pause(host, midHandler(random))
      return () => fault.hosts.forEach((host) => world.resume(host))
    case 'cut':
      for (const { from, to } of fault.directions) world.links.cutOneWay(from, to)
      return () => fault.directions.forEach(({ from, to }) => world.links.healOneWay(from, to))
    case 'flap':
      return flap(world, fault)
    case 'clog':
      for (const { from, to } of fault.directions) world.links.clogOneWay(from, to)
      return () => fault.directions.forEach(({ from, to }) => world.links.unclogOneWay(from, to))
    case 'hold':
      for (const { from, to } of fault.directions) world.links.holdOneWay(from, to)
      return () => fault.directions.forEach(({ from, to }) => world.links.releaseOneWay(from, to))
    case 'reset':
      world.links.resetConnections(fault.between, fault.and)
      return null
    case 'half-open':
      world.links.halfOpenConnections(fault.between, fault.and)
      return null
    case 'disk-full':
      return ailDisks(world, fault, 'full')
    case 'io-error':
      return ailDisks(world, fault, 'io-error')
    case 'lying-sync':
      return ailDisks(world, fault, 'lying')
    case 'bit-rot':
      for (const disk of disksOf(world, fault)) disk.rot(fault.files, fault.entries)
      return null
    case 'wipe':
      return wipe(world, fault)
    case 'slow-link':
      return slowLink(world, fault)
    case 'slow-disk':
      return slowDisk(world, fault)
    case 'slow-cpu':
      for (const host of fault.hosts) world.host(host).cpuSlowness *= fault.factor
      return () => fault.hosts.forEach((host) => (world.host(host).cpuSlowness /= fault.factor))
    case 'clock-step':
      for (const host of fault.hosts) world.stepClock(host, fault.byUs)
      return null
    case 'clock-drift':
      for (const host of fault.hosts) world.setDrift(host, fault.ppm / 1_000_000)
      return () => fault.hosts.forEach((host) => world.setDrift(host, 0))
  }
}

function crash(world: Simulation, hosts: readonly string[], random: Stream): () => void {
  for (const host of hosts) {
    world.holdDown(host)
    world.crash(host, midHandler(random))
  }
  return () => hosts.forEach((host) => world.letUp(host))
}

function powerLoss(
  world: Simulation,
  { hosts, torn }: Extract<HostFault, { kind: 'power-loss' }>,
): () => void {
  for (const host of hosts) {
    world.holdDown(host)
    world.powerLoss(host, torn === true ? 1 : undefined)
  }
  return () => {
    for (const host of hosts) {
      world.powerOn(host)
      world.letUp(host)
    }
  }
}

/** Cut and whole in turn, beginning with cut. */
function flap(world: Simulation, fault: Extract<HostFault, { kind: 'flap' }>): () => void {
  const { directions, downUs, upUs } = fault
  const name = `flap/${directions.map(({ from, to }) => `${from.join()}>${to.join()}`).join('/')}`
  let down = false
  let over = false
  const turn = (): void => {
    if (over) return
    down = !down
    for (const { from, to } of directions) {
      if (down) world.links.cutOneWay(from, to)
      else world.links.healOneWay(from, to)
    }
    world.at(world.nowUs + (down ? downUs : upUs), name, turn)
  }
  turn()
  return () => {
    over = true
    if (down) directions.forEach(({ from, to }) => world.links.healOneWay(from, to))
  }
}

type DiskFault = Extract<HostFault, { readonly disk: number | null }>

function disksOf(world: Simulation, { hosts, disk }: DiskFault): readonly SimulatedDisk[] {
  return hosts.flatMap((host) => {
    const { disks } = world.host(host)
    return disk === null ? disks : disks.filter((_one, index) => index === disk)
  })
}

/** Who was refused a write starts again once the disk is mended: it gave up on it meanwhile. */
function ailDisks(world: Simulation, fault: DiskFault, ailment: DiskAilment): () => void {
  const struck = fault.hosts.map((host) => {
    const disks = disksOf(world, { ...fault, hosts: [host] })
    return { host, disks, refusals: refusalsOf(disks) }
  })
  for (const { disks } of struck) for (const disk of disks) disk.ail(ailment, 1)
  return () => {
    for (const { host, disks, refusals } of struck) {
      for (const disk of disks) disk.ail(ailment, -1)
      if (refusalsOf(disks) === refusals) continue
      world.holdDown(host)
      world.crash(host)
      world.letUp(host)
    }
  }
}

function refusalsOf(disks: readonly SimulatedDisk[]): number {
  return disks.reduce((sum, { refusals }) => sum + refusals, 0)
}

/** The process ends, its disks are replaced by empty ones, and it may start again. */
function wipe(world: Simulation, fault: DiskFault): () => void {
  for (const host of fault.hosts) {
    world.holdDown(host)
    world.crash(host)
  }
  for (const disk of disksOf(world, fault)) disk.wipe()
  return () => fault.hosts.forEach((host) => world.letUp(host))
}

function slowLink(world: Simulation, fault: Extract<HostFault, { kind: 'slow-link' }>): () => void {
  const { delayUs, jitterUs, bytesPerUs } = fault
  for (const { from, to } of fault.directions)
    world.links.slowOneWay(from, to, { delayUs, jitterUs, bytesPerUs })
  return () => {
    for (const { from, to } of fault.directions) {
      world.links.slowOneWay(from, to, { delayUs: -delayUs, jitterUs: -jitterUs, bytesPerUs: 0 })
    }
  }
}

function slowDisk(world: Simulation, fault: Extract<HostFault, { kind: 'slow-disk' }>): () => void {
  const disks = fault.hosts.flatMap((host) => world.host(host).disks)
  const slow = disks.map((disk) => ({ disk, delayUs: fault.delayUs + extraUs(disk, fault.factor) }))
  for (const { disk, delayUs } of slow) {
    disk.slowness *= fault.factor
    disk.delayUs += delayUs
  }
  return () => {
    for (const { disk, delayUs } of slow) {
      disk.slowness /= fault.factor
      disk.delayUs -= delayUs
    }
  }
}

/** What a factor means on a disk whose syncs take no time. */
function extraUs({ config }: SimulatedDisk, factor: number): number {
  return config.syncUs > 0 ? 0 : Math.max(0, Math.round(NOMINAL_SYNC_US * (factor - 1)))
}

/** Effects of the next handler that still happen; undefined: strike at once. */
function midHandler(random: Stream): number | undefined {
  const inside = random.chance(MID_HANDLER_SHARE)
  const effects = random.int(EFFECTS_MAX)
  return inside ? effects : undefined
}
