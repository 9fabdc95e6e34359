/**
 * Says of a name what a scenario may expect of it: simulated, known to the product, or unknown.
 *
 * Some names are open families, such as the properties of one listener; they are known by their
 * first words.
 */

import { brokerProperties } from './broker-properties.ts'
import { consumerProperties } from './consumer-properties.ts'
import { producerProperties } from './producer-properties.ts'
import type { PropertyClass, PropertyList } from './property.ts'
import { topicProperties } from './topic-properties.ts'
import { zookeeperProperties } from './zookeeper-properties.ts'

export type ConfigKind = 'broker' | 'topic' | 'producer' | 'consumer' | 'zookeeper'

export const propertyLists: Readonly<Record<ConfigKind, PropertyList>> = {
  broker: brokerProperties,
  topic: topicProperties,
  producer: producerProperties,
  consumer: consumerProperties,
  zookeeper: zookeeperProperties,
}

interface Family {
  readonly name: RegExp
  readonly sentence: string
}

const families: Readonly<Record<ConfigKind, readonly Family[]>> = {
  broker: [
    { name: /^listener\.name\.[^.]+\../, sentence: 'Listeners are not simulated one by one.' },
    { name: /^(rsm|rlmm)\.config\../, sentence: 'Logs stay on the disks of the brokers here.' },
  ],
  topic: [],
  producer: [],
  consumer: [],
  zookeeper: [
    {
      name: /^(server|group|weight)\.\d+$/,
      sentence: 'The scenario says which servers there are.',
    },
    { name: /^(metricsProvider|authProvider|ssl)\../, sentence: 'Not simulated.' },
  ],
}

export interface Classified {
  readonly class: PropertyClass | 'unknown'
  /** What it does here, or why it does nothing. */
  readonly sentence: string
}

export function classify(kind: ConfigKind, name: string): Classified {
  const property = propertyLists[kind].get(name)
  if (property !== undefined) return { class: property.class, sentence: property.sentence }
  const family = families[kind].find((candidate) => candidate.name.test(name))
  if (family !== undefined) return { class: 'known', sentence: family.sentence }
  return { class: 'unknown', sentence: 'Neither Kafka 3.9 nor ZooKeeper 3.8 has this property.' }
}
