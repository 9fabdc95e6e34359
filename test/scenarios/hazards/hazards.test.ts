import { expect, test } from 'vitest'
import { elementsOf } from '../../../scenarios/explore/elements.ts'
import { hazardScenarios, withSets } from '../../../scenarios/hazards/catalogue.ts'
import { search, shrinkErrand } from '../../../scenarios/hazards/hunt.ts'

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
  const { within } = hazard
  let index = -1

  for (let from = 0; from < within && index === -1; from += CHUNK) {
    const until = Math.min(within, from + CHUNK)
    const ends = search({ kind: 'search', scenario, bug: hazard, seed: 1, from, until })
    const at = ends.findIndex(({ word }) => word === 'broken')
    if (at !== -1) index = from + at
  }

  expect(index).toBeGreaterThanOrEqual(0)
})

test('a run that breaks the check by something else than the bug is told apart', () => {
  const one = hazards.find(({ hazard }) => hazard.id === 'D01')
  if (one === undefined) throw new Error('D01 is gone')
  const runs = { kind: 'search', scenario: one.scenario, seed: 1, from: 0, until: 20 } as const

  const own = search({ ...runs, bug: one.hazard })
  const other = search({ ...runs, bug: { ...one.hazard, mechanism: 'a meteor' } })

  const broken = own.filter(({ word }) => word === 'broken')
  expect(broken.length).toBeGreaterThan(0)
  expect(other).toEqual(
    own.map((end) => (end.word === 'broken' ? { ...end, word: 'otherwise' } : end)),
  )
})

test.each(hazards.filter(({ fixed }) => fixed !== null))(
  'the fix of $hazard.id holds',
  ({ hazard, fixed, scenario }) => {
    if (fixed === null) throw new Error('there is no fix')

    const runs = { seed: 1, from: 0, until: FIX_RUNS }
    const ends = search({ kind: 'search', scenario: fixed, bug: hazard, ...runs })

    expect(fixed).not.toEqual(scenario)
    expect(ends.map(({ word }) => word)).toEqual(ends.map(() => 'whole'))
  },
)

/** Those whose stories are the longest, or whose runs are. */
const LONG = ['R01', 'R08', 'D02', 'Z03', 'C08']
const ELEMENTS_MAX = 10

test.each(hazards.filter(({ hazard }) => LONG.includes(hazard.id)))(
  '$hazard.id shrinks to at most ten elements',
  ({ hazard, scenario }) => {
    const { within } = hazard
    const words = { scenario, bug: hazard, seed: 1 }
    let index = 0
    while (index < within && wordAt(index) !== 'broken') index += 1

    const failure = shrinkErrand({ kind: 'shrink', ...words, index, runsMax: 300 })

    if (failure === null) throw new Error(`${hazard.id} was not found`)
    expect(elementsOf(failure.case)).toBeLessThanOrEqual(ELEMENTS_MAX)
    expect(failure.shrinkStopped ?? null).not.toBe('events')

    function wordAt(from: number) {
      return search({ kind: 'search', ...words, from, until: from + 1 })[0]?.word
    }
  },
)
