import { describe, expect, test } from 'vitest'
import { type Errand, type Figures, figuresOf } from '../../../../scenarios/validation/errand.ts'
import { linkedin } from '../../../../scenarios/validation/published/linkedin.ts'
import {
  type Trial,
  trialFile,
  trials,
} from '../../../../scenarios/validation/published/linkedin-trials.ts'
import { parseScenario } from '../../../../scenarios/schema/load.ts'
import { clusterOf, scenarioOf, toldBy } from './asking.ts'

/** Clients that do nothing but work on records; `share` of the producers’ rate with acks=all. */
function madeUp(share: number): (errand: Errand) => Figures {
  return (errand) => {
    const { hardware, producers, consumers, topics } = scenarioOf(errand, 'cluster')
    const cost = (name: string): number => hardware[name]?.clientRecordCpuNs ?? 1
    const all = producers[0]?.config['acks'] === 'all' && topics[0]?.replicationFactor === 3
    const count = producers[0]?.count ?? 0
    return clusterOf({
      acknowledgedPerSecond: ((count * 1e9) / (cost('producer') + 80)) * (all ? share : 1),
      deliveredPerSecond: ((consumers[0]?.members ?? 0) * 1e9) / (cost('consumer') + 150),
      endToEndP50Us: 2_000,
      replicaLag: count === 3 ? 500_000 : 100,
    })
  }
}

describe('the rows of LinkedIn', () => {
  test('fit two constants to two rows, and meet those rows', async () => {
    const { rows, constants } = await toldBy(linkedin, madeUp(0.5))

    expect(constants.map(({ name, rows: used }) => [name, used])).toEqual([
      ['producer.clientRecordCpuNs', ['V1.1']],
      ['consumer.clientRecordCpuNs', ['V1.5']],
    ])
    const fitted = rows.filter(({ calibrated }) => calibrated)
    expect(fitted.map(({ id }) => id)).toEqual(['V1.1', 'V1.5'])
    for (const { simulated, expected } of fitted) {
      expect(Math.abs((simulated ?? 0) / (expected ?? 1) - 1)).toBeLessThan(0.016)
    }
  })

  test('are outside where the model says something else', async () => {
    const half = (await toldBy(linkedin, madeUp(0.5))).rows.find(({ id }) => id === 'V1.3')
    const most = (await toldBy(linkedin, madeUp(0.9))).rows.find(({ id }) => id === 'V1.3')

    expect([half?.inside, most?.inside]).toEqual([true, false])
    expect(most?.note).toContain('0.1 ms is assumed')
  })

  test('say of followers that they fall behind, or keep up', async () => {
    const { rows } = await toldBy(linkedin, madeUp(0.5))
    const notes = new Map(rows.map(({ id, note }) => [id, note]))

    expect(notes.get('V1.4')).toMatch(/^followers fall behind by 1\.6 million records\/s/)
    expect(notes.get('V1.2')).toMatch(/^followers keep up/)
  })

  test('are told in their order', async () => {
    const { rows } = await toldBy(linkedin, madeUp(0.5))

    expect(rows.map(({ id }) => id)).toEqual(linkedin.ids)
  })

  test('are scenarios that load', async () => {
    const costs = { producer: 1_000, consumer: 900 }
    const loaded = await Promise.all(trials.map((trial) => parseScenario(trialFile(trial, costs))))

    expect(loaded).toHaveLength(8)
  })
})

test('a producer of 2014 is bound by its thread, in a run of 60 ms', async () => {
  const trial = trials.find(({ id }) => id === 'V1.2') as Trial
  const { scenario } = await parseScenario(trialFile(trial, { producer: 1_130, consumer: 900 }))
  const window = { fromUs: 20_000, untilUs: 60_000 }

  const figures = figuresOf({
    subject: { kind: 'cluster', scenario: { ...scenario, durationUs: 60_000 }, window },
    seed: 1,
  })

  expect(figures.kind === 'cluster' ? figures.acknowledgedPerSecond : 0).toBeGreaterThan(750_000)
  expect(figures.kind === 'cluster' ? figures.acknowledgedPerSecond : 0).toBeLessThan(900_000)
})
