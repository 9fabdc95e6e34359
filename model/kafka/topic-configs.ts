/**
 * What is in force for each topic at one broker: what it was deployed with, or what administrators
 * have set since (controller/config-changes.ts).
 */

import type { TopicId } from '../record.ts'
import type { Broker } from './broker-state.ts'
import type { TopicConfig } from './config/topic-config.ts'

export interface TopicConfigs {
  /** Effective configurations of the topics that were altered. */
  readonly altered: Map<TopicId, TopicConfig>
  /** Number of the change that was acted on last; −1 for none. */
  lastChange: number
}

export function startTopicConfigs(): TopicConfigs {
  return { altered: new Map(), lastChange: -1 }
}

/** What is in force for a topic at this broker. */
export function topicConfigOf(self: Broker, topic: TopicId): TopicConfig {
  const { options, topicConfigs } = self
  return topicConfigs.altered.get(topic) ?? options.topicConfig(options.topics.name(topic))
}
