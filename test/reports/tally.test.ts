import { expect, test } from 'vitest'
import { explorationSentence } from '../../reports/text/phrases.ts'
import {
  checkTallies,
  failureGroups,
  missingProbes,
  spreadOf,
  stuckReasons,
  upperBound,
  vacuousRuns,
} from '../../reports/tally.ts'
import { plantedExploration, plantedRun, plantedVerdictSummary } from './planted-exploration.ts'

test('each run counts once for a check, by its heaviest scope', () => {
  const exploration = plantedExploration({
    runs: [
      plantedRun(0, {
        verdicts: [
          plantedVerdictSummary(),
          plantedVerdictSummary({ scope: 'processed:payment', verdict: 'broken' }),
        ],
      }),
    ],
  })

  const [tally] = checkTallies(exploration)

  expect(tally).toMatchObject({ check: 'no-loss', kept: 0, broken: 1 })
})

test('scopes with expectations of their own are counted apart', () => {
  const exploration = plantedExploration({
    runs: [
      plantedRun(0, {
        verdicts: [
          plantedVerdictSummary(),
          plantedVerdictSummary({ scope: 'processed:payment', expected: 'breaks' }),
        ],
      }),
    ],
  })

  const tallies = checkTallies(exploration)

  expect(tallies.map((one) => [one.check, one.asExpected])).toEqual([
    ['no-loss:stored', true],
    ['no-loss:processed:payment', false],
  ])
})

test('the bound counts the runs that could tell, and there is none where one broke', () => {
  expect([upperBound(1_000, 0), upperBound(2, 0), upperBound(999, 1), upperBound(0, 0)]).toEqual([
    0.003,
    1,
    null,
    null,
  ])
})

test('failures are grouped by mechanism, with the lowest run, the unexpected first', () => {
  const broken = { verdict: 'broken', signature: 'a' } as const
  const exploration = plantedExploration({
    runs: [
      plantedRun(0, { verdicts: [plantedVerdictSummary({ ...broken, scope: 'expected' })] }),
      plantedRun(1, { verdicts: [plantedVerdictSummary({ ...broken, asExpected: false })] }),
      plantedRun(2, { verdicts: [plantedVerdictSummary({ ...broken, asExpected: false })] }),
    ],
  })

  const groups = failureGroups(exploration)

  expect(groups.map(({ scope, index, runs }) => [scope, index, runs])).toEqual([
    ['stored', 1, 2],
    ['expected', 0, 1],
  ])
})

test('what a scenario is run for comes before what it allows, whichever run found it', () => {
  const broken = { verdict: 'broken', signature: 'a', asExpected: true } as const
  const allowed = plantedVerdictSummary({ ...broken, scope: 'allowed', expected: 'may-break' })
  const wanted = plantedVerdictSummary({ ...broken, scope: 'wanted', key: 'b', expected: 'breaks' })
  const exploration = plantedExploration({
    runs: [plantedRun(0, { verdicts: [allowed] }), plantedRun(1, { verdicts: [wanted] })],
  })

  expect(failureGroups(exploration).map(({ scope }) => scope)).toEqual(['wanted', 'allowed'])
})

test('the most of a failure in one run is what the first sentence says of its check', () => {
  const lossOf = (count: number) =>
    plantedVerdictSummary({ verdict: 'broken', signature: 'a', asExpected: false, count })
  const exploration = plantedExploration({
    runs: [5, 476, 31].map((count, index) => plantedRun(index, { verdicts: [lossOf(count)] })),
  })

  const [group] = failureGroups(exploration)

  expect(group?.most).toBe(476)
  expect(group?.index).toBe(0)
  expect(explorationSentence(exploration)).toContain('at most 476 of them in one run')
})

test('magnitudes are spread over the runs that have any', () => {
  const lost = [0, 3, 0, 10, 5].map((records, index) => plantedRun(index, { lost: records }))

  expect(spreadOf(plantedExploration({ runs: lost }), 'lost')).toEqual({ p50: 5, max: 10 })
})

test('stuck runs are counted by their reason, whatever was in the way', () => {
  const runs = ['no quorum: a', 'no quorum: b', 'pending: c'].map((reason, index) =>
    plantedRun(index, { ended: 'stuck', reason }),
  )

  expect(stuckReasons(plantedExploration({ runs }))).toEqual({ 'no quorum': 2, pending: 1 })
})

test('a run with nothing to judge is vacuous, and a required probe can be missing', () => {
  const exploration = plantedExploration({ runs: plantedExploration().runs.slice(3) })

  expect(vacuousRuns(exploration)).toBe(1)
  expect(missingProbes(exploration)).toEqual(['leader.elected'])
})

test('the first sentence bounds what held throughout, not what may break and did', () => {
  const runOf = (index: number, verdict: 'kept' | 'broken') =>
    plantedRun(index, {
      verdicts: [
        plantedVerdictSummary(),
        plantedVerdictSummary({ check: 'order-by-key', expected: 'may-break', verdict }),
      ],
    })
  const runs = Array.from({ length: 90 }, (_none, index) =>
    runOf(index, index < 2 ? 'kept' : 'broken'),
  )

  const sentence = explorationSentence(plantedExploration({ runs }))

  expect(sentence).toMatch(
    /^No promise was seen to break in 90 runs .* at most 3\.3 % of such runs/,
  )
})
