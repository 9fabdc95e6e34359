/**
 * Settings of the search space: all of them, which is at least as large as which, and what each
 * costs.
 */

import { topicConfig } from '../../model/kafka/config/topic-config.ts'
import { brokerConfig } from '../../model/kafka/config/broker-config.ts'
import type { PlanSearch, Prices } from '../schema/plan.ts'
import type { Scenario } from '../schema/scenario.ts'
import type { Cost, Setting } from './plan-answer.ts'
import { meanRecords, trafficOf } from './traffic.ts'

/** A setting in the order of cost. */
export interface Priced {
  readonly setting: Setting
  readonly cost: Cost | null
  /** Place in the order, from 0. */
  readonly rank: number
}

const HOURS_PER_MONTH = 730

/** The setting that the scenario itself has. */
export function ownSetting(scenario: Scenario): Setting {
  const { cluster, topics, consumers, producers } = scenario
  const number = (name: string, otherwise: number): number => {
    const found = producers[0]?.config[name]
    return found === undefined ? otherwise : Number(found)
  }
  return settingOf({
    brokers: cluster.brokers.length,
    hardware: cluster.brokers[0]?.hardware ?? 'ideal',
    replicationFactor: Math.max(1, ...topics.map((topic) => topic.replicationFactor)),
    batchBytes: number('batch.size', 16_384),
    lingerMs: number('linger.ms', 0),
    topics: topics.map(({ name, partitions }) => ({ topic: name, partitions })),
    groups: consumers.map(({ group, members }) => ({ group, members })),
  })
}

interface Dimensions {
  readonly brokers: number
  readonly hardware: string
  readonly replicationFactor: number
  readonly batchBytes: number
  readonly lingerMs: number
  readonly topics: Setting['topics']
  readonly groups: Setting['groups']
}

function settingOf(dimensions: Dimensions): Setting {
  const { brokers, hardware, replicationFactor, batchBytes, lingerMs, topics, groups } = dimensions
  return {
    brokers,
    hardware,
    replicationFactor,
    partitions: topics.reduce((sum, { partitions }) => sum + partitions, 0),
    consumers: groups.reduce((sum, { members }) => sum + members, 0),
    'batch.size': batchBytes,
    'linger.ms': lingerMs,
    topics,
    groups,
  }
}

/** Every combination whose replicas find a broker each. */
export function settingsOf(search: PlanSearch): readonly Setting[] {
  const topics = combined(
    search.partitions.map(({ topic, values }) =>
      values.map((partitions) => ({ topic, partitions })),
    ),
  )
  const groups = combined(
    search.consumers.map(({ group, values }) => values.map((members) => ({ group, members }))),
  )
  const found: Setting[] = []
  for (const hardware of search.hardware)
    for (const brokers of search.brokers)
      for (const replicationFactor of search.replicationFactor) {
        if (replicationFactor > brokers) continue
        for (const batchBytes of search.batchBytes)
          for (const lingerMs of search.lingerMs)
            for (const someTopics of topics)
              for (const someGroups of groups)
                found.push(
                  settingOf({
                    brokers,
                    hardware,
                    replicationFactor,
                    batchBytes,
                    lingerMs,
                    topics: someTopics,
                    groups: someGroups,
                  }),
                )
      }
  return found
}

function combined<Value>(lists: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  let found: readonly (readonly Value[])[] = [[]]
  for (const list of lists) found = found.flatMap((some) => list.map((value) => [...some, value]))
  return found
}

/**
 * Cheapest first; without prices the smallest. What costs the same has fewer of everything first.
 */
export function pricedSettings(
  settings: readonly Setting[],
  scenario: Scenario,
  prices: Prices | null,
): readonly Priced[] {
  const stored = storedBytes(scenario)
  const costs = settings.map((setting) => ({
    setting,
    cost: prices === null ? null : costOf(setting, stored, prices),
  }))
  const hardware = [...new Set(settings.map((setting) => setting.hardware))]
  const size = (setting: Setting): readonly number[] => [
    setting.brokers,
    setting.consumers,
    hardware.indexOf(setting.hardware),
    setting.replicationFactor,
    setting.partitions,
    setting['linger.ms'],
    setting['batch.size'],
  ]
  return costs
    .map((one) => ({ ...one, key: [one.cost?.perHour ?? 0, ...size(one.setting)] }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ setting, cost }, rank) => ({ setting, cost, rank }))
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at += 1) {
    const difference = (a[at] as number) - (b[at] as number)
    if (difference !== 0) return difference
  }
  return 0
}

export function costOf(setting: Setting, stored: readonly number[], prices: Prices): Cost {
  const { currency, perHour, perGigabyteMonth, perConsumerHour } = prices
  const broker = perHour[setting.hardware] ?? 0
  const items = [
    item(`${setting.brokers} × ${setting.hardware}`, setting.brokers, broker, 'per hour'),
  ]
  if (perGigabyteMonth > 0) {
    const bytes = stored.reduce(
      (sum, perReplica, replicas) =>
        sum + perReplica * Math.min(replicas, setting.replicationFactor),
      0,
    )
    const gigabytes = Math.ceil(bytes / 1e9)
    const disk = item(`${gigabytes} GB of disk`, gigabytes, perGigabyteMonth, 'per GB-month')
    items.push({ ...disk, perHour: disk.perHour / HOURS_PER_MONTH })
  }
  if (perConsumerHour > 0) {
    const { consumers } = setting
    items.push(item(`${consumers} consumers`, consumers, perConsumerHour, 'per hour'))
  }
  return { currency, perHour: items.reduce((sum, one) => sum + one.perHour, 0), items }
}

function item(what: string, count: number, price: number, unit: string): Cost['items'][number] {
  return { what, count, price, unit, perHour: count * price }
}

/**
 * Bytes that one replica of the topics keeps for as long as their retention says, by their
 * replication factor: the mean of the whole curve. What is kept for ever has no size and is left
 * out.
 */
export function storedBytes(scenario: Scenario): readonly number[] {
  const traffic = trafficOf(scenario)
  const broker = brokerConfig(scenario.cluster.config)
  const stored: number[] = []
  for (const topic of scenario.topics) {
    const { retentionMs } = topicConfig(topic.config, broker)
    const flows = traffic.flows.filter((flow) => flow.topic === topic.name)
    const perSecond = flows.reduce(
      (sum, flow) =>
        sum + meanRecords({ ...traffic, flows: [flow] }, 0, traffic.endUs) * flow.recordBytes,
      0,
    )
    if (retentionMs < 0) continue
    while (stored.length <= topic.replicationFactor) stored.push(0)
    const at = topic.replicationFactor
    stored[at] = (stored[at] as number) + (perSecond * retentionMs) / 1_000
  }
  return stored
}

/**
 * The first has at least as many brokers and consumers as the second and is the same otherwise, so
 * that it holds if the second does. Of batches, linger, partitions and replicas more is not always
 * better, and hardware is not compared.
 */
export function atLeast(one: Setting, other: Setting): boolean {
  return (
    sameColumn(one, other) &&
    one.brokers >= other.brokers &&
    one.groups.every(({ members }, at) => members >= (other.groups[at]?.members ?? 0))
  )
}

/** Equal in everything of which more is not always better. */
export function sameColumn(one: Setting, other: Setting): boolean {
  return (
    one.hardware === other.hardware &&
    one.replicationFactor === other.replicationFactor &&
    one['batch.size'] === other['batch.size'] &&
    one['linger.ms'] === other['linger.ms'] &&
    one.topics.every(({ partitions }, at) => partitions === other.topics[at]?.partitions)
  )
}
