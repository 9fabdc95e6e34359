/**
 * V4: four times as many topics on one broker (FIG V4), by sign and order of magnitude.
 *
 * Users send one small record at a time and wait for it, a group reads each topic, and the load is
 * more than is borne. Spread over four times as many partitions, the same records travel in
 * smaller batches: each takes more requests and fetch answers, until the network threads are full.
 * The disks get four times as many files, but write them in longer stretches the further they are
 * behind. The machine is not published: that of hdd-generic is assumed, and records of 124 bytes,
 * as in the measurement that came before in the same series. Left out: RocketMQ's single commit
 * log.
 */

import { mixSeed } from '../../../sim/mix.ts'
import { parseScenario } from '../../schema/load.ts'
import type { ScenarioFile } from '../../schema/surface.ts'
import type { Asking, Chapter } from '../chapter.ts'
import type { Window } from '../cluster-figures.ts'
import type { Known, ValidationRow } from '../row.ts'

const kafka: Known = {
  id: 'V4.1',
  kind: 'published',
  title: 'Kafka, 64 → 256 topics with 8 partitions each',
  measure: 'change of throughput, %',
  expected: -98.37,
  low: -100,
  high: -90,
  source: 'FIG V4',
}

const rocket: ValidationRow = {
  ...kafka,
  id: 'V4.2',
  title: 'RocketMQ, 64 → 256 topics with 8 queues each',
  expected: -16,
  low: -32,
  high: -8,
  simulated: null,
  ci: null,
  calibrated: false,
  inside: null,
  note: 'not simulated: RocketMQ’s single commit log is not modelled',
}

export const topicScaling: Chapter = {
  ids: [kafka.id, rocket.id],
  run: async (asking) => {
    if (asking.wants(kafka.id)) asking.told(await kafkaRow(asking))
    if (asking.wants(rocket.id)) asking.told(rocket)
  },
}

const FEW = 64
const MANY = 256
const PARTITIONS = 8
/** Who send a record and wait for it; more of them make it slower and no more in all. */
const USERS = 2_048
const WINDOW: Window = { fromUs: 400_000, untilUs: 1_000_000 }

const SHALLOW = '; the sign is right, the fall is not as deep: what else there was is not known'

async function kafkaRow(asking: Asking): Promise<ValidationRow> {
  const [few, many] = await Promise.all([throughput(FEW, asking), throughput(MANY, asking)])
  const simulated = (many / few - 1) * 100
  const inside = (kafka.low as number) <= simulated && simulated <= (kafka.high as number)
  const perSecond = (rate: number): string => `${Math.round(rate / 1_000)} k/s`
  return {
    ...kafka,
    simulated,
    ci: null,
    calibrated: false,
    inside,
    note:
      `${perSecond(few)} → ${perSecond(many)}: smaller batches, so more requests a record, until the ` +
      `network threads are full${!inside && simulated < 0 ? SHALLOW : ''}`,
  }
}

async function throughput(topics: number, { seed, simulate }: Asking): Promise<number> {
  const { scenario } = await parseScenario(scenarioOf(topics))
  const subject = { kind: 'cluster', scenario, window: WINDOW } as const
  const figures = await simulate({ subject, seed: mixSeed(seed, 0) })
  if (figures.kind !== 'cluster') throw new Error('a cluster answers with other figures')
  return figures.acknowledgedPerSecond
}

function scenarioOf(topics: number): ScenarioFile {
  const numbers = Array.from({ length: topics }, (_, at) => at + 1)
  return {
    name: 'topic-scaling',
    system: 'kafka',
    duration: `${WINDOW.untilUs}us`,
    network: { withinRack: '100us', toClients: '100us' },
    cluster: {
      brokers: 1,
      zookeeper: 1,
      hardware: 'hdd-generic',
      config: { 'offsets.topic.replication.factor': 1 },
    },
    topics: numbers.map((at) => ({
      name: `topic-${at}`,
      partitions: PARTITIONS,
      replicationFactor: 1,
    })),
    producers: numbers.map((at) => ({
      name: `senders-${at}`,
      topic: `topic-${at}`,
      recordBytes: '124B',
      load: { users: USERS / topics, think: '0ms' },
      config: { acks: '1', 'enable.idempotence': false, 'linger.ms': 0 },
    })),
    consumers: numbers.map((at) => ({
      group: `readers-${at}`,
      members: 1,
      topics: [`topic-${at}`],
      work: '0ms',
      config: { 'fetch.min.bytes': 1 },
    })),
  }
}
