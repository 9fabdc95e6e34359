import { expect, test } from 'vitest'
import { figuresOf } from '../../../../scenarios/validation/errand.ts'
import { controller } from '../../../../scenarios/validation/published/controller.ts'
import type { ValidationRow } from '../../../../scenarios/validation/row.ts'

async function rowOf(id: string, slowness = 1): Promise<ValidationRow> {
  const rows: ValidationRow[] = []
  await controller.run({
    seed: 1,
    runs: null,
    simulate: (errand) => {
      const { subject } = errand
      if (subject.kind !== 'controller') throw new Error(`a ${subject.kind} was asked for`)
      const { hardware } = subject.scenario
      const ensemble = hardware['ensemble']
      if (ensemble === undefined) throw new Error('no ensemble')
      const slower = { ...ensemble, syncUs: ensemble.syncUs * slowness }
      const scenario = { ...subject.scenario, hardware: { ...hardware, ensemble: slower } }
      return Promise.resolve(figuresOf({ ...errand, subject: { kind: 'controller', scenario } }))
    },
    wants: (one) => one === id,
    told: (row) => void rows.push(row),
    fitted: () => {},
    stopped: () => false,
  })
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
