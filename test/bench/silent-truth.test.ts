import { expect, test } from 'vitest'
import { type Answers, recordingTruth, silentTruth } from '../../bench/silent-truth.ts'
import { exploredCase } from '../../scenarios/explore/cases.ts'
import { run } from '../../scenarios/run.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'

const { scenario } = await loadScenario('r01-high-watermark-truncation')

test('a run that nobody watches is the same run', () => {
  for (let index = 0; index < 4; index += 1) {
    const one = exploredCase(scenario, 1, index)
    const answers: Answers = []

    const watched = run(one, recordingTruth(answers))
    const silent = run(one, silentTruth(answers))

    expect(watched.traceHash).toBe(run(one).traceHash)
    expect(silent.traceHash).toBe(watched.traceHash)
    expect(silent.events).toBe(watched.events)
    expect(watched.leaders.length).toBeGreaterThan(0)
    expect(silent.leaders).toEqual([])
  }
})

test('a run that asks more than was answered says so', () => {
  const one = exploredCase(scenario, 1, 0)

  expect(() => run(one, silentTruth([]))).toThrow('did not before')
})
