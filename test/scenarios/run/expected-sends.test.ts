import { expect, test } from 'vitest'
import { expectedSends } from '../../../scenarios/run/expected-sends.ts'
import type { Producer, Scenario } from '../../../scenarios/schema/scenario.ts'

const minute = 60_000_000

function scenarioWith(...producers: readonly Partial<Producer>[]): Scenario {
  return { producers, durationUs: minute } as unknown as Scenario
}

test('an order of three events at a rate is three sends for each arrival, and room', () => {
  const load = { arrival: 'poisson', points: [{ atUs: 0, perSecond: 10 }] } as const
  const keys = { kind: 'per-order', events: 3, gapUs: 0 } as const

  const sends = expectedSends(scenarioWith({ load, keys }))

  expect(sends).toBe(256 + 600 * 3 * 1.25)
})

test('a curve counts with its area until the run ends', () => {
  const points = [
    { atUs: 0, perSecond: 0 },
    { atUs: minute / 2, perSecond: 20 },
    { atUs: 2 * minute, perSecond: 20 },
  ]

  const sends = expectedSends(
    scenarioWith({ load: { arrival: 'steady', points }, keys: { kind: 'none' } }),
  )

  expect(sends).toBe(256 + (300 + 600) * 1.25)
})

test('no load makes the tables begin larger than a bound', () => {
  const load = { arrival: 'steady', points: [{ atUs: 0, perSecond: 1e6 }] } as const

  const sends = expectedSends(scenarioWith({ load, keys: { kind: 'none' } }))

  expect(sends).toBe(16_384)
})
