import { expect, test } from 'vitest'
import type { Batch, Content } from '../../../model/record.ts'
import { Appends } from '../../../scenarios/truth/appends.ts'

function batch(count: number, content: Content): Batch {
  return {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    transactional: false,
    control: 'none',
    count,
    bytes: 1,
    maxTimestampMs: 0,
    content,
  }
}

function counted(count: number): Batch {
  const ranges = [{ stream: 0, index: 0, count }]
  return batch(count, { kind: 'counted', ranges, requests: 1, batches: 1 })
}

test('batches are counted, with the longest gap of any partition', () => {
  const appends = new Appends()
  const one = { appendedUs: -1 }
  const other = { appendedUs: -1 }

  appends.took(one, counted(900), 1_000)
  appends.took(other, counted(1_000), 1_500)
  appends.took(one, counted(10), 4_000)
  appends.took(other, counted(10), 9_000)

  expect(appends).toMatchObject({ batches: 4, records: 1_920, largest: 1_000, longestGapUs: 7_500 })
})

test('what the harness writes is no batch of an application', () => {
  const appends = new Appends()
  const record = { stream: -1, index: 0, key: null, value: null, bytes: 1, timestampMs: 0 }

  appends.took({ appendedUs: -1 }, batch(1, { kind: 'explicit', records: [record] }), 1)

  expect(appends.batches).toBe(0)
})
