import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { judge, run, scenario, type ScenarioFile } from '../index.ts'
import { caseArbitrary, explored, propertyParameters, scenarioTest } from '../vitest.ts'
import { plantedJudged, plantedVerdicts } from './reports/planted.ts'
import { plantedExploration, plantedRun } from './reports/planted-exploration.ts'

function message(act: () => void): string {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

const kept = plantedJudged({ verdicts: plantedVerdicts().slice(1, 2), thresholds: [] })

test('a run whose promises were kept matches', () => {
  expect(kept).toKeepPromises()
})

test('a run that broke one does not, and says the seed and the command that replays', () => {
  const said = message(() => expect(plantedJudged()).toKeepPromises())

  expect(said).toContain('37 orders that were acknowledged are in no log')
  expect(said).toContain('✗ no-loss stored')
  expect(said).toContain('scenario planted, seed 7')
  expect(said).toMatch(/replay: npx dmqsim replay dmq2\.[\w-]+$/m)
})

test('a run that proves nothing does not match either', () => {
  const [first] = plantedVerdicts().slice(1, 2)
  if (first === undefined) throw new Error('nothing is planted')
  const judged = plantedJudged({ verdicts: [{ ...first, verdict: 'vacuous' }], thresholds: [] })

  const said = message(() => expect(judged).toKeepPromises())

  expect(said).toContain('nothing was proved')
})

test('an exploration says which run broke what, and how to replay it', () => {
  const said = message(() => expect(plantedExploration()).toKeepPromises())

  expect(said).toContain('no-loss stored broke in 1 of 4 runs, first in run 1')
  expect(said).toMatch(/replay: npx dmqsim replay dmq2\./)
})

test('an exploration that kept everything matches', () => {
  expect(plantedExploration({ runs: [plantedRun(0), plantedRun(1)] })).toKeepPromises()
})

test('the opposite can be asked for', () => {
  expect(plantedJudged()).not.toKeepPromises()
  expect(message(() => expect(kept).not.toKeepPromises())).toContain('and none did')
})

test('anything else is refused', () => {
  expect(message(() => expect(7).toKeepPromises())).toContain('takes what judge')
})

const small: ScenarioFile = {
  name: 'small',
  system: 'kafka',
  duration: '5s',
  timeouts: 'brisk',
  topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  producers: [{ name: 'order-service', topic: 'orders', keys: 5, load: { rate: '20/s' } }],
  swarm: { families: ['crash', 'pause'], faults: { min: 1, max: 4 } },
  checks: ['no-loss', 'truth'],
}

afterEach(() => {
  vi.unstubAllEnvs()
})

scenarioTest(small, {
  runs: 4,
  seed: 7,
  name: 'a scenario that keeps its promises is a test that passes',
})

test('the environment goes before what a test says, and that before the scenario', async () => {
  vi.stubEnv('DMQSIM_RUNS', '3')
  const { seed, runs } = await explored(small, { runs: 5, seed: 8 })
  vi.stubEnv('DMQSIM_SEED', '9')
  const again = await explored({ ...small, seed: 4 }, { seed: 8 })

  expect([seed, runs.length]).toEqual([8, 3])
  expect([again.seed, again.runs.length]).toEqual([9, 3])
  expect(propertyParameters({ runs: 5, seed: 8 })).toEqual({ seed: 9, numRuns: 3 })
})

test('a time limit of the environment that comes first is no answer', async () => {
  vi.stubEnv('DMQSIM_TIME_LIMIT', '1ms')

  await expect(explored(small, { runs: 400 })).rejects.toThrow(/came after \d+ of 400 runs/)
})

test('every run is done twice where the environment says so', async () => {
  vi.stubEnv('DMQSIM_CHECK_DETERMINISM', '1')

  const { determinism } = await explored(small, { runs: 3 })

  expect(determinism).toEqual({ checked: 3, different: [] })
})

test('a property over cases of a scenario holds, with its seed', async () => {
  const orders = await scenario(small)

  const holds = fc.property(caseArbitrary(orders), (one) => {
    expect(judge(run(one))).toBreakNoPromise()
  })

  fc.assert(holds, propertyParameters({ runs: 3, seed: 7 }))
})

test('a run that proves nothing breaks no promise, one that breaks one does', () => {
  const [, verdict] = plantedVerdicts()
  if (verdict === undefined) throw new Error('nothing is planted')
  const vacuous = { ...verdict, verdict: 'vacuous' } as const

  expect(plantedJudged({ verdicts: [vacuous], thresholds: [] })).toBreakNoPromise()
  expect(message(() => expect(plantedJudged()).toBreakNoPromise())).toContain('✗ no-loss stored')
})
