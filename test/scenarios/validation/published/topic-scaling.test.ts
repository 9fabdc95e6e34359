import { expect, test } from 'vitest'
import { topicScaling } from '../../../../scenarios/validation/published/topic-scaling.ts'
import type { ValidationRow } from '../../../../scenarios/validation/row.ts'
import { clusterOf, scenarioOf, toldBy } from './asking.ts'

/** The rows of a cluster whose throughput falls so much from 64 to 256 topics. */
async function rowsOf(share: number): Promise<readonly ValidationRow[]> {
  const { rows } = await toldBy(topicScaling, (errand) => {
    const { topics, producers } = scenarioOf(errand, 'cluster')
    const users = producers.reduce((sum, { load }) => sum + (load.closed?.users ?? 0), 0)
    expect([users, producers.length]).toEqual([2_048, topics.length])
    return clusterOf({ acknowledgedPerSecond: topics.length === 256 ? 500_000 * share : 500_000 })
  })
  return rows
}

test('a fall of nine tenths or more is inside', async () => {
  const [kafka] = await rowsOf(0.05)

  expect(kafka).toMatchObject({ id: 'V4.1', inside: true })
  expect(kafka?.simulated).toBeCloseTo(-95, 9)
  expect(kafka?.note).toContain('500 k/s → 25 k/s')
})

test('a lesser fall is outside, and a rise is not called a fall', async () => {
  const [fall, rise] = [(await rowsOf(0.5))[0], (await rowsOf(1.5))[0]]

  expect(fall).toMatchObject({ inside: false })
  expect(fall?.note).toContain('the sign is right')
  expect(rise?.note).not.toContain('the sign is right')
})

test('what is not modelled is said, and is neither inside nor outside', async () => {
  const [, rocket] = await rowsOf(0.05)

  expect(rocket).toMatchObject({ id: 'V4.2', simulated: null, inside: null })
})
