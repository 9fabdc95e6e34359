import { describe, expect, test } from 'vitest'
import { produceLatencies } from './latencies.ts'
import { hardwareRun, useOf } from './resource-runs.ts'
import { fullAtUs } from '../../../scenarios/run/sampler.ts'

describe('the space of a disk', () => {
  test('fills with the bytes of the batches, on every replica', async () => {
    const result = await hardwareRun({ disk: { bandwidth: '100MB/s', space: '100MB' } })

    const held = useOf(result, 'broker-1', 'disk-space')
    const { stepUs = 1 } = result.resources ?? {}
    // 1,000 records of 1 kB a second for five seconds, and batch headers.
    const bytes = held.bytes?.[5_000_000 / stepUs - 1] ?? 0
    expect(bytes).toBeGreaterThan(4_900_000)
    expect(bytes).toBeLessThan(5_200_000)
    expect(useOf(result, 'broker-3', 'disk-space').peak).toBeCloseTo(held.peak, 2)
  })

  test('is said to be full when it would be if it went on so', async () => {
    const result = await hardwareRun({ disk: { bandwidth: '100MB/s', space: '100MB' } })

    // 1.01 MB/s: after some 99 s.
    expect((useOf(result, 'broker-1', 'disk-space').fullAtUs ?? 0) / 1e6).toBeGreaterThan(95)
    expect((useOf(result, 'broker-1', 'disk-space').fullAtUs ?? 0) / 1e6).toBeLessThan(100)
  })

  test('ends at the computed time, and the log directory with it', async () => {
    const result = await hardwareRun(
      { disk: { bandwidth: '100MB/s', space: '3MB' } },
      { drain: '10s', restart: { after: '1h', max: '1h' } },
    )

    const held = useOf(result, 'broker-1', 'disk-space')
    expect((held.fullAtUs ?? 0) / 1e6).toBeGreaterThan(2.8)
    expect((held.fullAtUs ?? 0) / 1e6).toBeLessThan(3.2)
    expect(Math.max(...held.utilisation.map(Number))).toBeLessThanOrEqual(1)
    expect(result.probes['log.directoryFailed']).toBeGreaterThan(0)
  })

  test('that does not fill is never full', () => {
    const atUs = [1, 2, 3, 4]

    expect(fullAtUs([5, 5, 5, 5], 10, 4, atUs)).toBeNull()
    expect(fullAtUs([5, 6, 7, 8], Infinity, 4, atUs)).toBeNull()
    expect(fullAtUs([5, 6, 7, 8], 10, 4, atUs)).toBe(6)
    expect(fullAtUs([5, 9.9, 10, 10], 10, 4, atUs)).toBe(2)
  })
})

describe('a reader that lags', () => {
  const lagging = (memory: string): Record<string, unknown> => ({
    hardware: {
      box: {
        cores: 8,
        memory,
        heap: '1kB',
        disk: { bandwidth: '20MB/s', operation: '8ms' },
      },
    },
    duration: '10s',
    cluster: {
      brokers: 3,
      zookeeper: 1,
      hardware: 'box',
      config: { 'num.network.threads': 1, 'offsets.topic.num.partitions': 1 },
    },
    consumers: [{ group: 'payment', topics: ['orders'], config: { 'fetch.max.bytes': 200_000 } }],
    timeline: [{ at: '500ms', pause: 'payment-1', for: '6s' }],
  })

  test('reads from disk what has left memory, and slows the others', async () => {
    const cold = await hardwareRun({}, lagging('2MB'))
    const warm = await hardwareRun({}, lagging('1GB'))

    const missed = (run: typeof cold): number =>
      (run.resources?.hosts ?? [])
        .flatMap(({ missedBytes = [] }) => missedBytes)
        .reduce((sum, bytes) => sum + bytes, 0)
    expect(missed(warm)).toBe(0)
    expect(missed(cold)).toBeGreaterThan(1_000_000)
    expect(useOf(cold, 'broker-1', 'disk').peak).toBeGreaterThan(
      useOf(warm, 'broker-1', 'disk').peak,
    )
    // Who only wants to write waits for the network thread that reads.
    const highest = (run: typeof cold): number => produceLatencies(run, 6_400_000).at(-1) ?? 0
    expect(highest(cold)).toBeGreaterThan(1.5 * highest(warm))
  })
})

test('a broker that writes faster than its disk waits for it once its memory is dirty', async () => {
  const box = { cores: 8, memory: '2MB', heap: '1kB' }
  const slow = await hardwareRun({ ...box, disk: { bandwidth: '500kB/s' } })
  const fast = await hardwareRun({ ...box, disk: { bandwidth: '50MB/s' } })

  expect(useOf(slow, 'broker-1', 'disk').peak).toBeGreaterThan(0.99)
  expect(useOf(slow, 'broker-1', 'handler-threads').mean).toBeGreaterThan(0.05)
  expect(produceLatencies(fast).at(-1)).toBeLessThan(500_000)
  expect(produceLatencies(slow).at(-1)).toBeGreaterThan(1_000_000)
})

test('a slow disk writes back more slowly', async () => {
  const timeline = [{ at: '1s', 'slow-disk': { target: 'broker 1', factor: 10 }, for: '4s' }]
  const box = { cores: 4, disk: { bandwidth: '50MB/s' } }

  const result = await hardwareRun(box, { timeline })

  const struck = useOf(result, 'broker-1', 'disk').mean
  expect(struck).toBeGreaterThan(4 * useOf(result, 'broker-2', 'disk').mean)
})

test('retention frees the space of what it deletes', async () => {
  const kept = { 'segment.bytes': 300_000 }
  const topic = { name: 'orders', partitions: 1, replicationFactor: 3, replicas: [[1, 2, 3]] }
  const cluster = {
    brokers: 3,
    zookeeper: 1,
    hardware: 'box',
    config: { 'log.retention.check.interval.ms': 500, 'log.initial.task.delay.ms': 500 },
  }
  const box = { disk: { bandwidth: '100MB/s', space: '100MB' } }
  const brief = { ...kept, 'retention.ms': 1_000 }

  const all = await hardwareRun(box, { cluster, topics: [{ ...topic, config: kept }] })
  const some = await hardwareRun(box, { cluster, topics: [{ ...topic, config: brief }] })

  expect(useOf(all, 'broker-1', 'disk-space').peak).toBeGreaterThan(0.049)
  // A second of records, the active segment, and what came until the next look.
  expect(useOf(some, 'broker-1', 'disk-space').peak).toBeLessThan(0.025)
})
