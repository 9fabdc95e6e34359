import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Deadline, Deadlines } from '../../../../model/kafka/group/deadlines.ts'
import { announcedDeadline, createGroup } from '../../../../model/kafka/group/group.ts'

function someDeadlines(count: number): Deadline[] {
  const group = createGroup('payment', 0)
  return Array.from({ length: count }, (_, number) => announcedDeadline(group, `m${number}`))
}

function drained(deadlines: Deadlines): string[] {
  const order: string[] = []
  for (;;) {
    const first = deadlines.first()
    if (first === undefined) return order
    deadlines.clear(first)
    order.push(first.memberId)
  }
}

describe('the deadlines', () => {
  test('come in the order of their times', () => {
    const [a, b, c] = someDeadlines(3) as [Deadline, Deadline, Deadline]
    const deadlines = new Deadlines()

    deadlines.set(a, 30)
    deadlines.set(b, 10)
    deadlines.set(c, 20)

    expect(drained(deadlines)).toEqual(['m1', 'm2', 'm0'])
  })

  test('of the same time come in the order in which they were set', () => {
    const [a, b, c] = someDeadlines(3) as [Deadline, Deadline, Deadline]
    const deadlines = new Deadlines()

    deadlines.set(a, 10)
    deadlines.set(b, 10)
    deadlines.set(c, 10)
    deadlines.set(a, 10)

    expect(drained(deadlines)).toEqual(['m1', 'm2', 'm0'])
  })

  test('agree with a sorted list, whatever is set, moved and cleared', () => {
    const step = fc.record({
      who: fc.integer({ min: 0, max: 9 }),
      atUs: fc.option(fc.integer({ min: 0, max: 20 })),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const all = someDeadlines(10)
        const deadlines = new Deadlines()
        const list: { who: number; atUs: number }[] = []

        for (const { who, atUs } of steps) {
          const known = list.findIndex((entry) => entry.who === who)
          if (known !== -1) list.splice(known, 1)
          if (atUs === null) {
            deadlines.clear(all[who] as Deadline)
          } else {
            deadlines.set(all[who] as Deadline, atUs)
            list.push({ who, atUs })
          }
        }

        const sorted = list.toSorted((one, other) => one.atUs - other.atUs)
        expect(drained(deadlines)).toEqual(sorted.map(({ who }) => `m${who}`))
      }),
    )
  })
})
