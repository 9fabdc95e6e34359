/**
 * The rows that theory alone decides: which world is simulated, what is measured, what it must be.
 *
 * Times are in ms. Service times are those that `services:` of a scenario has: exponential,
 * constant, log-normal; and the costs of a broker's request.
 */

import type { Work } from '../../../model/kafka/application/work-time.ts'
import { parseScenario } from '../../schema/load.ts'
import type { ScenarioFile } from '../../schema/surface.ts'
import type { Figures, Subject } from '../errand.ts'
import type { Known } from '../row.ts'
import { ackScenario, handlerScenario, WINDOW } from './cluster-scenarios.ts'
import {
  acksAllSend,
  constantMoments,
  exponentialMoments,
  forkJoinBounds,
  forkJoinOfTwo,
  logNormalMoments,
  type Moments,
  refusedShare,
  sojournMG1,
  sojournMMc,
} from './formulas.ts'
import type { QueueSample, QueueSetting } from './queue-world.ts'

export interface TheoryRow {
  readonly known: Known
  readonly subject: () => Promise<Subject>
  /** The measure of one replication. */
  readonly read: (figures: Figures) => number
}

const BETWEEN_US = 10_000
const PER_MS = 1_000 / BETWEEN_US
const WARM_UP = 2_000
const CALLS = 20_000

/** Utilisations; long queues need many calls, so none is higher. */
const MODERATE = 0.5
const HIGH = 0.8

export function theoryRows(): readonly TheoryRow[] {
  return [
    ...[MODERATE, HIGH, 0.9].map(markovian),
    ...[MODERATE, HIGH].map(constant),
    ...[MODERATE, HIGH].map(logNormal),
    ...[2, 4, 8].map(several),
    tandem(),
    refusals(),
    littlesLaw(),
    forkJoin(2),
    forkJoin(3),
    handlerThread(),
    acksAll(),
  ]
}

const percent = (share: number): number => Math.round(share * 100)
const percentOf = (share: number): string => `${percent(share)} %`
const exponential = (meanUs: number): Work => ({ p50Us: meanUs, p99Us: meanUs, meanUs })

function markovian(load: number): TheoryRow {
  return one(
    { id: `T.MM1.${percent(load)}`, title: `M/M/1 at ${percentOf(load)}` },
    exponential(load * BETWEEN_US),
    exponentialMoments(load / PER_MS),
    load > HIGH ? 3 : 1,
  )
}

function constant(load: number): TheoryRow {
  const us = load * BETWEEN_US
  const title = `M/D/1 at ${percentOf(load)}`
  const moments = constantMoments(load / PER_MS)
  return one({ id: `T.MD1.${percent(load)}`, title }, { p50Us: us, p99Us: us }, moments)
}

function logNormal(load: number): TheoryRow {
  // The mean of a log-normal through p and 8 p is 1.5 p and a little.
  const ratio = logNormalMoments(1, 8).mean
  const p50Us = (load * BETWEEN_US) / ratio
  const moments = logNormalMoments(p50Us / 1_000, (8 * p50Us) / 1_000)
  const title = `M/G/1, log-normal with p99 = 8 × p50, at ${percentOf(load)}`
  return one({ id: `T.MG1.${percent(load)}`, title }, { p50Us, p99Us: 8 * p50Us }, moments)
}

type Name = Pick<Known, 'id' | 'title'>

/** One server: mean time in the system by Pollaczek–Khinchine. */
function one(name: Name, work: Work, moments: Moments, longer = 1): TheoryRow {
  const server = { kind: 'service', ways: 1, workers: 1, work } as const
  return queueRow(
    {
      ...name,
      measure: 'mean sojourn, ms',
      expected: sojournMG1(PER_MS, moments),
      source: 'Pollaczek–Khinchine',
    },
    setting(server, longer),
    sojournMs,
  )
}

function several(workers: number): TheoryRow {
  const load = HIGH * workers
  const work = exponential(load * BETWEEN_US)
  return queueRow(
    {
      id: `T.MMc.${workers}`,
      title: `M/M/${workers} at ${percentOf(HIGH)}`,
      measure: 'mean sojourn, ms',
      expected: sojournMMc(PER_MS, load / PER_MS, workers),
      source: 'Erlang C',
    },
    setting({ kind: 'service', ways: 1, workers, work }),
    sojournMs,
  )
}

function tandem(): TheoryRow {
  const [first, second] = [MODERATE, HIGH]
  const expected =
    sojournMG1(PER_MS, exponentialMoments(first / PER_MS)) +
    sojournMG1(PER_MS, exponentialMoments(second / PER_MS))
  return queueRow(
    {
      id: 'T.tandem',
      title: `two stations in series, at ${percentOf(first)} and ${percentOf(second)}`,
      measure: 'mean sojourn, ms',
      expected,
      source: 'Burke',
    },
    setting({ kind: 'staged', networkUs: first * BETWEEN_US, handlerUs: second * BETWEEN_US }),
    sojournMs,
  )
}

function refusals(): TheoryRow {
  const [workers, queueMax, load] = [2, 4, 1.8]
  return queueRow(
    {
      id: 'T.refused',
      title: `M/M/${workers} with room for ${queueMax} to wait, offered ${percentOf(load / workers)}`,
      measure: 'share refused',
      expected: refusedShare(workers, queueMax, load),
      source: 'Erlang, M/M/c/K',
    },
    setting({
      kind: 'service',
      ways: 1,
      workers,
      work: exponential(load * BETWEEN_US),
      queueMax,
    }),
    (sample) => sample.refusedShare,
  )
}

/** Two measurements of different kinds: servers looked at from outside, and calls timed. */
function littlesLaw(): TheoryRow {
  const work = exponential(HIGH * BETWEEN_US)
  return queueRow(
    {
      id: 'T.Little',
      title: `Little’s law: calls at the station ÷ (arrival rate × time in it), at ${percentOf(HIGH)}`,
      measure: 'ratio',
      expected: 1,
      source: 'Little',
    },
    setting({ kind: 'service', ways: 1, workers: 1, work }),
    ({ present, perUs, sojournUs }) => present / (perUs * sojournUs),
  )
}

function forkJoin(ways: number): TheoryRow {
  const mean = HIGH / PER_MS
  const bounds = forkJoinBounds(PER_MS, mean, ways)
  const exact = ways === 2 ? forkJoinOfTwo(PER_MS, mean) : null
  return queueRow(
    {
      id: `T.forkJoin.${ways}`,
      title: `fork-join: all of ${ways} queues have answered, each at ${percentOf(HIGH)}`,
      measure: 'mean sojourn, ms',
      expected: exact,
      ...(exact === null ? bounds : {}),
      source: exact === null ? 'bounds, Nelson–Tantawi' : 'Flatto–Hahn',
    },
    setting({ kind: 'service', ways, workers: 1, work: exponential(HIGH * BETWEEN_US) }),
    sojournMs,
  )
}

function handlerThread(): TheoryRow {
  const handler = { perSecond: 80, requestUs: 10_000, networkUs: 100 }
  const ms = sojournMG1(handler.perSecond / 1_000, constantMoments(handler.requestUs / 1_000))
  return {
    known: {
      ...bare,
      id: 'T.broker.MD1',
      title: 'produce requests at a broker with one handler thread, at 80 % (M/D/1)',
      measure: 'mean latency, ms',
      expected: ms + (2 * handler.networkUs) / 1_000,
      source: 'Pollaczek–Khinchine',
    },
    subject: () => clusterSubject(handlerScenario(handler)),
    read: meanMs,
  }
}

function acksAll(): TheoryRow {
  const delays = { toClients: { base: 300, jitter: 200 }, between: { base: 500, jitter: 800 } }
  return {
    known: {
      ...bare,
      id: 'T.acksAll',
      title: 'acks=all to three idle replicas is a fork-join of two fetches (KB R7)',
      measure: 'mean latency, ms',
      expected: acksAllSend(delays.toClients, delays.between) / 1_000,
      source: 'maximum of two Erlang-2',
    },
    subject: () => clusterSubject(ackScenario(delays)),
    read: meanMs,
  }
}

const bare = { kind: 'theory', low: null, high: null } as const

function setting(server: QueueSetting['server'], longer = 1): QueueSetting {
  return { betweenUs: BETWEEN_US, server, warmUp: WARM_UP * longer, calls: CALLS * longer }
}

type QueueKnown = Omit<Known, 'kind' | 'low' | 'high'> & Partial<Pick<Known, 'low' | 'high'>>

function queueRow(
  known: QueueKnown,
  queue: QueueSetting,
  read: (sample: QueueSample) => number,
): TheoryRow {
  return {
    known: { ...bare, ...known },
    subject: () => Promise.resolve({ kind: 'queue', setting: queue }),
    read: (figures) => (figures.kind === 'queue' ? read(figures) : Number.NaN),
  }
}

function sojournMs({ sojournUs }: QueueSample): number {
  return sojournUs / 1_000
}

function meanMs(figures: Figures): number {
  return figures.kind === 'cluster' ? figures.meanUs / 1_000 : Number.NaN
}

async function clusterSubject(file: ScenarioFile): Promise<Subject> {
  const { scenario } = await parseScenario(file)
  return { kind: 'cluster', scenario, window: WINDOW }
}
