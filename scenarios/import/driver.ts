/**
 * The Kafka driver file of the OpenMessaging Benchmark: replicas, and properties of topics and
 * clients as texts in the form of properties files.
 */

import { classify, type ConfigKind } from '../../model/kafka/config/classify.ts'
import { parseProperties } from '../../model/kafka/config/properties.ts'
import type { Config } from '../schema/scenario.ts'
import type { Source } from '../schema/source.ts'
import { Keys } from './imported.ts'

const KAFKA_DRIVER = 'io.openmessaging.benchmark.driver.kafka.KafkaBenchmarkDriver'

const known: readonly string[] = [
  'name',
  'driverClass',
  'replicationFactor',
  'topicConfig',
  'commonConfig',
  'producerConfig',
  'consumerConfig',
  // Where a client runs: no part of the model.
  'zoneAwareWorkers',
]

export interface Driver {
  readonly name: string
  readonly replicationFactor: number
  readonly topic: Config
  readonly producer: Config
  readonly consumer: Config
  /** Properties without effect here. */
  readonly leftOut: readonly string[]
}

/** Throws `InputError` with a line for each thing that is wrong. */
export function readDriver(source: Source): Driver {
  const keys = new Keys(source, known, 'a driver file of the OpenMessaging Benchmark')
  const driverClass = keys.text('driverClass', KAFKA_DRIVER)
  if (driverClass !== KAFKA_DRIVER) {
    keys.wrong('driverClass', `${driverClass} is not Kafka: dmqsim simulates ${KAFKA_DRIVER}`)
  }
  const common = keys.text('commonConfig', '')
  const leftOut = new Set<string>()
  const driver = {
    name: keys.text('name', 'Kafka'),
    replicationFactor: keys.whole('replicationFactor', 1),
    topic: configOf('topic', [['topicConfig', keys.text('topicConfig', '')]], { keys, leftOut }),
    producer: configOf(
      'producer',
      [
        ['commonConfig', common],
        ['producerConfig', keys.text('producerConfig', '')],
      ],
      { keys, leftOut },
    ),
    consumer: configOf(
      'consumer',
      [
        ['commonConfig', common],
        ['consumerConfig', keys.text('consumerConfig', '')],
      ],
      { keys, leftOut },
    ),
  }
  keys.finish()
  return { ...driver, leftOut: [...leftOut] }
}

interface Reading {
  readonly keys: Keys
  readonly leftOut: Set<string>
}

/** What is common is for both kinds of client, of which each knows its own. */
function configOf(
  kind: ConfigKind,
  texts: readonly (readonly [key: string, text: string])[],
  { keys, leftOut }: Reading,
): Config {
  const config: Record<string, string | number | boolean> = {}
  for (const [key, text] of texts) {
    try {
      for (const { key: property, value } of parseProperties(text)) {
        const found = classify(kind, property).class
        if (found === 'simulated') config[property] = scalarOf(value)
        else if (found !== 'unknown') leftOut.add(property)
        else if (key !== 'commonConfig') keys.wrong(key, `unknown ${kind} property "${property}"`)
      }
    } catch (error) {
      keys.wrong(key, error instanceof Error ? error.message : String(error))
    }
  }
  return config
}

function scalarOf(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  return /^-?\d{1,15}$/.test(value) ? Number(value) : value
}
