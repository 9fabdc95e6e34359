import { expect, test } from 'vitest'
import type { Figures } from '../../../../scenarios/validation/errand.ts'
import { saturation } from '../../../../scenarios/validation/published/saturation.ts'
import type { ValidationRow } from '../../../../scenarios/validation/row.ts'

/**
 * The row of 3 brokers, 3 replicas and one group (12.5 MB/s), where a cluster bears `bytes` a
 * second.
 */
async function saturatedAt(bytes: number): Promise<ValidationRow> {
  const rows: ValidationRow[] = []
  await saturation.run({
    seed: 1,
    runs: null,
    simulate: ({ subject }) => {
      if (subject.kind !== 'cluster') throw new Error(`a ${subject.kind} was asked for`)
      const [load] = subject.scenario.producers
      const perSecond = load?.load.points[0]?.perSecond ?? 0
      const borne = Math.min(perSecond, bytes / 50_000)
      return Promise.resolve({
        kind: 'cluster',
        acknowledgedPerSecond: borne,
        deliveredPerSecond: borne,
        meanUs: 1,
        p50Us: 1,
        p99Us: 1,
        endToEndP50Us: 1,
        replicaLag: 0,
        events: 1,
      } as Figures)
    },
    wants: (id) => id === 'V3.3-3-1',
    told: (row) => void rows.push(row),
    fitted: () => {},
    stopped: () => false,
  })
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
