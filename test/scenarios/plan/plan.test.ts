import { describe, expect, test } from 'vitest'
import { batched } from '../../../scenarios/plan/batch.ts'
import { plan, type PlanOptions } from '../../../scenarios/plan/plan.ts'
import type { PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import { sampleOf } from '../../../scenarios/plan/sample.ts'
import { type Simulate, TimeUp } from '../../../scenarios/plan/simulate.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { PlanEntry, ScenarioFile } from '../../../scenarios/schema/surface.ts'
import { madeUp, settingWith, type World } from './made-up.ts'

const file: ScenarioFile = {
  name: 'shop',
  system: 'kafka',
  duration: '60s',
  timeouts: 'brisk',
  cluster: { brokers: 3, zookeeper: 1, config: { 'offsets.topic.num.partitions': 1 } },
  topics: [{ name: 'orders', partitions: 4, replicationFactor: 2 }],
  producers: [
    {
      name: 'web',
      topic: 'orders',
      keys: 20,
      load: {
        stages: [
          { for: '30s', rate: '50/s' },
          { for: '5s', rate: '100/s' },
          { for: '25s', rate: '50/s' },
        ],
      },
    },
  ],
  consumers: [
    {
      group: 'payment',
      members: 2,
      topics: ['orders'],
      work: '15ms',
      config: { 'auto.offset.reset': 'earliest' },
    },
  ],
  checks: ['no-loss'],
  expect: { 'no-loss': 'kept' },
}

async function scenarioOf(entry: PlanEntry): Promise<Scenario> {
  return (await parseScenario({ ...file, plan: entry })).scenario
}

async function planned(
  entry: PlanEntry,
  simulate: Simulate,
  some: Partial<PlanOptions> = {},
): Promise<PlanAnswer> {
  const scenario = await scenarioOf(entry)
  const inputsOf = (): [] => []
  return await plan({ scenario, seed: 3, find: null, simulate, inputsOf, notModelled: [], ...some })
}

const thresholds = { 'lateness{group:payment}': ['max<30s'] }
const entry: PlanEntry = {
  search: { brokers: { min: 2, max: 9 }, consumers: { payment: [1, 2, 4] } },
  thresholds,
  seeds: 3,
  prices: { currency: 'EUR', perHour: { ideal: 10 }, perConsumerHour: 1 },
}
/** A broker carries 40, a consumer 45; one broker is down in the second drill. */
const world: World = {
  traffic: 100,
  carries: ({ brokers }, drill) => (brokers - drill) * 40,
  worksOff: ({ consumers }) => consumers * 45,
}

describe('a plan with a made-up simulation', () => {
  test('answers the cheapest, says what it costs and what gives way first', async () => {
    const answer = await planned(entry, madeUp(world).simulate)

    expect(answer.answer).toMatchObject({ brokers: 4, consumers: 4, partitions: 4 })
    expect(answer.cost).toMatchObject({ currency: 'EUR', perHour: 44 })
    expect(answer.sentence).toBe(
      '4 brokers, 4 partitions and 4 consumers carry the peak of 100 records/s; ' +
        'nic-out of broker 1 is the first wall at 1.22× (one-broker-down).',
    )
    expect(answer.walls[0]).toMatchObject({ order: 1, drill: 'one-broker-down', how: 'simulated' })
    expect(answer.drills.map(({ name, seeds, met }) => [name, seeds, met])).toEqual([
      ['normal', 3, true],
      ['one-broker-down', 3, true],
    ])
    expect(answer.drills[0]?.bottleneck?.utilisation).toBeCloseTo(100 / 160)
    expect(answer.nextCheaper).toMatchObject({ brokers: 4, consumers: 2, met: false })
  })

  test('has a window around the peak of the curve', async () => {
    const { window } = await planned(
      { ...entry, window: { before: '10s', after: '20s' } },
      madeUp(world).simulate,
    )

    expect(window).toMatchObject({ fromMs: 20_000, untilMs: 50_000, peakAtMs: 30_000 })
    expect(window).toMatchObject({ peakPerSecond: 100, peakBytesPerSecond: 10_000 })
    expect(window.warmUpMs).toBe(2_500)
  })

  test('shows what moves the answer, and what it would be then', async () => {
    const { sensitivity, whatIf } = await planned(entry, madeUp(world).simulate)

    const bytes = sensitivity.find(({ assumption }) => assumption === 'record bytes +20 %')
    expect(bytes).toMatchObject({ moves: false, source: 'default' })
    expect(bytes?.utilisationChange).toBeCloseTo(0.125)
    expect(whatIf.find(({ change }) => change === 'one broker fewer')).toMatchObject({
      met: false,
      failed: ['one-broker-down: latency p(99)<500ms'],
    })
  })

  test('says of a search space in which nothing holds what the nearest misses', async () => {
    const answer = await planned(entry, madeUp({ ...world, traffic: 900 }).simulate)

    expect(answer).toMatchObject({ feasible: false, answer: null, cost: null, walls: [] })
    expect(answer.sentence).toMatch(
      /^No setting of the search space carries the peak of 100 records\/s: the nearest, .* misses normal: latency p\(99\)<500ms\.$/,
    )
    expect(answer.drills.every(({ seeds }) => seeds > 0)).toBe(true)
  })

  test('does nothing twice', async () => {
    const { simulate, trials } = madeUp(world)

    const { runs } = await planned(entry, simulate)

    const keys = trials.map(({ setting, drill, index, change }) =>
      JSON.stringify([setting, drill, index, change]),
    )
    expect(new Set(keys).size).toBe(keys.length)
    expect(runs).toBe(trials.length)
  })

  test('finds up to which peak the cluster of the scenario holds', async () => {
    const answer = await planned(entry, madeUp(world).simulate, { find: 'peak' })

    // Two of three brokers carry 80, which is 0.8 of the peak.
    expect(answer).toMatchObject({ kind: 'peak', feasible: false })
    expect(answer.answer).toMatchObject({ brokers: 3, consumers: 2 })
    expect(answer.peak?.factor).toBeGreaterThan(0.78)
    expect(answer.peak?.factor).toBeLessThanOrEqual(0.8)
    expect(answer.sentence).toMatch(
      /^3 brokers, 4 partitions and 2 consumers carry 0\.\d+× the peak, \d+ records\/s; then latency p\(99\)<500ms breaks \(one-broker-down\)\.$/,
    )
    expect(answer.walls.map(({ factor }) => factor)).toEqual(
      answer.walls.map(({ factor }) => factor).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    )
  })

  test('stops when the time is up, and says so', async () => {
    const answer = await planned(entry, madeUp(world).simulate, { stopped: () => true })

    expect(answer.feasible).toBe(false)
    expect(answer.sentence).toBe(
      'The time was up before a setting was found that carries the peak of 100 records/s.',
    )
    expect(answer.search.timeUp).toBe(true)
    expect(answer.search.how.at(-1)).toMatch(/^The time was up: \d+ candidates that might be/)
    expect(answer.candidates.some(({ by }) => by === 'not reached in time')).toBe(true)
  })

  test.each([3, 6, 9, 12, 20, 40])(
    'answers with what is known when the time is up after %d calls',
    async (calls) => {
      const { simulate } = madeUp(world)
      let asked = 0
      const cut: Simulate = (trials) => {
        asked += 1
        if (asked > calls) return Promise.reject(new TimeUp())
        return simulate(trials)
      }

      const answer = await planned(entry, cut, { stopped: () => asked > calls })

      const whole = await planned(entry, simulate)
      expect(answer.search.timeUp).toBe(answer.runs < whole.runs)
      expect(answer.answer?.brokers ?? 4).toBeGreaterThanOrEqual(4)
      expect(answer.walls.every(({ factor }) => (factor ?? 0) > 0)).toBe(true)
    },
  )

  test('says which trial it was that dmqsim failed in, and ends', async () => {
    const simulate = batched({
      run: ({ drill }) => {
        if (drill === 1) throw new Error('no such log')
        const [sample] = madeUp(world).trials
        return Promise.resolve(sample as never)
      },
      jobs: 1,
      drills: ['normal', 'one-broker-down'],
      seed: 3,
      stopped: () => false,
    })
    const trial = { setting: settingWith({ brokers: 4 }), index: 0, change: {}, curves: false }

    await expect(
      simulate([
        { ...trial, drill: 0 },
        { ...trial, drill: 1 },
      ]),
    ).rejects.toThrow(
      /^4 brokers small, 12 partitions and 1 consumer; drill one-broker-down, run 1 \(seed \d+\): no such log$/,
    )
  })

  test('a batch stops between its runs, not after them', async () => {
    let runs = 0
    const simulate = batched({
      run: () => {
        runs += 1
        return Promise.resolve({} as never)
      },
      jobs: 2,
      drills: ['normal'],
      seed: 3,
      stopped: () => runs >= 3,
    })
    const trial = { setting: settingWith({}), drill: 0, change: {}, curves: false }
    const trials = [0, 1, 2, 3, 4, 5].map((index) => ({ ...trial, index }))

    await expect(simulate(trials)).rejects.toThrow(TimeUp)
    expect(runs).toBe(3)
  })
})

describe('a plan with the real simulation', () => {
  const real = (scenario: Scenario): Simulate => {
    return (trials) => Promise.resolve(trials.map((trial) => sampleOf(scenario, 3, trial)))
  }

  test('finds how many consumers work off the peak in time', { timeout: 60_000 }, async () => {
    // A member does 66 records a second: one is behind for long, two for a moment.
    const small: PlanEntry = {
      search: { consumers: { payment: [1, 2, 3] } },
      thresholds: { 'lateness{group:payment}': ['max<2s'] },
      drills: ['normal'],
      window: { before: '4s', after: '8s' },
      seeds: 2,
    }
    const scenario = await scenarioOf(small)

    const answer = await planned(small, real(scenario))

    expect(answer.answer?.consumers).toBe(2)
    expect(answer.candidates[0]).toMatchObject({ state: 'ruled-out', runs: 0 })
    expect(answer.candidates[0]?.by).toMatch(/^1 members? of payment works? off 66 records\/s/)
    const [normal] = answer.drills
    expect(normal?.thresholds[0]).toMatchObject({ met: true, runsMet: 2 })
    expect(normal?.curves?.traffic.length).toBe(normal?.curves?.throughput.length)
    expect(Math.max(...(normal?.curves?.traffic ?? []))).toBe(100)
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
  })

  test('of a trial that a threshold ended judges nothing else', { timeout: 60_000 }, async () => {
    const ending: PlanEntry = {
      search: { consumers: { payment: 1 } },
      thresholds: {
        'lateness{group:payment}': [{ threshold: 'max<500ms', abortOnFail: true }],
        'latency{phase:produce}': ['p(99)<10s'],
        lost: ['count<1'],
      },
      drills: ['normal'],
      window: { before: '4s', after: '8s' },
      seeds: 1,
    }
    const scenario = await scenarioOf(ending)
    const setting = settingWith({ consumers: 1, partitions: 4, replicationFactor: 2 })

    const trial = { setting, drill: 0, index: 0, change: {}, curves: false }
    const sample = sampleOf(scenario, 3, { ...trial, setting: { ...setting, hardware: 'ideal' } })

    expect(sample).toMatchObject({ met: false, endedEarly: true })
    expect(sample.thresholds).toMatchObject([
      { measure: 'lateness{group:payment}', met: false },
      { measure: 'latency{phase:produce}', met: null, value: null },
      { measure: 'lost', met: null, value: null },
    ])
  })
})
