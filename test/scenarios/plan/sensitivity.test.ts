import { describe, expect, test } from 'vitest'
import { doubtedInputs } from '../../../scenarios/plan/sensitivity-inputs.ts'
import { doubtsOf } from '../../../scenarios/plan/sensitivity.ts'
import type { Doubts } from '../../../scenarios/plan/doubts-answer.ts'
import { ownSetting } from '../../../scenarios/plan/setting.ts'
import { type Change, type Sample, TimeUp, type Trial } from '../../../scenarios/plan/simulate.ts'
import { changedScenario, planOf } from '../../../scenarios/plan/trial-case.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import type { ScenarioFile } from '../../../scenarios/schema/surface.ts'

async function scenarioOf(some: Partial<ScenarioFile> = {}): Promise<Scenario> {
  const { scenario } = await parseScenario({
    system: 'kafka',
    duration: '60s',
    cluster: { brokers: 3, hardware: 'small' },
    hardware: { small: { cores: 4, recordCpuNs: 100, nic: '10MB/s' } },
    topics: [{ name: 'orders', partitions: 4, replicationFactor: 3 }],
    producers: [
      {
        name: 'web',
        topic: 'orders',
        recordBytes: '1kB',
        keys: { count: 20, zipf: 1 },
        load: { stages: [{ for: '60s', rate: '50/s' }] },
        config: { 'linger.ms': 5 },
      },
    ],
    plan: { thresholds: { latency: ['p(99)<500ms'], throughput: ['avg>40/s'] }, seeds: 2 },
    ...some,
  })
  return scenario
}

interface World {
  readonly latency: (change: Change, index: number) => number | null
  readonly rate?: (change: Change) => number
}

function sampleOf({ latency, rate = () => 80 }: World, { change, index }: Trial): Sample {
  const value = latency(change, index)
  const late = { measure: 'latency', rule: 'p(99)<500ms', value, unit: 'ms' } as const
  const perSecond = rate(change)
  const slow = { measure: 'throughput', rule: 'avg>40/s', value: perSecond } as const
  return {
    met: true,
    thresholds: [
      { ...late, met: value !== null && value < 500 },
      { ...slow, unit: 'records/s', met: perSecond > 40 },
    ],
    broken: [],
    endedEarly: false,
    bottleneck: null,
    resources: [],
    measures: {},
    groups: [],
    curves: null,
    events: 1,
  }
}

async function doubted(
  world: World,
  left = Infinity,
): Promise<{ readonly doubts: Doubts | null; readonly trials: readonly Trial[] }> {
  const scenario = await scenarioOf()
  const setting = ownSetting(scenario)
  const trials: Trial[] = []
  const doubts = await doubtsOf(doubtedInputs(scenario, setting), {
    plan: planOf(scenario),
    setting,
    simulate: (asked) => {
      if (trials.length + asked.length > left) return Promise.reject(new TimeUp())
      trials.push(...asked)
      return Promise.resolve(asked.map((trial) => sampleOf(world, trial)))
    },
  })
  return { doubts, trials }
}

/** At 100 ms: 80 % of the limit is left. */
const calm: World = { latency: () => 100 }

describe('the inputs that a planner doubts', () => {
  test('are those of which the file has a figure, in bounds by where it is from', async () => {
    const scenario = await scenarioOf()
    const found = doubtedInputs(scenario, ownSetting(scenario))

    expect(
      found.map(({ input, source, bounds }) => [input, source, bounds.low, bounds.high]),
    ).toEqual([
      ['record size', 'given', 0.8, 1.2],
      ['linger.ms', 'given', 0.5, 2],
      ['batch.size', 'default', 0.5, 2],
      ['key skew', 'given', 0.8, 1.2],
      ['network latency', 'default', 0.5, 2],
      ['processor costs per batch and record', 'given', 0.8, 1.2],
      ['network card bandwidth', 'given', 0.8, 1.2],
    ])
  })

  test('of a profile that came with dmqsim are told by what it says of each figure', async () => {
    const scenario = await scenarioOf({
      cluster: { brokers: 3, hardware: 'm7g.large' },
      hardware: {},
    })
    const found = doubtedInputs(scenario, ownSetting(scenario))
    const source = (name: string): string | undefined =>
      found.find(({ input }) => input === name)?.source

    expect(source('processor costs per request')).toBe('default')
    expect(source('processor costs per byte')).toBe('default')
    expect(source('disk bandwidth')).toBe('profile')
    expect(source('network card bandwidth')).toBe('profile')
    expect(source('page cache')).toBe('profile')
  })

  test('have the ratio of compression among them where a producer compresses', async () => {
    const plain = await scenarioOf()
    const [web] = plain.producers
    const config = { 'linger.ms': 5, 'batch.size': 16_384, 'compression.type': 'lz4' }
    const scenario = {
      ...plain,
      producers: plain.producers.map((one) => ({ ...one, config })),
      hardware: { small: { ...plain.hardware['small'], codecPercent: 100 } },
    } as Scenario
    const found = doubtedInputs(scenario, ownSetting(scenario))

    const moved = changedScenario(scenario, { 'compression-ratio': 2 })

    expect(found[1]).toMatchObject({
      input: 'compression ratio',
      source: 'default',
      bounds: { low: 0.5, high: 2 },
    })
    // Twice the bytes on the wire, and as much work of compressing them as before.
    expect(moved.producers[0]?.recordBytes).toBe(2 * (web?.recordBytes ?? 0))
    expect(moved.hardware['small']?.codecPercent).toBe(50)
    expect(changedScenario(plain, { 'compression-ratio': 2 }).producers[0]?.recordBytes).toBe(1_000)
  })

  test('each change something in the scenario, both ways', async () => {
    const plain = await scenarioOf()
    const { producers } = plain
    const scenario = {
      ...plain,
      producers: producers.map((one) => ({
        ...one,
        config: { 'linger.ms': 5, 'batch.size': 16_384 },
      })),
    }
    const told = JSON.stringify(changedScenario(scenario, {}))
    for (const { figure, bounds } of doubtedInputs(scenario, ownSetting(scenario))) {
      for (const factor of [bounds.low, bounds.high]) {
        expect(JSON.stringify(changedScenario(scenario, { [figure]: factor }))).not.toBe(told)
      }
    }
  })
})

describe('how far they move the nearest threshold', () => {
  test('is told with both ends, the greatest effect first', async () => {
    const { doubts } = await doubted({
      latency: (change) => 100 * (change['record-bytes'] ?? 1) * (change['network-latency'] ?? 1),
      rate: (change) => 80 / (change['network-bandwidth'] === 0.8 ? 4 : 1),
    })

    expect(doubts).toMatchObject({ threshold: 'latency p(99)<500ms', headroom: 0.8 })
    const [first, second, third, ...others] = doubts?.inputs ?? []
    expect(first).toMatchObject({
      input: 'network card bandwidth',
      low: { factor: 0.8, threshold: 'throughput avg>40/s', headroom: -0.5 },
      moves: true,
    })
    expect(first?.low.failed).toEqual(['throughput avg>40/s'])
    expect(first?.effect).toBeCloseTo(1.3)
    expect(second).toMatchObject({ input: 'network latency', source: 'default' })
    expect(second?.low.headroom).toBeCloseTo(0.9)
    expect(second?.high.headroom).toBeCloseTo(0.6)
    expect(third?.input).toBe('record size')
    expect(others.map(({ moves }) => moves)).toEqual([false, false, false, false])
  })

  test('costs two runs of normal running each, of the arrivals of the first', async () => {
    const { doubts, trials } = await doubted(calm)

    const [first, second, ...others] = trials
    expect([first?.index, second?.index]).toEqual([0, 1])
    expect(others).toHaveLength(2 * (doubts?.inputs.length ?? 0))
    expect(others.every(({ drill, index }) => drill === 0 && index === 0)).toBe(true)
  })

  test('is nothing where another seed moves it as far', async () => {
    const { doubts } = await doubted({
      latency: (change, index) => 100 + 10 * index + 12 * ((change['record-bytes'] ?? 1) - 1),
      rate: (change) => 200 + 40 * Math.log2(change['network-latency'] ?? 1),
    })
    const larger = await doubted({
      latency: (change, index) => 100 + 10 * index + 60 * ((change['record-bytes'] ?? 1) - 1),
    })

    expect(doubts?.spread).toBeCloseTo(0.02)
    expect(doubts?.inputs.filter(({ moves }) => moves)).toEqual([])
    expect(larger.doubts?.inputs[0]).toMatchObject({ input: 'record size', moves: true })
  })

  test('is greatest where nothing is measured any more', async () => {
    const { doubts } = await doubted({ latency: ({ linger }) => (linger === 2 ? null : 100) })

    expect(doubts?.inputs[0]).toMatchObject({ input: 'linger.ms', effect: null, moves: true })
    expect(doubts?.inputs[0]?.high.headroom).toBeNull()
  })

  test('is told of as many inputs as there was time for', async () => {
    const { doubts, trials } = await doubted(calm, 10)

    expect(doubts?.inputs).toHaveLength(4)
    expect(trials).toHaveLength(10)
    expect((await doubted(calm, 0)).doubts).toBeNull()
  })
})
