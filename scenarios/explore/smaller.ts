/**
 * Smaller scenarios: fewer groups, services, producers, partitions, brokers, records; less time.
 *
 * Each is a candidate one step away; what the timeline still names is kept.
 */

import type { Config, Producer, Scenario, Topic } from '../schema/scenario.ts'
import type { TimelineEntry } from '../schema/timeline.ts'

/** Candidates, the boldest first. */
export function* smallerScenarios(
  scenario: Scenario,
  timeline: readonly TimelineEntry[],
): Generator<Scenario> {
  const named = JSON.stringify(timeline)
  yield* withoutGroups(scenario, named)
  yield* withoutProducers(scenario, named)
  yield* shorterScenarios(scenario, timeline)
  yield* withoutTopics(scenario, named)
  yield* withoutServices(scenario, named)
  yield* fewerReplicas(scenario, timeline)
  yield* fewerBrokers(scenario, named)
  yield* fewerServers(scenario, named)
  yield* fewerPartitions(scenario, timeline)
  yield* fewerMembers(scenario, named)
  yield* fewerInstances(scenario, named)
  yield* fewerKeys(scenario)
  yield* slowerLoad(scenario)
}

function* withoutGroups(scenario: Scenario, named: string): Generator<Scenario> {
  for (const { group } of scenario.consumers) {
    if (named.includes(`"${group}"`)) continue
    yield { ...scenario, consumers: scenario.consumers.filter((one) => one.group !== group) }
  }
}

function* withoutProducers(scenario: Scenario, named: string): Generator<Scenario> {
  if (scenario.producers.length < 2) return
  for (const { name } of scenario.producers) {
    if (named.includes(`"${name}"`)) continue
    yield { ...scenario, producers: scenario.producers.filter((one) => one.name !== name) }
  }
}

/** Gives a run that cannot settle less time to do so: it costs the more the longer it waits. */
export function* soonerGivenUp(scenario: Scenario): Generator<Scenario> {
  for (const drainLimitUs of DRAIN_LIMITS_US) {
    if (drainLimitUs < scenario.drainLimitUs) yield { ...scenario, drainLimitUs }
  }
}

const DRAIN_LIMITS_US: readonly number[] = [30_000_000, 60_000_000, 120_000_000]

/** A quarter, a half, three quarters of the time, if the timeline is over by then. */
export function* shorterScenarios(
  scenario: Scenario,
  timeline: readonly TimelineEntry[],
): Generator<Scenario> {
  const last = Math.max(
    0,
    ...timeline.map((entry) => (entry.atUs ?? 0) + ('forUs' in entry ? (entry.forUs ?? 0) : 0)),
  )
  for (const share of [0.25, 0.5, 0.75]) {
    const durationUs = Math.floor((scenario.durationUs * share) / 1_000_000) * 1_000_000
    if (durationUs > last && durationUs > 0) yield { ...scenario, durationUs }
  }
}

/** Without one that nothing names, the last before others. */
function* fewerBrokers(scenario: Scenario, named: string): Generator<Scenario> {
  const { brokers } = scenario.cluster
  const factor = Math.max(1, ...scenario.topics.map((topic) => topic.replicationFactor))
  if (brokers.length <= factor) return
  const placed = new Set(scenario.topics.flatMap(({ replicas = [] }) => replicas.flat()))
  for (const gone of brokers.toReversed()) {
    if (placed.has(gone.id) || named.includes(`{"of":"broker","id":${gone.id}}`)) continue
    const left = brokers.filter((one) => one !== gone)
    yield { ...scenario, cluster: { ...scenario.cluster, brokers: left } }
  }
}

function* fewerPartitions(
  scenario: Scenario,
  timeline: readonly TimelineEntry[],
): Generator<Scenario> {
  const highest = highestPartition(timeline)
  for (const topic of scenario.topics) {
    if (topic.replicas !== undefined || timeline.some((entry) => entry.kind === 'add-partitions'))
      continue
    for (const partitions of [1, Math.ceil(topic.partitions / 2)]) {
      if (partitions >= topic.partitions || partitions <= highest) continue
      const smaller: Topic = { ...topic, partitions }
      yield { ...scenario, topics: scenario.topics.map((one) => (one === topic ? smaller : one)) }
    }
  }
}

function highestPartition(timeline: readonly TimelineEntry[]): number {
  const numbers = [...JSON.stringify(timeline).matchAll(/"partition":(\d+)/g)].map((match) =>
    Number(match[1]),
  )
  return Math.max(-1, ...numbers)
}

function* fewerMembers(scenario: Scenario, named: string): Generator<Scenario> {
  for (const consumer of scenario.consumers) {
    if (consumer.members < 2 || named.includes(`"${consumer.group}"`)) continue
    const smaller = { ...consumer, members: 1 }
    yield {
      ...scenario,
      consumers: scenario.consumers.map((one) => (one === consumer ? smaller : one)),
    }
  }
}

/** Topics that nobody writes or reads any more. */
function* withoutTopics(scenario: Scenario, named: string): Generator<Scenario> {
  const { topics, producers, consumers } = scenario
  for (const { name } of topics) {
    const used =
      producers.some(({ topic }) => topic === name) ||
      consumers.some((one) => one.topics.includes(name) || one.produces?.topic === name)
    if (used || named.includes(`"${name}"`)) continue
    yield { ...scenario, topics: topics.filter((topic) => topic.name !== name) }
  }
}

function* withoutServices(scenario: Scenario, named: string): Generator<Scenario> {
  for (const { name } of scenario.services) {
    const called = scenario.consumers.some(({ calls }) => calls.some((one) => one.service === name))
    if (called || named.includes(`"${name}"`)) continue
    yield { ...scenario, services: scenario.services.filter((one) => one.name !== name) }
  }
}

/** One replica less, as long as `min.insync.replicas` can be met and followers are there. */
function* fewerReplicas(
  scenario: Scenario,
  timeline: readonly TimelineEntry[],
): Generator<Scenario> {
  const followers = [...JSON.stringify(timeline).matchAll(/"nth":(\d+)}/g)].map((match) =>
    Number(match[1]),
  )
  const least = Number(scenario.cluster.config['min.insync.replicas'] ?? 1)
  for (const topic of scenario.topics) {
    const replicationFactor = topic.replicationFactor - 1
    if (topic.replicas !== undefined || replicationFactor < Math.max(2, least)) continue
    if (replicationFactor <= Math.max(0, ...followers)) continue
    const smaller: Topic = { ...topic, replicationFactor }
    yield { ...scenario, topics: scenario.topics.map((one) => (one === topic ? smaller : one)) }
  }
}

/** Three ZooKeeper servers instead of five, one instead of three. */
function* fewerServers(scenario: Scenario, named: string): Generator<Scenario> {
  const { zookeeper } = scenario.cluster
  if (zookeeper.length < 3) return
  const gone = zookeeper.slice(-2)
  if (gone.some(({ id }) => named.includes(`{"of":"zookeeper","id":${id}}`))) return
  yield { ...scenario, cluster: { ...scenario.cluster, zookeeper: zookeeper.slice(0, -2) } }
}

function* fewerInstances(scenario: Scenario, named: string): Generator<Scenario> {
  for (const producer of scenario.producers) {
    if (producer.count < 2 || named.includes(`"${producer.name}"`)) continue
    yield withProducer(scenario, producer, { ...producer, count: 1 })
  }
}

function* fewerKeys(scenario: Scenario): Generator<Scenario> {
  for (const producer of scenario.producers) {
    const { keys } = producer
    if (keys.kind !== 'fixed' || keys.count < 2) continue
    for (const count of [1, Math.ceil(keys.count / 4)]) {
      if (count >= keys.count) continue
      yield withProducer(scenario, producer, { ...producer, keys: { ...keys, count } })
    }
  }
}

/** Kafka's own value for what was set: for all at once, then for one after the other. */
export function* plainerConfigs(scenario: Scenario): Generator<Scenario> {
  const { cluster } = scenario
  const yieldAll = Object.keys(cluster.config).length > 1
  if (yieldAll) yield { ...scenario, cluster: { ...cluster, config: {} } }
  for (const name of Object.keys(cluster.config)) {
    yield { ...scenario, cluster: { ...cluster, config: without(cluster.config, name) } }
  }
  for (const producer of scenario.producers) {
    for (const name of Object.keys(producer.config)) {
      const config = without(producer.config, name)
      yield withProducer(scenario, producer, { ...producer, config })
    }
  }
}

function without(config: Config, name: string): Config {
  return Object.fromEntries(Object.entries(config).filter(([key]) => key !== name))
}

function withProducer(scenario: Scenario, before: Producer, after: Producer): Scenario {
  const producers = scenario.producers.map((one) => (one === before ? after : one))
  return { ...scenario, producers }
}

function* slowerLoad(scenario: Scenario): Generator<Scenario> {
  for (const producer of scenario.producers) {
    const { load } = producer
    const users = load.closed?.users ?? 0
    if (users < 2 && load.points.every(({ perSecond }) => perSecond < 2)) continue
    const points = load.points.map(({ atUs, perSecond }) => ({ atUs, perSecond: perSecond / 2 }))
    const closed =
      load.closed === undefined
        ? {}
        : { closed: { ...load.closed, users: Math.max(1, Math.floor(users / 2)) } }
    const smaller: Producer = { ...producer, load: { ...load, ...closed, points } }
    yield {
      ...scenario,
      producers: scenario.producers.map((one) => (one === producer ? smaller : one)),
    }
  }
}
