import { expect, test } from 'vitest'
import { Pairs } from '../../../cli/scoring/pairs.ts'
import type { Outcome, Runner } from '../../../cli/scoring/runner.ts'
import type { Surveyed } from '../../../cli/scoring/survey.ts'
import type { Case } from '../../../scenarios/case.ts'
import type { RunSummary } from '../../../scenarios/explore/summary.ts'
import { plantedRun, plantedVerdictSummary } from '../../reports/planted-exploration.ts'

const guard = {
  name: 'fetch.fence',
  rule: 'KB X0',
  sentence: 'It refuses what is old.',
  protects: 'no-loss',
  whenOff: 'What is old is taken.',
  exercise: 'first',
}

const broken = { verdicts: [plantedVerdictSummary({ verdict: 'broken' })] }

function surveyed(scenario: string, index: number, changes: Partial<RunSummary> = {}): Surveyed {
  const summary = plantedRun(index, { guards: { 'fetch.fence': 1 }, ...changes })
  return { scenario, index, one: { guardsOff: [], seed: index } as unknown as Case, summary }
}

/** Answers by the guards that are off and the seed; keeps what it was asked. */
class PlantedRunner implements Runner {
  readonly asked: string[] = []
  readonly #answer: (off: readonly string[]) => Outcome

  constructor(answer: (off: readonly string[]) => Outcome) {
    this.#answer = answer
  }

  async run({ guardsOff, seed }: Case): Promise<Outcome> {
    this.asked.push(`${guardsOff.join('+')} ${seed}`)
    return this.#answer(guardsOff)
  }

  async close(): Promise<void> {}
}

function scoreOf(cases: readonly Surveyed[], runner: Runner) {
  return new Pairs(guard, cases, runner, { pairs: 3, stopped: () => false }).score()
}

test('a guard is tried in the cases in which it was decisive, its own scenario first', async () => {
  const same = { guards: { 'fetch.fence': 1 } }
  const runner = new PlantedRunner(() => plantedRun(0, same))
  const idle = surveyed('idle', 9, { guards: {} })

  const score = await scoreOf([surveyed('other', 1), idle, surveyed('first', 2)], runner)

  expect(runner.asked).toEqual(['fetch.fence 2', 'fetch.fence 1'])
  expect(score).toMatchObject({ pairs: 2, decisive: 2, reason: 'decisive but not noticed' })
})

test('pairs end at the first that notices', async () => {
  const runner = new PlantedRunner(() => plantedRun(0, broken))

  const score = await scoreOf([surveyed('first', 1), surveyed('first', 2)], runner)

  expect(runner.asked).toHaveLength(1)
  expect(score).toMatchObject({ noticed: true, by: 'no-loss stored', firstPair: 0, reason: null })
})

test('a guard that nothing asked is never decisive', async () => {
  const runner = new PlantedRunner(() => plantedRun(0, broken))

  const score = await scoreOf([surveyed('first', 1, { guards: {} })], runner)

  expect(score).toMatchObject({ noticed: false, pairs: 0, reason: 'never decisive' })
})

test('a run that breaks the model is neither noticed nor silent', async () => {
  const runner = new PlantedRunner(() => ({ error: 'an invariant' }))

  const score = await scoreOf([surveyed('first', 1)], runner)

  expect(score).toMatchObject({
    noticed: false,
    internalErrors: 1,
    reason: 'the model itself breaks without it',
  })
})

test('a guard behind another is named when both are missed together', async () => {
  const runner = new PlantedRunner((off) => {
    const behind = { guards: { 'fetch.fence': 1, 'fetch.behind': 5 } }
    return plantedRun(0, off.length === 2 ? broken : behind)
  })

  const score = await scoreOf([surveyed('first', 1), surveyed('first', 2)], runner)

  expect(score.reason).toBe('fetch.behind stands behind it: noticed with both off')
})
