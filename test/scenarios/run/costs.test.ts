import { expect, test } from 'vitest'
import { hardwareRun, useOf } from './resource-runs.ts'

const shop = {
  name: 'shop',
  topic: 'orders',
  recordBytes: '1kB',
  load: { rate: '1k/s', arrival: 'steady' },
}

test('a broker’s CPU is busy for what its requests, batches and records cost', async () => {
  const config = { 'linger.ms': 0, 'batch.size': 1 }
  const result = await hardwareRun(
    { cores: 4, batchCpuNs: 300_000 },
    { producers: [{ ...shop, config }] },
  )

  // Nearly a thousand batches a second of 300 µs on four cores, at leader and followers.
  for (const broker of ['broker-1', 'broker-2', 'broker-3']) {
    expect(useOf(result, broker, 'cpu').mean).toBeCloseTo(0.07, 2)
  }
  expect(useOf(result, 'broker-1', 'handler-threads').mean).toBeCloseTo(0.28 / 8, 2)
})

test('responses are sent by network threads, and encrypted ones take them longer', async () => {
  const plain = await hardwareRun({ cores: 4, sendCpuNs: 1_000 })
  const secret = await hardwareRun({ cores: 4, sendCpuNs: 1_000, tlsCpuNs: 20_000 })

  const busy = useOf(plain, 'broker-1', 'network-threads').mean
  expect(busy).toBeGreaterThan(0)
  expect(useOf(secret, 'broker-1', 'network-threads').mean).toBeGreaterThan(10 * busy)
})

test('compressed records take less of the NIC and of the disk', async () => {
  const compressed = { ...shop, config: { 'linger.ms': 10, 'compression.type': 'zstd' } }
  const plain = { ...shop, config: { 'linger.ms': 10 } }
  const box = { nic: '100Mbit/s' }

  const small = await hardwareRun(box, { producers: [compressed] })
  const large = await hardwareRun(box, { producers: [plain] })

  const ratio = useOf(small, 'broker-1', 'nic-out').mean / useOf(large, 'broker-1', 'nic-out').mean
  expect(ratio).toBeGreaterThan(0.3)
  expect(ratio).toBeLessThan(0.5)
})

test('a producer whose thread makes no more than so many records a second sends no more', async () => {
  const over = {
    hardware: { box: { cores: 1 }, pc: { cores: 2, clientRecordCpuNs: 2_000_000 } },
    producers: [{ ...shop, hardware: 'pc' }],
  }
  const result = await hardwareRun({}, over)

  const endUs = result.phases.originUs + 5_000_000
  const sent = result.history.sends.column('invokedUs').filter((us) => us < endUs).length
  expect(sent).toBeGreaterThan(2_400)
  expect(sent).toBeLessThan(2_600)
  expect(useOf(result, 'shop-1', 'app-thread').mean).toBeGreaterThan(0.99)
})

test('a controller works for each answer of ZooKeeper', async () => {
  const crash = { timeline: [{ at: '1s', crash: 'controller', for: '3s' }] }
  const idle = await hardwareRun({ cores: 2, zookeeperCpuNs: 1_000 }, crash)
  const busy = await hardwareRun({ cores: 2, controllerCpuNs: 1_000_000 }, crash)

  // The one that takes over reads brokers and topics.
  const works = (result: typeof idle): boolean =>
    ['broker-1', 'broker-2', 'broker-3'].some(
      (broker) => useOf(result, broker, 'controller-thread').mean > 0,
    )
  expect([works(idle), works(busy)]).toEqual([false, true])
})

test('a ZooKeeper server works for each message', async () => {
  const result = await hardwareRun({ cores: 2, zookeeperCpuNs: 100_000 })

  expect(useOf(result, 'zookeeper-1', 'server-thread').mean).toBeGreaterThan(0)
})
