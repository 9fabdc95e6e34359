import { expect, test } from 'vitest'
import { score } from '../../../cli/scoring/score.ts'
import { guardEntries, type GuardEntry } from '../../../sim/registry.ts'

function scored(names: readonly string[], jobs: number) {
  return score({
    guards: names.map((name) => guardEntries().find((one) => one.name === name) as GuardEntry),
    seed: 1,
    runs: 4,
    pairs: 3,
    timeMs: Infinity,
    jobs,
    now: () => 0,
    stopped: () => false,
    progress: () => {},
    scenarios: ['isr-churn'],
  })
}

test('a guard that is missed is noticed, and one that nothing asked says so', async () => {
  const { scores, runsDone } = await scored(['hw.monotonic', 'produce.messageSize'], 1)

  expect(scores).toMatchObject([
    { name: 'hw.monotonic', noticed: true, by: 'TypeOk', oracle: 'truth', reason: null },
    { name: 'produce.messageSize', pairs: 0, decisive: 0, reason: 'never decisive' },
  ])
  expect(runsDone).toBeGreaterThan(4)
})

test('two lanes score as one does', async () => {
  const one = await scored(['hw.monotonic', 'isr.eligibility'], 1)
  const two = await scored(['hw.monotonic', 'isr.eligibility'], 2)

  expect(two).toEqual(one)
})
