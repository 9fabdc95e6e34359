import { expect, test } from 'vitest'
import { standIn, standsBefore } from '../../../cli/scoring/stand-ins.ts'
import type { Surveyed } from '../../../cli/scoring/survey.ts'
import { guardSubject } from '../../../cli/scoring/subjects.ts'
import { Trial } from '../../../cli/scoring/trial.ts'
import { plantedRun } from '../../reports/planted-exploration.ts'
import { broken, failed, guard, PlantedRunner, subject, surveyed, surveysOf } from './planted.ts'

async function tried(cases: readonly Surveyed[], runner: PlantedRunner): Promise<Trial> {
  const trial = new Trial(subject, runner.run, { pairs: 3, stopped: () => false })
  trial.look(surveysOf(cases))
  await trial.pairs(10)
  return trial
}

const decisiveOnly = (): ReturnType<typeof plantedRun> =>
  plantedRun(0, { guards: { 'fetch.fence': 1 } })

test('a guard is tried in the cases in which it was decisive, its own scenario first', async () => {
  const runner = new PlantedRunner(decisiveOnly)
  const idle = surveyed('idle', 9, { guards: {} })

  const trial = await tried([surveyed('other', 1), idle, surveyed('first', 2)], runner)

  expect(runner.asked).toEqual(['fetch.fence 2', 'fetch.fence 1'])
  expect(trial).toMatchObject({ weight: 2, notice: null, firstPair: null })
})

test('there are no more pairs than allowed', async () => {
  const runner = new PlantedRunner(decisiveOnly)

  const trial = await tried(
    [1, 2, 3, 4, 5].map((index) => surveyed('first', index)),
    runner,
  )

  expect(trial.tried).toHaveLength(3)
  expect(trial.open).toBe(false)
})

test('pairs end at the first that notices', async () => {
  const runner = new PlantedRunner((_off, { seed }) => plantedRun(0, seed === 2 ? broken : {}))
  const cases = [1, 2, 3].map((index) => surveyed('first', index))

  const trial = await tried(cases, runner)

  expect(runner.asked).toEqual(['fetch.fence 1', 'fetch.fence 2'])
  expect(trial).toMatchObject({ notice: { by: 'no-loss stored' }, firstPair: 1, open: false })
})

test('a run that breaks the model is neither noticed nor silent', async () => {
  const runner = new PlantedRunner(failed)

  const trial = await tried([surveyed('first', 1)], runner)

  expect(trial).toMatchObject({ notice: null, internalErrors: 1 })
})

test('what breaks in a scenario with every guard on too is no notice there', async () => {
  const runner = new PlantedRunner(() => plantedRun(0, broken))
  const trial = new Trial(subject, runner.run, { pairs: 3, stopped: () => false })
  const [survey] = surveysOf([surveyed('first', 1), surveyed('first', 2)])
  survey?.usual.add('no-loss stored')

  trial.look([survey as NonNullable<typeof survey>])
  await trial.pairs(10)

  expect(trial).toMatchObject({ notice: null })
  expect(trial.tried).toHaveLength(2)
})

test('a notice is withdrawn when more runs show that it is usual', async () => {
  const surveys = surveysOf([surveyed('first', 1), surveyed('first', 2)])
  const trial = new Trial(subject, new PlantedRunner(() => plantedRun(0, broken)).run, {
    pairs: 3,
    stopped: () => false,
  })
  trial.look(surveys)
  await trial.pairs(1)
  const before = trial.notice

  surveys[0]?.usual.add('no-loss stored')
  trial.look(surveys)

  expect(before).not.toBeNull()
  expect(trial).toMatchObject({ notice: null, firstPair: null, open: true })
})

test('a guard behind another is named when both are missed together', async () => {
  const runner = new PlantedRunner((off) => {
    const behind = { guards: { 'fetch.fence': 1, 'fetch.behind': 5 } }
    return plantedRun(0, off.length === 2 ? broken : behind)
  })
  const trial = await tried([surveyed('first', 1), surveyed('first', 2)], runner)

  expect(await standIn(trial, [], () => false)).toBe('fetch.behind')
})

test('a guard that others only work harder without has nothing behind it', async () => {
  const behind = { guards: { 'fetch.fence': 1, 'fetch.behind': 5 } }
  const runner = new PlantedRunner(() => plantedRun(0, behind))
  const trial = await tried([surveyed('first', 1), surveyed('first', 2)], runner)

  expect(await standIn(trial, [], () => false)).toBeNull()
})

const fenceBefore = guardSubject({ ...guard, behind: 'fetch.before' })

test('a guard that the registry names is tried first', async () => {
  const runner = new PlantedRunner((off) =>
    plantedRun(0, off.length === 2 && off.includes('fetch.before') ? broken : {}),
  )
  const trial = new Trial(fenceBefore, runner.run, { pairs: 3, stopped: () => false })
  trial.look(surveysOf([surveyed('first', 1), surveyed('first', 2)]))
  await trial.pairs(10)

  expect(await standIn(trial, [], () => false)).toBe('fetch.before')
})

test('a guard that was seldom asked is proved where the one that stands behind it is decisive', async () => {
  const surveys = surveysOf([
    surveyed('first', 1),
    ...[2, 3].map((seed) => surveyed('other', seed, { guards: { 'fetch.before': 1 } })),
  ])
  const runner = new PlantedRunner((off, { seed }) =>
    plantedRun(0, off.length === 2 && seed > 1 ? broken : {}),
  )
  const trial = new Trial(fenceBefore, runner.run, { pairs: 3, stopped: () => false })
  trial.look(surveys)
  await trial.pairs(10)

  expect(trial.tried.length).toBe(1)
  expect(await standIn(trial, surveys, () => false)).toBe('fetch.before')
})

test('a guard that nothing asks is proved where the one before it is decisive', async () => {
  const before = { guards: { 'fetch.before': 1 } }
  const surveys = surveysOf([surveyed('first', 1, before), surveyed('other', 2, before)])
  const missed = new PlantedRunner((off) => plantedRun(0, off.length === 2 ? broken : {}))
  const silent = new PlantedRunner(() => plantedRun(0))

  const [proved, unproved] = [missed, silent].map(({ run }) => {
    const trial = new Trial(fenceBefore, run, { pairs: 3, stopped: () => false })
    trial.look(surveys)
    return standsBefore(trial, surveys, () => false)
  })

  expect(await proved).toBe(true)
  expect(await unproved).toBe(false)
  expect(missed.asked).toContain('fetch.fence+fetch.before 1')
})

test('pairs in which the run is the same without the guard are counted', async () => {
  const runner = new PlantedRunner(() => plantedRun(0, { traceHash: 'b' }))
  const cases = ['a', 'b', 'b'].map((traceHash, at) => surveyed('first', at, { traceHash }))

  const trial = await tried(cases, runner)

  expect(trial).toMatchObject({ same: 2, notice: null })
})
