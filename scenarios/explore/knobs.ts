/**
 * Knobs: topology and configuration that an exploration turns where the scenario lets it.
 *
 * Zero leaves a knob alone. No setting weakens what the scenario promises: there are as many
 * brokers, replicas, partitions and members as it has, or more, and `min.insync.replicas` only
 * grows.
 */

import type { Config, Load, Scenario, SwarmKnob, Topic } from '../schema/scenario.ts'

type Turn = (scenario: Scenario, setting: number) => Scenario

const turns: Readonly<Record<SwarmKnob, Turn>> = {
  brokers: moreBrokers,
  zookeeper: moreServers,
  partitions: (scenario, setting) =>
    withTopics(scenario, (topic) => ({
      ...topic,
      partitions: topic.partitions * (1 + (setting % 3)),
    })),
  'replication-factor': (scenario, setting) =>
    withTopics(scenario, (topic) => {
      const room = scenario.cluster.brokers.length - topic.replicationFactor
      const replicationFactor = topic.replicationFactor + (setting % (1 + Math.max(0, room)))
      return { ...topic, replicationFactor }
    }),
  'min.insync.replicas': strictBrokers,
  members: (scenario, setting) => ({
    ...scenario,
    consumers: scenario.consumers.map((one) => ({ ...one, members: one.members + (setting % 3) })),
  }),
  rate: (scenario, setting) => ({
    ...scenario,
    producers: scenario.producers.map((one) => ({ ...one, load: scaled(one.load, setting) })),
  }),
  'linger.ms': producerSetting('linger.ms', [0, 1, 5, 20, 100]),
  'batch.size': producerSetting('batch.size', [16_384, 1_000, 65_536]),
  'max.in.flight': producerSetting('max.in.flight.requests.per.connection', [5, 1, 2]),
}

/** Settings of a knob that a draw distinguishes. */
export const KNOB_BOUND = 7

/** The scenario with its knobs turned; `settings` by place in `swarm.knobs`. */
export function withKnobs(scenario: Scenario, settings: readonly number[]): Scenario {
  let turned = scenario
  scenario.swarm?.knobs?.forEach((knob, index) => {
    const setting = settings[index] ?? 0
    if (setting !== 0) turned = turns[knob](turned, setting)
  })
  return turned
}

function moreBrokers(scenario: Scenario, setting: number): Scenario {
  const { cluster } = scenario
  const { brokers } = cluster
  const added = [...brokers]
  for (let n = 0; n < setting % 3; n += 1) {
    const like = brokers[n % brokers.length]
    if (like === undefined) break
    added.push({ ...like, id: 1 + Math.max(...added.map(({ id }) => id)) })
  }
  return { ...scenario, cluster: { ...cluster, brokers: added } }
}

/** An ensemble has an odd number of servers. */
function moreServers(scenario: Scenario, setting: number): Scenario {
  const { cluster } = scenario
  const [like] = cluster.zookeeper
  if (setting % 2 === 0 || like === undefined) return scenario
  const highest = Math.max(...cluster.zookeeper.map(({ id }) => id))
  const added = [1, 2].map((n) => ({ ...like, id: highest + n }))
  return { ...scenario, cluster: { ...cluster, zookeeper: [...cluster.zookeeper, ...added] } }
}

/** Topics whose replicas are written out stay as they are. */
function withTopics(scenario: Scenario, change: (topic: Topic) => Topic): Scenario {
  const topics = scenario.topics.map((topic) =>
    topic.replicas === undefined ? change(topic) : topic,
  )
  return { ...scenario, topics }
}

/** Up to one less than the smallest replication factor, so that one broker may be away. */
function strictBrokers(scenario: Scenario, setting: number): Scenario {
  const { cluster, topics } = scenario
  const before = Number(cluster.config['min.insync.replicas'] ?? 1)
  const most = Math.min(...topics.map(({ replicationFactor }) => replicationFactor)) - 1
  if (most <= before) return scenario
  const value = before + (setting % (1 + most - before))
  const config = { ...cluster.config, 'min.insync.replicas': value }
  return { ...scenario, cluster: { ...cluster, config } }
}

function scaled(load: Load, setting: number): Load {
  const factor = [1, 0.5, 2][setting % 3] as number
  const { closed } = load
  return {
    ...load,
    ...(closed === undefined
      ? {}
      : { closed: { ...closed, users: Math.max(1, Math.round(closed.users * factor)) } }),
    points: load.points.map(({ atUs, perSecond }) => ({ atUs, perSecond: perSecond * factor })),
  }
}

function producerSetting(name: string, values: readonly number[]): Turn {
  return (scenario, setting) => {
    const value = values[setting % values.length] as number
    const set = (config: Config): Config => ({ ...config, [name]: value })
    return {
      ...scenario,
      producers: scenario.producers.map((one) => ({ ...one, config: set(one.config) })),
    }
  }
}
