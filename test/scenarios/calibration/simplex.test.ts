import { expect, test } from 'vitest'
import { lowest } from '../../../scenarios/calibration/simplex.ts'

const options = { step: 0.5, tolerance: 1e-10, callsMax: 400 }

test('the search finds the bottom of a bent valley', async () => {
  const valley = ([x = 0, y = 0]: readonly number[]): Promise<number> =>
    Promise.resolve((1 - x) * (1 - x) + 10 * (y - x * x) * (y - x * x))

  const { at, value } = await lowest([-1, 1], valley, options)

  expect(value).toBeLessThan(1e-6)
  expect(at[0]).toBeCloseTo(1, 2)
  expect(at[1]).toBeCloseTo(1, 2)
})

test('the search asks for no more values than it may, but for those of one step', async () => {
  let calls = 0
  const slope = ([x = 0]: readonly number[]): Promise<number> => {
    calls += 1
    return Promise.resolve(x)
  }

  const found = await lowest([0], slope, { ...options, callsMax: 10 })

  expect(calls).toBe(found.calls)
  expect(calls).toBeLessThanOrEqual(12)
})

test('the search tells which axes change nothing', async () => {
  const gorge = ([x = 0]: readonly number[]): Promise<number> => Promise.resolve(x * x)

  expect((await lowest([1, 1], gorge, options)).flat).toEqual([1])
})
