import { expect, test } from 'vitest'
import { figuresOf } from '../../../../scenarios/validation/errand.ts'
import { controller } from '../../../../scenarios/validation/published/controller.ts'
import type { Errand, Figures } from '../../../../scenarios/validation/errand.ts'
import type { ValidationRow } from '../../../../scenarios/validation/row.ts'
import { scenarioOf, toldBy } from './asking.ts'

async function rowOf(id: string, slowness = 1): Promise<ValidationRow> {
  const simulate = (errand: Errand): Figures => {
    const asked = scenarioOf(errand, 'controller')
    const { hardware } = asked
    const ensemble = hardware['ensemble']
    if (ensemble === undefined) throw new Error('no ensemble')
    const slower = { ...ensemble, syncUs: ensemble.syncUs * slowness }
    const scenario = { ...asked, hardware: { ...hardware, ensemble: slower } }
    return figuresOf({ ...errand, subject: { kind: 'controller', scenario } })
  }
  const { rows } = await toldBy(controller, simulate, [id])
  return rows[0] as ValidationRow
}

test('a thousand leaders move one write after the other', async () => {
  const row = await rowOf('V5.1')

  expect(row).toMatchObject({ expected: 5, inside: true, note: null })
  expect(row.simulated).toBeGreaterThan(4.9)
})

test('they are outside if the ensemble writes three times as slowly', async () => {
  expect((await rowOf('V5.1', 3)).inside).toBe(false)
})

/**
 * Ten thousand reads and as many writes, in rounds of as many as are under way; then the own work.
 */
function madeUp(errand: Errand): Figures {
  const { hardware, cluster, topics } = scenarioOf(errand, 'controller')
  const partitions = topics.reduce((sum, topic) => sum + topic.partitions, 0)
  const inFlight = Number(cluster.config['zookeeper.max.in.flight.requests'])
  const ownUs = (hardware['broker']?.controllerCpuNs ?? 0) / 1_000
  const writeUs = 300 + (hardware['ensemble']?.syncUs ?? 0)
  const shutdownUs = 0.4 * partitions * ((150 + writeUs) / inFlight + 2 * ownUs)
  const reloadUs = partitions * (150 / inFlight + ownUs)
  return { kind: 'controller', electionUs: 5e6, shutdownUs, reloadUs }
}

test('what a sync took and what the controller works follow from one and two at a time', async () => {
  const { rows, constants } = await toldBy(controller, madeUp)
  const seconds = (id: string): number => rows.find((row) => row.id === id)?.simulated ?? Number.NaN

  expect(rows.map(({ id }) => id)).toEqual(controller.ids)
  expect(constants.map(({ name, rows: used }) => [name, used])).toEqual([
    ['ensemble.syncUs', ['V5.6', 'V5.7']],
    ['controllerCpuNs', ['V5.6', 'V5.7']],
  ])
  // 10,000 × (450 + sync) µs halve from 9.733 to 6.181 s; what is left of 9.733 s is the own work.
  expect((constants[0]?.value ?? 0) / 260.4).toBeCloseTo(1, 1)
  expect((constants[1]?.value ?? 0) / 131_450).toBeCloseTo(1, 1)
  expect(seconds('V5.6') / 9.733).toBeCloseTo(1, 1)
  expect(seconds('V5.3') / 3.339).toBeCloseTo(1, 1)
  expect(rows.filter(({ inside }) => !inside).map(({ id }) => id)).toEqual(['V5.2'])
})
