import { describe, expect, test } from 'vitest'
import type { Delivered } from '../../../../../model/application.ts'
import {
  completedFetch,
  isDrained,
  recordInRanges,
  takeRecords,
} from '../../../../../model/kafka/clients/consumer/completed-fetch.ts'
import type { LogEntry } from '../../../../../model/record.ts'
import { entryAt, fetched, FIRST } from './member-by-hand.ts'

const fetchOf = (fetchOffset: number, ...entries: readonly LogEntry[]) =>
  completedFetch(fetched(FIRST, { entries }), {
    topic: 'orders',
    broker: 1,
    fetchOffset,
    isolation: 'read_uncommitted',
  })

describe('a completed fetch', () => {
  test('gives its records in pieces, over the borders of batches', () => {
    const fetch = fetchOf(10, entryAt(10, 2), entryAt(12, 3, 4))
    const pieces: number[][] = []

    while (!isDrained(fetch)) {
      const records: Delivered[] = []
      takeRecords(fetch, 2, records)
      pieces.push(records.map(({ offset }) => offset))
    }

    expect(pieces).toEqual([[10, 11], [12, 13], [14]])
    expect(fetch).toMatchObject({ nextOffset: 15, lastEpoch: 4 })
  })

  test('passes over what lies below the offset that was asked for', () => {
    const fetch = fetchOf(13, entryAt(10, 2), entryAt(12, 3))
    const records: Delivered[] = []

    takeRecords(fetch, 10, records)

    expect(records.map(({ offset, index }) => [offset, index])).toEqual([
      [13, 13],
      [14, 14],
    ])
  })

  test('makes of a record that rotted another one', () => {
    const fetch = fetchOf(10, entryAt(10, 1), { ...entryAt(11, 1), corrupt: true })
    const records: Delivered[] = []

    takeRecords(fetch, 10, records)

    expect(records.map(({ offset, index }) => [offset, index])).toEqual([
      [10, 10],
      [11, 0],
    ])
  })

  test('is drained behind a control batch at its end', () => {
    const marker = entryAt(11, 1)
    const control = { ...marker, batch: { ...marker.batch, control: 'commit' as const } }
    const fetch = fetchOf(10, entryAt(10, 1), control)

    takeRecords(fetch, 1, [])

    expect(isDrained(fetch)).toBe(true)
    expect(fetch.nextOffset).toBe(12)
  })

  test('gives a counted batch whole up to the bound for that, and cuts a larger one', () => {
    const content = {
      kind: 'counted' as const,
      ranges: [{ stream: 1, index: 0, count: 9 }],
      requests: 1,
      batches: 1,
    }
    const entry = { ...entryAt(0, 9), batch: { ...entryAt(0, 9).batch, content } }
    const taken = (whole: number) => {
      const records: Delivered[] = []
      takeRecords(fetchOf(0, entry), 5, records, whole)
      return records.reduce((sum, { count }) => sum + count, 0)
    }

    expect(taken(9)).toBe(9)
    expect(taken(8)).toBe(5)
  })

  test('identifies the records of a counted batch by its ranges', () => {
    const counted = {
      ...entryAt(0, 5).batch,
      content: {
        kind: 'counted' as const,
        ranges: [
          { stream: 1, index: 40, count: 2 },
          { stream: 2, index: 7, count: 3 },
        ],
        requests: 1,
        batches: 1,
      },
    }

    expect([0, 1, 2, 4].map((at) => recordInRanges(counted, at))).toEqual([
      { stream: 1, index: 40 },
      { stream: 1, index: 41 },
      { stream: 2, index: 7 },
      { stream: 2, index: 9 },
    ])
  })
})
