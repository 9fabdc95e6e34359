/**
 * A scenario of ten seconds in which a leader dies, a member pauses, a follower is cut off and a
 * broker restarts: small enough to be run hundreds of times.
 */

import { parseScenario } from '../scenarios/schema/load.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'

const file = {
  name: 'ten-seconds',
  question: 'Does the model itself hold whatever is switched off?',
  problem: 'loss',
  system: 'kafka',
  duration: '10s',
  drain: '20s',
  timeouts: 'brisk',
  cluster: {
    brokers: 3,
    zookeeper: 3,
    config: {
      'min.insync.replicas': 2,
      'offsets.topic.num.partitions': 1,
      'zookeeper.session.timeout.ms': 2000,
      'replica.lag.time.max.ms': 1000,
    },
  },
  topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
  producers: [
    {
      name: 'order-service',
      topic: 'orders',
      keys: 10,
      load: { rate: '40/s' },
      config: { acks: 'all' },
    },
  ],
  consumers: [
    {
      group: 'payment',
      members: 2,
      topics: ['orders'],
      work: '2ms',
      pattern: 'process-then-commit',
      config: { 'auto.offset.reset': 'earliest' },
    },
  ],
  timeline: [
    {
      at: '1s',
      cut: { between: 'follower of orders-0', and: 'leader of orders-0' },
      for: '1500ms',
    },
    { at: '2500ms', crash: 'leader of orders-0', for: '2s' },
    { at: '3s', pause: 'payment-1', for: '3s' },
    { at: '5s', pause: 'controller', for: '2500ms' },
    { at: '6s', 'add-partitions': { topic: 'orders', to: 3 } },
    { at: '7s', restart: { target: 'leader of orders-1', clean: false } },
    { at: '8s', crash: 'zookeeper leader', for: '1s' },
  ],
  swarm: {
    families: ['crash', 'pause', 'restart', 'cut', 'reset'],
    faults: { min: 1, max: 3 },
    budget: 'within',
  },
  checks: ['no-loss', 'truth'],
}

export async function tenSeconds(): Promise<Scenario> {
  return (await parseScenario(file)).scenario
}
