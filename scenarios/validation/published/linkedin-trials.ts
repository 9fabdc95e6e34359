/**
 * The rows of LinkedIn's benchmark, and the scenario of each.
 *
 * Runs are short: a third of a second is a quarter of a million records. Consumers are paused until
 * there is enough to read; their topic has one replica, so that nothing is replicated meanwhile.
 */

import type { HardwareEntry, ProducerEntry, ScenarioFile } from '../../schema/surface.ts'
import type { Window } from '../cluster-figures.ts'

/** Of a record, in ns, on the application thread of a client. */
export interface Costs {
  readonly producer: number
  readonly consumer: number
}

export interface Trial {
  readonly id: string
  readonly title: string
  readonly measure: 'produced' | 'consumed' | 'end-to-end'
  /** Records/s; ms for a latency. */
  readonly expected: number
  readonly producers: number
  readonly replicas: number
  readonly acks: '1' | 'all'
  readonly consumers: number
  readonly calibrated: boolean
  readonly turnsOn: readonly (keyof Costs)[]
  /** What is known of a deviation. */
  readonly why?: string
}

const produced = { measure: 'produced', consumers: 0, turnsOn: ['producer'] } as const
const consumed = {
  measure: 'consumed',
  producers: 3,
  replicas: 1,
  acks: '1',
  turnsOn: ['consumer'],
} as const

export const trials: readonly Trial[] = [
  {
    ...produced,
    id: 'V1.1',
    title: '1 producer, 1 replica',
    expected: 821_557,
    producers: 1,
    replicas: 1,
    acks: '1',
    calibrated: true,
  },
  {
    ...produced,
    id: 'V1.2',
    title: '1 producer, 3 replicas, acks=1',
    expected: 786_980,
    producers: 1,
    replicas: 3,
    acks: '1',
    calibrated: false,
  },
  {
    ...produced,
    id: 'V1.3',
    title: '1 producer, 3 replicas, acks=-1',
    expected: 421_823,
    producers: 1,
    replicas: 3,
    acks: 'all',
    calibrated: false,
    why: 'turns on how long a way takes: 0.1 ms is assumed and not fitted',
  },
  {
    ...produced,
    id: 'V1.4',
    title: '3 producers, 3 replicas, acks=1',
    expected: 2_024_032,
    producers: 3,
    replicas: 3,
    acks: '1',
    calibrated: false,
  },
  {
    ...consumed,
    id: 'V1.5',
    title: '1 consumer',
    expected: 940_521,
    consumers: 1,
    calibrated: true,
  },
  {
    ...consumed,
    id: 'V1.6',
    title: '3 consumers',
    expected: 2_615_968,
    consumers: 3,
    calibrated: false,
  },
  {
    ...produced,
    id: 'V1.7',
    title: '1 producer, 3 replicas, acks=1, with 1 consumer',
    expected: 795_064,
    producers: 1,
    replicas: 3,
    acks: '1',
    consumers: 1,
    calibrated: false,
  },
  {
    id: 'V1.8',
    title: 'end to end, one record at a time',
    measure: 'end-to-end',
    expected: 2,
    producers: 1,
    replicas: 3,
    acks: 'all',
    consumers: 1,
    calibrated: false,
    turnsOn: [],
    why: 'what it takes to wake sleeping threads and the consumer of 0.8 are not modelled',
  },
]

const MS = 1_000
/** Until then consumers of rows about consuming are paused. */
const FILLED_MS = 450
const LATENCY_MS = 3_000

/** Where brokers cannot keep up with a producer its buffer has to fill first. */
const STEADY: Window = { fromUs: 500 * MS, untilUs: 1_200 * MS }

export function windowOf(trial: Trial, steady: boolean = false): Window {
  if (trial.measure === 'produced') {
    return steady ? STEADY : { fromUs: 120 * MS, untilUs: 320 * MS }
  }
  if (trial.measure === 'end-to-end') return { fromUs: 500 * MS, untilUs: LATENCY_MS * MS }
  return { fromUs: (FILLED_MS + 50) * MS, untilUs: (FILLED_MS + 300) * MS }
}

/** More than is borne: producers are never without a record. */
const ENOUGH = 1_000_000
const RECORD = '122B'

/** `brokers`: other ones than those of 2014. */
export function trialFile(trial: Trial, costs: Costs, brokers?: HardwareEntry): ScenarioFile {
  const { consumers, replicas } = trial
  const { untilUs } = windowOf(trial, brokers !== undefined)
  return {
    name: trial.id,
    system: 'kafka',
    duration: `${untilUs}us`,
    hardware: {
      ...(brokers === undefined ? {} : { broker: brokers }),
      producer: { like: 'linkedin-2014', clientRecordCpuNs: costs.producer },
      consumer: { like: 'linkedin-2014', clientRecordCpuNs: costs.consumer },
    },
    network: { withinRack: '100us', toClients: '100us' },
    cluster: {
      brokers: 3,
      zookeeper: 1,
      hardware: brokers === undefined ? 'linkedin-2014' : 'broker',
    },
    topics: [{ name: 'orders', partitions: 6, replicationFactor: replicas }],
    producers: [producerOf(trial)],
    consumers:
      consumers === 0
        ? []
        : [
            {
              group: 'readers',
              members: consumers,
              topics: ['orders'],
              hardware: 'consumer',
              work: '0ms',
              pattern: 'auto-commit',
              config: { 'max.poll.records': 5_000 },
            },
          ],
    timeline: Array.from({ length: trial.measure === 'consumed' ? consumers : 0 }, (_, member) => ({
      at: '1ms',
      pause: `readers-${member + 1}`,
      for: `${FILLED_MS}ms`,
    })),
  }
}

function producerOf(trial: Trial): ProducerEntry {
  const { producers, acks, measure } = trial
  const config = { acks, 'enable.idempotence': false, 'batch.size': 8_192, 'linger.ms': 0 }
  const entry = { name: 'writer', count: producers, topic: 'orders', recordBytes: RECORD, config }
  if (measure === 'end-to-end') {
    const load = { rate: '100/s', arrival: 'steady' } as const
    return { ...entry, hardware: 'producer', load }
  }
  if (measure === 'produced') {
    const load = { rate: `${producers * ENOUGH}/s`, arrival: 'steady' } as const
    return { ...entry, hardware: 'producer', load }
  }
  // Only what consumers do is timed: what they read comes from machines that cost nothing.
  const stages = [
    { for: `${FILLED_MS}ms`, rate: `${producers * ENOUGH}/s` },
    { for: '1s', rate: '0/s' },
  ]
  return { ...entry, config: { ...config, 'linger.ms': 5 }, load: { stages, arrival: 'steady' } }
}
