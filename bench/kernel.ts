/**
 * The kernel alone: hold model, ping-pong and M/M/1, with nothing of a queue or broker on top.
 */

import { exponentialOf } from '../sim/arithmetic.ts'
import { Kernel } from '../sim/kernel.ts'
import { stream } from '../sim/random.ts'
import { Schedule } from '../sim/schedule.ts'
import { seconds } from './figures.ts'
import { ObjectHeap } from './object-heap.ts'

/** Seconds for `operations` of pop one, push one, with `pending` events. */
export function holdOurs(pending: number, operations: number): number {
  const schedule = new Schedule(1)
  const delays = delaysOf(4096, 1e9)
  for (let n = 0; n < pending; n += 1)
    schedule.add(delays[n & 4095] as number, n & 63, 0, n, undefined)
  return seconds(() => {
    for (let n = 0; n < operations; n += 1) {
      schedule.pop()
      schedule.add(schedule.time + (delays[n & 4095] as number), n & 63, 0, n, undefined)
    }
  })
}

/** The same on a binary heap of objects with an inline comparison of (time, sequence). */
export function holdObjects(pending: number, operations: number): number {
  const heap = new ObjectHeap()
  const delays = delaysOf(4096, 1e9)
  for (let n = 0; n < pending; n += 1) heap.push(delays[n & 4095] as number, n & 63, n)
  return seconds(() => {
    for (let n = 0; n < operations; n += 1) {
      const event = heap.pop()
      heap.push(event.time + (delays[n & 4095] as number), n & 63, n)
    }
  })
}

/**
 * Seconds for `messages` passed round between `nodes` that answer each other, 100 in all pending.
 */
export function pingPong(nodes: number, messages: number, hash: boolean): number {
  const delays = delaysOf(4096)
  let sent = 0
  const pass = (_kind: number, node: number): number => {
    sent += 1
    const to = node ^ 1
    kernel.at(kernel.now + 10 + (delays[sent & 4095] as number), to, 0, to, undefined)
    return node
  }
  const kernel = new Kernel(7, pass, { hash })
  for (let node = 0; node < nodes; node += 1) kernel.at(node, node, 0, node, undefined)
  return seconds(() => {
    while (sent < messages) kernel.step()
  })
}

const ARRIVE = 0
const DEPART = 1

/** Seconds for `customers` through one exponential server at 80 % load. */
export function queueOurs(customers: number): number {
  const arrivals = stream(7, 'arrivals')
  const services = stream(7, 'services')
  let served = 0
  let waiting = 0
  const depart = (): void => {
    kernel.at(kernel.now + services.exponential(800), 2, DEPART, 0, undefined)
  }
  const kernel = new Kernel(7, (kind) => {
    if (kind === ARRIVE) {
      waiting += 1
      if (waiting === 1) depart()
      kernel.at(kernel.now + arrivals.exponential(1000), 1, ARRIVE, 0, undefined)
      return 1
    }
    served += 1
    waiting -= 1
    if (waiting > 0) depart()
    return 2
  })
  kernel.at(0, 1, ARRIVE, 0, undefined)
  return seconds(() => {
    while (served < customers) kernel.step()
  })
}

function delaysOf(count: number, mean = 1000): Float64Array {
  const random = stream(3, 'delays')
  return Float64Array.from({ length: count }, () => Math.ceil(mean * exponentialOf(random.next())))
}
