/**
 * The fleet that is run explicit and counted: 200 clients and six partitions, with nothing going
 * wrong and with what goes wrong most.
 */

import type { Scenario } from '../../schema/scenario.ts'
import { parseScenario } from '../../schema/load.ts'
import type { ScenarioFile } from '../../schema/surface.ts'

/** What happens to the cluster, by name. */
export const happenings: Readonly<Record<string, NonNullable<ScenarioFile['timeline']>>> = {
  'no fault': [],
  'leader crash': [{ at: '1s', crash: 'leader of orders-0', for: '1500ms' }],
  'leader pause': [{ at: '1s', pause: 'leader of orders-0', for: '1500ms' }],
  'leader cut off': [
    { at: '1s', cut: { between: 'leader of orders-0', and: 'all brokers' }, for: '1500ms' },
  ],
}

/** `more` takes the place of what it names. */
export async function fleetScenario(
  happening: string,
  more: Partial<ScenarioFile> = {},
): Promise<Scenario> {
  const { scenario } = await parseScenario({
    name: 'small-fleet',
    question: 'Is a fleet the same, counted and record by record?',
    system: 'kafka',
    duration: '3s',
    timeouts: 'brisk',
    cluster: { brokers: 3, zookeeper: 3, config: { 'min.insync.replicas': 2 } },
    topics: [{ name: 'orders', partitions: 6, replicationFactor: 3 }],
    producers: [
      {
        name: 'shops',
        topic: 'orders',
        clients: 200,
        keys: 1_000,
        load: { rate: '700/s' },
        config: { 'linger.ms': 20 },
      },
    ],
    consumers: [
      {
        group: 'payment',
        members: 2,
        topics: ['orders'],
        work: '100us',
        config: { 'auto.offset.reset': 'earliest' },
      },
    ],
    timeline: happenings[happening] ?? [],
    checks: [
      'no-loss',
      'no-log-duplicates',
      'no-duplicates',
      'order-by-key',
      'effects-once',
      'backlog-drains',
      'lateness',
      'truth',
    ],
    ...more,
  })
  return scenario
}
