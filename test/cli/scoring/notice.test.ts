import { expect, test } from 'vitest'
import { difference } from '../../../cli/scoring/notice.ts'
import { plantedRun, plantedVerdictSummary } from '../../reports/planted-exploration.ts'

test('a check that breaks only without the guard notices it', () => {
  const verdicts = [plantedVerdictSummary({ verdict: 'broken' })]

  const notice = difference(plantedRun(0), plantedRun(0, { verdicts }))

  expect(notice).toMatchObject({ by: 'no-loss stored', oracle: 'history' })
})

test('a property of truth is named by itself', () => {
  const verdicts = [
    plantedVerdictSummary({ check: 'truth', scope: 'StrongIsr', verdict: 'broken' }),
  ]

  const notice = difference(plantedRun(0), plantedRun(0, { verdicts }))

  expect(notice).toMatchObject({ by: 'StrongIsr', oracle: 'truth' })
})

test('what breaks with the guard as well notices nothing', () => {
  const verdicts = [plantedVerdictSummary({ verdict: 'broken' })]

  expect(difference(plantedRun(0, { verdicts }), plantedRun(0, { verdicts }))).toBeNull()
})

test('a cluster that cannot settle without the guard notices it', () => {
  const notice = difference(plantedRun(0), plantedRun(0, { ended: 'stuck' }))

  expect(notice).toMatchObject({ by: 'stuck', oracle: 'liveness' })
})

test('what breaks in other runs of the scenario as well notices nothing', () => {
  const verdicts = [plantedVerdictSummary({ verdict: 'broken' })]
  const usual = new Set(['no-loss stored'])

  expect(difference(plantedRun(0), plantedRun(0, { verdicts }), usual)).toBeNull()
})

test.each(['breaks', 'may-break'])('what the scenario says %s notices nothing', (expected) => {
  const verdicts = [plantedVerdictSummary({ verdict: 'broken', expected })]

  expect(difference(plantedRun(0), plantedRun(0, { verdicts }))).toBeNull()
})
