/**
 * The fault budget: what a campaign admits, decided from truth when a fault would take effect.
 *
 * `within`: nothing may be lost. A fault that can lose records strikes only a whole cluster, in
 * which of each partition there another live member of the durable ISR holds the committed prefix;
 * until the struck replica has left the ISR or caught up, no other fault strikes a server. Less is
 * not enough: a controller that fails over meanwhile never learns that the leader was away. Of the
 * ensemble a majority stays.
 * `edge`: the limit of what is promised, fault by fault: another live member holds the prefix, of
 * the ensemble a majority stays. Two such faults can still lose something, which is excused.
 * `beyond`: everything.
 */

import type { HostFault } from '../../sim/faults.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type { Budget } from '../schema/scenario.ts'
import { brokerHost, type ClusterView, zookeeperHost } from './targets.ts'

export interface BudgetOptions {
  readonly budget: Budget
  readonly world: Simulation
  readonly view: ClusterView
  /** Partitions that a lossy fault on these brokers would lose for good. */
  readonly wouldLose: (brokers: readonly string[]) => number
  /** What keeps the cluster from being whole; null if nothing does. */
  readonly ailing: () => string | null
  /** An in-sync replica that lacks committed records, in words; null if there is none. */
  readonly wounded: () => string | null
}

/** Faults that take what a disk held. */
const lossy: ReadonlySet<HostFault['kind']> = new Set(['power-loss', 'wipe', 'bit-rot'])
/** Faults after which the process on the host is down, for a while at least. */
const stopping: ReadonlySet<HostFault['kind']> = new Set([
  'crash',
  'power-loss',
  'pause',
  'restart',
  'wipe',
  'disk-full',
  'io-error',
])

/** Why the budget does not admit a fault, or null. `permanent`: it is not mended at the heal. */
export function overBudget(
  fault: HostFault,
  permanent: boolean,
  options: BudgetOptions,
): string | null {
  if (options.budget === 'beyond' || !strikesServers(fault)) return null
  if (options.budget === 'within') {
    const wounded = options.wounded()
    if (wounded !== null) return wounded
  }
  if (!('hosts' in fault)) return null
  const why = lossy.has(fault.kind) || permanent ? overReplicas(fault, options) : null
  if (why !== null) return why
  if (stopping.has(fault.kind) || fault.kind === 'lying-sync' || fault.kind === 'bit-rot') {
    return overEnsemble(fault, options)
  }
  return null
}

type OnHosts = Extract<HostFault, { readonly hosts: readonly string[] }>

/** What a lossy fault needs of the brokers. */
function overReplicas(fault: OnHosts, options: BudgetOptions): string | null {
  const brokers = fault.hosts.filter((host) => host.startsWith('broker-'))
  if (brokers.length === 0) return null
  if (options.budget === 'within') {
    const why = overWholeCluster(fault, options)
    if (why !== null) return why
  }
  const lost = options.wouldLose(brokers)
  if (lost > 0) {
    return `no other live in-sync replica holds the committed records of ${lost} partition(s)`
  }
  // Whoever takes over from the controller never learns that the struck broker was away.
  const within = options.budget === 'within'
  if (within && brokers.includes(brokerHost(options.view.controller()))) {
    return 'it would strike the controller'
  }
  return null
}

/** What only the loss-free campaign asks beside. */
function overWholeCluster(fault: OnHosts, options: BudgetOptions): string | null {
  const what = (lossyWords[fault.kind] ?? 'a permanent fault') as string
  // Nothing repairs a rotten batch: its replica stays in the ISR and can lead one day.
  if (fault.kind === 'bit-rot') return 'nothing repairs bit rot: only edge and beyond admit it'
  if (fault.kind === 'power-loss' && fault.hosts.some((host) => isLying(host, options.world))) {
    return 'its disk lies about syncs: what a power loss takes is not known'
  }
  const ailing = options.ailing()
  return ailing === null ? null : `${what} strikes only a whole cluster: ${ailing}`
}

const lossyWords: Partial<Record<HostFault['kind'], string>> = {
  'power-loss': 'a power loss',
  wipe: 'a wipe',
}

/** True if brokers or ZooKeeper servers, or links between them, are struck. */
function strikesServers(fault: HostFault): boolean {
  if ('hosts' in fault) return fault.hosts.some(isServer)
  if ('between' in fault) return fault.between.some(isServer) && fault.and.some(isServer)
  return fault.directions.some(({ from, to }) => from.some(isServer) && to.some(isServer))
}

function isServer(host: string): boolean {
  return host.startsWith('broker-') || host.startsWith('zookeeper-')
}

function isLying(host: string, world: Simulation): boolean {
  return world.host(host).disks.some((disk) => disk.lying)
}

/**
 * Of the ensemble a majority stays, whose disks work and are believed and whose logs can be read.
 */
function overEnsemble(fault: OnHosts, options: BudgetOptions): string | null {
  const { world } = options
  const servers = options.view.zookeeperServers().map(({ id }) => zookeeperHost(id))
  const struck = fault.hosts.filter((host) => servers.includes(host))
  if (struck.length === 0) return null
  const left = servers.filter((name) => !struck.includes(name) && isSound(name, world))
  if (left.length * 2 <= servers.length) return 'it would leave the ensemble without a majority'
  const takes =
    fault.kind === 'wipe' ||
    fault.kind === 'bit-rot' ||
    struck.some((name) => fault.kind === 'power-loss' && isLying(name, world))
  if (!takes) return null
  if (options.budget === 'within') return 'it would take transactions that the ensemble confirmed'
  return left.length < servers.length - struck.length
    ? 'another server of the ensemble is struck already'
    : null
}

function isSound(name: string, world: Simulation): boolean {
  if (world.process(name)?.phase !== 'running') return false
  const { disks } = world.host(name)
  // It does not start again on a log that has rotted.
  return disks.every((disk) => disk.failing === 'ok' && !disk.lying && !disk.rotting)
}
