import { expect, test } from 'vitest'
import { Outcome } from '../../../model/history.ts'
import type { Result } from '../../../scenarios/result.ts'
import { produceLatencies } from './latencies.ts'
import { hardwareRun, useOf } from './resource-runs.ts'

const LOAD_US = 10_000_000

/** Acknowledged in the second half of the load, in bytes of records a second. */
function throughput({ history, phases }: Result): number {
  const { sends } = history
  const outcomes = sends.column('outcome')
  let records = 0
  sends.column('endedUs').forEach((us, row) => {
    const since = us - phases.originUs
    if (outcomes[row] === Outcome.ok && since > LOAD_US / 2 && since <= LOAD_US) records += 1
  })
  return (records * 1_000) / (LOAD_US / 2 / 1e6)
}

function producers(rate: string): object[] {
  const load = { rate, arrival: 'steady' }
  const config = { 'linger.ms': 10, 'batch.size': 65_536 }
  return [{ name: 'shop', topic: 'orders', recordBytes: '1kB', load, config }]
}

test('a leader’s way out saturates at NIC ÷ (R − 1) of what is produced (KB R6)', async () => {
  const over = { duration: '10s', producers: producers('2k/s') }

  const result = await hardwareRun({ nic: '20Mbit/s' }, over)

  // 2.5 MB/s go to two followers: 1.25 MB/s of the 2 MB/s that are offered, less headers.
  expect(useOf(result, 'broker-1', 'nic-out').mean).toBeGreaterThan(0.95)
  expect(throughput(result)).toBeGreaterThan(0.93 * 1_250_000)
  expect(throughput(result)).toBeLessThan(1_250_000)
})

test('a group that reads costs the leader’s way out once more', async () => {
  const over = {
    duration: '10s',
    producers: producers('2k/s'),
    consumers: [{ group: 'payment', topics: ['orders'] }],
  }

  const result = await hardwareRun({ nic: '20Mbit/s' }, over)

  // 2.5 MB/s go to two followers and a group.
  expect(throughput(result)).toBeGreaterThan(0.9 * (2_500_000 / 3))
  expect(throughput(result)).toBeLessThan(2_500_000 / 3)
})

test('on a NIC that is not full nobody waits for it long', async () => {
  const result = await hardwareRun({ nic: '100Mbit/s' }, { producers: producers('1k/s') })

  const latencies = produceLatencies(result, 1_000_000)
  expect(latencies[Math.floor(latencies.length * 0.99)]).toBeLessThan(40_000)
  expect(useOf(result, 'broker-1', 'nic-out').mean).toBeLessThan(0.25)
})
