/**
 * A world with an open source of calls and the services it calls, and what one run of it shows.
 *
 * The services are those of a scenario (`services:`), or the staged server; hosts, network and disk
 * cost nothing, so that the only times are those of theory.
 */

import { History } from '../../../model/history.ts'
import { serviceName } from '../../../model/kafka/application/messages.ts'
import { serviceLedger, serviceProcess } from '../../../model/kafka/application/service.ts'
import type { Work } from '../../../model/kafka/application/work-time.ts'
import type { AnyBehaviour } from '../../../sim/process.ts'
import { Simulation } from '../../../sim/simulation.ts'
import { callerProcess } from './caller.ts'
import { stagedServer, type StagedOptions } from './staged-server.ts'

export interface QueueSetting {
  /** Between two arrivals, on average. */
  readonly betweenUs: number
  readonly server:
    | {
        readonly kind: 'service'
        /** That are called at once. */
        readonly ways: number
        readonly workers: number
        readonly work: Work
        readonly queueMax?: number
      }
    | ({ readonly kind: 'staged' } & StagedOptions)
  /** Calls before the first that counts, and those that count. */
  readonly warmUp: number
  readonly calls: number
}

/** What one replication measured, times in µs. */
export interface QueueSample {
  readonly sojournUs: number
  readonly refusedShare: number
  /** Calls at the first service, waiting or served, averaged over time. */
  readonly present: number
  /** Arrivals a µs, of those that count. */
  readonly perUs: number
}

const HOST = { cores: 0, nicBytesPerUs: 0, wallStartMs: 0, zone: 'theory' }
const DISK = { dir: 'data-0', syncUs: 0, bytesPerUs: 0, writeBackUs: Infinity, tornShare: 0 }
const LOOK_US = 5_000

/** One replication. */
export function queueSample(setting: QueueSetting, seed: number): QueueSample {
  const world = new Simulation({ seed, hash: false, delayBetween: () => NO_DELAY })
  const names = addServers(world, setting)
  const tally = new Tally(setting)
  world.addHost({ ...HOST, name: 'caller', disks: [] })
  const behaviour = callerProcess({
    services: names,
    meanUs: setting.betweenUs,
    now: () => world.nowUs,
    ended: (arrivedUs, tookUs, refused) => tally.ended(arrivedUs, tookUs, refused),
  })
  world.addProcess({ name: 'caller', host: 'caller', behaviour })
  for (const name of names) world.start(serviceName(name))
  world.start('caller')
  const first = serviceName(names[0] as string)
  while (!tally.full) {
    const until = world.nowUs + LOOK_US
    world.runUntil(until)
    tally.looked(presentAt(world, first))
  }
  world.release()
  return tally.sample()
}

const NO_DELAY = { baseUs: 0, jitterUs: 0 }

function addServers(world: Simulation, { server }: QueueSetting): readonly string[] {
  const ways = server.kind === 'service' ? server.ways : 1
  return Array.from({ length: ways }, (_, at) => {
    const name = `queue-${at + 1}`
    const host = serviceName(name)
    world.addHost({ ...HOST, name: host, disks: [DISK] })
    const history = new History(() => world.nowUs)
    const behaviour: AnyBehaviour =
      server.kind === 'staged'
        ? stagedServer(server)
        : serviceProcess({ ...server, name, history, ledger: serviceLedger() })
    world.addProcess({ name: host, host, behaviour })
    return name
  })
}

function presentAt(world: Simulation, name: string): number {
  const stations = world.process(name)?.load() ?? []
  return stations.reduce((sum, { busy, waiting }) => sum + busy + waiting, 0)
}

/** Sums over the calls that count and over the looks that fall among them. */
class Tally {
  readonly #setting: QueueSetting
  #ended = 0
  #tookUs = 0
  #served = 0
  #refused = 0
  #firstUs = 0
  #lastUs = 0
  #looks = 0
  #present = 0

  constructor(setting: QueueSetting) {
    this.#setting = setting
  }

  get full(): boolean {
    return this.#ended >= this.#setting.warmUp + this.#setting.calls
  }

  ended(arrivedUs: number, tookUs: number, refused: boolean): void {
    if (this.full) return
    this.#ended += 1
    if (this.#ended === this.#setting.warmUp) this.#firstUs = arrivedUs
    if (this.#ended <= this.#setting.warmUp) return
    this.#lastUs = arrivedUs
    if (refused) {
      this.#refused += 1
      return
    }
    this.#served += 1
    this.#tookUs += tookUs
  }

  looked(present: number): void {
    if (this.#ended < this.#setting.warmUp || this.full) return
    this.#looks += 1
    this.#present += present
  }

  sample(): QueueSample {
    const { calls } = this.#setting
    return {
      sojournUs: this.#tookUs / this.#served,
      refusedShare: this.#refused / calls,
      present: this.#present / this.#looks,
      perUs: calls / (this.#lastUs - this.#firstUs),
    }
  }
}
