/**
 * The preset `brisk`: timeouts short enough that they fire within a minute of virtual time.
 *
 * With Kafka's own values almost no timeout does. Only timeouts change; whatever a scenario sets
 * itself goes before the preset.
 */

import type { ConfigKind } from '../../model/kafka/config/classify.ts'
import type { Config, Timeouts } from './scenario.ts'

type Preset = Readonly<Record<ConfigKind, Config>>

const nothing: Preset = { broker: {}, topic: {}, producer: {}, consumer: {}, zookeeper: {} }

const brisk: Preset = {
  broker: {
    'zookeeper.session.timeout.ms': 4_000,
    'replica.lag.time.max.ms': 3_000,
    'controller.socket.timeout.ms': 2_000,
  },
  topic: {},
  producer: {
    'request.timeout.ms': 2_000,
    'delivery.timeout.ms': 10_000,
    'metadata.max.age.ms': 5_000,
  },
  consumer: {
    'session.timeout.ms': 6_000,
    'heartbeat.interval.ms': 1_000,
    'max.poll.interval.ms': 10_000,
    'request.timeout.ms': 2_000,
    'metadata.max.age.ms': 5_000,
  },
  zookeeper: { tickTime: 1_000 },
}

export function presetOf(timeouts: Timeouts): Preset {
  return timeouts === 'brisk' ? brisk : nothing
}
