import { expect, test } from 'vitest'
import { saturation } from '../../../../scenarios/validation/published/saturation.ts'
import type { ValidationRow } from '../../../../scenarios/validation/row.ts'
import { clusterOf, scenarioOf, toldBy } from './asking.ts'

/**
 * The row of 3 brokers, 3 replicas and one group (12.5 MB/s), where a cluster bears `bytes` a
 * second.
 */
async function saturatedAt(bytes: number): Promise<ValidationRow> {
  const simulate: Parameters<typeof toldBy>[1] = (errand) => {
    const [load] = scenarioOf(errand, 'cluster').producers
    const borne = Math.min(load?.load.points[0]?.perSecond ?? 0, bytes / 50_000)
    return clusterOf({ acknowledgedPerSecond: borne, deliveredPerSecond: borne })
  }
  const { rows } = await toldBy(saturation, simulate, ['V3.3-3-1'])
  return rows[0] as ValidationRow
}

test('a cluster that saturates a little below the formula is inside, at the step below', async () => {
  const row = await saturatedAt(11_500_000)

  expect(row).toMatchObject({ low: 10, high: 12.5, inside: true })
  expect(row.simulated).toBeCloseTo(11.25, 5)
})

test.each([
  ['above the formula', 14_000_000],
  ['below 80 % of it', 9_000_000],
])('a cluster that saturates %s is outside', async (_where, bytes) => {
  expect((await saturatedAt(bytes)).inside).toBe(false)
})
