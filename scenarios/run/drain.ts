/**
 * Drain: after the heal the cluster gets whole, producers finish, groups catch up, the auditor
 * reads.
 *
 * Each step has a bound. A step that misses it leaves the run stuck, with the reason that
 * `classify` gives; the steps after it are tried all the same, so that checks see what there is.
 */

import type { AuditCommand, Auditor, Isolation } from '../../model/kafka/clients/auditor.ts'
import { isAuditComplete } from '../../model/kafka/clients/auditor.ts'
import { type FleetService, isFleetDone } from '../../model/kafka/clients/producer/fleet-process.ts'
import { isProducingDone } from '../../model/kafka/clients/producer/process.ts'
import type { ProducingService } from '../../model/kafka/clients/producer/service.ts'
import type { ProbeCommand, Prober } from '../../model/kafka/clients/prober.ts'
import { type PartitionId, partitionOf, topicOf } from '../../model/record.ts'
import type { FinalLog } from '../result.ts'
import { AUDITOR, type Cluster, driveUntil, PROBER } from './cluster.ts'
import {
  allPartitions,
  behind,
  partitionText,
  presentTopics,
  unserving,
  unsettled,
  unstable,
} from './conditions.ts'
import { classify } from './stuck.ts'

/** The auditor reads at memory speed; this is for a cluster that cannot be read. */
const AUDIT_LIMIT_US = 120_000_000

export function drain(cluster: Cluster): void {
  const { phases } = cluster
  const limit = phases.healUs + cluster.scenario.drainLimitUs
  phases.settledUs = step(cluster, limit, () => unhealed(cluster))
  probe(cluster)
  phases.wroteUs = step(cluster, limit, () => unwritten(cluster))
  phases.producersDoneUs = step(cluster, limit, () => producing(cluster))
  phases.drainedUs = step(cluster, limit, () => firstOf(cluster, behind))
}

/** Reads every log of the scenario's topics from its start, at one isolation level. */
export function audit(cluster: Cluster, isolation: Isolation): readonly FinalLog[] {
  const { world, topics } = cluster
  const command: AuditCommand = { type: 'AuditCommand', isolation, topics: presentTopics(cluster) }
  const before = (world.stateOf<Auditor>(AUDITOR) as Auditor).audit
  world.inject(AUDITOR, command)
  const auditor = world.stateOf<Auditor>(AUDITOR) as Auditor
  driveUntil(
    world,
    world.nowUs + AUDIT_LIMIT_US,
    () => auditor.audit > before && isAuditComplete(auditor),
  )
  const logOf = (
    partition: PartitionId,
    entries: FinalLog['entries'],
    unread: FinalLog['unread'],
  ): FinalLog => ({
    partition,
    topic: topics.name(topicOf(partition)),
    number: partitionOf(partition),
    entries,
    unread,
  })
  const read = auditor.logs.map(({ partition, entries, complete, nextOffset }) =>
    logOf(partition, [...entries], complete ? null : `read up to offset ${nextOffset} only`),
  )
  // Where no broker told what there is, nothing was read: that is not the same as an empty log.
  const unheard = allPartitions(cluster).filter(
    (partition) =>
      command.topics.includes(topics.name(topicOf(partition))) &&
      !auditor.logs.some((log) => log.partition === partition),
  )
  return [...read, ...unheard.map((partition) => logOf(partition, [], 'no broker told of it'))]
}

/** Drives until nothing is in the way; null and a reason if something still is at the limit. */
function step(cluster: Cluster, limit: number, inTheWay: () => string | null): number | null {
  const { world, sampler } = cluster
  if (driveUntil(world, limit, () => inTheWay() === null, sampler)) return world.nowUs
  cluster.stuck ??= classify(cluster, inTheWay() ?? 'nothing in the way')
  return null
}

function unhealed(cluster: Cluster): string | null {
  return unsettled(cluster) ?? unserving(cluster) ?? firstOf(cluster, unstable)
}

/** Asks for one write with acks=all to every partition of the scenario's topics. */
function probe(cluster: Cluster): void {
  const command: ProbeCommand = { type: 'ProbeCommand', topics: presentTopics(cluster) }
  cluster.world.inject(PROBER, command)
}

/** A partition that has not taken its write, or of the internal ones has uncommitted records. */
function unwritten(cluster: Cluster): string | null {
  const { durable, truth, world } = cluster
  const { unlisted, waiting } = world.stateOf<Prober>(PROBER) as Prober
  if (unlisted.length > 0) return `the partitions of ${unlisted[0]} are not known`
  const [first] = waiting
  if (first !== undefined) return `${partitionText(cluster, first)} took no write with acks=all`
  for (const partition of allPartitions(cluster)) {
    const log = truth.logOf(durable.leaderOf(partition), partition)
    if (log !== null && log.highWatermark < log.end) {
      return `${partitionText(cluster, partition)} has uncommitted records`
    }
  }
  return null
}

function producing(cluster: Cluster): string | null {
  for (const { name } of cluster.producers) {
    // Nobody waits for an instance that a permanent fault has struck.
    if (cluster.nemesis?.frozen.has(name) === true) continue
    const runtime = cluster.world.process(name)
    if (runtime?.phase !== 'running') return `${name} is not running`
    if (!isDone(runtime.state as ProducingService | FleetService))
      return `${name} waits for answers`
  }
  return null
}

function isDone(service: ProducingService | FleetService): boolean {
  return 'placing' in service ? isFleetDone(service) : isProducingDone(service)
}

function firstOf(
  cluster: Cluster,
  ask: (cluster: Cluster, group: Cluster['groups'][number]) => string | null,
): string | null {
  for (const group of cluster.groups) {
    const answer = ask(cluster, group)
    if (answer !== null) return answer
  }
  return null
}
