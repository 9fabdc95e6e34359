import { expect, test } from 'vitest'
import { backtest, errorOf, type Pair } from '../../../scenarios/calibration/backtest.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'

test('the error of a half is the mean of its samples, whatever their sign; the bias is not', () => {
  const { mape, bias } = errorOf([
    { measured: 100, simulated: 110 },
    { measured: 100, simulated: 90 },
  ])

  expect(mape).toBeCloseTo(0.1, 9)
  expect(bias).toBe(0)
})

test('samples next to nothing say nothing of the error', () => {
  const { samples, mape } = errorOf([
    { measured: 100, simulated: 110 },
    { measured: 0.1, simulated: 5 },
  ])

  expect(samples).toBe(2)
  expect(mape).toBeCloseTo(0.1, 9)
})

test.each([
  [0, 0],
  [50, 1],
])('where nothing was measured, and %d simulated, the error is %d', (simulated, mape) => {
  expect(errorOf([{ measured: 0, simulated }]).mape).toBe(mape)
})

test.each([
  ['second', 0],
  ['first', 60],
])('a series without a sample in the %s half is refused', async (half, fromS) => {
  const { scenario } = await parseScenario({
    name: 'shop',
    system: 'kafka',
    duration: '10s',
    topics: [{ name: 'orders' }],
  })
  const series = (name: string, atS: readonly number[]): Pair => ({
    measured: { name, samples: atS.map((s) => ({ atUs: s * 1e6, value: 1 })) },
    simulated: { kind: 'produced', group: null },
  })
  const pairs = [series('all', [0, 50, 100]), series('part', [fromS, fromS + 40])]

  const asked = backtest({ scenario, seed: 1, pairs, fit: [], trying: () => {} })

  await expect(asked).rejects.toThrow(`"part" has no sample in the ${half} half of the time`)
})
