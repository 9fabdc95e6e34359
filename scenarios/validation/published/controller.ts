/**
 * V5: what a controller on ZooKeeper took in 2015 and 2018 (FIG V5), within × 1.5 either way.
 *
 * What a write and a read take is put in; that they follow one another, or go ten at a time as from
 * 1.1.0 on (`zookeeper.max.in.flight.requests`), is what the controller of the model does. Large
 * clusters are simulated with a part of their partitions, and the time is multiplied. Left out:
 * what the controller's own code takes, and how releases before 1.1 talked to brokers.
 */

import { mixSeed } from '../../../sim/mix.ts'
import { parseScenario } from '../../schema/load.ts'
import type { ScenarioFile } from '../../schema/surface.ts'
import type { Asking, Chapter } from '../chapter.ts'
import type { Known, ValidationRow } from '../row.ts'

const FACTOR = 1.5
/** Seeds that are tried until the controller is another broker than the one that is struck. */
const ATTEMPTS = 5

interface Trial {
  readonly id: string
  readonly title: string
  readonly seconds: number
  readonly read: 'electionUs' | 'shutdownUs' | 'reloadUs'
  readonly inFlight: number
  /** Of the cluster that was measured, and how many of it are simulated. */
  readonly partitions: number
  readonly simulated: number
  readonly note: string | null
}

/** One ZooKeeper request at a time, as before 1.1.0. */
const ONE = 1
/** zookeeper.max.in.flight.requests: 10 by default. */
const TEN = 10

const trials: readonly Trial[] = [
  {
    id: 'V5.1',
    title: '1,000 leaders of a dead broker, one write of 5 ms after the other',
    seconds: 5,
    read: 'electionUs',
    inFlight: ONE,
    partitions: 1_000,
    simulated: 1_000,
    note: null,
  },
  {
    id: 'V5.2',
    title: 'controlled shutdown among 25,000 topics, one request at a time (before 1.1.0)',
    seconds: 390,
    read: 'shutdownUs',
    inFlight: ONE,
    partitions: 25_000,
    simulated: 5_000,
    note:
      'the controller of the model is that of 3.9: it reads and writes once for each replica ' +
      'and tells brokers in batches, which releases before 1.1 did not',
  },
  {
    id: 'V5.3',
    title: 'controlled shutdown among 25,000 topics, ten requests at a time (1.1.0)',
    seconds: 3,
    read: 'shutdownUs',
    inFlight: TEN,
    partitions: 25_000,
    simulated: 5_000,
    note: 'how long a write took there is not published: 5 ms is that of V5.1',
  },
  {
    id: 'V5.4',
    title: 'a new controller reads 100,000 partitions, one request at a time (before 1.1.0)',
    seconds: 28,
    read: 'reloadUs',
    inFlight: ONE,
    partitions: 100_000,
    simulated: 10_000,
    note: null,
  },
  {
    id: 'V5.5',
    title: 'a new controller reads 100,000 partitions, ten requests at a time (1.1.0)',
    seconds: 14,
    read: 'reloadUs',
    inFlight: TEN,
    partitions: 100_000,
    simulated: 10_000,
    note: 'what the controller itself does for each partition costs nothing in the model',
  },
]

export const controller: Chapter = {
  ids: trials.map(({ id }) => id),
  run: async (asking) => {
    const wanted = trials.filter(({ id }) => asking.wants(id))
    const rows = await Promise.all(wanted.map((trial) => rowOf(trial, asking)))
    rows.forEach(asking.told)
  },
}

async function rowOf(trial: Trial, { seed, simulate }: Asking): Promise<ValidationRow> {
  const { scenario } = await parseScenario(scenarioOf(trial))
  let us = Number.NaN
  // Where the broker that is struck happens to be the controller, the next seed is asked.
  for (let index = 0; Number.isNaN(us) && index < ATTEMPTS; index += 1) {
    const subject = { kind: 'controller', scenario } as const
    const figures = await simulate({ subject, seed: mixSeed(seed, index) })
    if (figures.kind === 'controller') us = figures[trial.read]
  }
  const times = trial.partitions / trial.simulated
  const seconds = (us / 1_000_000) * times
  const known = knownOf(trial)
  const inside = seconds >= trial.seconds / FACTOR && seconds <= trial.seconds * FACTOR
  const part = times === 1 ? null : `simulated with 1/${times} of the partitions, times ${times}`
  const notes = [part, inside ? null : trial.note].filter((one) => one !== null)
  return {
    ...known,
    simulated: Number.isNaN(seconds) ? null : seconds,
    ci: null,
    calibrated: false,
    inside,
    note: notes.length === 0 ? null : notes.join('; '),
  }
}

function knownOf({ id, title, seconds }: Trial): Known {
  return {
    id,
    kind: 'published',
    title,
    measure: 's',
    expected: seconds,
    low: seconds / FACTOR,
    high: seconds * FACTOR,
    source: 'FIG V5',
  }
}

/** Partitions of a topic; a scenario has at most 4,096. */
const TOPIC_PARTITIONS = 2_500
const BROKERS = 5

/** Kafka's benchmark of 1.1.0 had five brokers and five ZooKeeper servers. */
function scenarioOf({ read, inFlight, simulated }: Trial): ScenarioFile {
  const ids = Array.from({ length: BROKERS }, (_, at) => at + 1)
  return {
    name: `controller-${read}`,
    system: 'kafka',
    duration: '100s',
    warmUp: '10m',
    hardware: {
      // A write is a sync at a majority and four ways: 5 ms in all.
      ensemble: { calibration: 'assumed-2010s', cores: 6, disk: { sync: '4500us' } },
    },
    network: { withinRack: '100us', toClients: '100us' },
    cluster: {
      brokers: BROKERS,
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
function replicasOf(read: Trial['read'], partition: number): number[] {
  const broker = (at: number): number => 1 + (at % BROKERS)
  if (read === 'electionUs') return [3, 2]
  if (read === 'reloadUs') return [broker(partition)]
  const apart = 1 + (Math.floor(partition / BROKERS) % (BROKERS - 1))
  return [broker(partition), broker(partition + apart)]
}
