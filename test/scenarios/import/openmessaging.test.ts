import { expect, test } from 'vitest'
import { type Driver, readDriver } from '../../../scenarios/import/driver.ts'
import { importedText } from '../../../scenarios/import/imported.ts'
import { importWorkload } from '../../../scenarios/import/openmessaging.ts'
import { InputError } from '../../../scenarios/schema/input-error.ts'
import { parseScenarioText } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { readSource } from '../../../scenarios/schema/source.ts'

const workload = `name: 2 topics, 3 producers
topics: 2
partitionsPerTopic: 16
keyDistributor: "NO_KEY"
messageSize: 1024
payloadFile: "payload/payload-1Kb.data"
subscriptionsPerTopic: 2
consumerPerSubscription: 4
producersPerTopic: 3
producerRate: 5000
consumerBacklogSizeGB: 0
testDurationMinutes: 2
`

const driverText = `name: Kafka
driverClass: io.openmessaging.benchmark.driver.kafka.KafkaBenchmarkDriver
replicationFactor: 3
topicConfig: |
  min.insync.replicas=2
commonConfig: |
  bootstrap.servers=localhost:9092
  request.timeout.ms=60000
producerConfig: |
  acks=all
  linger.ms=1
consumerConfig: |
  auto.offset.reset=earliest
  enable.auto.commit=false
`

function driver(text = driverText): Driver {
  return readDriver(readSource(text, 'driver.yaml'))
}

async function scenarioOf(text: string, drive: Driver | null = null): Promise<Scenario> {
  const yaml = importedText(importWorkload(readSource(text, 'w.yaml'), drive), 'w.yaml')
  return (await parseScenarioText(yaml, 'imported.yaml')).scenario
}

function linesOf(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof InputError) return error.lines
    throw error
  }
  return []
}

test('a workload is a scenario with its topics, producers and groups', async () => {
  const { topics, producers, consumers, ...scenario } = await scenarioOf(workload, driver())

  expect(scenario).toMatchObject({
    name: '2-topics-3-producers',
    durationUs: 180_000_000,
    measureFromUs: 60_000_000,
  })
  expect(topics.map((one) => [one.name, one.partitions, one.replicationFactor])).toEqual([
    ['topic-1', 16, 3],
    ['topic-2', 16, 3],
  ])
  expect(topics[0]?.config).toEqual({ 'min.insync.replicas': 2 })
  expect(
    producers.map(({ topic, count, recordBytes, keys }) => [topic, count, recordBytes, keys.kind]),
  ).toEqual([
    ['topic-1', 3, 1_024, 'none'],
    ['topic-2', 3, 1_024, 'none'],
  ])
  // The rate is that of all topics together, and evenly paced.
  expect(producers[0]?.load).toEqual({ arrival: 'steady', points: [{ atUs: 0, perSecond: 2_500 }] })
  expect(consumers.map(({ group, members, topics: read }) => [group, members, ...read])).toEqual([
    ['sub-000-topic-1', 4, 'topic-1'],
    ['sub-001-topic-1', 4, 'topic-1'],
    ['sub-000-topic-2', 4, 'topic-2'],
    ['sub-001-topic-2', 4, 'topic-2'],
  ])
})

test('the driver’s properties go to topics and clients, each those that it knows', async () => {
  const { producers, consumers } = await scenarioOf(workload, driver())

  expect(producers[0]?.config).toMatchObject({
    acks: 'all',
    'linger.ms': 1,
    'request.timeout.ms': 60_000,
  })
  expect(consumers[0]?.config).toMatchObject({
    'auto.offset.reset': 'earliest',
    'request.timeout.ms': 60_000,
  })
  expect(consumers[0]?.pattern).toBe('process-then-commit')
  expect(driver().leftOut).toEqual(['bootstrap.servers'])
})

test('a backlog is built while the groups are away for as long as it takes', async () => {
  const text = workload.replace('consumerBacklogSizeGB: 0', 'consumerBacklogSizeGB: 1')
  const { durationUs, timeline } = await scenarioOf(text)

  // 1 GiB ÷ (2 subscriptions × 5,000 records × 1,024 bytes a second) = 104.9 s.
  expect(durationUs).toBe(285_000_000)
  expect(timeline.length).toBe(4)
  expect(timeline[0]).toMatchObject({ kind: 'crash', atUs: 60_000_000, forUs: 105_000_000 })
})

test('many records are sent as counted batches', async () => {
  const { producers } = await scenarioOf(workload.replace('5000', '100000'))

  expect(producers[0]).toMatchObject({ count: 1, fleet: { clients: 3, records: 'counted' } })
})

test('many topics share their properties and are written out all the same', async () => {
  const { topics } = await scenarioOf(workload.replace('topics: 2', 'topics: 200'), driver())

  expect(topics.length).toBe(200)
})

test.each([
  ['topcs: 2\n', ['w.yaml:13:1: unknown key "topcs", did you mean "topics"?']],
  ['topics: 0', ['w.yaml:2:9: topics is 0: write a number of at least 1']],
  ['messageSize: big', ['w.yaml:5:14: messageSize is "big": write a number of at least 1']],
  ['messageSize: 1.5', ['w.yaml:5:14: messageSize is 1.5: write a whole number']],
  ['producerRate: -5', ['w.yaml:10:15: producerRate is -5: write a number of at least 0']],
  ['producerRate: 0', ['w.yaml:10:15: 0 searches for the greatest rate: write one, as 50000']],
  ['testDurationMinutes: 0', ['w.yaml:12:22: 0 never ends: write how many minutes, as 5']],
  ['topics: 10000', ['w.yaml:2:9: 10000 topics are more than a run takes: at most 500']],
  [
    'partitionsPerTopic: 10000',
    ['w.yaml:3:21: 10000 partitions are too many: a topic has at most 4096 here'],
  ],
  ['keyDistributor: ROUND', ['w.yaml:4:17: ROUND is none of NO_KEY, KEY_ROUND_ROBIN, RANDOM_NANO']],
])('%j is one line with its place', (slip, lines) => {
  const key = slip.slice(0, slip.indexOf(':'))
  const has = new RegExp(`^${key}:.*$`, 'm')
  const text = has.test(workload) ? workload.replace(has, slip) : workload + slip

  expect(linesOf(() => importWorkload(readSource(text, 'w.yaml'), null))).toEqual(lines)
})

test('a key that is missing is one line', () => {
  const text = workload.replace(/^producerRate:.*\n/m, '')

  expect(linesOf(() => importWorkload(readSource(text, 'w.yaml'), null))).toEqual([
    'w.yaml:1:1: needs "producerRate"',
  ])
})

test.each([
  [
    /driverClass: .*/,
    'driverClass: io.openmessaging.benchmark.driver.pulsar.PulsarBenchmarkDriver',
    'driver.yaml:2:14: io.openmessaging.benchmark.driver.pulsar.PulsarBenchmarkDriver is not Kafka: dmqsim simulates io.openmessaging.benchmark.driver.kafka.KafkaBenchmarkDriver',
  ],
  [/acks=all/, 'akcs=all', 'driver.yaml:9:17: unknown producer property "akcs"'],
])('a driver with %s as %s is refused', (pattern, slip, line) => {
  expect(linesOf(() => driver(driverText.replace(pattern, slip)))).toEqual([line])
})

test('a workload that is run is told how it becomes a scenario', async () => {
  const lines = await parseScenarioText(workload, 'w.yaml').then(
    () => [],
    (error: unknown) => (error instanceof InputError ? error.lines : []),
  )

  expect(lines).toEqual([
    'w.yaml:1:1: is a workload of the OpenMessaging Benchmark: dmqsim import w.yaml makes a scenario of it',
  ])
})
