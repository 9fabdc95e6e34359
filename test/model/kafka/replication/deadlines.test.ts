import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Deadlines, type Waiting } from '../../../../model/kafka/replication/deadlines.ts'

describe('deadlines', () => {
  it('give what is due in order of time, without what is over', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(500), fc.boolean()), { maxLength: 300 }), (drawn) => {
        const deadlines = new Deadlines<Waiting>()
        const operations = drawn.map(([deadlineUs, done]) => ({
          deadlineUs,
          done: false,
          ends: done,
        }))
        for (const operation of operations) {
          deadlines.add(operation)
          operation.done = operation.ends
        }

        const due: number[] = []
        for (let next = deadlines.due(400); next !== undefined; next = deadlines.due(400)) {
          due.push(next.deadlineUs)
        }

        const waiting = operations.filter(({ done }) => !done).map(({ deadlineUs }) => deadlineUs)
        expect(due).toEqual(waiting.filter((us) => us <= 400).toSorted((a, b) => a - b))
        const later = waiting.filter((us) => us > 400).toSorted((a, b) => a - b)
        expect(deadlines.next()).toBe(later[0] ?? -1)
      }),
      { seed: 11 },
    )
  })

  it('say whether the timer has to be set', () => {
    const deadlines = new Deadlines<Waiting>()

    const first = [30, 40, 20].map((deadlineUs) => deadlines.add({ deadlineUs, done: false }))

    expect(first).toEqual([true, false, true])
    expect(deadlines.next()).toBe(20)
  })
})
