/**
 * The hosts of a run: one for each process, in its rack, with its hardware.
 */

import type { HostConfig } from '../../sim/host.ts'
import type { LinkDelay } from '../../sim/wires.ts'
import { IDEAL } from '../schema/ideal.ts'
import type { Hardware, Scenario } from '../schema/scenario.ts'
import { once } from './views.ts'

/**
 * What every wall clock shows at true time 0: ten minutes before the 11th of November 2020 in
 * Beijing.
 */
export const WALL_START_MS = 1_605_023_400_000

/** Zone of clients and services: they stand in no rack of the cluster. */
export const CLIENT_ZONE = 'clients'

/** Age at which an operating system writes a dirty page: 30 s on Linux. */
const WRITE_BACK_US = 30_000_000
/** Share of power losses that tear the last entry that a file keeps. */
const TORN_SHARE = 0.3

/** A host's profile by name; `ideal` where the scenario defines none of that name. */
export function hardwareNamed(scenario: Scenario, name: string): Hardware {
  return wholeProfiles(scenario.hardware)[name] ?? IDEAL
}

/** Cases of older releases say less of their hardware: what is missing is free. */
const wholeProfiles = once((profiles: Scenario['hardware']): Scenario['hardware'] =>
  Object.fromEntries(
    Object.entries(profiles).map(([name, hardware]) => [name, { ...IDEAL, ...hardware }]),
  ),
)

/** True of every profile but `ideal`, whatever its name. */
const hasLimits = once((hardware: Hardware): boolean =>
  Object.entries(IDEAL).some(([name, value]) => hardware[name as keyof Hardware] !== value),
)

/** Linux lets writers wait when a fifth of the memory is dirty (vm.dirty_ratio). */
const DIRTY_SHARE = 0.2

function dirtyMax({ pageCacheBytes }: Hardware): number {
  return pageCacheBytes === 0 ? Infinity : pageCacheBytes * DIRTY_SHARE
}

export function hostConfig(place: {
  readonly name: string
  readonly zone: string
  readonly disks: number
  readonly hardware: Hardware
}): HostConfig {
  const { hardware } = place
  return {
    name: place.name,
    zone: place.zone,
    cores: hardware.cores,
    nicBytesPerUs: hardware.nicBytesPerSecond / 1_000_000,
    wallStartMs: WALL_START_MS,
    pageCacheBytes: hardware.pageCacheBytes,
    metered: hasLimits(hardware),
    disks: Array.from({ length: place.disks }, (_disk, index) => ({
      dir: `data-${index}`,
      syncUs: hardware.syncUs,
      bytesPerUs: hardware.diskBytesPerSecond / 1_000_000,
      operationUs: hardware.diskOperationUs,
      dirtyMaxBytes: dirtyMax(hardware) / place.disks,
      spaceBytes: hardware.diskSpaceBytes,
      writeBackUs: WRITE_BACK_US,
      tornShare: TORN_SHARE,
    })),
  }
}

/** One-way delay between two hosts by their zones. */
export function delayBetween(scenario: Scenario, a: HostConfig, b: HostConfig): LinkDelay {
  const { network } = scenario
  if (a.zone === CLIENT_ZONE || b.zone === CLIENT_ZONE) return network.toClients
  return a.zone === b.zone ? network.withinRack : network.betweenRacks
}
