import { expect, test } from 'vitest'
import { score } from '../../../cli/scoring/score.ts'
import { brokenLevels } from '../../../cli/scoring/subjects.ts'
import { guardEntries, type GuardEntry } from '../../../sim/registry.ts'

const options = {
  levels: [],
  seed: 1,
  runs: 4,
  pairs: 3,
  timeMs: Infinity,
  now: () => 0,
  stopped: () => false,
  progress: () => {},
  scenarios: ['isr-churn'],
}

function scored(names: readonly string[], jobs: number) {
  const guards = names.map((name) => guardEntries().find((one) => one.name === name) as GuardEntry)
  return score({ ...options, guards, jobs })
}

test('a guard that is missed is noticed, and one that nothing asked says so', async () => {
  const { scores, runsDone } = await scored(['hw.monotonic', 'produce.messageSize'], 1)

  expect(scores).toMatchObject([
    { name: 'hw.monotonic', noticed: true, by: 'TypeOk', oracle: 'truth', reason: null },
    { name: 'produce.messageSize', pairs: 0, decisive: 0, reason: 'never decisive' },
  ])
  expect(runsDone).toBeGreaterThan(4)
})

test('a guard is not called never decisive where the time was up before all scenarios ran', async () => {
  const guards = guardEntries().filter(({ name }) => name === 'hw.monotonic')

  const { scores } = await score({ ...options, guards, jobs: 1, stopped: () => true })

  expect(scores).toMatchObject([{ pairs: 0, noticed: false, reason: 'no time' }])
})

test('two lanes score as one does', async () => {
  const one = await scored(['hw.monotonic', 'isr.eligibility'], 1)
  const two = await scored(['hw.monotonic', 'isr.eligibility'], 2)

  expect(two).toEqual(one)
})

test('an old protocol level is noticed in cases that hold at the level of today', async () => {
  const levels = brokenLevels().filter(({ level }) => level === 'hw')

  const { levels: scores } = await score({
    ...options,
    guards: [],
    levels,
    runs: 24,
    pairs: 24,
    jobs: 1,
    scenarios: ['r01-high-watermark-truncation'],
  })

  expect(scores).toMatchObject([
    {
      feature: 'truncation',
      level: 'hw',
      exercise: 'r01-high-watermark-truncation with truncation of today',
      noticed: true,
      reason: null,
    },
  ])
})
