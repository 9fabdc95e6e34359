import { expect, test } from 'vitest'
import { difference, score } from '../../cli/scoring.ts'
import { plantedRun, plantedVerdictSummary } from '../reports/planted-exploration.ts'

const guard = {
  name: 'nothing.atAll',
  rule: 'KB X0',
  sentence: 'It refuses nothing.',
  protects: 'no-loss',
  whenOff: 'Nothing changes.',
  exercise: 'no-such-scenario',
}

test('a check that breaks only without the guard notices it', () => {
  const verdicts = [plantedVerdictSummary({ verdict: 'broken' })]

  const notice = difference(plantedRun(0), plantedRun(0, { verdicts }))

  expect(notice).toEqual({ by: 'no-loss stored', oracle: 'history' })
})

test('a property of truth is named by itself', () => {
  const verdicts = [
    plantedVerdictSummary({ check: 'truth', scope: 'StrongIsr', verdict: 'broken' }),
  ]

  const notice = difference(plantedRun(0), plantedRun(0, { verdicts }))

  expect(notice).toEqual({ by: 'StrongIsr', oracle: 'truth' })
})

test('what breaks with the guard as well notices nothing', () => {
  const verdicts = [plantedVerdictSummary({ verdict: 'broken' })]

  expect(difference(plantedRun(0, { verdicts }), plantedRun(0, { verdicts }))).toBeNull()
})

test('a cluster that cannot settle without the guard notices it', () => {
  const notice = difference(plantedRun(0), plantedRun(0, { ended: 'stuck' }))

  expect(notice).toEqual({ by: 'stuck', oracle: 'liveness' })
})

test('a guard whose scenario is not there is listed with that as its reason', async () => {
  const { scores, runsDone } = await score({
    guards: [guard],
    seed: 1,
    pairs: 2,
    timeMs: 1_000,
    jobs: 1,
    now: () => 0,
    stopped: () => false,
    progress: () => {},
  })

  expect(runsDone).toBe(0)
  expect(scores).toMatchObject([
    {
      name: 'nothing.atAll',
      pairs: 0,
      noticed: false,
      reason: 'its scenario is not in this version',
    },
  ])
})

test('a guard that never was decisive says so', async () => {
  const { scores, runsDone } = await score({
    guards: [{ ...guard, name: 'produce.messageSize', exercise: 'leader-crash-acks-all' }],
    seed: 1,
    pairs: 1,
    timeMs: 1_000,
    jobs: 1,
    now: () => 0,
    stopped: () => false,
    progress: () => {},
  })

  expect(runsDone).toBe(2)
  expect(scores).toMatchObject([{ pairs: 1, decisive: 0, reason: 'never decisive' }])
})
