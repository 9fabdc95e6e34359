/**
 * Truth over random histories of a small replication protocol that is right: it must find nothing,
 * and it must find every kind of wrong turn that is put in.
 */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ToldPartition } from './told-partition.ts'

const brokers = [0, 1, 2]

const step = fc.record({
  act: fc.constantFrom(
    'write',
    'write',
    'fetch',
    'fetch',
    'fetch',
    'commit',
    'commit',
    'shrink',
    'expand',
    'stop',
    'start',
    'power',
  ),
  broker: fc.nat(2),
  /** A part of the log, in percent. */
  share: fc.nat(100),
})

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

interface Turns {
  /** A leader counts a member that fetched less. */
  readonly greedyWatermark?: boolean
  /** Anyone alive is elected, and the election is called clean. */
  readonly anyLeader?: boolean
}

/** One partition in which leader, followers and ISR follow the rules, or all but one of them. */
class Protocol {
  readonly told = new ToldPartition(brokers)
  readonly #turns: Turns
  readonly #alive = new Set(brokers)
  #leader = 0
  #epoch = 0
  #isr = [0, 1, 2]
  #watermark = 0

  constructor(turns: Turns) {
    this.#turns = turns
    this.told.commit(0, 0, this.#isr).lead(0, 0, this.#isr)
  }

  play(steps: readonly Step[]): this {
    for (const { act, broker, share } of steps) this.#act(act, broker, share)
    return this
  }

  #act(act: string, broker: number, share: number): void {
    if (act === 'start') this.#start(broker)
    if (act === 'stop') this.#stop(broker)
    if (act === 'power') this.#losePower(broker, share)
    if (this.#leader === -1) return
    if (act === 'write') this.told.write(this.#leader, 1 + (share % 3))
    if (act === 'fetch') this.#fetch(broker)
    if (act === 'commit') this.#commit()
    if (act === 'shrink') this.#shrink(broker)
    if (act === 'expand') this.#expand(broker)
  }

  #fetch(broker: number): void {
    if (broker === this.#leader || !this.#alive.has(broker)) return
    const common = this.told.common(broker, this.#leader)
    if (this.told.end(broker) > common) this.told.truncate(broker, common)
    this.told.fetch(this.#leader, broker, 1)
    this.told.watermark(broker, Math.min(this.#watermark, this.told.end(broker)))
  }

  #commit(): void {
    const ends = this.#isr.map((broker) => this.told.common(broker, this.#leader))
    const reached = this.#turns.greedyWatermark === true ? Math.max(...ends) : Math.min(...ends)
    if (reached <= this.#watermark) return
    this.#watermark = reached
    this.told.watermark(this.#leader, reached)
  }

  #shrink(broker: number): void {
    if (broker === this.#leader) return
    this.#change(this.#isr.filter((member) => member !== broker))
  }

  #expand(broker: number): void {
    if (this.#isr.includes(broker) || !this.#alive.has(broker)) return
    if (this.told.common(broker, this.#leader) < this.#watermark) return
    if (this.told.end(broker) > this.told.common(broker, this.#leader)) return
    this.#change([...this.#isr, broker])
  }

  #change(isr: number[]): void {
    this.#isr = isr
    this.told.commit(this.#leader, this.#epoch, isr).isr(this.#leader, isr)
  }

  #stop(broker: number): void {
    if (!this.#alive.delete(broker)) return
    this.told.stop(broker)
    this.#elect(broker)
  }

  #start(broker: number): void {
    if (this.#alive.has(broker)) return
    this.#alive.add(broker)
    this.told.start(broker)
    if (this.#leader === -1) this.#elect(-1)
  }

  #losePower(broker: number, share: number): void {
    if (!this.#alive.has(broker)) return
    this.#alive.delete(broker)
    this.told.stop(broker)
    this.#elect(broker)
    this.#alive.add(broker)
    this.told.losePower(broker, Math.floor((this.told.end(broker) * share) / 100))
    if (this.#leader === -1) this.#elect(-1)
  }

  /** A broker is gone, or one came back: the first live member of the ISR leads. */
  #elect(gone: number): void {
    const left = this.#isr.filter((member) => member !== gone)
    const isr = left.length > 0 ? left : this.#isr
    const candidates = this.#turns.anyLeader === true ? brokers : isr
    const leader = candidates.findLast((member) => this.#alive.has(member)) ?? -1
    if (gone !== -1 && gone !== this.#leader && this.#leader !== -1) {
      if (this.#isr.includes(gone)) this.#change(isr)
      return
    }
    this.#epoch += 1
    this.#isr = leader === -1 || isr.includes(leader) ? isr : [leader]
    this.#leader = leader
    this.told.commit(leader, this.#epoch, this.#isr)
    if (leader === -1) return
    this.#watermark = Math.min(this.#watermark, this.told.end(leader))
    this.told.lead(leader, this.#epoch, this.#isr)
    this.told.watermark(leader, this.#watermark)
  }
}

function propertiesAfter(steps: readonly Step[], turns: Turns = {}): readonly string[] {
  return new Protocol(turns).play(steps).told.properties()
}

/** How many of the random histories break a property. */
function broken(turns: Turns, property: string): number {
  const runs = fc.sample(fc.array(step, { minLength: 40, maxLength: 120 }), {
    seed: 21,
    numRuns: 300,
  })
  return runs.filter((steps) => propertiesAfter(steps, turns).includes(property)).length
}

describe('truth over random histories', () => {
  test('finds nothing while the protocol is kept, whatever stops, starts or loses power', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        expect(propertiesAfter(steps)).toEqual([])
      }),
      { seed: 20, numRuns: 1_000 },
    )
  })

  test('excuses what disks took from the last member of the ISR, and nothing else', () => {
    const runs = fc.sample(fc.array(step, { minLength: 60, maxLength: 150 }), {
      seed: 22,
      numRuns: 300,
    })

    const withPower = runs.map((steps) => new Protocol({}).play(steps).told.truth.excuses)
    const without = runs.map((steps) => {
      const calm = steps.filter(({ act }) => act !== 'power')
      return new Protocol({}).play(calm).told.truth.excuses
    })

    expect(withPower.filter((excuses) => excuses.length > 0).length).toBeGreaterThan(30)
    expect(withPower.flat().every(({ cause }) => cause === 'disk')).toBe(true)
    expect(without.flat()).toEqual([])
  })

  test('finds a leader that counts the fastest member instead of the slowest', () => {
    expect(broken({ greedyWatermark: true }, 'WeakIsr')).toBeGreaterThan(100)
    expect(broken({ greedyWatermark: true }, 'StrongIsr')).toBeGreaterThan(100)
  })

  test('finds leaders elected from outside the ISR', () => {
    expect(broken({ anyLeader: true }, 'LeaderCompleteness')).toBeGreaterThan(20)
  })
})
