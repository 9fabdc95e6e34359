/**
 * The typed views of a scenario's configurations, made once for each configuration.
 *
 * The runs of an exploration share their scenario, so the properties of every process are read once
 * and not in each run. Keyed by the objects themselves: they never change.
 */

import { type BrokerConfig, brokerConfig } from '../../model/kafka/config/broker-config.ts'
import { type ConsumerConfig, consumerConfig } from '../../model/kafka/config/consumer-config.ts'
import { type ProducerConfig, producerConfig } from '../../model/kafka/config/producer-config.ts'
import type { Properties } from '../../model/kafka/config/reader.ts'
import { type TopicConfig, topicConfig } from '../../model/kafka/config/topic-config.ts'
import { type ZooKeeperConfig, zookeeperConfig } from '../../model/kafka/config/zookeeper-config.ts'
import type { Config, Scenario } from '../schema/scenario.ts'

/** The effective configuration of a topic. */
export type TopicView = (topic: string, altered?: Properties) => TopicConfig

/** What all brokers have in common. */
export const clusterView: (config: Config) => BrokerConfig = once(brokerConfig)
export const producerView: (config: Config) => ProducerConfig = once(producerConfig)
export const consumerView: (config: Config) => ConsumerConfig = once(consumerConfig)
export const zookeeperView: (config: Config) => ZooKeeperConfig = once(zookeeperConfig)

/** What one broker starts with: its own properties over those of all. */
export function brokerView(cluster: Config, own: Config): BrokerConfig {
  return ownViews(cluster)(own)
}

/** The topics' configurations as a broker with these defaults knows them. */
export function topicViews(topics: Scenario['topics'], defaults: BrokerConfig): TopicView {
  return viewsOfTopics(topics)(defaults)
}

const ownViews = once((cluster: Config) =>
  once((own: Config) => brokerConfig({ ...cluster, ...own })),
)

const viewsOfTopics = once((topics: Scenario['topics']) =>
  once((defaults: BrokerConfig): TopicView => {
    const configs = new Map(topics.map(({ name, config }) => [name, topicConfig(config, defaults)]))
    const other = topicConfig({}, defaults)
    return (topic, altered) => {
      if (altered === undefined) return configs.get(topic) ?? other
      const own = topics.find(({ name }) => name === topic)?.config
      return topicConfig({ ...own, ...altered }, defaults)
    }
  }),
)

/** Makes a view once for each key. */
export function once<Key extends object, View>(make: (key: Key) => View): (key: Key) => View {
  const made = new WeakMap<Key, View>()
  return (key) => {
    let view = made.get(key)
    if (view === undefined) {
      view = make(key)
      made.set(key, view as View)
    }
    return view as View
  }
}
