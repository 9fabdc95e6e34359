/**
 * M/M/1 in the npm package simjs, as its documentation writes models: an entity asks for a facility
 * and is called back.
 */

import { seconds } from '../figures.ts'
import { ARRIVAL_MEAN, SERVICE_MEAN } from './models.ts'

interface Request {
  done(callback: () => void): Request
}

/** What is used of the package, which has no types. */
interface Simjs {
  readonly Sim: new () => {
    addEntity(entity: new (...given: never[]) => object): object
    simulate(until: number): boolean
  }
  readonly Entity: new (...given: unknown[]) => {
    setTimer(duration: number): Request
    useFacility(facility: object, duration: number): Request
  }
  readonly Facility: new (name: string) => object
  readonly Random: new (seed: number) => { exponential(rate: number): number }
}

/** Seconds for so many customers; measure with a few first to warm up. */
export async function loadSimjs(): Promise<(customers: number) => number> {
  const { Sim, Entity, Facility, Random } = await load()
  return (customers) => {
    const random = new Random(7)
    const simulation = new Sim()
    const server = new Facility('server')
    let arrived = 0
    class Source extends Entity {
      start(): void {
        this.arrive()
      }

      arrive(): void {
        if (arrived === customers) return
        arrived += 1
        this.useFacility(server, random.exponential(1 / SERVICE_MEAN)).done(() => {})
        this.setTimer(random.exponential(1 / ARRIVAL_MEAN)).done(() => this.arrive())
      }
    }
    simulation.addEntity(Source)
    return seconds(() => simulation.simulate(Infinity))
  }
}

/** The package is made for pages: it hands itself over on `window` only. */
async function load(): Promise<Simjs> {
  const page = globalThis as { window?: { Sim?: Simjs } }
  page.window = {}
  try {
    await import('simjs')
    const { Sim } = page.window
    if (Sim === undefined) throw new Error('simjs did not hand itself over')
    return Sim
  } finally {
    delete page.window
  }
}
