import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expand } from '../../../scenarios/schema/expand.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { readSource } from '../../../scenarios/schema/source.ts'
import type { ScenarioFile } from '../../../scenarios/schema/surface.ts'
import { doubleEleven, leaderCrash } from './examples.ts'

const curve = 'seconds,perSecond\n0,16000\n26,583000\n3600,200000\n'

function fileOf(text: string): ScenarioFile {
  return readSource(text, 'x.yaml').value as ScenarioFile
}

function scenarioOf(file: ScenarioFile): Scenario {
  const expanded = expand(file, { readText: () => curve })
  expect(expanded.findings).toEqual([])
  return expanded.scenario
}

function findingsOf(change: (file: ScenarioFile) => void): readonly string[] {
  const file = fileOf(leaderCrash)
  change(file)
  return expand(file).findings.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

const smallest: ScenarioFile = { system: 'kafka', duration: '1s', topics: [{ name: 'orders' }] }

test('the smallest scenario has every default written out', () => {
  expect(expand(smallest, { name: 'small' }).scenario).toMatchObject({
    name: 'small',
    question: 'Does small keep what Kafka promises?',
    problem: 'loss',
    durationUs: 1_000_000,
    timeouts: 'kafka',
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 1, config: {} }],
    producers: [],
    consumers: [],
    services: [],
    timeline: [],
    expect: {},
    thresholds: [],
    guardsOff: [],
    protocols: {},
  })
})

test('hosts that are only counted get ids from 1 and go over the racks in turn', () => {
  const { cluster } = scenarioOf({ ...smallest, cluster: { brokers: 5, racks: 3 } })

  expect(cluster.brokers.map(({ id, rack }) => `${id}${rack}`)).toEqual([
    '1a',
    '2b',
    '3c',
    '4a',
    '5b',
  ])
  expect(cluster.zookeeper.map(({ id, rack }) => `${id}${rack}`)).toEqual(['1a', '2b', '3c'])
})

test('brokers of a list keep their ids, racks, disks, hardware and properties', () => {
  const scenario = scenarioOf({
    ...smallest,
    hardware: { small: { cores: 2, recordCpuNs: 300, disk: { sync: '2ms' }, nic: '1Gbit/s' } },
    cluster: {
      brokers: [{ id: 7, rack: 'b', disks: 2, hardware: 'small', config: { 'num.io.threads': 1 } }],
    },
  })

  expect(scenario.cluster.brokers).toEqual([
    { id: 7, rack: 'b', disks: 2, hardware: 'small', config: { 'num.io.threads': 1 } },
  ])
  expect(scenario.hardware['small']).toMatchObject({
    cores: 2,
    recordCpuNs: 300,
    syncUs: 2_000,
    nicBytesPerSecond: 125_000_000,
    requestCpuNs: 0,
  })
})

test('brisk timeouts are written into the configs and give way to what is set', () => {
  const file = fileOf(doubleEleven)
  file.cluster = { ...file.cluster, config: { 'replica.lag.time.max.ms': 7_000 } }
  file.topics = file.topics.map((topic) => ({ ...topic, replicationFactor: 3 }))
  const { cluster, producers, consumers } = scenarioOf(file)

  expect(cluster.config).toMatchObject({
    'zookeeper.session.timeout.ms': 4_000,
    'replica.lag.time.max.ms': 7_000,
  })
  expect(cluster.zookeeperConfig).toEqual({ tickTime: 1_000, initLimit: 10, syncLimit: 5 })
  expect(producers[0]?.config).toEqual({
    'request.timeout.ms': 2_000,
    'delivery.timeout.ms': 10_000,
    'metadata.max.age.ms': 5_000,
  })
  expect(consumers[0]?.config).toMatchObject({
    'session.timeout.ms': 6_000,
    'heartbeat.interval.ms': 1_000,
    'max.poll.interval.ms': 10_000,
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': false,
  })
})

test('the flagship can be said', () => {
  const scenario = scenarioOf(fileOf(doubleEleven))

  expect(scenario.topics.map((topic) => topic.replicationFactor)).toEqual([3, 3])
  expect(scenario.producers[0]).toMatchObject({
    keys: { kind: 'per-order', events: 3, gapUs: 50_000 },
    recordBytes: 500,
    load: {
      arrival: 'poisson',
      points: [
        { atUs: 0, perSecond: 16 },
        { atUs: 433_333, perSecond: 583 },
        { atUs: 60_000_000, perSecond: 200 },
      ],
    },
  })
  expect(scenario.consumers[0]).toMatchObject({
    pattern: 'idempotent',
    effectPer: 'key',
    calls: [{ service: 'bank', timeoutUs: 500_000, retryBackoffUs: 100_000 }],
    produces: { topic: 'payments', recordBytes: 200 },
  })
  expect(scenario.timeline.map((entry) => entry.kind)).toEqual([
    'crash',
    'crash',
    'cut',
    'crash',
    'pause',
    'slow-work',
    'add-members',
    'reset',
  ])
})

test('a canonical scenario is plain JSON', () => {
  for (const text of [leaderCrash, doubleEleven]) {
    const scenario = scenarioOf(fileOf(text))
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario)
  }
})

test('an application that commits by itself switches automatic commits off', () => {
  const patterns = ['auto-commit', 'commit-then-process', 'process-then-commit'] as const
  const file = fileOf(leaderCrash)
  const switches = patterns.map((pattern) => {
    file.consumers = [{ group: 'payment', topics: ['orders'], pattern }]
    file.thresholds = {}
    return scenarioOf(file).consumers[0]?.config['enable.auto.commit']
  })

  expect(switches).toEqual([true, false, false])
})

test('the timeline may name what it adds itself', () => {
  const file = fileOf(leaderCrash)
  file.timeline = [
    { at: '5s', 'add-partitions': { topic: 'orders', to: 12 } },
    { at: '5s', 'add-members': { group: 'payment', count: 2 } },
    { at: '9s', crash: 'leader of orders-11' },
    { at: '9s', crash: 'payment-5' },
  ]

  expect(scenarioOf(file).timeline).toHaveLength(4)
})

test.each<[string, (file: ScenarioFile) => void, string]>([
  [
    'a producer of no topic',
    (file) => {
      file.producers = [{ name: 'p', topic: 'order', load: { rate: '1/s' } }]
    },
    'producers.0.topic: there is no topic "order", did you mean "orders"?',
  ],
  [
    'a group and a producer of one name',
    (file) => {
      file.producers = [{ name: 'payment', topic: 'orders', load: { rate: '1/s' } }]
    },
    'consumers.0.group: "payment" is taken: producers, groups and services share names',
  ],
  [
    'a topic that stands twice',
    (file) => {
      file.topics = [{ name: 'orders', partitions: 6 }, { name: 'orders' }]
    },
    'topics.1.name: "orders" is there twice',
  ],
  [
    'an internal topic',
    (file) => {
      file.topics = [{ name: 'orders', partitions: 6 }, { name: '__consumer_offsets' }]
    },
    'topics.1.name: __consumer_offsets is internal and always there: size it by offsets.topic.* in cluster.config',
  ],
  [
    'more replicas than brokers',
    (file) => {
      file.topics = [{ name: 'orders', partitions: 6, replicationFactor: 4 }]
    },
    'topics.0.replicationFactor: orders wants 4 replicas and there are 3 brokers',
  ],
  [
    'a placement on no broker',
    (file) => {
      file.topics = [
        {
          name: 'orders',
          replicas: [
            [1, 2],
            [2, 9],
          ],
        },
      ]
    },
    'topics.0.replicas.1: there is no broker 9: there are 1, 2, 3',
  ],
  [
    'a placement of too few partitions',
    (file) => {
      file.topics = [{ name: 'orders', partitions: 2, replicas: [[1]] }]
    },
    'topics.0.replicas: places 1 partitions and orders has 2',
  ],
  [
    'an ensemble of four',
    (file) => {
      file.cluster = { zookeeper: 4 }
    },
    'cluster.zookeeper: an ensemble has 1, 3 or 5 servers, not 4',
  ],
  [
    'hardware that nobody described',
    (file) => {
      file.cluster = { hardware: 'm7g' }
    },
    'cluster.hardware: there is no hardware "m7g": describe it under "hardware:"',
  ],
  [
    'properties that contradict each other',
    (file) => {
      file.cluster = { config: { 'replica.lag.time.max.ms': 100 } }
    },
    'cluster.config: replica.fetch.wait.max.ms = 500: must be at most replica.lag.time.max.ms, ' +
      'or the ISR shrinks whenever nobody writes',
  ],
  [
    'idempotence without acks=all',
    (file) => {
      const config = { acks: 1, 'enable.idempotence': true }
      file.producers = [{ name: 'p', topic: 'orders', load: { rate: '1/s' }, config }]
    },
    'producers.0.config.acks: acks = 1: must be all, since enable.idempotence is true',
  ],
  [
    'a topic of commits that never comes to be',
    (file) => {
      file.cluster = { brokers: 1 }
      file.topics = [{ name: 'orders', partitions: 6 }]
    },
    'cluster.config.offsets.topic.replication.factor: offsets.topic.replication.factor is 3 and ' +
      'there is only 1: no group could ever join; set it to 1',
  ],
  [
    'an expectation of no check',
    (file) => {
      file.expect = { 'no-los': 'kept' }
    },
    'expect.no-los: there is no check "no-los", did you mean "no-loss"?',
  ],
  [
    'an expectation that nothing checks',
    (file) => {
      file.expect = { lateness: 'kept' }
    },
    'expect.lateness: "lateness" is expected and not among the checks: add it',
  ],
  [
    'an expectation of no group',
    (file) => {
      file.expect = { 'no-loss:processed:paymet': 'kept' }
    },
    'expect.no-loss:processed:paymet: no-loss has no scope "paymet", did you mean "payment"?',
  ],
  [
    'a median above the tail',
    (file) => {
      file.consumers = [{ group: 'payment', topics: ['orders'], work: { p50: '2s', p99: '1s' } }]
    },
    'consumers.0.work.p99: is less than p50',
  ],
  [
    'work that takes a mean of nothing',
    (file) => {
      file.consumers = [{ group: 'payment', topics: ['orders'], work: { mean: '0ms' } }]
    },
    'consumers.0.work.mean: is no time at all: leave work out',
  ],
  [
    'a call of no service',
    (file) => {
      file.consumers = [{ group: 'payment', topics: ['orders'], services: ['bank'] }]
    },
    'consumers.0.services.0: there is no service "bank": describe it under "services:"',
  ],
  [
    'a swarm of nothing',
    (file) => {
      file.swarm = { families: ['crash'], faults: { min: 5, max: 2 } }
    },
    'swarm.faults.max: is less than min, 5',
  ],
])('%s is a finding at its place', (_, change, finding) => {
  expect(findingsOf(change)).toEqual([finding])
})

test('expanding the same file twice gives the same scenario', () => {
  const broker = fc.record({
    brokers: fc.integer({ min: 3, max: 9 }),
    racks: fc.integer({ min: 1, max: 4 }),
  })

  fc.assert(
    fc.property(broker, fc.integer({ min: 1, max: 99 }), (cluster, partitions) => {
      const file = { ...fileOf(leaderCrash), cluster, topics: [{ name: 'orders', partitions }] }
      expect(expand(file)).toEqual(expand(structuredClone(file)))
    }),
    { seed: 1 },
  )
})
