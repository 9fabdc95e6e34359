import { expect, test } from 'vitest'
import { againstBaseline, type Baseline, standings } from '../../reports/baseline.ts'
import { exploreSuite } from '../../reports/ci/explore.ts'
import { failing } from '../../reports/ci/suite.ts'
import { explorationFindings } from '../../reports/conclusion.ts'
import { page } from '../../reports/text/layout.ts'
import { baselineLines } from '../../reports/text/baseline.ts'
import {
  plantedExploration,
  plantedExploreAnswer,
  plantedRun,
  plantedVerdictSummary,
} from './planted-exploration.ts'

const lost = {
  check: 'no-loss',
  scope: 'stored',
  signature: 'no-loss stored: leader elected without the record',
  key: 'no-loss stored: leader elected without the record',
  runs: 5,
}
const again = 'no-duplicates stored: sent again'
const twice = { ...lost, check: 'no-duplicates', signature: again, key: again }

function baseline(failures: Baseline['failures']): Baseline {
  return { file: 'base.json', version: '0.1.0', seed: 1, runs: 200, failures }
}

test('a failure that the baseline has is known, whatever its run and number', () => {
  const exploration = plantedExploration()

  const comparison = againstBaseline(exploration, baseline([lost]))

  expect(comparison).toMatchObject({ fresh: [], known: [{ ...lost, runs: 1 }], gone: [] })
  expect(explorationFindings(exploration, comparison)).toEqual([])
  expect(explorationFindings(exploration)).toEqual(['not-as-expected'])
})

test('one that it has not is new and fails, one that was not seen again is gone', () => {
  const exploration = plantedExploration()

  const comparison = againstBaseline(exploration, baseline([twice]))

  expect(comparison).toMatchObject({ fresh: [{ ...lost, runs: 1 }], known: [], gone: [twice] })
  expect(explorationFindings(exploration, comparison)).toEqual(['not-as-expected'])
})

test('what a scenario reckons with is not compared, a break that did not come is', () => {
  const may = plantedVerdictSummary({ verdict: 'broken', expected: 'may-break' })
  const missed = plantedVerdictSummary({ check: 'availability', expected: 'breaks' })

  const found = standings(
    plantedExploration({ runs: [plantedRun(0, { verdicts: [may, missed] })] }),
  )

  expect(found.map(({ check }) => check)).toEqual(['availability'])
})

test('the suite fails by what is new alone', () => {
  const exploration = plantedExploration()
  const suiteOf = (failures: Baseline['failures']): ReturnType<typeof exploreSuite> =>
    exploreSuite(
      plantedExploreAnswer({
        exploration,
        baseline: againstBaseline(exploration, baseline(failures)),
      }),
    )

  expect(failing(suiteOf([lost]))).toEqual([])
  expect(failing(suiteOf([])).map(({ name }) => name)).toEqual([
    'nothing breaks that base.json does not know',
    'no-loss',
  ])
})

test.each([80, 160])('the text keeps to %i columns', (width) => {
  const comparison = againstBaseline(plantedExploration(), baseline([twice]))

  const lines = baselineLines(comparison, page(width, false))

  expect(lines[1]).toContain('1 new, 0 known, 1 not seen again: base.json (200 runs, seed 1')
  expect(lines.join('\n')).toMatch(/✗ new +no-loss[^]*· gone +no-duplicates/)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
})
