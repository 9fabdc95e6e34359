import { expect, test } from 'vitest'
import { rounds } from '../../../cli/scoring/rounds.ts'
import { guardSubject } from '../../../cli/scoring/subjects.ts'
import { Survey, type Work } from '../../../cli/scoring/survey.ts'
import { Trial } from '../../../cli/scoring/trial.ts'
import type { Case } from '../../../scenarios/case.ts'
import type { RunSummary } from '../../../scenarios/explore/summary.ts'
import { plantedRun } from '../../reports/planted-exploration.ts'
import { plantedScenario } from '../../reports/planted.ts'
import { broken, failed, guard, PlantedRunner } from './planted.ts'

interface Planted {
  readonly names: readonly string[]
  /** What a run of a case answers; nothing is off in a survey. */
  readonly answer: (off: readonly string[], one: Case) => RunSummary
  readonly pairs?: number
}

async function scored({ names, answer, pairs = 200 }: Planted, jobs = 1) {
  const runner = new PlantedRunner(answer)
  const work: Work = {
    run: runner.run,
    seed: 1,
    jobs,
    stopped: () => false,
    progress: () => {},
  }
  const surveys = ['first', 'second'].map((name) => new Survey({ ...plantedScenario(), name }))
  const trials = names.map(
    (name) =>
      new Trial(guardSubject({ ...guard, name }), runner.run, { pairs, stopped: () => false }),
  )
  await rounds(trials, surveys, { first: 12, most: 240 }, work)
  return { trials, surveys, asked: runner.asked }
}

const both = { guards: { easy: 1, hard: 1 } }

test('every guard gets a few pairs before one gets many', async () => {
  const answer = (): RunSummary => plantedRun(0, both)

  const { asked } = await scored({ names: ['easy', 'hard'], answer, pairs: 12 })

  const order = asked.map((one) => one.split(' ')[0]).filter((one) => one !== '')
  expect(order.slice(0, 8).join(' ')).toBe('easy easy easy easy hard hard hard hard')
  expect(order).toHaveLength(24)
})

test('a guard that one case in sixty needs is found', async () => {
  let runs = 0
  const answer = (off: readonly string[]): RunSummary => {
    if (off.length > 0) runs += 1
    return plantedRun(0, off.length > 0 && runs === 120 ? broken : both)
  }

  const { trials } = await scored({ names: ['hard'], answer })

  expect(trials[0]).toMatchObject({ notice: { by: 'no-loss stored' }, firstPair: 119 })
})

test('only the scenario that should show a guard is surveyed further for it', async () => {
  const answer = (): RunSummary => plantedRun(0, { guards: {} })

  const { surveys } = await scored({ names: ['hard'], answer })

  expect(surveys.map(({ name, runs }) => `${name} ${runs.length}`)).toEqual([
    'first 240',
    'second 12',
  ])
})

test('a guard that is noticed gets no more pairs, and its scenario no more runs', async () => {
  const answer = (off: readonly string[]): RunSummary =>
    plantedRun(0, off.length > 0 ? broken : both)

  const { trials, surveys, asked } = await scored({ names: ['easy'], answer })

  expect(trials[0]?.firstPair).toBe(0)
  expect(surveys.map(({ runs }) => runs.length)).toEqual([12, 12])
  expect(asked).toHaveLength(25)
})

test('a run that breaks the model with every guard on is counted and is no case', async () => {
  const answer = (_off: readonly string[], { scenario }: Case): RunSummary =>
    scenario.name === 'second' ? failed() : plantedRun(0, both)

  const { surveys } = await scored({ names: ['easy'], answer, pairs: 1 })

  expect(surveys.map(({ errors, runs }) => [errors, runs.length])).toEqual([
    [0, 12],
    [12, 0],
  ])
})
