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
import { type Batch, type PartitionId, partitionOf, topicOf } from '../../model/record.ts'
import type { Excuse, LeaderChange, Removal, TruthBreach } from '../result.ts'
import { judgeAcknowledged } from './acknowledged.ts'
import { Appends } from './appends.ts'
import { Book } from './book.ts'
import { extendLoss, judgeElection, judgeSuperseded, recordPassedOver } from './elections.ts'
import { judgeExposed } from './exposed.ts'
import { judgeLeader, judgeLeaders, judgeMatching } from './in-sync.ts'
import { baseAt, depthBelow, endAt, epochAt, forget, grown, holds, homeOf } from './lineage.ts'
import {
  type Durable,
  type PartitionTruth,
  partitionTruth,
  type Replica,
  replicaAt,
  replicaOf,
} from './partition.ts'

type State = Parameters<Facts['stateCommitted']>[1]

/** What a result takes over, in µs from t = 0. */
export interface TruthReport {
  readonly truth: readonly TruthBreach[]
  readonly excuses: readonly Excuse[]
  readonly removals: readonly Removal[]
  readonly leaders: readonly LeaderChange[]
}

export class Truth implements Facts {
  readonly appends: Appends = new Appends()
  readonly #book: Book
  /** By topic, then by partition. */
  readonly #topics: (PartitionTruth | undefined)[][] = []
  readonly #partitions: PartitionTruth[] = []

  /** `now` gives true time in µs; `nameOf` a partition's name for sentences. */
  constructor(now: () => number, nameOf?: (partition: PartitionId) => string) {
    this.#book = new Book(now, nameOf)
  }

  /** Everything that was written down, its times counted from `originUs`. */
  report(originUs: number): TruthReport {
    const { breaches, removals, leaders } = this.#book
    // A deletion that has not come to its end covers all that was ever sent.
    const nowUs = this.#book.now()
    const excuses = this.#book.excuses.map((one) =>
      one.atUs === Infinity ? { ...one, atUs: nowUs } : one,
    )
    const since = <Timed extends { readonly atUs: number }>(one: Timed): Timed => ({
      ...one,
      atUs: one.atUs - originUs,
    })
    return {
      truth: breaches.map(since),
      excuses: excuses.map(since),
      removals: removals.map(since),
      leaders: leaders.map(since),
    }
  }

  get breaches(): readonly TruthBreach[] {
    return this.#book.breaches
  }

  get excuses(): readonly Excuse[] {
    return this.#book.excuses
  }

  get removals(): readonly Removal[] {
    return this.#book.removals
  }

  get leaders(): readonly LeaderChange[] {
    return this.#book.leaders
  }

  /**
   * The partitions of which records would be gone for good if all of these brokers lost what they
   * have not synced: no other live member of the durable ISR holds the committed prefix.
   */
  wouldLose(brokers: readonly number[]): PartitionId[] {
    const lost: PartitionId[] = []
    for (const partition of this.#partitions) {
      if (!partition.replicas.some(({ broker }) => brokers.includes(broker))) continue
      if (!this.#isSafeWithout(partition, brokers)) lost.push(partition.id)
    }
    return lost
  }

  /** A power loss struck a broker: what its disk kept is not known before it loads its logs. */
  diskStruck(broker: number): void {
    for (const partition of this.#partitions) {
      const replica = replicaOf(partition, broker)
      if (replica !== undefined) replica.suspect = true
    }
  }

  /** A broker's disk was replaced by an empty one. */
  diskWiped(broker: number, partition: PartitionId): void {
    this.lostUnsynced(broker, partition, 0)
    const replica = replicaOf(this.#partition(partition), broker)
    if (replica !== undefined) replica.rottenFrom = Infinity
  }

  /** What stands at this offset of a broker's log can no longer be read. */
  diskRotted(broker: number, partition: PartitionId, offset: number): void {
    const replica = replicaAt(this.#partition(partition), broker)
    replica.rottenFrom = Math.min(replica.rottenFrom, offset)
  }

  /**
   * Forgets the batches that every replica has deleted from the start of its log, and of the
   * deletions by retention those that no offset from `neededFrom` on is asked about.
   */
  forget(neededFrom: (partition: PartitionId) => number): void {
    for (const partition of this.#partitions) forgetDeleted(partition)
    const { removals } = this.#book
    let kept = 0
    for (const removal of removals) {
      const { how, partition, untilOffset } = removal
      if (how === 'retention' && untilOffset <= neededFrom(partition)) continue
      removals[kept] = removal
      kept += 1
    }
    removals.length = kept
  }

  isRunning(broker: number): boolean {
    return this.#book.isRunning(broker)
  }

  /** The durable metadata of a partition, or null before it was committed. */
  durable(partition: PartitionId): Readonly<Durable> | null {
    return this.#topics[topicOf(partition)]?.[partitionOf(partition)]?.durable ?? null
  }

  /** Where a broker's log of a partition ends, and its high watermark; null if it has none. */
  logOf(
    broker: number,
    partition: PartitionId,
  ): { readonly end: number; readonly highWatermark: number } | null {
    const known = this.#topics[topicOf(partition)]?.[partitionOf(partition)]
    return (known === undefined ? undefined : replicaOf(known, broker)) ?? null
  }

  /** Whether a broker's log surely holds everything of a partition that is committed. */
  holdsCommitted(broker: number, partition: PartitionId): boolean {
    const known = this.#topics[topicOf(partition)]?.[partitionOf(partition)]
    if (known === undefined) return true
    const replica = replicaAt(known, broker)
    return !replica.suspect && holdsAll(known, replica)
  }

  appended(
    broker: number,
    partition: PartitionId,
    baseOffset: number,
    leaderEpoch: number,
    batch: Batch,
    asLeader: boolean,
  ): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    if (baseOffset !== replica.end) this.#misplaced(known, replica, baseOffset)
    if (replica.depth > 0 && leaderEpoch < epochAt(replica.branch, replica.depth - 1)) {
      this.#epochFell(known, replica, leaderEpoch)
    }
    if (asLeader) {
      this.#ledBy(known, broker, leaderEpoch)
      this.appends.took(known, batch, this.#book.now())
    } else if (leaderEpoch >= replica.matchEpoch) replica.matchDepth = Infinity
    replica.branch = grown(replica, baseOffset, leaderEpoch, batch)
    replica.depth += 1
    replica.end = baseOffset + batch.count
    if (replica.beforeCuts.length > 0 && replica.end >= replica.beforeCutsEnd) {
      replica.beforeCuts.length = 0
    }
  }

  truncated(broker: number, partition: PartitionId, endOffset: number): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    const end = replica.end
    if (!cut(replica, endOffset)) return
    this.#removed(known, replica, end, 'truncated')
    replica.orphan = null
    replica.matchDepth = Infinity
    judgeLeaders(this.#book, known)
  }

  dropped(broker: number, partition: PartitionId): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    moveWatermark(replica, 0)
    cut(replica, 0)
    replica.start = 0
    replica.leads = false
    replica.orphan = null
    replica.matchDepth = Infinity
    replica.dropped = true
    judgeLeaders(this.#book, known)
  }

  lostUnsynced(broker: number, partition: PartitionId, endOffset: number): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    const { branch, depth, end } = replica
    if (!cut(replica, endOffset)) return
    if (replica.beforeCuts.length === 0) replica.beforeCutsEnd = 0
    replica.beforeCuts.push({ branch, depth })
    replica.beforeCutsEnd = Math.max(replica.beforeCutsEnd, end)
    this.#removed(known, replica, end, 'disk')
    judgeLeaders(this.#book, known)
  }

  trimmed(broker: number, partition: PartitionId, startOffset: number): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    replica.start = startOffset
    if (startOffset > replica.end) takeDeleted(known, replica)
    if (replica.leads) this.#servedFrom(known, replica)
  }

  highWatermark(broker: number, partition: PartitionId, offset: number, leaderEpoch: number): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    const leading = replica.leads && replica.leaderEpoch === leaderEpoch
    if (offset > replica.end || offset < 0) this.#beyondEnd(known, replica, offset)
    if (leading && replica.watermarkTold && offset < replica.highWatermark) {
      this.#watermarkFell(known, replica, offset)
    }
    replica.watermarkTold = leading
    if (!moveWatermark(replica, offset)) return
    if (leading) this.#committed(known, replica)
    judgeMatching(this.#book, known, replica)
  }

  ledFrom(
    broker: number,
    partition: PartitionId,
    leaderEpoch: number,
    _startOffset: number,
    isr: readonly number[],
  ): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    this.#ledBy(known, broker, leaderEpoch)
    replica.leads = true
    replica.leaderEpoch = leaderEpoch
    replica.isr = isr.slice()
    replica.watermarkTold = false
    replica.orphan = null
    const current = known.durable === null || leaderEpoch >= known.durable.leaderEpoch
    if (current) recordPassedOver(this.#book, known, replica)
    judgeElection(this.#book, known, {
      leader: broker,
      leaderEpoch,
      before: leaderEpoch + 1,
      electable: nominatedFrom(known, leaderEpoch) ?? known.durable?.isr ?? isr,
    })
    if (replica.watermarkDepth > 0) this.#committed(known, replica)
    this.#servedFrom(known, replica)
  }

  ledUntil(broker: number, partition: PartitionId): void {
    const replica = this.#replica(this.#partition(partition), broker)
    replica.leads = false
    replica.orphan = null
  }

  leaderIsr(broker: number, partition: PartitionId, isr: readonly number[]): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    replica.isr = isr.slice()
    judgeLeader(this.#book, known, replica)
  }

  stateCommitted(partition: PartitionId, state: State): void {
    const known = this.#partition(partition)
    const before = known.durable
    this.#judgeState(known, state)
    known.durable = {
      leader: state.leader,
      leaderEpoch: state.leaderEpoch,
      isr: state.isr.slice(),
      partitionEpoch: state.partitionEpoch,
    }
    this.#book.leaders.push({
      atUs: this.#book.now(),
      partition,
      leader: state.leader,
      leaderEpoch: state.leaderEpoch,
      isr: known.durable.isr,
      clean: state.clean,
      controllerEpoch: state.controllerEpoch,
      ...(state.reigningEpoch === undefined ? {} : { reigningEpoch: state.reigningEpoch }),
    })
    if (state.leader !== -1 && state.leaderEpoch > (before?.leaderEpoch ?? -1)) {
      if (!state.clean) known.uncleanEpochs.push(state.leaderEpoch)
      this.#ledBy(known, state.leader, state.leaderEpoch)
      // A new epoch for a leader that is down is no election, and one whose log a disk has cut may
      // be registered by a process that died: both are judged if they lead.
      const nominee = replicaOf(known, state.leader)
      const cut = nominee !== undefined && nominee.beforeCuts.length > 0
      const elected = state.leader !== before?.leader || this.#book.isRunning(state.leader)
      const electable = before?.isr ?? state.isr
      known.nomination = cut ? { leaderEpoch: state.leaderEpoch, electable } : null
      if (elected && !cut) {
        judgeElection(this.#book, known, {
          leader: state.leader,
          leaderEpoch: state.leaderEpoch,
          before: state.leaderEpoch,
          electable,
        })
      }
    }
    rejoined(known, state.isr)
    judgeLeaders(this.#book, known)
  }

  topicDeletion(partition: PartitionId, stage: 'begun' | 'ended' | 'cancelled'): void {
    const known = this.#partition(partition)
    if (stage === 'begun') this.#beginDeletion(known)
    else if (stage === 'ended') this.#endDeletion(known)
    else if (known.deletion !== null) {
      this.#book.excuses.splice(this.#book.excuses.indexOf(known.deletion), 1)
      known.deletion = null
    }
  }

  exposed(broker: number, partition: PartitionId, offset: number): void {
    const known = this.#partition(partition)
    const replica = this.#replica(known, broker)
    if (offset <= replica.highWatermark) {
      judgeExposed(this.#book, known, replica, offset)
      return
    }
    const { highWatermark } = replica
    this.#typeBreach(known, replica, `exposed`, () => {
      return `let a reader see records below ${offset}, above its high watermark ${highWatermark}`
    })
  }

  acknowledged(broker: number, partition: PartitionId, offset: number, needed: number): void {
    const known = this.#partition(partition)
    judgeAcknowledged(this.#book, known, this.#replica(known, broker), { offset, needed })
  }

  damaged(broker: number, partition: PartitionId, baseOffset: number): void {
    const known = this.#partition(partition)
    this.#typeBreach(known, replicaAt(known, broker), `damaged/${baseOffset}`, () => {
      return `holds a batch at offset ${baseOffset} that does not read as it was written`
    })
  }

  brokerStarted(broker: number): void {
    this.#book.setRunning(broker, true)
  }

  brokerStopped(broker: number): void {
    this.#book.setRunning(broker, false)
    for (const partition of this.#partitions) {
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
    this.#book.excuses.push(known.deletion)
  }

  /** What stands there later is another log, of which nothing is known. */
  #endDeletion(known: PartitionTruth): void {
    this.#beginDeletion(known)
    if (known.deletion !== null) known.deletion.atUs = this.#book.now()
    const fresh = partitionTruth(known.id)
    ;(this.#topics[topicOf(known.id)] as PartitionTruth[])[partitionOf(known.id)] = fresh
    this.#partitions[this.#partitions.indexOf(known)] = fresh
  }

  #partition(id: PartitionId): PartitionTruth {
    const topic = topicOf(id)
    const number = partitionOf(id)
    let row = this.#topics[topic]
    if (row === undefined) {
      row = []
      this.#topics[topic] = row
    }
    let known = row[number]
    if (known === undefined) {
      known = partitionTruth(id)
      row[number] = known
      this.#partitions.push(known)
    }
    return known
  }

  /** A fact of a replica shows that it has loaded its log. */
  #replica(partition: PartitionTruth, broker: number): Replica {
    const replica = replicaAt(partition, broker)
    replica.suspect = false
    return replica
  }

  #committed(partition: PartitionTruth, replica: Replica): void {
    if (replica.orphan !== null) {
      extendLoss(this.#book, replica)
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
    judgeSuperseded(this.#book, partition, replica)
    judgeLeader(this.#book, partition, replica)
  }

  /** OneLeaderPerEpoch (KB 9.5, 9.6). */
  #ledBy(partition: PartitionTruth, broker: number, epoch: number): void {
    const leader = partition.leaderOfEpoch[epoch]
    if (leader === broker) return
    if (leader === undefined) {
      partition.leaderOfEpoch[epoch] = broker
      return
    }
    if (!this.#book.isNew(partition, `OneLeaderPerEpoch/${epoch}/${broker}`)) return
    const sentence = `brokers ${leader} and ${broker} both led in epoch ${epoch}`
    this.#book.breach(partition, 'OneLeaderPerEpoch', [leader, broker], sentence)
  }

  #judgeState(partition: PartitionTruth, state: State): void {
    const { leader, isr, leaderEpoch, partitionEpoch } = state
    const before = partition.durable
    const fell =
      before !== null &&
      (leaderEpoch < before.leaderEpoch || partitionEpoch <= before.partitionEpoch)
    if ((fell || isr.length === 0) && this.#book.isNew(partition, `TypeOk/${partitionEpoch}`)) {
      const what = fell
        ? `the durable state fell back to leader epoch ${leaderEpoch}, version ${partitionEpoch}`
        : `the durable ISR is empty in leader epoch ${leaderEpoch}`
      this.#book.breach(partition, 'TypeOk', [leader], what)
    }
    if (leader === -1 || isr.includes(leader)) return
    if (!this.#book.isNew(partition, `LeaderInIsr/${partitionEpoch}`)) return
    const members = isr.join(', ')
    const sentence = `broker ${leader} leads in epoch ${leaderEpoch} outside its ISR (${members})`
    this.#book.breach(partition, 'LeaderInIsr', [leader], sentence)
  }

  #removed(partition: PartitionTruth, replica: Replica, end: number, how: Removal['how']): void {
    this.#book.removals.push({
      partition: partition.id,
      atUs: this.#book.now(),
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
    this.#book.removals.push({
      partition: partition.id,
      atUs: this.#book.now(),
      fromOffset: before,
      untilOffset: start,
      broker,
      leaderEpoch: -1,
      how: 'retention',
    })
  }

  #isSafeWithout(partition: PartitionTruth, brokers: readonly number[]): boolean {
    if (partition.deletion !== null) return true
    if (!partition.committed.some((prefix) => prefix !== undefined && prefix.depth > 0)) return true
    for (const member of partition.durable?.isr ?? []) {
      if (brokers.includes(member) || !this.#book.isRunning(member)) continue
      const replica = replicaOf(partition, member)
      if (replica !== undefined && !replica.suspect && holdsAll(partition, replica)) return true
    }
    return false
  }

  #misplaced(partition: PartitionTruth, replica: Replica, base: number): void {
    const { end } = replica
    this.#typeBreach(partition, replica, 'place', () => {
      const what = base < end ? 'over the end' : 'after a gap at the end'
      return `appended a batch at offset ${base}, ${what} ${end} of its log`
    })
  }

  #epochFell(partition: PartitionTruth, replica: Replica, epoch: number): void {
    this.#typeBreach(partition, replica, 'epoch', () => {
      const last = epochAt(replica.branch, replica.depth - 1)
      return `appended a batch of leader epoch ${epoch} after one of epoch ${last}`
    })
  }

  #beyondEnd(partition: PartitionTruth, replica: Replica, offset: number): void {
    const { end } = replica
    this.#typeBreach(partition, replica, 'beyond', () => {
      return `has the high watermark ${offset} outside its log, which ends at ${end}`
    })
  }

  #watermarkFell(partition: PartitionTruth, replica: Replica, offset: number): void {
    const { highWatermark, leaderEpoch } = replica
    this.#typeBreach(partition, replica, `fell/${leaderEpoch}`, () => {
      return `lowered its high watermark from ${highWatermark} to ${offset} in epoch ${leaderEpoch}`
    })
  }

  #typeBreach(
    partition: PartitionTruth,
    replica: Replica,
    incident: string,
    sentence: () => string,
  ): void {
    if (!this.#book.isNew(partition, `TypeOk/${incident}/${replica.broker}`)) return
    const { broker } = replica
    this.#book.breach(partition, 'TypeOk', [broker], `broker ${broker} ${sentence()}`)
  }
}

/** All that lies below the start of every replica, whatever it is held against. */
function forgetDeleted({ root, replicas, shown }: PartitionTruth): void {
  let depth = Infinity
  for (const replica of replicas) {
    const { watermarkDepth, beforeCuts, matchDepth, start } = replica
    if (beforeCuts.length > 0 || matchDepth !== Infinity) return
    depth = Math.min(depth, watermarkDepth, depthBelow(replica, start))
  }
  if (shown !== null) depth = Math.min(depth, shown.depth)
  if (depth !== Infinity) forget(root, depth - 1)
}

function holdsAll(partition: PartitionTruth, replica: Replica): boolean {
  if (replica.rottenFrom < replica.end) return false
  return partition.committed.every((prefix) => prefix === undefined || holds(replica, prefix))
}

/** Drops the batches that reach beyond an offset. False if there were none. */
function cut(replica: Replica, endOffset: number): boolean {
  let { depth } = replica
  while (depth > 0 && endAt(replica.branch, depth) > endOffset) depth -= 1
  if (depth === replica.depth) return false
  replica.branch = homeOf(replica.branch, depth)
  replica.depth = depth
  replica.end = endAt(replica.branch, depth)
  if (replica.end <= replica.rottenFrom) replica.rottenFrom = Infinity
  replica.watermarkDepth = Math.min(replica.watermarkDepth, depth)
  replica.highWatermark = Math.min(replica.highWatermark, replica.end)
  return true
}

/**
 * A log that begins anew where its leader's starts: what was deleted before it could be copied is
 * nothing that it lacks.
 */
function takeDeleted(partition: PartitionTruth, replica: Replica): void {
  const leader = partition.replicas.find(({ leads }) => leads)
  if (leader === undefined) return
  let { depth } = leader
  while (depth > 0 && endAt(leader.branch, depth) > replica.start) depth -= 1
  replica.branch = homeOf(leader.branch, depth)
  replica.depth = depth
  replica.end = replica.start
}

/** Moves a high watermark and counts the batches below it. True if there are more of them. */
function moveWatermark(replica: Replica, offset: number): boolean {
  const { branch, depth } = replica
  const before = replica.watermarkDepth
  let below = before
  while (below < depth && baseAt(branch, below) < offset) below += 1
  while (below > 0 && baseAt(branch, below - 1) >= offset) below -= 1
  replica.highWatermark = offset
  replica.watermarkDepth = below
  return below > before
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
