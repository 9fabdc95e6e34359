import { expect, test } from 'vitest'
import { hazardScenarios, withSets } from '../../../scenarios/hazards/catalogue.ts'
import { search } from '../../../scenarios/hazards/hunt.ts'

/** Runs of each fix here; `dmqsim table hazards` makes a thousand. */
const FIX_RUNS = 12
const CHUNK = 4

const hazards = await hazardScenarios()

test('hazards come in the order of the catalogue, each once', () => {
  const ids = hazards.map(({ hazard }) => hazard.id)

  expect(ids.length).toBeGreaterThan(5)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids[0]).toMatch(/^R/)
})

test.each(hazards)('$hazard.id has what makes it possible', async ({ hazard, scenario }) => {
  const laid = await withSets(scenario.name, hazard.sets)

  // A path that is misspelt, or a value that the file does not have, would change it.
  expect(laid).toEqual(scenario)
})

test.each(hazards)('$hazard.id is found by exploring', ({ hazard, scenario }) => {
  const { check, within } = hazard
  let index = -1

  for (let from = 0; from < within && index === -1; from += CHUNK) {
    const until = Math.min(within, from + CHUNK)
    const at = search({ kind: 'search', scenario, check, seed: 1, from, until }).indexOf('broken')
    if (at !== -1) index = from + at
  }

  expect(index).toBeGreaterThanOrEqual(0)
})

test.each(hazards.filter(({ fixed }) => fixed !== null))(
  'the fix of $hazard.id holds',
  ({ hazard, fixed, scenario }) => {
    const { check } = hazard
    if (fixed === null) throw new Error('there is no fix')

    const words = search({
      kind: 'search',
      scenario: fixed,
      check,
      seed: 1,
      from: 0,
      until: FIX_RUNS,
    })

    expect(fixed).not.toEqual(scenario)
    expect(words).toEqual(words.map(() => 'whole'))
  },
)
