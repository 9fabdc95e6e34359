import { describe, expect, test } from 'vitest'
import { Kernel, NOTHING, STANDSTILL_EVENTS } from '../../sim/kernel.ts'

/**
 * A kernel with one kind of event that is written down and one that always turns out to be stale.
 */
function recorded(): {
  readonly kernel: Kernel
  readonly log: string[]
  readonly kind: number
  readonly stale: number
} {
  const log: string[] = []
  const kernel: Kernel = new Kernel(1, (kind, number) => {
    if (kind === 1) return NOTHING
    log.push(`${number} at ${kernel.now}`)
    return number
  })
  return { kernel, log, kind: 0, stale: 1 }
}

describe('the kernel', () => {
  test('sets the time to that of each event, and to the end of the stretch', () => {
    const { kernel, log, kind } = recorded()
    kernel.at(30, 1, kind, 3, null)
    kernel.at(10, 1, kind, 1, null)
    kernel.at(99, 1, kind, 9, null)

    kernel.runUntil(50)

    expect(log).toEqual(['1 at 10', '3 at 30'])
    expect(kernel.now).toBe(50)
    expect(kernel.pending).toBe(1)
    expect(kernel.nextTime()).toBe(99)
  })

  test('takes a time in the past for now', () => {
    const { kernel, log, kind } = recorded()
    kernel.runUntil(100)

    kernel.at(5, 1, kind, 1, null)
    kernel.runUntil(100)

    expect(log).toEqual(['1 at 100'])
  })

  test('gives the same hash stepped one event at a time or run in stretches', () => {
    const stepped = recorded()
    const run = recorded()
    for (const { kernel, kind } of [stepped, run]) {
      for (let n = 0; n < 50; n += 1) kernel.at((n * 37) % 23, n % 5, kind, n, null)
    }

    while (stepped.kernel.step());
    for (let until = 0; until <= 30; until += 3) run.kernel.runUntil(until)

    expect(run.log).toEqual(stepped.log)
    expect(run.kernel.hash()).toBe(stepped.kernel.hash())
  })

  test('neither counts nor hashes an event that turned out to be stale', () => {
    const { kernel, kind, stale } = recorded()
    const plain = recorded()
    kernel.at(1, 1, kind, 1, null)
    kernel.at(2, 1, stale, 0, null)
    plain.kernel.at(1, 1, plain.kind, 1, null)

    kernel.runUntil(10)
    plain.kernel.runUntil(10)

    expect(kernel.events).toBe(1)
    expect(kernel.hash()).toBe(plain.kernel.hash())
  })

  test('gives up a run that makes no progress in time', () => {
    const again = (kind: number): number => {
      kernel.at(kernel.now, 1, kind, 0, null)
      return 0
    }
    const kernel = new Kernel(1, again, { hash: false })
    kernel.at(7, 1, 0, 0, null)

    expect(() => kernel.runUntil(8)).toThrow(`no progress in time for ${STANDSTILL_EVENTS} events`)
  })
})
