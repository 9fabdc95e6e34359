import { expect, test } from 'vitest'
import { Segments } from '../../../../model/kafka/replication/segments.ts'
import type { LogEntry } from '../../../../model/record.ts'

const LIMITS = { segmentBytes: 250, segmentMs: 1_000, segmentJitterMs: 0 }

function entry(baseOffset: number, maxTimestampMs: number): LogEntry {
  const batch = {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    transactional: false,
    control: 'none',
    count: 1,
    bytes: 100,
    maxTimestampMs,
    content: { kind: 'explicit', records: [] },
  } as const
  return { baseOffset, leaderEpoch: 0, batch }
}

/** Two segments: offsets 0 and 1 at 50 and 40 ms, offset 2 at 90 ms. */
function two(): Segments {
  const segments = new Segments([])
  segments.took(entry(0, 50))
  segments.took(entry(1, 40))
  segments.begin(2)
  segments.took(entry(2, 90))
  return segments
}

test('a segment is as young as its newest batch, whatever order times come in', () => {
  const segments = two()

  expect(segments.bases).toEqual([0, 2])
  expect([segments.isOlder(0, 50), segments.isOlder(0, 51)]).toEqual([false, true])
  expect([segments.isOlder(1, 90), segments.isOlder(1, 91)]).toEqual([false, true])
})

test.each([
  { title: 'its bytes would be too many', at: entry(4, 91), rolls: true, more: [entry(3, 90)] },
  { title: 'it is too old', at: entry(3, 1_091), rolls: true, more: [] },
  { title: 'neither', at: entry(3, 1_090), rolls: false, more: [] },
])('a log rolls where the active segment is full: $title', ({ at, rolls, more }) => {
  const segments = two()
  for (const one of more) segments.took(one)

  expect(segments.rollsBefore(at, LIMITS)).toBe(rolls)
})

test('a log that was cut knows its segments as if the rest had never come', () => {
  const segments = two()

  segments.cutTo(2, [entry(0, 50), entry(1, 40)])
  const atEnd = segments.bases.slice()
  segments.cutTo(1, [entry(0, 50)])

  expect(atEnd).toEqual([0, 2])
  expect(segments.bases).toEqual([0])
  expect(segments.isOlder(0, 50)).toBe(false)
  expect(segments.rollsBefore(entry(1, 60), { ...LIMITS, segmentBytes: 199 })).toBe(true)
  expect(segments.rollsBefore(entry(1, 60), { ...LIMITS, segmentBytes: 200 })).toBe(false)
})

test('the times of segments go with them', () => {
  const segments = two()

  segments.drop(1)

  expect(segments.bases).toEqual([2])
  expect(segments.isOlder(0, 91)).toBe(true)
  expect(segments.isOlder(0, 90)).toBe(false)
})

test('segments that go give back their bytes, also those of a log that was cut', () => {
  const taken = two()
  const cut = two()
  cut.cutTo(3, [entry(0, 50), entry(1, 40), entry(2, 90)])

  expect([taken.drop(1), cut.drop(1)]).toEqual([200, 200])
  expect([taken.bases, cut.bases]).toEqual([[2], [2]])
})
