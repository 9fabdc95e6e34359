/**
 * V4: four times as many topics on the same brokers (FIG V4). Not simulated, and the rows say why.
 *
 * Throughput fell by 98 % because each partition is a log of its own: thousands of small files on
 * few disks turn sequential writes into random ones, and pages are evicted before they are read.
 * The figures of the machines, records and brokers are not published, and a ratio of two saturated
 * states turns on all of them.
 */

import type { Chapter } from '../chapter.ts'
import type { ValidationRow } from '../row.ts'

const unsimulated = {
  kind: 'published',
  measure: 'change of throughput, %',
  simulated: null,
  ci: null,
  calibrated: false,
  inside: false,
  source: 'FIG V4',
} as const

const rows: readonly ValidationRow[] = [
  {
    ...unsimulated,
    id: 'V4.1',
    title: 'Kafka, 64 → 256 topics with 8 partitions each',
    expected: -98.37,
    low: -100,
    high: -90,
    note:
      'not simulated: many small logs on few disks make writes random and evict pages before ' +
      'they are read; machines and records of the measurement are not published',
  },
  {
    ...unsimulated,
    id: 'V4.2',
    title: 'RocketMQ, 64 → 256 topics with 8 queues each',
    expected: -16,
    low: -32,
    high: -8,
    note: 'not simulated: RocketMQ’s single commit log is not modelled',
  },
]

export const topicScaling: Chapter = {
  ids: rows.map(({ id }) => id),
  run: ({ told, wants }) => {
    for (const row of rows) if (wants(row.id)) told(row)
    return Promise.resolve()
  },
}
