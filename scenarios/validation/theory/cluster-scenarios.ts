/**
 * Scenarios of real brokers whose latency theory knows: one handler thread, and acks=all over idle
 * replicas. Written as an author would, and loaded as any other.
 */

import type { ScenarioFile } from '../../schema/surface.ts'
import type { Window } from '../cluster-figures.ts'
import type { Delay } from './formulas.ts'

const SECONDS = 150

/** Without the beginning, in which all clients ask for metadata at once, and the end. */
export const WINDOW: Window = { fromUs: 40_000_000, untilUs: (SECONDS - 5) * 1_000_000 }

/**
 * One broker with one handler thread: Poisson arrivals of many clients, so that none of them ever
 * has two records under way that it could put into one request.
 */
export function handlerScenario(handler: {
  readonly perSecond: number
  readonly requestUs: number
  readonly networkUs: number
}): ScenarioFile {
  return {
    name: 'handler-thread',
    system: 'kafka',
    duration: `${SECONDS}s`,
    // Of a record alone: a network thread has its part in the cost of a request.
    hardware: { slow: { recordCpuNs: handler.requestUs * 1_000 } },
    network: { toClients: `${handler.networkUs}us` },
    cluster: { brokers: 1, zookeeper: 1, hardware: 'slow', config: { 'num.io.threads': 1 } },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 1 }],
    producers: [
      {
        name: 'clients',
        count: 200,
        topic: 'orders',
        load: { rate: `${handler.perSecond}/s` },
        config: { acks: '1', 'enable.idempotence': false, 'linger.ms': 0 },
      },
    ],
  }
}

/** Sends so far apart that followers wait with their fetches at the leader when one comes. */
export function ackScenario({
  toClients,
  between,
}: {
  readonly toClients: Delay
  readonly between: Delay
}): ScenarioFile {
  return {
    name: 'acks-all',
    system: 'kafka',
    duration: `${SECONDS}s`,
    network: {
      withinRack: { base: `${between.base}us`, jitter: `${between.jitter}us` },
      toClients: { base: `${toClients.base}us`, jitter: `${toClients.jitter}us` },
    },
    cluster: {
      brokers: 3,
      zookeeper: 1,
      config: { 'replica.fetch.wait.max.ms': 9_000 },
    },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
    producers: [
      {
        name: 'client',
        topic: 'orders',
        load: { rate: '20/s', arrival: 'steady' },
        config: { acks: 'all', 'enable.idempotence': false, 'linger.ms': 0 },
      },
    ],
  }
}
