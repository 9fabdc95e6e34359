/**
 * A run: one case from cold hosts to a result. Build, torment, heal, drain, read.
 *
 * A pure function of its case: the same trace hash in every process, after any number of other
 * runs, on every supported version of Node. Judging what it gives is `judge`.
 */

import { Nemesis } from '../sim/nemesis.ts'
import type { Case } from './case.ts'
import { soFar } from './measures/so-far.ts'
import type { Result } from './result.ts'
import { inspect } from './run/boot.ts'
import { build, type RunOptions } from './run/build.ts'
import type { Cluster } from './run/cluster.ts'
import { ailing, wounded } from './run/conditions.ts'
import { freeze, tellTruth } from './run/struck.ts'
import { audit, drain } from './run/drain.ts'
import { operatorsOf, subjectOf, viewOf } from './run/operate.ts'
import { resultOf } from './run/result.ts'
import { Sampler } from './run/sampler.ts'
import { clusterView } from './run/views.ts'
import { torment } from './torment/torment.ts'

export type { RunOptions } from './run/build.ts'

const SECOND_US = 1_000_000

export function run(one: Case, options: RunOptions = {}): Result {
  const cluster = build(one, options)
  const { look } = options
  if (look !== undefined) {
    cluster.world.at(cluster.phases.originUs + look.atUs, 'look', () => look.take(cluster))
  }
  tormentCluster(cluster)
  heal(cluster)
  options.healed?.()
  // Nobody waits for what a threshold has ended; the logs are read all the same.
  if (cluster.aborted === null) drain(cluster)
  const result = read(cluster)
  cluster.world.release()
  return result
}

/** Lets the timeline act on the cluster under load. */
function tormentCluster(cluster: Cluster): void {
  const { one, scenario, world, truth, phases } = cluster
  const brokers = new Map(cluster.brokers.map(({ id, name }) => [name, id]))
  const entries = torment(one.timeline, {
    world,
    view: viewOf(cluster),
    operators: operatorsOf(cluster),
    originUs: phases.originUs,
    budget: scenario.swarm?.budget ?? 'within',
    ailing: () => ailing(cluster),
    wounded: () => wounded(cluster),
    struck: (fault) => tellTruth(cluster, fault),
    froze: (hosts) => freeze(cluster, hosts),
    wouldLose: (hosts) => truth.wouldLose(hosts.flatMap((host) => brokers.get(host) ?? [])).length,
    subject: (trigger) => subjectOf(cluster, trigger),
    acted: (kind) => cluster.around.struck(kind),
  })
  cluster.nemesis = new Nemesis(world, entries)
  cluster.nemesis.start()
  // Second by second: a world that runs away is stopped on its way.
  const end = phases.originUs + scenario.durationUs
  const sampler = (cluster.sampler = samplerOf(cluster))
  const watch = soFar({
    scenario,
    history: cluster.history,
    topics: cluster.topics.names(),
    originUs: phases.originUs,
  })
  while (world.nowUs < end) {
    const lookUs = Math.min(sampler.dueUs, watch?.dueUs ?? Infinity)
    world.runUntil(Math.min(end, world.nowUs + SECOND_US, lookUs))
    sampler.look()
    cluster.fold?.look(world.nowUs)
    cluster.aborted = watch?.look(world.nowUs) ?? null
    if (cluster.aborted !== null) return
  }
}

/** From t = 0 on; a broker has so many fetchers for each of the others. */
function samplerOf({ world, scenario, phases }: Cluster): Sampler {
  const { numReplicaFetchers } = clusterView(scenario.cluster.config)
  const fetchers = numReplicaFetchers * (scenario.cluster.brokers.length - 1)
  return new Sampler(world, { originUs: phases.originUs, loadUs: scenario.durationUs }, fetchers)
}

/** Ends every fault and the load; supervisors start what is down. */
function heal(cluster: Cluster): void {
  const { world, phases } = cluster
  cluster.nemesis?.heal()
  phases.healUs = world.nowUs
  phases.healEvents = world.kernel.events
  cluster.around.healed()
  for (const { name } of cluster.producers)
    world.inject(name, { type: 'LoadCommand', command: 'stop' } as { type: string })
  inspect(cluster, 'stop')
}

/** The auditor reads every log, at both isolation levels. */
function read(cluster: Cluster): Result {
  const uncommitted = audit(cluster, 'read_uncommitted')
  const committed = audit(cluster, 'read_committed')
  return resultOf(cluster, { uncommitted, committed })
}
