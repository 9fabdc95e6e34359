import { beforeAll, describe, expect, test } from 'vitest'
import { busiestUse } from '../../../reports/busiest.ts'
import type { Result } from '../../../scenarios/result.ts'
import { hardwareRun, useOf } from './resource-runs.ts'

const box = { cores: 4, requestCpuNs: 50_000, recordCpuNs: 1_000, nic: '100Mbit/s' }

let result: Result

beforeAll(async () => {
  result = await hardwareRun(box)
})

describe('a run on hardware', () => {
  test('a leader sends what it gets once to each follower', () => {
    const bytesIn = useOf(result, 'broker-1', 'nic-in').mean
    const bytesOut = useOf(result, 'broker-1', 'nic-out').mean

    // 1 MB/s of records on 12.5 MB/s, beside requests and headers.
    expect(bytesIn).toBeGreaterThan(0.08)
    expect(bytesIn).toBeLessThan(0.12)
    expect(bytesOut / bytesIn).toBeGreaterThan(1.7)
    expect(bytesOut / bytesIn).toBeLessThan(2.1)
  })

  test('the bytes of the steps add up to what the use says', () => {
    const { bytes, mean } = useOf(result, 'broker-1', 'nic-out')
    const load = (bytes ?? []).slice(0, 5_000_000 / (result.resources?.stepUs ?? 1))
    const sum = load.reduce((total, step) => total + step, 0)

    expect(sum / 5 / 12_500_000).toBeCloseTo(mean, 2)
  })

  test('series have a point for each step and nothing is used more than wholly', () => {
    const { atUs, hosts } = result.resources ?? { atUs: [], hosts: [] }
    const all = hosts.flatMap(({ uses }) => uses)

    expect(atUs.length).toBeGreaterThan(45)
    for (const { utilisation } of all) {
      expect(utilisation).toHaveLength(atUs.length)
      expect(Math.max(...utilisation.map(Number))).toBeLessThanOrEqual(1)
    }
  })

  test('threads that serve requests are in use and wait in queues of their own', () => {
    const handlers = useOf(result, 'broker-1', 'handler-threads')

    expect(handlers.mean).toBeGreaterThan(0)
    expect(handlers.queue).toHaveLength(handlers.utilisation.length)
  })

  test('the busiest resource is the leader’s way out', () => {
    const { resources = null } = result
    const busiest = resources === null ? null : busiestUse(resources)

    expect([busiest?.host, busiest?.use.resource]).toEqual(['broker-1', 'nic-out'])
  })
})

test('a run whose hosts are ideal has no resources', async () => {
  const ideal = await hardwareRun({})

  expect(ideal.resources).toBeNull()
})

describe('a host that is down', () => {
  test('uses nothing that could be read as idle, until it runs again', async () => {
    const crash = { at: '1s', crash: 'broker 2', for: '2s' }
    const crashed = await hardwareRun(box, { timeline: [crash] })
    const { utilisation } = useOf(crashed, 'broker-2', 'cpu')
    const perSecond = 1_000_000 / (crashed.resources?.stepUs ?? 1)

    expect(utilisation.indexOf(null)).toBe(perSecond + 1)
    expect(utilisation[3 * perSecond - 2]).toBeNull()
    expect(utilisation[3 * perSecond]).not.toBeNull()
  })

  test('is no host that always ran', () => {
    expect(useOf(result, 'broker-2', 'cpu').utilisation).not.toContain(null)
  })
})
