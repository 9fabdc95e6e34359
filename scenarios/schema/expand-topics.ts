/**
 * Expands the topics: their size, their placement, and their properties over those of brokers.
 */

import { type BrokerConfig, brokerConfig } from '../../model/kafka/config/broker-config.ts'
import { topicConfig } from '../../model/kafka/config/topic-config.ts'
import { OFFSETS_TOPIC, TRANSACTION_TOPIC } from '../../model/kafka/topics.ts'
import { checkView, expandConfig } from './expand-config.ts'
import { duplicateNames, type Expansion } from './expansion.ts'
import type { Path } from './findings.ts'
import { presetOf } from './preset.ts'
import type { Cluster, Config, Topic } from './scenario.ts'
import type { TopicEntry } from './surface.ts'

export function expandTopics(expansion: Expansion, cluster: Cluster): readonly Topic[] {
  const { file, findings } = expansion
  duplicateNames(
    file.topics.map((topic) => topic.name),
    ['topics'],
    'name',
    expansion,
  )
  const before = findings.list.length
  const broker = findings.attempt<BrokerConfig>([], brokerConfig({}), () =>
    brokerConfig(cluster.config),
  )
  // What is wrong with the broker's properties has been said where they stand.
  findings.list.length = before
  const ids = cluster.brokers.map((host) => host.id)
  return file.topics.map((entry, index) => {
    checkName(entry.name, ['topics', index, 'name'], expansion)
    const topic = expandTopic(entry, ['topics', index], broker, expansion)
    checkReplicas(topic, ['topics', index], ids, expansion)
    return topic
  })
}

/** The internal topics are there in every cluster; `cluster.config` says how large they are. */
function checkName(name: string, path: Path, { findings }: Expansion): void {
  if (name !== OFFSETS_TOPIC && name !== TRANSACTION_TOPIC) return
  findings.add(
    path,
    `${name} is internal and always there: size it by offsets.topic.* in cluster.config`,
  )
}

function expandTopic(
  entry: TopicEntry,
  path: Path,
  broker: BrokerConfig,
  expansion: Expansion,
): Topic {
  const { findings, notices } = expansion
  const block = {
    kind: 'topic',
    path: [...path, 'config'],
    config: entry.config,
    preset: presetOf(expansion.timeouts).topic,
  } as const
  const config: Config = expandConfig(block, findings, notices)
  checkView(block, findings, () => topicConfig(config, broker))
  const replicas = entry.replicas
  return {
    name: entry.name,
    partitions: entry.partitions ?? replicas?.length ?? broker.numPartitions,
    replicationFactor:
      entry.replicationFactor ?? replicas?.[0]?.length ?? broker.defaultReplicationFactor,
    ...(replicas === undefined ? {} : { replicas }),
    config,
  }
}

function checkReplicas(
  topic: Topic,
  path: Path,
  ids: readonly number[],
  expansion: Expansion,
): void {
  const { findings } = expansion
  if (topic.replicationFactor > ids.length) {
    const count = ids.length === 1 ? 'is 1 broker' : `are ${ids.length} brokers`
    findings.add(
      [...path, 'replicationFactor'],
      `${topic.name} wants ${topic.replicationFactor} replicas and there ${count}`,
    )
  }
  if (topic.replicas === undefined) return
  if (topic.replicas.length !== topic.partitions) {
    findings.add(
      [...path, 'replicas'],
      `places ${topic.replicas.length} partitions and ${topic.name} has ${topic.partitions}`,
    )
  }
  topic.replicas.forEach((placed, partition) => {
    const at = [...path, 'replicas', partition]
    const stranger = placed.find((id) => !ids.includes(id))
    if (stranger !== undefined) {
      findings.add(at, `there is no broker ${stranger}: there are ${ids.join(', ')}`)
    }
    if (new Set(placed).size !== placed.length) findings.add(at, 'names a broker twice')
    if (placed.length !== topic.replicationFactor) {
      findings.add(at, `places ${placed.length} replicas instead of ${topic.replicationFactor}`)
    }
  })
}
