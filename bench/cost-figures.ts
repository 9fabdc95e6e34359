/**
 * What a virtual hour of counted batches costs, in seconds of processor time: against the size of a
 * cluster, and against its traffic.
 *
 * Each row is the same scenario, some virtual minutes of it beyond a first one that warms up; what
 * the first one takes is measured by itself and taken off.
 */

import { plainCase } from '../scenarios/explore/cases.ts'
import { run } from '../scenarios/run.ts'
import { expand } from '../scenarios/schema/expand.ts'
import type { ScenarioFile } from '../scenarios/schema/surface.ts'
import { cpuSeconds, figure, type Figure } from './figures.ts'

interface Row {
  readonly brokers: number
  readonly partitions: number
  /** Records. */
  readonly perSecond: number
}

const sizes: readonly Row[] = [
  { brokers: 3, partitions: 50, perSecond: 100_000 },
  { brokers: 6, partitions: 100, perSecond: 100_000 },
  { brokers: 6, partitions: 250, perSecond: 100_000 },
  { brokers: 12, partitions: 500, perSecond: 100_000 },
]

const loads: readonly Row[] = [1_000, 10_000, 100_000, 300_000].map((perSecond) => ({
  brokers: 12,
  partitions: 500,
  perSecond,
}))

const WARM_S = 60
const HOUR_S = 3_600

export function costFigures(quick: boolean): readonly Figure[] {
  const seconds = quick ? 120 : 300
  const rows = [...sizes, ...loads.filter(({ perSecond }) => perSecond !== 100_000)]
  return rows.map((row) => {
    const start = cpuSeconds()
    let warm = 0
    const { scenario, findings } = expand(fileOf(row, WARM_S + seconds))
    if (findings.length > 0) throw new Error(findings[0]?.message)
    let healed = 0
    run(plainCase(scenario, 1), {
      look: { atUs: WARM_S * 1e6, take: () => (warm = cpuSeconds() - start) },
      healed: () => (healed = cpuSeconds() - start),
    })
    const { brokers, partitions, perSecond } = row
    const name = `hour-${brokers}x${partitions}-${perSecond / 1000}k`
    const cost = ((healed - warm) / seconds) * HOUR_S
    return figure({ name, unit: 's', target: null, better: 'less' }, [cost])
  })
}

/** A peak first, so that slots are as long as they are away from a peak. */
function fileOf({ brokers, partitions, perSecond }: Row, seconds: number): ScenarioFile {
  const rate = (factor: number): string => `${perSecond * factor}/s`
  return {
    system: 'kafka',
    history: 'folded',
    duration: `${seconds}s`,
    cluster: {
      brokers,
      zookeeper: 3,
      config: {
        'min.insync.replicas': 2,
        'offsets.topic.num.partitions': brokers,
        'replica.fetch.wait.max.ms': 10_000,
        'log.retention.check.interval.ms': 60_000,
      },
    },
    topics: [
      {
        name: 'orders',
        partitions,
        replicationFactor: 3,
        config: { 'retention.ms': 120_000, 'segment.ms': 60_000 },
      },
    ],
    producers: [
      {
        name: 'shops',
        topic: 'orders',
        clients: 20_000,
        keys: 100_000,
        recordBytes: '500B',
        load: {
          stages: [
            { for: '1s', rate: rate(6) },
            { for: '1h', rate: rate(1) },
          ],
        },
        config: { acks: 'all', 'linger.ms': 5 },
      },
    ],
    consumers: [
      {
        group: 'payment',
        members: brokers,
        topics: ['orders'],
        work: '0ms',
        pattern: 'auto-commit',
        config: {
          'auto.offset.reset': 'earliest',
          'auto.commit.interval.ms': 60_000,
          'max.poll.records': 100_000,
          'fetch.max.wait.ms': 10_000,
        },
      },
    ],
    checks: ['no-loss', 'truth'],
  }
}
