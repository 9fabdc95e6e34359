import { expect, test } from 'vitest'
import { outsideOf, validatedRange } from '../../../scenarios/plan/validated.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import { saturation } from '../../../scenarios/validation/published/saturation.ts'
import { settingWith } from './made-up.ts'

const { scenario } = await parseScenario({
  system: 'kafka',
  duration: '1m',
  topics: [{ name: 'orders' }],
  producers: [{ name: 'shop', topic: 'orders', recordBytes: '80B', load: { rate: '1/s' } }],
  consumers: [{ group: 'payment', topics: ['orders'] }],
})

test('the range is that of the grid which saturates', () => {
  const grid = saturation.ids.map((id) => id.slice(3).split('-').map(Number))
  const column = (at: number): readonly number[] => grid.map((cell) => cell[at] as number)

  expect(validatedRange.brokers).toEqual([Math.min(...column(0)), Math.max(...column(0))])
  // One replica has the first row of V1.
  expect(validatedRange.replicationFactor).toEqual([1, Math.max(...column(1))])
  expect(validatedRange.groups).toEqual([Math.min(...column(2)), Math.max(...column(2))])
})

test('each figure that lies outside is told', () => {
  expect(outsideOf(scenario, settingWith({ brokers: 12 }), 583_000)).toEqual([
    '80 bytes a record: validated with 100 to 50,000.',
    '12 brokers: validated with 3 to 6.',
  ])
})
