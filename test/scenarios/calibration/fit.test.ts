import { expect, test } from 'vitest'
import type { Constants } from '../../../scenarios/calibration/constants.ts'
import { fit, type Fittable } from '../../../scenarios/calibration/fit.ts'

/** A rate that is what one record and one request cost, of which a request has 50 records. */
function rate(id: string, measured: number, records: number): Fittable {
  return {
    id,
    measured,
    simulate: ({ recordCpuNs = 0, requestCpuNs = 0 }: Constants) =>
      Promise.resolve(1e9 / (recordCpuNs + requestCpuNs / records)),
  }
}

test('constants that made the measurements are found again', async () => {
  const points = [rate('small', 1e9 / (200 + 30_000 / 10), 10), rate('large', 1e9 / 260, 500)]

  const { constants, residuals } = await fit(
    ['recordCpuNs', 'requestCpuNs'],
    { recordCpuNs: 400, requestCpuNs: 10_000 },
    points,
  )

  expect(Math.max(...residuals.map(({ error }) => Math.abs(error)))).toBeLessThan(0.02)
  expect(constants.recordCpuNs).toBeGreaterThan(180)
  expect(constants.recordCpuNs).toBeLessThan(220)
})

test('a measurement that no constant explains keeps its error', async () => {
  const points = [rate('one', 1_000_000, 10), rate('same, twice as fast', 2_000_000, 10)]

  const { residuals } = await fit(['recordCpuNs'], { recordCpuNs: 100 }, points)

  expect(residuals.map(({ error }) => error > 0.2 || error < -0.2)).toEqual([true, true])
})
