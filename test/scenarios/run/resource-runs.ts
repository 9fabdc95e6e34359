/**
 * Runs of a small cluster on hardware, for tests in which a resource is to be seen at work.
 */

import type { Result } from '../../../scenarios/result.ts'
import type { ResourceUse } from '../../../scenarios/resources.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { run } from '../../../scenarios/run.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'

/** One topic with one partition on every one of three brokers; `over` replaces whole keys. */
export async function hardwareRun(
  hardware: object,
  over: Readonly<Record<string, unknown>> = {},
): Promise<Result> {
  const file = {
    name: 'hardware',
    question: 'What is used?',
    system: 'kafka',
    duration: '5s',
    hardware: { box: hardware },
    cluster: { brokers: 3, zookeeper: 1, hardware: 'box', config: { 'num.partitions': 1 } },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3, replicas: [[1, 2, 3]] }],
    producers: [
      {
        name: 'shop',
        topic: 'orders',
        recordBytes: '1kB',
        load: { rate: '1k/s', arrival: 'steady' },
        config: { 'linger.ms': 10 },
      },
    ],
    checks: ['no-loss'],
    ...over,
  }
  const { scenario } = await parseScenario(file)
  return run(plainCase(scenario, 1))
}

/** The use of one resource of one host; fails the test if nobody watched it. */
export function useOf(result: Result, host: string, resource: string): ResourceUse {
  const found = result.resources?.hosts
    .find((one) => one.host === host)
    ?.uses.find((use) => use.resource === resource)
  if (found === undefined) throw new Error(`${resource} of ${host} is not watched`)
  return found
}
