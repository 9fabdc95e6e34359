/**
 * Build: makes the world of a case, boots it and waits until the cluster has converged.
 *
 * Then t = 0: every partition has its leader and full ISR, groups are stable. Boot has its own
 * bound and is not tormented.
 */

import type { Facts } from '../../model/facts.ts'
import { History } from '../../model/history.ts'
import { ailments } from '../../model/kafka/application/ailments.ts'
import { DurableMetadata } from '../../model/kafka/durable-metadata.ts'
import { Topics } from '../../model/kafka/topics.ts'
import { type PartitionId, partitionId } from '../../model/record.ts'
import { Simulation, type WorldListener } from '../../sim/simulation.ts'
import type { DrawObserver } from '../../sim/random.ts'
import type { TraceHash, TraceSink } from '../../sim/trace.ts'
import type { Case } from '../case.ts'
import { EnsembleTruth } from '../truth/ensemble.ts'
import { Truth } from '../truth/truth.ts'
import { BothFacts } from './both-facts.ts'
import { bootCluster } from './boot.ts'
import type { Cluster } from './cluster.ts'
import { expectedSends } from './expected-sends.ts'
import { delayBetween } from './hosts.ts'
import { addBrokers, addServices, addTools, addZooKeeper, type Making } from './servers.ts'
import { addGroups, addProducers } from './clients.ts'
import { Lives } from './lives.ts'
import { Fold } from '../fold/fold.ts'
import { Around } from '../torment/around.ts'

export interface RunOptions {
  /** Told of every event; the run is the same with and without. */
  readonly sink?: TraceSink
  /** Takes the place of the trace's hash: keeps its words, or looks at what is folded. */
  readonly recording?: TraceHash & TraceSink
  /** Told of every draw of a named stream. */
  readonly drawn?: DrawObserver
  /** Hears the same facts as truth; its clock is the run's true time. */
  readonly witness?: (now: () => number) => Facts
  /** Watches in place of truth; where it answers as truth does, the run is the same. */
  readonly truth?: (now: () => number, nameOf: (partition: PartitionId) => string) => Truth
  readonly ensembleTruth?: (now: () => number) => EnsembleTruth
  /** A run with more events than these has run away: an internal error. */
  readonly eventsMax?: number
  /** Called when the torment ends. */
  readonly healed?: () => void
  /** Told of processes that start and end, in true time. */
  readonly lives?: WorldListener
  /** Looks at the cluster at a time counted from t = 0. The hash is then another one. */
  readonly look?: { readonly atUs: number; readonly take: (cluster: Cluster) => void }
}

/** A cluster that has converged, at t = 0. */
export function build(one: Case, options: RunOptions = {}): Cluster {
  const cluster = makeCluster(one, options)
  bootCluster(cluster)
  cluster.fold = foldOf(cluster)
  return cluster
}

/** What folds the history of a scenario that asks for it. */
function foldOf({ scenario, history, truth, topics, phases }: Cluster): Fold | null {
  if (scenario.history !== 'folded') return null
  return new Fold({ scenario, history, truth, topics: topics.names(), originUs: phases.originUs })
}

/** The world of a case with every process in it, down. */
function makeCluster(one: Case, options: RunOptions): Cluster {
  const { scenario } = one
  const lives = new Lives(options.lives)
  const world = new Simulation({
    seed: one.seed,
    delayBetween: (a, b) => delayBetween(scenario, a, b),
    guardsOff: one.guardsOff,
    listener: lives,
    ...(one.draws === undefined ? {} : { draws: one.draws }),
    ...(one.ties === undefined ? {} : { ties: one.ties }),
    ...(options.sink === undefined ? {} : { sink: options.sink }),
    ...(options.recording === undefined ? {} : { recording: options.recording }),
    ...(options.drawn === undefined ? {} : { drawn: options.drawn }),
  })
  if (options.eventsMax !== undefined) world.kernel.eventsMax = options.eventsMax
  const now = (): number => world.nowUs
  const topics = new Topics([...new Set([...scenario.topics, ...topicsToCome(one)].map(nameOf))])
  const history = new History(now, expectedSends(scenario))
  const nameOfPartition = (partition: PartitionId): string => partitionName(topics, partition)
  const truth = options.truth?.(now, nameOfPartition) ?? new Truth(now, nameOfPartition)
  const facts = options.witness === undefined ? truth : new BothFacts(truth, options.witness(now))
  const durable = new DurableMetadata(topics, facts)
  const making: Making = {
    one,
    scenario,
    world,
    topics,
    history,
    truth,
    ensembleTruth: options.ensembleTruth?.(now) ?? new EnsembleTruth(now),
    facts,
    durable,
    ailments: ailments(),
    levels: new Map(),
    handlerErrors: [],
  }
  const phases = {
    originUs: 0,
    healUs: 0,
    healEvents: 0,
    settledUs: null,
    wroteUs: null,
    producersDoneUs: null,
    drainedUs: null,
  }
  // Field by field, here and wherever a run makes an object that lasts: one that is spread has a
  // hidden class of its own in every run, and whoever reads it is optimized for none of them.
  const cluster: Cluster = {
    one,
    scenario,
    world,
    topics,
    history,
    fold: null,
    truth,
    ensembleTruth: making.ensembleTruth,
    durable,
    ailments: making.ailments,
    levels: making.levels,
    handlerErrors: making.handlerErrors,
    commands: new Map(),
    zookeeper: addZooKeeper(making),
    brokers: addBrokers(making),
    services: addServices(making),
    producers: addProducers(making, phases),
    groups: addGroups(making),
    nemesis: null,
    sampler: null,
    around: new Around(world.probeCounts),
    phases,
    aborted: null,
    stuck: null,
  }
  addTools(making)
  lives.cluster = cluster
  return cluster
}

/** Topics that the timeline creates: their ids are part of the deployment like all others. */
function topicsToCome({ timeline }: Case): readonly { readonly name: string }[] {
  return timeline.flatMap((entry) => (entry.kind === 'create-topic' ? [{ name: entry.topic }] : []))
}

function nameOf({ name }: { readonly name: string }): string {
  return name
}

function partitionName(topics: Topics, partition: number): string {
  return `${topics.name(Math.floor(partition / partitionId(1, 0)))}-${partition % partitionId(1, 0)}`
}
