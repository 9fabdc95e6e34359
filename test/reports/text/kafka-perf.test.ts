import { expect, test } from 'vitest'
import { History, Outcome } from '../../../model/history.ts'
import { kafkaPerfLine } from '../../../reports/text/kafka-perf.ts'
import type { Judged } from '../../../scenarios/result.ts'
import { plantedJudged } from '../planted.ts'

/** A line as parsers of the tool's output take it apart. */
const LINE =
  /^(\d+) records sent, (\d+\.\d+) records\/sec \((\d+\.\d+) MB\/sec\), (\d+\.\d+) ms avg latency, (\d+\.\d+) ms max latency, (\d+) ms 50th, (\d+) ms 95th, (\d+) ms 99th, (\d+) ms 99\.9th\.$/

/** Fifty million records of 100 bytes, the last of them acknowledged after so many µs. */
function run(lastUs: number, measureFromUs?: number): Judged {
  const planted = plantedJudged()
  const { originUs } = planted.result.phases
  const history = new History(() => originUs + lastUs)
  const row = history.sendInvoked(0, history.newStream(stream), 0, 50_000_000, 2, 0)
  history.sendEnded(row, Outcome.ok, 0, 0)
  const produce = {
    count: 50_000_000,
    mean: 873_850,
    max: 4_041_000,
    p50: 791_000,
    p95: 2_017_000,
    p99: 3_058_000,
    p999: 3_872_000,
  }
  const [orders] = planted.measures.throughput
  return {
    ...planted,
    result: { ...planted.result, history },
    scenario: {
      ...planted.scenario,
      ...(measureFromUs === undefined ? {} : { measureFromUs }),
    },
    measures: {
      ...planted.measures,
      latency: { produce, endToEnd: null },
      throughput:
        orders === undefined ? [] : [{ ...orders, recordsPerSecond: 1, bytesPerSecond: 100 }],
    },
  }
}

const stream = { producer: 'shop-1', incarnation: 1, topic: 2, key: null }

test('the line is that of the tool, byte for byte', () => {
  const lastUs = Math.round((50_000_000 / 335_629) * 1_000_000)

  expect(kafkaPerfLine(run(lastUs))).toBe(
    '50000000 records sent, 335629.0 records/sec (32.01 MB/sec), 873.85 ms avg latency, ' +
      '4041.00 ms max latency, 791 ms 50th, 2017 ms 95th, 3058 ms 99th, 3872 ms 99.9th.',
  )
})

test('its figures can be read back', () => {
  const parts = LINE.exec(kafkaPerfLine(run(100_000_000)))

  // 500,000 records a second of 100 bytes are 47.68 MiB/s.
  expect(parts?.slice(1).map(Number)).toEqual([
    50_000_000, 500_000, 47.68, 873.85, 4_041, 791, 2_017, 3_058, 3_872,
  ])
})

test('the time begins where measuring does', () => {
  expect(LINE.exec(kafkaPerfLine(run(110_000_000, 10_000_000)))?.[2]).toBe('500000.0')
})

test('a run without an acknowledgement is a line of zeros', () => {
  const { measures, ...rest } = run(0)
  const nothing = { ...measures, latency: { produce: null, endToEnd: null }, throughput: [] }

  expect(
    LINE.exec(kafkaPerfLine({ ...rest, measures: nothing }))
      ?.slice(1)
      .map(Number),
  ).toEqual(Array.from({ length: 9 }, () => 0))
})
