/**
 * A workload of the OpenMessaging Benchmark as a scenario.
 *
 * Each topic has its producers, who share its part of the rate at an even pace, and one group for
 * each subscription. The warm-up is measured from its end. A backlog is built while the groups are
 * away for as long as it takes, where the benchmark pauses them. Left out: contents of records.
 */

import { PARTITIONS_MAX } from '../../model/record.ts'
import type { ConsumerEntry, ProducerEntry, ScenarioFile } from '../schema/surface.ts'
import type { Source } from '../schema/source.ts'
import type { Driver } from './driver.ts'
import { type Imported, Keys, slug } from './imported.ts'

const known: readonly string[] = [
  'name',
  'topics',
  'partitionsPerTopic',
  'keyDistributor',
  'messageSize',
  'useRandomizedPayloads',
  'randomBytesRatio',
  'randomizedPayloadPoolSize',
  'payloadFile',
  'subscriptionsPerTopic',
  'producersPerTopic',
  'consumerPerSubscription',
  'producerRate',
  'consumerBacklogSizeGB',
  'backlogDrainRatio',
  'testDurationMinutes',
  'warmupDurationMinutes',
]

const KEYS = 10_000
const keysByDistributor: Readonly<Record<string, number | 'none'>> = {
  NO_KEY: 'none',
  KEY_ROUND_ROBIN: KEYS,
  RANDOM_NANO: KEYS,
}

const TOPICS_MAX = 500
const BROKERS = 3
/** Beyond so many records they are sent as counted batches. */
const EXPLICIT_MAX = 1_000_000
const GIBIBYTE = 1_073_741_824

interface Workload {
  readonly name: string
  readonly topics: number
  readonly partitions: number
  readonly keys: number | 'none'
  readonly bytes: number
  readonly groups: number
  readonly producers: number
  readonly members: number
  readonly perSecond: number
  readonly backlogGiB: number
  readonly testS: number
  readonly warmUpS: number
}

/** Throws `InputError` with a line for each thing that is wrong. */
export function importWorkload(source: Source, driver: Driver | null): Imported {
  const workload = readWorkload(source)
  const records = workload.perSecond * (workload.testS + workload.warmUpS)
  const counted = records > EXPLICIT_MAX
  return {
    scenario: scenarioOf(workload, driver, counted),
    notes: notesOf(workload, driver, counted),
  }
}

function readWorkload(source: Source): Workload {
  const keys = new Keys(source, known, 'a workload of the OpenMessaging Benchmark')
  const distributor = keys.text('keyDistributor', 'NO_KEY')
  const chosen = Object.hasOwn(keysByDistributor, distributor)
    ? (keysByDistributor[distributor] as number | 'none')
    : null
  if (chosen === null) {
    const words = Object.keys(keysByDistributor).join(', ')
    keys.wrong('keyDistributor', `${distributor} is none of ${words}`)
  }
  const workload: Workload = {
    name: keys.text('name', 'workload'),
    topics: keys.whole('topics', 1),
    partitions: keys.whole('partitionsPerTopic', 1),
    keys: chosen ?? 'none',
    bytes: keys.whole('messageSize', 1),
    groups: keys.whole('subscriptionsPerTopic', 0),
    producers: keys.whole('producersPerTopic', 1),
    members: keys.whole('consumerPerSubscription', 0),
    perSecond: keys.number('producerRate', 0),
    backlogGiB: keys.number('consumerBacklogSizeGB', 0, 0),
    testS: keys.number('testDurationMinutes', 0) * 60,
    warmUpS: keys.number('warmupDurationMinutes', 0, 1) * 60,
  }
  if (keys.is('producerRate', 0)) {
    keys.wrong('producerRate', '0 searches for the greatest rate: write one, as 50000')
  }
  if (keys.is('testDurationMinutes', 0)) {
    keys.wrong('testDurationMinutes', '0 never ends: write how many minutes, as 5')
  }
  if (workload.partitions > PARTITIONS_MAX) {
    const most = `a topic has at most ${PARTITIONS_MAX} here`
    keys.wrong('partitionsPerTopic', `${workload.partitions} partitions are too many: ${most}`)
  }
  if (workload.topics > TOPICS_MAX) {
    keys.wrong(
      'topics',
      `${workload.topics} topics are more than a run takes: at most ${TOPICS_MAX}`,
    )
  }
  keys.finish()
  return workload
}

function scenarioOf(workload: Workload, driver: Driver | null, counted: boolean): ScenarioFile {
  const outageS = outageOf(workload)
  const names = Array.from({ length: workload.topics }, (_none, index) => `topic-${index + 1}`)
  const replicationFactor = driver?.replicationFactor
  const config = driver?.topic ?? {}
  return {
    name: slug(workload.name),
    question: `How quick is “${workload.name}”, and does it lose anything?`,
    problem: 'backlog',
    system: 'kafka',
    duration: duration(workload.warmUpS + workload.testS + outageS),
    ...(workload.warmUpS === 0 ? {} : { measureFrom: duration(workload.warmUpS) }),
    cluster: { brokers: Math.max(BROKERS, replicationFactor ?? 1), zookeeper: 3 },
    topics: names.map((name) => ({
      name,
      partitions: workload.partitions,
      ...(replicationFactor === undefined ? {} : { replicationFactor }),
      ...(Object.keys(config).length === 0 ? {} : { config }),
    })),
    producers: names.map((topic) => producerOf(topic, workload, driver, counted)),
    consumers: names.flatMap((topic) => groupsOf(topic, workload, driver)),
    ...(outageS === 0 ? {} : { timeline: outagesOf(names, workload, outageS) }),
    checks: ['no-loss', 'backlog-drains', 'truth'],
  }
}

function producerOf(
  topic: string,
  { producers, topics, perSecond, keys, bytes }: Workload,
  driver: Driver | null,
  counted: boolean,
): ProducerEntry {
  const config = driver?.producer ?? {}
  return {
    name: `producers-of-${topic}`,
    topic,
    ...(counted ? { clients: producers } : { count: producers }),
    ...(keys === 'none' ? {} : { keys }),
    recordBytes: `${bytes}B`,
    load: { rate: `${Number((perSecond / topics).toFixed(6))}/s`, arrival: 'steady' },
    ...(Object.keys(config).length === 0 ? {} : { config }),
  }
}

function groupsOf(
  topic: string,
  { groups, members }: Workload,
  driver: Driver | null,
): ConsumerEntry[] {
  if (members === 0) return []
  const config = driver?.consumer ?? { 'auto.offset.reset': 'earliest' }
  const automatic = String(config['enable.auto.commit'] ?? 'false') === 'true'
  return Array.from({ length: groups }, (_none, index) => ({
    group: `sub-${String(index).padStart(3, '0')}-${topic}`,
    members,
    topics: [topic],
    ...(automatic ? { pattern: 'auto-commit' } : {}),
    config,
  }))
}

/** How long the groups are away until the records that wait have the size of the backlog. */
function outageOf({ backlogGiB, groups, members, perSecond, bytes }: Workload): number {
  if (backlogGiB === 0 || groups === 0 || members === 0) return 0
  return Math.ceil((backlogGiB * GIBIBYTE) / (groups * perSecond * bytes))
}

function outagesOf(
  topics: readonly string[],
  workload: Workload,
  outageS: number,
): Record<string, unknown>[] {
  return topics
    .flatMap((topic) => groupsOf(topic, workload, null))
    .map(({ group }) => ({
      at: duration(workload.warmUpS),
      crash: `all of ${group}`,
      for: duration(outageS),
    }))
}

function notesOf(
  { backlogGiB, keys }: Workload,
  driver: Driver | null,
  counted: boolean,
): readonly string[] {
  return [
    ...(driver === null
      ? ['No driver file was given: properties are those of Kafka, the replication factor is 1.']
      : []),
    ...(driver === null || driver.leftOut.length === 0
      ? []
      : [`Left out, because it has no effect here: ${driver.leftOut.join(', ')}.`]),
    'The number of brokers and their hardware are not in the files: set them under cluster.',
    ...(counted ? ['Records are sent as counted batches: they are too many one by one.'] : []),
    ...(backlogGiB > 0
      ? ['The backlog is built while the groups are down; the benchmark pauses them.']
      : []),
    ...(keys === 'none' ? [] : [`Keys are ${KEYS}, drawn evenly.`]),
  ]
}

/** Whole seconds, or milliseconds. */
function duration(seconds: number): string {
  if (Number.isInteger(seconds)) return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
  return `${Math.max(1, Math.round(seconds * 1_000))}ms`
}
