import { expect, test } from 'vitest'
import {
  constantsOf,
  refuseIdle,
  startOf,
  withConstants,
} from '../../../scenarios/calibration/constants.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'

async function scenarioWith(hardware: Readonly<Record<string, object>>): Promise<Scenario> {
  const { scenario } = await parseScenario({
    name: 'two-machines',
    system: 'kafka',
    duration: '1s',
    hardware,
    cluster: { brokers: 3, zookeeper: 1, hardware: 'box' },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
    consumers: [{ group: 'payment', members: 1, topics: ['orders'], hardware: 'worker' }],
  })
  return scenario
}

test('of each constant the first machine that has it counts', async () => {
  const scenario = await scenarioWith({
    box: { requestCpuNs: 60_000 },
    worker: { requestCpuNs: 5, clientRecordCpuNs: 3_000 },
  })

  expect(constantsOf(scenario)).toMatchObject({
    requestCpuNs: 60_000,
    clientRecordCpuNs: 3_000,
    batchCpuNs: 0,
  })
})

test('other constants go to every machine but the ideal one', async () => {
  const scenario = await scenarioWith({ box: { requestCpuNs: 1 }, worker: {} })

  const { hardware } = withConstants(scenario, { requestCpuNs: 7 })

  expect([hardware['box']?.requestCpuNs, hardware['worker']?.requestCpuNs]).toEqual([7, 7])
  expect(hardware['ideal']?.requestCpuNs ?? 0).toBe(0)
})

test('a search begins at what there is, and at what is usual where there is nothing', () => {
  expect(startOf('requestCpuNs', { requestCpuNs: 5 })).toBe(5)
  expect(startOf('requestCpuNs', { requestCpuNs: 0 })).toBe(20_000)
  expect(startOf('tlsCpuNs', {})).toBe(100)
})

test('a constant that changes nothing is refused in one line', () => {
  expect(() => refuseIdle(['tlsCpuNs'])).toThrow('fit: tlsCpuNs: changes nothing that was measured')
  expect(() => refuseIdle([])).not.toThrow()
})
