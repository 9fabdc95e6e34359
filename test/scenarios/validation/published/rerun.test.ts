import { expect, test } from 'vitest'
import type { Errand, Figures } from '../../../../scenarios/validation/errand.ts'
import { rerun } from '../../../../scenarios/validation/published/rerun.ts'
import { clusterOf, scenarioOf, toldBy } from './asking.ts'

/** Brokers that get through less the dearer a copy is and the more replicas there are. */
function madeUp(errand: Errand): Figures {
  const { hardware, producers, consumers, topics } = scenarioOf(errand, 'cluster')
  const copies = topics[0]?.replicationFactor ?? 1
  const perSecond = 3.5e9 / ((hardware['broker']?.kibibyteCpuNs ?? 1) * (copies === 1 ? 0.1 : 1))
  const share = producers[0]?.config['acks'] === 'all' ? 0.6 : 1
  return clusterOf({
    acknowledgedPerSecond: Math.min(1_000_000, perSecond) * share,
    deliveredPerSecond: (consumers[0]?.members ?? 0) * 1e6,
  })
}

test('how strong a broker is follows from the first ratio, and the others from that', async () => {
  const { rows, constants } = await toldBy(rerun, madeUp)

  expect(constants).toMatchObject([{ name: 'broker.kibibyteCpuNs', rows: ['V2.1'] }])
  expect((constants[0]?.value ?? 0) / (3.5e9 / 615_559)).toBeCloseTo(1, 1)
  expect(rows.map(({ id }) => id)).toEqual(rerun.ids)
  expect(rows.map(({ calibrated }) => calibrated)).toEqual([true, false, false, false, false])
  expect(rows[1]?.simulated).toBeCloseTo(0.6 * 0.6156, 1)
  expect(rows.every(({ inside }) => inside)).toBe(true)
})

test('what was simulated for the fit is not simulated again', async () => {
  const all = await toldBy(rerun, madeUp)
  const first = await toldBy(rerun, madeUp, ['V2.1'])

  // V1.3, V1.5, V1.6 and V1.7 on these brokers.
  expect(all.simulations - first.simulations).toBe(4)
})
