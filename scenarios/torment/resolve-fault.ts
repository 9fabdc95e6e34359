/**
 * A fault of the timeline as one on hosts: its targets resolved from who holds which role now.
 */

import type { HostFault, Way } from '../../sim/faults.ts'
import type { Fault } from '../schema/timeline.ts'
import { type ClusterView, resolveEnds, resolveTarget } from './targets.ts'

type BetweenFault = Extract<Fault, { readonly between: unknown }>

/** Null: nobody holds the role. */
export function resolveFault(fault: Fault, view: ClusterView): HostFault | null {
  if ('between' in fault) return resolveBetween(fault, view)
  const hosts = resolveTarget(fault.target, view)
  if (hosts.length === 0) return null
  switch (fault.kind) {
    case 'slow-disk':
      return { kind: fault.kind, hosts, delayUs: fault.delayUs, factor: fault.factor }
    case 'slow-cpu':
      return { kind: fault.kind, hosts, factor: fault.factor }
    case 'clock-step':
      return { kind: fault.kind, hosts, byUs: fault.byUs }
    case 'clock-drift':
      return { kind: fault.kind, hosts, ppm: fault.ppm }
    case 'disk-full':
    case 'io-error':
    case 'lying-sync':
    case 'wipe':
      return { kind: fault.kind, hosts, disk: fault.disk ?? null }
    case 'bit-rot': {
      const { log } = fault
      const files = log === undefined ? '' : `${log.topic}-${log.partition}/`
      return { kind: fault.kind, hosts, disk: fault.disk ?? null, entries: fault.entries, files }
    }
    case 'power-loss':
      return { kind: fault.kind, hosts, torn: fault.torn === true }
    case 'crash':
    case 'pause':
    case 'restart':
      return { kind: fault.kind, hosts }
  }
}

function resolveBetween(fault: BetweenFault, view: ClusterView): HostFault | null {
  const { between, and } = resolveEnds(fault.between, fault.and, view)
  if (between.length === 0 || and.length === 0) return null
  if (fault.kind === 'reset' || fault.kind === 'half-open') {
    return { kind: fault.kind, between, and }
  }
  if (fault.kind === 'bridge') return bridged(resolveTarget(fault.over, view), between, and)
  const there = { from: between, to: and }
  const back = { from: and, to: between }
  const directions =
    fault.direction === 'both' ? [there, back] : fault.direction === 'to' ? [there] : [back]
  if (fault.kind === 'flap') {
    return { kind: 'flap', directions, downUs: fault.downUs, upUs: fault.upUs }
  }
  if (fault.kind !== 'slow-link') return { kind: fault.kind, directions }
  const { delayUs, jitterUs, bytesPerSecond } = fault
  return {
    kind: 'slow-link',
    directions,
    delayUs,
    jitterUs,
    bytesPerUs: bytesPerSecond / 1_000_000,
  }
}

/** The two sides are cut from each other, and the bridge from neither. */
function bridged(
  over: readonly string[],
  between: readonly string[],
  and: readonly string[],
): HostFault | null {
  const one = between.filter((host) => !over.includes(host))
  const other = and.filter((host) => !over.includes(host))
  if (over.length === 0 || one.length === 0 || other.length === 0) return null
  const directions = [
    { from: one, to: other },
    { from: other, to: one },
  ]
  return { kind: 'cut', directions }
}

/** The hosts that a fault concerns, each once. */
export function hostsOf(fault: HostFault): readonly string[] {
  if ('hosts' in fault) return fault.hosts
  if ('between' in fault) return [...fault.between, ...fault.and]
  return [...new Set(fault.directions.flatMap(({ from, to }: Way) => [...from, ...to]))]
}
