/**
 * Truth: what really happened inside the system, rebuilt from facts and judged after each of them.
 *
 * The second oracle beside the clients' history (design §6): it shares no code with the model and
 * looks only at what a fact changed, so that its cost does not grow with the logs. Properties are
 * those of contracts §6 and KB 9.1–9.8. What retention deleted counts as held: a log is judged by
 * all that it was. Left out: the epoch cache, producer states.
 */

// oxlint-disable max-params -- the parameters are those of `Facts`: a number each, no object a fact.

import type { Facts } from '../../model/facts.ts'
import type { Batch, PartitionId } from '../../model/record.ts'
import type { Removal } from '../result.ts'
import { judgeAcknowledged } from './acknowledged.ts'
import { Appends } from './appends.ts'
import {
  extendLoss,
  judgeElection,
  judgeSuperseded,
  recordLeader,
  recordPassedOver,
} from './elections.ts'
import { judgeExposed } from './exposed.ts'
import { judgeLeader, judgeLeaders, judgeMatching } from './in-sync.ts'
import { KnownTruth } from './known.ts'
import { grown } from './lineage.ts'
import {
  ALL_BATCHES,
  type Durable,
  type PartitionTruth,
  type Replica,
  replicaAt,
  replicaOf,
} from './partition.ts'
import { cut, forgetDeleted, lastEpochOf, moveWatermark, takeDeleted } from './replica-log.ts'
import {
  beyondEnd,
  damagedAt,
  epochFell,
  exposedBeyond,
  judgeState,
  misplaced,
  type State,
  watermarkFell,
} from './well-formed.ts'

export class Truth extends KnownTruth implements Facts {
  readonly appends: Appends = new Appends()

  /** A power loss struck a broker: what its disk kept is not known before it loads its logs. */
  diskStruck(broker: number): void {
    for (const partition of this.partitions) {
      const replica = replicaOf(partition, broker)
      if (replica !== undefined) replica.suspect = true
    }
  }

  /** A broker's disk was replaced by an empty one. */
  diskWiped(broker: number, partition: PartitionId): void {
    this.lostUnsynced(broker, partition, 0)
    const replica = replicaOf(this.partition(partition), broker)
    if (replica !== undefined) replica.rottenFrom = Infinity
  }

  /** What stands at this offset of a broker's log can no longer be read. */
  diskRotted(broker: number, partition: PartitionId, offset: number): void {
    const replica = replicaAt(this.partition(partition), broker)
    replica.rottenFrom = Math.min(replica.rottenFrom, offset)
  }

  /**
   * Forgets the batches that every replica has deleted from the start of its log, and of the
   * deletions by retention those that no offset from `neededFrom` on is asked about.
   */
  forget(neededFrom: (partition: PartitionId) => number): void {
    for (const partition of this.partitions) forgetDeleted(partition)
    const { removals } = this.book
    let kept = 0
    for (const removal of removals) {
      const { how, partition, untilOffset } = removal
      if (how === 'retention' && untilOffset <= neededFrom(partition)) continue
      removals[kept] = removal
      kept += 1
    }
    removals.length = kept
  }

  appended(
    broker: number,
    partition: PartitionId,
    baseOffset: number,
    leaderEpoch: number,
    batch: Batch,
    asLeader: boolean,
  ): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    if (baseOffset !== replica.end) misplaced(this.book, known, replica, baseOffset)
    if (leaderEpoch < lastEpochOf(replica)) epochFell(this.book, known, replica, leaderEpoch)
    if (asLeader) {
      recordLeader(this.book, known, broker, leaderEpoch)
      this.appends.took(known, batch, this.book.now())
    } else if (leaderEpoch >= replica.matchEpoch) replica.matchDepth = ALL_BATCHES
    replica.branch = grown(replica, baseOffset, leaderEpoch, batch)
    replica.depth += 1
    replica.lastEpoch = leaderEpoch
    replica.end = baseOffset + batch.count
    if (replica.beforeCuts.length > 0 && replica.end >= replica.beforeCutsEnd) {
      replica.beforeCuts.length = 0
    }
  }

  truncated(broker: number, partition: PartitionId, endOffset: number): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    const end = replica.end
    if (!cut(replica, endOffset)) return
    this.#removed(known, replica, end, 'truncated')
    replica.orphan = null
    replica.matchDepth = ALL_BATCHES
    judgeLeaders(this.book, known)
  }

  dropped(broker: number, partition: PartitionId): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    moveWatermark(replica, 0)
    cut(replica, 0)
    replica.start = 0
    replica.leads = false
    replica.orphan = null
    replica.matchDepth = ALL_BATCHES
    replica.dropped = true
    judgeLeaders(this.book, known)
  }

  lostUnsynced(broker: number, partition: PartitionId, endOffset: number): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    const { branch, depth, end } = replica
    if (!cut(replica, endOffset)) return
    if (replica.beforeCuts.length === 0) replica.beforeCutsEnd = 0
    replica.beforeCuts.push({ branch, depth })
    replica.beforeCutsEnd = Math.max(replica.beforeCutsEnd, end)
    this.#removed(known, replica, end, 'disk')
    judgeLeaders(this.book, known)
  }

  trimmed(broker: number, partition: PartitionId, startOffset: number): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    replica.start = startOffset
    if (startOffset > replica.end) takeDeleted(known, replica)
    if (replica.leads) this.#servedFrom(known, replica)
  }

  highWatermark(broker: number, partition: PartitionId, offset: number, leaderEpoch: number): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    const leading = replica.leads && replica.leaderEpoch === leaderEpoch
    if (offset > replica.end || offset < 0) beyondEnd(this.book, known, replica, offset)
    if (leading && replica.watermarkTold && offset < replica.highWatermark) {
      watermarkFell(this.book, known, replica, offset)
    }
    replica.watermarkTold = leading
    if (!moveWatermark(replica, offset)) return
    if (leading) this.#committed(known, replica)
    judgeMatching(this.book, known, replica)
  }

  ledFrom(
    broker: number,
    partition: PartitionId,
    leaderEpoch: number,
    _startOffset: number,
    isr: readonly number[],
  ): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    recordLeader(this.book, known, broker, leaderEpoch)
    replica.leads = true
    replica.leaderEpoch = leaderEpoch
    replica.isr = isr.slice()
    replica.watermarkTold = false
    replica.orphan = null
    const current = known.durable === null || leaderEpoch >= known.durable.leaderEpoch
    if (current) recordPassedOver(this.book, known, replica)
    judgeElection(this.book, known, {
      leader: broker,
      leaderEpoch,
      before: leaderEpoch + 1,
      electable: nominatedFrom(known, leaderEpoch) ?? known.durable?.isr ?? isr,
    })
    if (replica.watermarkDepth > 0) this.#committed(known, replica)
    this.#servedFrom(known, replica)
  }

  ledUntil(broker: number, partition: PartitionId): void {
    const replica = this.#replica(this.partition(partition), broker)
    replica.leads = false
    replica.orphan = null
  }

  leaderIsr(broker: number, partition: PartitionId, isr: readonly number[]): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    replica.isr = isr.slice()
    judgeLeader(this.book, known, replica)
  }

  stateCommitted(partition: PartitionId, state: State): void {
    const known = this.partition(partition)
    const before = known.durable
    judgeState(this.book, known, state)
    known.durable = {
      leader: state.leader,
      leaderEpoch: state.leaderEpoch,
      isr: state.isr.slice(),
      partitionEpoch: state.partitionEpoch,
    }
    this.book.leaders.push({
      atUs: this.book.now(),
      partition,
      leader: state.leader,
      leaderEpoch: state.leaderEpoch,
      isr: known.durable.isr,
      clean: state.clean,
      controllerEpoch: state.controllerEpoch,
      ...(state.reigningEpoch === undefined ? {} : { reigningEpoch: state.reigningEpoch }),
    })
    if (state.leader !== -1 && state.leaderEpoch > (before?.leaderEpoch ?? -1)) {
      this.#named(known, state, before)
    }
    rejoined(known, state.isr)
    judgeLeaders(this.book, known)
  }

  /** The durable state names a leader for a new epoch. */
  #named(known: PartitionTruth, state: State, before: Durable | null): void {
    if (!state.clean) known.uncleanEpochs.push(state.leaderEpoch)
    recordLeader(this.book, known, state.leader, state.leaderEpoch)
    // A new epoch for a leader that is down is no election, and one whose log a disk has cut may
    // be registered by a process that died: both are judged if they lead.
    const nominee = replicaOf(known, state.leader)
    const cut = nominee !== undefined && nominee.beforeCuts.length > 0
    const elected = state.leader !== before?.leader || this.book.isRunning(state.leader)
    const electable = before?.isr ?? state.isr
    known.nomination = cut ? { leaderEpoch: state.leaderEpoch, electable } : null
    if (elected && !cut) {
      judgeElection(this.book, known, {
        leader: state.leader,
        leaderEpoch: state.leaderEpoch,
        before: state.leaderEpoch,
        electable,
      })
    }
  }

  topicDeletion(partition: PartitionId, stage: 'begun' | 'ended' | 'cancelled'): void {
    const known = this.partition(partition)
    if (stage === 'begun') this.#beginDeletion(known)
    else if (stage === 'ended') this.#endDeletion(known)
    else if (known.deletion !== null) {
      this.book.excuses.splice(this.book.excuses.indexOf(known.deletion), 1)
      known.deletion = null
    }
  }

  exposed(broker: number, partition: PartitionId, offset: number): void {
    const known = this.partition(partition)
    const replica = this.#replica(known, broker)
    if (offset <= replica.highWatermark) {
      judgeExposed(this.book, known, replica, offset)
      return
    }
    exposedBeyond(this.book, known, replica, offset)
  }

  acknowledged(broker: number, partition: PartitionId, offset: number, needed: number): void {
    const known = this.partition(partition)
    judgeAcknowledged(this.book, known, this.#replica(known, broker), { offset, needed })
  }

  damaged(broker: number, partition: PartitionId, baseOffset: number): void {
    const known = this.partition(partition)
    damagedAt(this.book, known, replicaAt(known, broker), baseOffset)
  }

  brokerStarted(broker: number): void {
    this.book.setRunning(broker, true)
  }

  brokerStopped(broker: number): void {
    this.book.setRunning(broker, false)
    for (const partition of this.partitions) {
      const replica = replicaOf(partition, broker)
      if (replica === undefined) continue
      replica.leads = false
      replica.orphan = null
    }
  }

  /** Whatever a client is told from here on until the end may be gone with the topic. */
  #beginDeletion(known: PartitionTruth): void {
    if (known.deletion !== null) return
    known.deletion = {
      partition: known.id,
      atUs: Infinity,
      fromOffset: 0,
      untilOffset: Number.MAX_SAFE_INTEGER,
      cause: 'topic-deleted',
    }
    this.book.excuses.push(known.deletion)
  }

  #endDeletion(known: PartitionTruth): void {
    this.#beginDeletion(known)
    if (known.deletion !== null) known.deletion.atUs = this.book.now()
    this.forgetPartition(known)
  }

  /** A fact of a replica shows that it has loaded its log. */
  #replica(partition: PartitionTruth, broker: number): Replica {
    const replica = replicaAt(partition, broker)
    replica.suspect = false
    return replica
  }

  #committed(partition: PartitionTruth, replica: Replica): void {
    if (replica.orphan !== null) {
      extendLoss(this.book, replica)
      return
    }
    const { branch, watermarkDepth, leaderEpoch } = replica
    const prefix = partition.committed[leaderEpoch]
    if (prefix === undefined) {
      partition.committed[leaderEpoch] = { branch, depth: watermarkDepth }
    } else if (prefix.depth < watermarkDepth) {
      prefix.branch = branch
      prefix.depth = watermarkDepth
    }
    judgeSuperseded(this.book, partition, replica)
    judgeLeader(this.book, partition, replica)
  }

  #removed(partition: PartitionTruth, replica: Replica, end: number, how: Removal['how']): void {
    this.book.removals.push({
      partition: partition.id,
      atUs: this.book.now(),
      fromOffset: replica.end,
      untilOffset: end,
      broker: replica.broker,
      leaderEpoch: -1,
      how,
    })
  }

  /** Readers find nothing below a leader's start. */
  #servedFrom(partition: PartitionTruth, { start, broker }: Replica): void {
    const before = partition.servedFrom
    if (start <= before) return
    partition.servedFrom = start
    this.book.removals.push({
      partition: partition.id,
      atUs: this.book.now(),
      fromOffset: before,
      untilOffset: start,
      broker,
      leaderEpoch: -1,
      how: 'retention',
    })
  }
}

/** Who could have been named leader in an epoch whose leader is judged only now that it leads. */
function nominatedFrom(partition: PartitionTruth, leaderEpoch: number): readonly number[] | null {
  const { nomination } = partition
  return nomination !== null && nomination.leaderEpoch === leaderEpoch ? nomination.electable : null
}

/** Members of the durable ISR have to hold everything, whatever happened to their logs before. */
function rejoined(partition: PartitionTruth, isr: readonly number[]): void {
  for (const broker of isr) {
    const member = replicaOf(partition, broker)
    if (member !== undefined) member.dropped = false
  }
}
