import { scenarioTest } from 'dmqsim/vitest'
import mended from './order-handler-mended.js'

scenarioTest('./orders.yaml', { runs: 40, name: 'our handler charges each order once' })

scenarioTest(
  {
    name: 'orders-mended',
    system: 'kafka',
    duration: '20s',
    timeouts: 'brisk',
    cluster: { brokers: 3, zookeeper: 3, config: { 'offsets.topic.num.partitions': 1 } },
    topics: [{ name: 'orders', partitions: 3, replicationFactor: 3 }],
    producers: [{ name: 'shop', topic: 'orders', keys: 30, load: { rate: '40/s' } }],
    services: [{ name: 'bank', workers: 4, work: '5ms' }],
    consumers: [
      {
        group: 'payment',
        members: 2,
        topics: ['orders'],
        handler: mended,
        services: ['bank'],
        work: '8ms',
        config: { 'auto.offset.reset': 'earliest' },
      },
    ],
    swarm: { families: ['crash', 'pause'], faults: { min: 1, max: 4 } },
    checks: ['no-loss', 'effects-once'],
    expect: { 'no-loss': 'kept', 'effects-once': 'kept' },
  },
  { runs: 40, name: 'the mended one does' },
)
