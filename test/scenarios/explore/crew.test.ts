import { expect, test } from 'vitest'
import { chunkCraft } from '../../../scenarios/explore/chunk.ts'
import { crewOf } from '../../../scenarios/explore/crew.ts'
import { exploredCase } from '../../../scenarios/explore/cases.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'

const { scenario } = await loadScenario('d02-unclean-election')

test('this thread does given cases in their order', async () => {
  const crew = crewOf(chunkCraft, null, 1)
  const cases = [0, 1].map((index) => exploredCase(scenario, 1, index))

  const { summaries } = await crew.run({ kind: 'cases', cases })

  expect(summaries.map(({ index, seed }) => [index, seed])).toEqual(
    cases.map(({ seed }, index) => [index, seed]),
  )
})

test('runs of a scenario and the same runs as given cases are the same runs', async () => {
  const runs = crewOf(chunkCraft, { scenario, seed: 1 }, 1)
  const cases = [0, 1, 2].map((index) => exploredCase(scenario, 1, index))

  const drawn = await runs.run({ kind: 'runs', indexes: [0, 1, 2] })
  const given = await runs.run({ kind: 'cases', cases })

  expect(drawn.summaries.map(({ traceHash }) => traceHash)).toEqual(
    given.summaries.map(({ traceHash }) => traceHash),
  )
})

test('a given case that runs away is an internal error', async () => {
  const crew = crewOf(chunkCraft, null, 1)
  const cases = [exploredCase(scenario, 1, 0)]

  const { summaries } = await crew.run({ kind: 'cases', cases, eventsMax: 500 })

  expect(summaries[0]).toMatchObject({ ended: 'internal-error' })
  expect(summaries[0]?.reason).toContain('more than 500 events')
})

test('runs of a scenario need the scenario', async () => {
  const crew = crewOf(chunkCraft, null, 1)

  await expect(crew.run({ kind: 'runs', indexes: [0] })).rejects.toThrow('need the scenario')
})
