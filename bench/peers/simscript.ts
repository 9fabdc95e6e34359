/**
 * M/M/1 in the npm package simscript, as its documentation writes models: each customer is an
 * entity whose script enters a queue of capacity one, stays and leaves.
 */

import simscript from 'simscript'
import { cpuSeconds } from '../figures.ts'
import { ARRIVAL_MEAN, type Measured, SERVICE_MEAN } from './models.ts'

const { Entity, Exponential, Queue, Simulation } = simscript

class Shop extends Simulation {
  readonly server = new Queue('server', 1)
  readonly service = new Exponential(SERVICE_MEAN, 7)
  readonly #customers: number

  constructor(customers: number) {
    super()
    this.#customers = customers
  }

  override onStarting(): void {
    super.onStarting()
    this.generateEntities(Customer, new Exponential(ARRIVAL_MEAN, 8), this.#customers)
  }
}

class Customer extends Entity<Shop> {
  override async script(): Promise<void> {
    const { server, service } = this.simulation
    await this.enterQueue(server)
    await this.delay(service.sample())
    this.leaveQueue(server)
  }
}

/** Seconds for so many customers. */
export async function queueInSimscript(customers: number): Measured {
  const shop = new Shop(customers)
  // Otherwise it waits for a page's animation frame now and then.
  shop.yieldInterval = Infinity
  const finished = new Promise<void>((resolve) => {
    shop.finished.addEventListener(() => resolve())
  })
  const start = cpuSeconds()
  await shop.start(true)
  await finished
  return cpuSeconds() - start
}
