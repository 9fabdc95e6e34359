import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Case } from '../../../scenarios/case.ts'
import { caseArbitrary } from '../../../scenarios/explore/arbitrary.ts'
import { withDraws } from '../../../scenarios/explore/cases.ts'
import type { Draws } from '../../../scenarios/explore/draws.ts'
import { caseOfToken } from '../../../scenarios/explore/failure.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'

const file = {
  name: 'small',
  system: 'kafka',
  duration: '10s',
  topics: [{ name: 'orders' }],
  producers: [{ name: 'shop', topic: 'orders', load: { rate: '20/s' } }],
} as const
const swarm = { families: ['crash', 'pause'], faults: { min: 1, max: 5 } }

let scenario: Scenario

beforeAll(async () => {
  scenario = (await parseScenario({ ...file, swarm })).scenario
})

function drawsOf(one: Case): Draws {
  return one.raw?.draws[0] as Draws
}

test('a case is plain JSON, made of its own draws', () => {
  const cases = fc.sample(caseArbitrary(scenario), { seed: 7, numRuns: 50 })

  for (const one of cases) {
    const { raw: _raw, ...plain } = { ...one, scenario, timeline: scenario.timeline }
    expect(JSON.parse(JSON.stringify(one))).toEqual(one)
    expect(withDraws(plain, drawsOf(one))).toEqual(one)
    expect(drawsOf(one).entries.length).toBeGreaterThanOrEqual(1)
    expect(drawsOf(one).entries.length).toBeLessThanOrEqual(5)
  }
  expect(new Set(cases.map(({ seed }) => seed)).size).toBe(50)
})

test('shrinking goes to the simplest draws and leaves the seed alone', () => {
  const seeds: number[] = []
  const property = fc.property(caseArbitrary(scenario), (one) => {
    seeds.push(one.seed)
    return drawsOf(one).entries.length < 2
  })

  const { counterexample, failed } = fc.check(property, { seed: 7, numRuns: 100 })

  const simplest = counterexample?.[0]
  expect(failed).toBe(true)
  expect(simplest === undefined ? null : drawsOf(simplest)).toMatchObject({
    bias: 0,
    familiesOff: 0,
    entries: [
      { family: 0, at: 0, length: 0 },
      { family: 0, at: 0, length: 0 },
    ],
  })
  expect(seeds.at(-1)).toBe(simplest?.seed)
})

test('a case of one’s own can be an example that is shrunk', () => {
  const [given] = fc.sample(caseArbitrary(scenario), { seed: 3, numRuns: 1 })
  if (given === undefined) throw new Error('nothing was drawn')
  const property = fc.property(caseArbitrary(scenario), ({ timeline }) => timeline.length === 0)

  const { counterexample } = fc.check(property, { seed: 1, numRuns: 1, examples: [[given]] })

  expect(counterexample?.[0]?.seed).toBe(given.seed)
  expect(drawsOf(counterexample?.[0] as Case).entries).toHaveLength(1)
})

test('fast-check shows the command that replays', () => {
  const [one] = fc.sample(caseArbitrary(scenario), { seed: 7, numRuns: 1 })

  const shown = fc.stringify(one)

  expect(shown).toMatch(/^npx dmqsim replay dmq\d\./)
  expect(caseOfToken(shown.split(' ').at(-1) ?? '')).toEqual(one)
})

test('without a swarm the seed alone differs', async () => {
  const { scenario: calm } = await parseScenario(file)

  const [one] = fc.sample(caseArbitrary(calm), { seed: 7, numRuns: 1 })

  expect(one?.timeline).toEqual(calm.timeline)
  expect(one?.raw).toBeUndefined()
})
