/**
 * Faults on hosts, links, disks and clocks, with their targets already resolved to hosts.
 *
 * A fault is *interval* (its end is given back and called at the latest at heal) or *instant* (its
 * damage stays). A process is named as its host: one process a host. Crash and pause may strike in
 * the middle of the next handler, at a drawn place among its effects (design §4).
 */

import type { Stream } from './random.ts'
import type { Simulation } from './simulation.ts'

export type HostFault =
  | { readonly kind: 'crash'; readonly hosts: readonly string[] }
  | { readonly kind: 'power-loss'; readonly hosts: readonly string[] }
  | { readonly kind: 'pause'; readonly hosts: readonly string[] }
  | { readonly kind: 'restart'; readonly hosts: readonly string[] }
  | { readonly kind: 'cut'; readonly directions: readonly Way[] }
  | { readonly kind: 'hold'; readonly directions: readonly Way[] }
  | { readonly kind: 'reset'; readonly between: readonly string[]; readonly and: readonly string[] }
  | {
      readonly kind: 'slow-link'
      readonly directions: readonly Way[]
      readonly delayUs: number
      readonly jitterUs: number
      /** 0: as before. */
      readonly bytesPerUs: number
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

/** Strikes; gives what ends the fault, or null if it is instant. */
export function strike(world: Simulation, fault: HostFault, random: Stream): (() => void) | null {
  switch (fault.kind) {
    case 'crash':
    case 'restart':
      return crash(world, fault.hosts, random)
    case 'power-loss':
      return powerLoss(world, fault.hosts)
    case 'pause':
      for (const host of fault.hosts) world.pause(host, midHandler(random))
      return () => fault.hosts.forEach((host) => world.resume(host))
    case 'cut':
      for (const { from, to } of fault.directions) world.cutOneWay(from, to)
      return () => fault.directions.forEach(({ from, to }) => world.healOneWay(from, to))
    case 'hold':
      for (const { from, to } of fault.directions) world.holdOneWay(from, to)
      return () => fault.directions.forEach(({ from, to }) => world.releaseOneWay(from, to))
    case 'reset':
      world.resetConnections(fault.between, fault.and)
      return null
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

function powerLoss(world: Simulation, hosts: readonly string[]): () => void {
  for (const host of hosts) {
    world.holdDown(host)
    world.powerLoss(host)
  }
  return () => {
    for (const host of hosts) {
      world.powerOn(host)
      world.letUp(host)
    }
  }
}

function slowLink(world: Simulation, fault: Extract<HostFault, { kind: 'slow-link' }>): () => void {
  const { delayUs, jitterUs, bytesPerUs } = fault
  for (const { from, to } of fault.directions)
    world.slowOneWay(from, to, { delayUs, jitterUs, bytesPerUs })
  return () => {
    for (const { from, to } of fault.directions) {
      world.slowOneWay(from, to, { delayUs: -delayUs, jitterUs: -jitterUs, bytesPerUs: 0 })
    }
  }
}

function slowDisk(world: Simulation, fault: Extract<HostFault, { kind: 'slow-disk' }>): () => void {
  const disks = fault.hosts.flatMap((host) => world.host(host).disks)
  for (const disk of disks) {
    disk.slowness *= fault.factor
    disk.delayUs += fault.delayUs
  }
  return () => {
    for (const disk of disks) {
      disk.slowness /= fault.factor
      disk.delayUs -= fault.delayUs
    }
  }
}

/** Effects of the next handler that still happen; undefined: strike at once. */
function midHandler(random: Stream): number | undefined {
  const inside = random.chance(MID_HANDLER_SHARE)
  const effects = random.int(EFFECTS_MAX)
  return inside ? effects : undefined
}
