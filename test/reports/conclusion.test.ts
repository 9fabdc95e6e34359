import { expect, test } from 'vitest'
import { exitCodesOf, gravest } from '../../cli/exit-code.ts'
import { explorationFindings, runFindings } from '../../reports/conclusion.ts'
import { exitCodeOf } from '../../scenarios/judge.ts'
import type { Judged, Verdict } from '../../scenarios/result.ts'
import { plantedJudged, plantedResult, plantedVerdicts } from './planted.ts'
import { plantedExploration, plantedRun, plantedVerdictSummary } from './planted-exploration.ts'

function verdict(changes: Partial<Verdict>): Verdict {
  const [, kept] = plantedVerdicts()
  return { ...(kept as Verdict), ...changes }
}

const judgedRuns: readonly [string, Judged][] = [
  ['all kept', plantedJudged({ verdicts: [verdict({})], thresholds: [] })],
  ['a broken promise and a missed threshold', plantedJudged()],
  ['a missed threshold', plantedJudged({ verdicts: [verdict({})] })],
  [
    'a break that may be',
    plantedJudged({
      verdicts: [verdict({ verdict: 'broken', expected: 'may-break' })],
      thresholds: [],
    }),
  ],
  [
    'a vacuous wish',
    plantedJudged({ verdicts: [verdict({ verdict: 'vacuous' })], thresholds: [] }),
  ],
  [
    'an open promise',
    plantedJudged({
      verdicts: [verdict({}), verdict({ verdict: 'unknown', expected: null })],
      thresholds: [],
    }),
  ],
  [
    'an internal error',
    plantedJudged({
      result: { ...plantedResult(), ended: 'internal-error' },
      verdicts: [verdict({ verdict: 'unknown' })],
    }),
  ],
  [
    'a time limit',
    plantedJudged({
      result: { ...plantedResult(), ended: 'time-limit' },
      verdicts: [verdict({})],
      thresholds: [],
    }),
  ],
]

test.each(judgedRuns)('findings and exit code agree with the judge: %s', (_name, judged) => {
  expect(gravest(exitCodesOf(runFindings(judged)))).toBe(exitCodeOf(judged))
})

test('an exploration with an unexpected break is not as expected', () => {
  expect(explorationFindings(plantedExploration())).toEqual(['not-as-expected'])
})

test('an exploration in which an expected break was never found is not as expected', () => {
  const verdicts = [plantedVerdictSummary({ expected: 'breaks' })]

  const findings = explorationFindings(plantedExploration({ runs: [plantedRun(0, { verdicts })] }))

  expect(findings).toEqual(['not-as-expected'])
})

test('an exploration that never reached a required probe proves nothing', () => {
  const runs = [plantedRun(0, { probes: [] })]

  expect(explorationFindings(plantedExploration({ runs }))).toEqual(['nothing-proved'])
})

test('an exploration whose every run is vacuous proves nothing', () => {
  const verdicts = [plantedVerdictSummary({ verdict: 'vacuous' })]

  const findings = explorationFindings(plantedExploration({ runs: [plantedRun(0, { verdicts })] }))

  expect(findings).toEqual(['nothing-proved'])
})

test('another hash the second time goes before everything else', () => {
  const determinism = { checked: 4, different: [2] }

  const findings = explorationFindings(plantedExploration({ determinism }))

  expect(findings).toEqual(['nondeterminism', 'not-as-expected'])
})
