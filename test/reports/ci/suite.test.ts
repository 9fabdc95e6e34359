import { expect, test } from 'vitest'
import { exploreSuite } from '../../../reports/ci/explore.ts'
import { runSuite } from '../../../reports/ci/run.ts'
import { failing } from '../../../reports/ci/suite.ts'
import { explorationFindings, runFindings } from '../../../reports/conclusion.ts'
import type { Exploration } from '../../../scenarios/explore/explore.ts'
import type { Judged, Verdict } from '../../../scenarios/result.ts'
import {
  plantedExploration,
  plantedExploreAnswer,
  plantedRun,
  plantedVerdictSummary,
} from '../planted-exploration.ts'
import { plantedAnswer, plantedJudged, plantedVerdicts } from '../planted.ts'

const [, kept] = plantedVerdicts() as [Verdict, Verdict]
const runs: readonly [string, Judged][] = [
  ['broken', plantedJudged()],
  ['kept', plantedJudged({ verdicts: [kept], thresholds: [] })],
  ['vacuous', plantedJudged({ verdicts: [{ ...kept, verdict: 'vacuous' }], thresholds: [] })],
  [
    'vacuous without a wish',
    plantedJudged({ verdicts: [{ ...kept, verdict: 'vacuous', expected: null }], thresholds: [] }),
  ],
  [
    'over time',
    plantedJudged({
      verdicts: [kept],
      thresholds: [],
      result: { ...plantedJudged().result, ended: 'time-limit' },
    }),
  ],
]

test.each(runs)('a run that is %s fails as its exit code does', (_name, judged) => {
  const suite = runSuite({ ...plantedAnswer(), judged })

  expect(failing(suite).length > 0).toBe(runFindings(judged).length > 0)
})

const none = plantedVerdictSummary({ verdict: 'vacuous', expected: null })
const notBroken = plantedVerdictSummary({ expected: 'breaks' })
const explorations: readonly [string, Partial<Exploration>][] = [
  ['broken', {}],
  ['kept', { runs: [plantedRun(0), plantedRun(1)] }],
  ['without proof', { runs: [plantedRun(0, { verdicts: [none] })] }],
  ['not broken', { runs: [plantedRun(0, { verdicts: [notBroken] })] }],
  ['in error', { runs: [plantedRun(0), plantedRun(1, { ended: 'internal-error' })] }],
  ['different', { runs: [plantedRun(0)], determinism: { checked: 1, different: [0] } }],
]

test.each(explorations)('an exploration that is %s fails as its exit code does', (_name, given) => {
  const exploration = plantedExploration(given)
  const suite = exploreSuite(plantedExploreAnswer({ exploration }))

  expect(failing(suite).length > 0).toBe(explorationFindings(exploration).length > 0)
})
