/**
 * What was measured of controllers on ZooKeeper (FIG V5), and a scenario for each measurement.
 *
 * V5.1 is a rule of thumb with a write of 5 ms. The others were measured in 2017 and 2018 on five
 * brokers and five ZooKeeper servers of which nothing else is published: those of 1.0.0 and 1.1.0
 * (Confluent, "Apache Kafka supports 200K partitions per cluster"), and two from the work between
 * them (github.com/apache/kafka, pull request 3860, 2017-10-20), whose number of topics is taken to
 * be that of V5.3.
 */

import type { ScenarioFile } from '../../schema/surface.ts'

/** What takes time in a cluster; the last two are fitted for the clusters of 2017. */
export interface ControllerCosts {
  /** One way between two hosts. */
  readonly wayUs: number
  /** A sync of a ZooKeeper server. */
  readonly syncUs: number
  /** The controller's own work for each answer of ZooKeeper. */
  readonly controllerCpuNs: number
}

export interface ControllerTrial {
  readonly id: string
  readonly title: string
  readonly seconds: number
  readonly read: 'electionUs' | 'shutdownUs' | 'reloadUs'
  readonly inFlight: number
  /** Of the cluster that was measured, and how many of it are simulated. */
  readonly partitions: number
  readonly simulated: number
  /** Null: those that are fitted. */
  readonly costs: ControllerCosts | null
  readonly calibrated: boolean
  readonly source: string
  /** What is known of a deviation. */
  readonly why: string | null
}

/** One ZooKeeper request at a time, as before 1.1.0. */
const ONE = 1
/** zookeeper.max.in.flight.requests: 10 by default. */
const TEN = 10

const shutdown = {
  read: 'shutdownUs',
  partitions: 25_000,
  simulated: 5_000,
  costs: null,
  calibrated: false,
  source: 'FIG V5',
  why: null,
} as const

const reload = { ...shutdown, read: 'reloadUs', partitions: 100_000, simulated: 10_000 } as const

/** A write is a sync at a majority and four ways: 5 ms in all. */
const GIVEN: ControllerCosts = { wayUs: 100, syncUs: 4_500, controllerCpuNs: 0 }

const INTERIM = 'KAFKA-5894'

export const controllerTrials: readonly ControllerTrial[] = [
  {
    ...shutdown,
    id: 'V5.1',
    title: '1,000 leaders of a dead broker, one write of 5 ms after the other',
    read: 'electionUs',
    seconds: 5,
    inFlight: ONE,
    partitions: 1_000,
    simulated: 1_000,
    costs: GIVEN,
  },
  {
    ...shutdown,
    id: 'V5.2',
    title: 'controlled shutdown among 25,000 topics, 1.0.0',
    seconds: 390,
    inFlight: ONE,
    why:
      'of the 390 s its source puts 360 down to a fault in logging; the 30 s without it were also ' +
      'those of a controller that told brokers of each partition by itself: neither is modelled',
  },
  {
    ...shutdown,
    id: 'V5.3',
    title: 'controlled shutdown among 25,000 topics, ten requests at a time (1.1.0)',
    seconds: 3,
    inFlight: TEN,
  },
  {
    ...reload,
    id: 'V5.4',
    title: 'a new controller reads 100,000 partitions, one request at a time (1.0.0)',
    seconds: 28,
    inFlight: ONE,
  },
  {
    ...reload,
    id: 'V5.5',
    title: 'a new controller reads 100,000 partitions, ten requests at a time (1.1.0)',
    seconds: 14,
    inFlight: TEN,
  },
  {
    ...shutdown,
    id: 'V5.6',
    title: 'controlled shutdown between 1.0.0 and 1.1.0, one request at a time',
    seconds: 9.733,
    inFlight: ONE,
    calibrated: true,
    source: INTERIM,
  },
  {
    ...shutdown,
    id: 'V5.7',
    title: 'controlled shutdown between 1.0.0 and 1.1.0, two requests at a time',
    seconds: 6.181,
    inFlight: 2,
    calibrated: true,
    source: INTERIM,
  },
]

/** Partitions of a topic; a scenario has at most 4,096. */
const TOPIC_PARTITIONS = 2_500
const BROKERS = 5

export function controllerFile(
  { read, inFlight, simulated }: ControllerTrial,
  { wayUs, syncUs, controllerCpuNs }: ControllerCosts,
): ScenarioFile {
  const ids = Array.from({ length: BROKERS }, (_, at) => at + 1)
  return {
    name: `controller-${read}`,
    system: 'kafka',
    duration: '100s',
    warmUp: '10m',
    hardware: {
      broker: { controllerCpuNs },
      ensemble: {
        calibration: 'assumed-2010s',
        cores: 6,
        disk: { sync: `${Math.round(syncUs)}us` },
      },
    },
    network: { withinRack: `${wayUs}us`, toClients: `${wayUs}us` },
    cluster: {
      brokers: BROKERS,
      hardware: 'broker',
      zookeeper: ids.map((id) => ({ id, hardware: 'ensemble' })),
      config: {
        'zookeeper.max.in.flight.requests': inFlight,
        'zookeeper.session.timeout.ms': 6_000,
        'auto.leader.rebalance.enable': false,
      },
    },
    topics: Array.from({ length: Math.ceil(simulated / TOPIC_PARTITIONS) }, (_, topic) => ({
      name: `orders-${topic}`,
      replicas: Array.from(
        { length: Math.min(TOPIC_PARTITIONS, simulated - topic * TOPIC_PARTITIONS) },
        (_entry, partition) => replicasOf(read, partition),
      ),
    })),
    timeline: [
      read === 'shutdownUs'
        ? { at: '5s', restart: 'broker 3', for: '90s' }
        : { at: '5s', crash: read === 'electionUs' ? 'broker 3' : 'controller', for: '90s' },
    ],
  }
}

/** All on one broker, or spread evenly: two replicas for the shutdown, one for the reload. */
function replicasOf(read: ControllerTrial['read'], partition: number): number[] {
  const broker = (at: number): number => 1 + (at % BROKERS)
  if (read === 'electionUs') return [3, 2]
  if (read === 'reloadUs') return [broker(partition)]
  const apart = 1 + (Math.floor(partition / BROKERS) % (BROKERS - 1))
  return [broker(partition), broker(partition + apart)]
}
