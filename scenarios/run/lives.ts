/**
 * Hears which processes of a run start and end, and tells truth and history.
 *
 * An object of a class and no closures made in each run: with a closure, stored late in an object,
 * the world of a run that was over was seen to stay in memory until a full collection.
 */

import { Lifecycle } from '../../model/history.ts'
import type { WorldListener } from '../../sim/simulation.ts'
import type { Cluster } from './cluster.ts'

export class Lives implements WorldListener {
  /** Null until every process is in it: none ends before. */
  cluster: Cluster | null = null
  readonly #others: WorldListener | null

  /** `others`: who else wants to know. */
  constructor(others: WorldListener | undefined) {
    this.#others = others ?? null
  }

  started(name: string, incarnation: number): void {
    this.#others?.started(name, incarnation)
  }

  stopped(name: string, incarnation: number, reason: string): void {
    if (this.cluster !== null) tell(this.cluster, name)
    this.#others?.stopped(name, incarnation, reason)
  }
}

/** Tells truth of a broker's end, and the history of a client's that was not asked for. */
function tell(cluster: Cluster, name: string): void {
  const { truth, history, world } = cluster
  const broker = cluster.brokers.find((one) => one.name === name)
  const runtime = world.process(name)
  if (broker !== undefined) {
    truth.brokerStopped(broker.id)
    if (runtime?.ended === 'power-loss') truth.diskStruck(broker.id)
    return
  }
  if (!isClient(cluster, name) || runtime?.ended === 'stopped') return
  history.lived(history.name(name), Lifecycle.crashed, runtime?.incarnation ?? 0)
}

function isClient({ producers, groups }: Cluster, name: string): boolean {
  if (producers.some((producer) => producer.name === name)) return true
  return groups.some(({ members }) => members.includes(name))
}
