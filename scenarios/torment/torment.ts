/**
 * A case's timeline made ready for the nemesis: faults strike hosts, operations are asked of people.
 *
 * The fault budget is decided here, when a fault would take effect and from truth, not by counting
 * (design §6). A power loss that can lose records strikes only a whole cluster, in which of each
 * partition there another live member of the durable ISR holds the committed prefix; until the
 * struck replica has left the ISR or caught up, no other fault strikes a server. Less is not enough:
 * a controller that fails over meanwhile never learns that the leader was away. Of the ensemble a
 * majority stays.
 */

import { type HostFault, strike } from '../../sim/faults.ts'
import type { Deed, NemesisEntry } from '../../sim/nemesis.ts'
import { probeNamed } from '../../sim/registry.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type { Budget } from '../schema/scenario.ts'
import { type Fault, isFault, type Operation, type TimelineEntry } from '../schema/timeline.ts'
import { brokerHost, type ClusterView, resolveEnds, resolveTarget, targetText } from './targets.ts'

/** What operations are asked of. Each gives the names it concerned, and what ends it. */
export interface Operators {
  perform(operation: Operation, targets: readonly string[]): Deed
}

export interface TormentOptions {
  readonly world: Simulation
  readonly view: ClusterView
  readonly operators: Operators
  /** True time of t = 0. */
  readonly originUs: number
  /** Partitions that a lossy fault on these brokers would lose for good. */
  readonly wouldLose: (brokers: readonly string[]) => number
  /** What keeps the cluster from being whole; null if nothing does. */
  readonly ailing: () => string | null
  /** An in-sync replica that lacks committed records, in words; null if there is none. */
  readonly wounded: () => string | null
  readonly budget: Budget
  /** Dense subject of a probe for a group or a partition. */
  readonly subject: (entry: NonNullable<TimelineEntry['on']>) => number | null
}

/** The timeline as entries of the nemesis, in the same order. */
export function torment(
  timeline: readonly TimelineEntry[],
  options: TormentOptions,
): NemesisEntry[] {
  const names = new Map<string, number>()
  return timeline.map((entry) => {
    const base = `${entry.kind}/${entryTarget(entry)}/${entry.atUs ?? entry.on?.probe}`
    const count = names.get(base) ?? 0
    names.set(base, count + 1)
    const name = count === 0 ? base : `${base}/${count}`
    return {
      name,
      atUs: entry.atUs === undefined ? null : options.originUs + entry.atUs,
      on: triggerOf(entry, options),
      forUs: 'forUs' in entry && entry.forUs !== undefined ? entry.forUs : defaultFor(entry),
      act: () => (isFault(entry) ? strikeFault(entry, name, options) : operate(entry, options)),
    }
  })
}

/** The target of an entry in an author's words. */
export function entryTarget(entry: TimelineEntry): string {
  if ('between' in entry) return `${targetText(entry.between)} and ${targetText(entry.and)}`
  if ('target' in entry) return targetText(entry.target)
  if ('group' in entry) return entry.group
  if ('partition' in entry) return `${entry.topic}-${entry.partition}`
  return entry.topic
}

/** A restart without a duration starts again at once. */
function defaultFor(entry: TimelineEntry): number | null {
  return entry.kind === 'restart' ? 0 : null
}

function triggerOf(entry: TimelineEntry, options: TormentOptions): NemesisEntry['on'] {
  if (entry.on === undefined) return null
  const probe = probeNamed(entry.on.probe)
  if (probe === undefined) throw new Error(`there is no probe "${entry.on.probe}"`)
  return {
    probe,
    subject: options.subject(entry.on),
    nth: entry.on.nth,
    fromUs: options.originUs + entry.on.afterUs,
  }
}

function strikeFault(fault: Fault, name: string, options: TormentOptions): Deed {
  const resolved = resolveFault(fault, options.view)
  if (resolved === null) return { refused: `nobody is ${entryTarget(fault)} now` }
  const refused = overBudget(resolved, options)
  if (refused !== null) return { refused }
  const random = options.world.streams.named(`nemesis/${name}`)
  const end = strike(options.world, resolved, random)
  return { refused: null, resolved: hostsOf(resolved), end }
}

function operate(operation: Operation, options: TormentOptions): Deed {
  const targets = 'target' in operation ? resolveTarget(operation.target, options.view) : []
  return options.operators.perform(operation, targets)
}

function resolveFault(fault: Fault, view: ClusterView): HostFault | null {
  if ('between' in fault) {
    const { between, and } = resolveEnds(fault.between, fault.and, view)
    if (between.length === 0 || and.length === 0) return null
    if (fault.kind === 'reset') return { kind: 'reset', between, and }
    const there = { from: between, to: and }
    const back = { from: and, to: between }
    const directions =
      fault.direction === 'both' ? [there, back] : fault.direction === 'to' ? [there] : [back]
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
    case 'crash':
    case 'power-loss':
    case 'pause':
    case 'restart':
      return { kind: fault.kind, hosts }
  }
}

function hostsOf(fault: HostFault): readonly string[] {
  if ('hosts' in fault) return fault.hosts
  if (fault.kind === 'reset') return [...fault.between, ...fault.and]
  return [...new Set(fault.directions.flatMap(({ from, to }) => [...from, ...to]))]
}

/** Why the budget does not admit a fault, or null. */
function overBudget(fault: HostFault, options: TormentOptions): string | null {
  if (options.budget === 'beyond' || !strikesServers(fault)) return null
  // At the edge the budget holds to its letter: another copy is there, however shaky.
  const careful = options.budget === 'within'
  const wounded = careful ? options.wounded() : null
  if (wounded !== null) return wounded
  if (!('hosts' in fault)) return null
  if (fault.kind === 'power-loss' && fault.hosts.some((host) => host.startsWith('broker-'))) {
    const ailing = careful ? options.ailing() : null
    if (ailing !== null) return `a power loss strikes only a whole cluster: ${ailing}`
    const lost = options.wouldLose(fault.hosts)
    if (lost > 0) {
      return `no other live in-sync replica holds the committed records of ${lost} partition(s)`
    }
    // Whoever takes over from the controller never learns that the struck broker was away.
    if (careful && fault.hosts.includes(brokerHost(options.view.controller())))
      return 'it would strike the controller'
  }
  const stops = ['crash', 'power-loss', 'pause', 'restart'].includes(fault.kind)
  return stops ? overEnsemble(fault.hosts, options) : null
}

/** True if brokers or ZooKeeper servers, or links between them, are struck. */
function strikesServers(fault: HostFault): boolean {
  if ('hosts' in fault) return fault.hosts.some(isServer)
  if (fault.kind === 'reset') return fault.between.some(isServer) && fault.and.some(isServer)
  return fault.directions.some(({ from, to }) => from.some(isServer) && to.some(isServer))
}

function isServer(host: string): boolean {
  return host.startsWith('broker-') || host.startsWith('zookeeper-')
}

function overEnsemble(hosts: readonly string[], options: TormentOptions): string | null {
  const servers = options.view.zookeeperServers().map(({ id }) => `zookeeper-${id}`)
  const struck = hosts.filter((host) => servers.includes(host))
  if (struck.length === 0) return null
  const left = servers.filter(
    (name) => !struck.includes(name) && options.world.process(name)?.phase === 'running',
  )
  return left.length * 2 > servers.length ? null : 'it would leave the ensemble without a majority'
}
