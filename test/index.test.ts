import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  caseOf,
  explore,
  InputError,
  judge,
  replay,
  run,
  scenario,
  type ScenarioFile,
  tokenOf,
} from '../index.ts'
import { ENGINE } from '../scenarios/engine.ts'

const small: ScenarioFile = {
  name: 'small',
  system: 'kafka',
  duration: '5s',
  timeouts: 'brisk',
  topics: [{ name: 'orders', partitions: 1 }],
  producers: [{ name: 'order-service', topic: 'orders', keys: 5, load: { rate: '20/s' } }],
  timeline: [{ at: '2s', pause: 'leader of orders-0', for: '1s' }],
  checks: ['no-loss', 'truth'],
}

test('a scenario is run, judged and replayed from its token', async () => {
  const judged = judge(run(caseOf(await scenario(small), 7)))

  const again = replay(tokenOf(judged.result.case))

  expect(judged.verdicts.map((one) => one.verdict)).not.toContain('broken')
  expect(again.same).toBe(true)
  expect(again.judged.result.traceHash).toBe(judged.result.traceHash)
})

test('a scenario is explored', async () => {
  const { runs } = await explore({ scenario: await scenario(small), seed: 7, runs: 3 })

  expect(runs.map((one) => one.index)).toEqual([0, 1, 2])
})

test.each([
  [small, 1],
  [{ ...small, seed: 5 }, 5],
])(
  'without a seed a run and an exploration have that of the scenario, or 1',
  async (file, seed) => {
    const of = await scenario(file)

    const explored = await explore({ scenario: of, runs: 1 })

    expect(explored.seed).toBe(seed)
    expect(caseOf(of).seed).toBe(seed)
  },
)

test('a scenario comes by its name as well, and a wrong one is refused', async () => {
  const named = await scenario('double-eleven')

  expect(named.name).toBe('double-eleven')
  await expect(scenario('double-eleve')).rejects.toThrow(InputError)
})

test('what is no kept run is refused with one line', () => {
  expect(() => replay('{}')).toThrow(/^replay: not a failure file/)
})

test('the engine’s version is that of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

  expect(ENGINE).toBe(version)
})
