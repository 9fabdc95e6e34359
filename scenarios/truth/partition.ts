/**
 * What truth knows of one partition: each replica's log, who presumes to lead, the durable
 * metadata, and everything that was ever committed.
 *
 * *Committed* is defined once: what lay below the high watermark of a replica while it presumed to
 * lead, whether anyone else knew of it or not. It is kept for each leader epoch, because a leader
 * owes only what was committed in epochs before its own.
 */

import type { PartitionId } from '../../model/record.ts'
import { Branch, type Position } from './lineage.ts'

/** A loss that was recorded, and grows while a superseded leader goes on. */
export interface Incident {
  excuse: GrowingExcuse | null
}

export interface GrowingExcuse {
  readonly partition: PartitionId
  atUs: number
  readonly fromOffset: number
  untilOffset: number
  readonly cause: 'unclean-election' | 'disk' | 'topic-deleted'
}

/** More than any log has. Not Infinity: V8 keeps such numbers outside of the object they are of. */
export const ALL_BATCHES = 0x7fffffff

export interface Replica extends Position {
  readonly broker: number
  /** Offset after its last batch. */
  end: number
  highWatermark: number
  /** Where its log starts. */
  start: number
  /** Batches that begin below its high watermark. */
  watermarkDepth: number
  leads: boolean
  leaderEpoch: number
  /** In its own view, while it leads. */
  isr: number[]
  /** It told a high watermark since it began to lead: from there on it may only rise. */
  watermarkTold: boolean
  /** What its log was before each cut by a disk; empty once it is as long again. */
  readonly beforeCuts: Position[]
  /** Where the longest of them ended. */
  beforeCutsEnd: number
  /** The first offset at which its log can no longer be read; infinite where all can. */
  rottenFrom: number
  /** Its log was deleted after its partition had moved: who led before may not know it yet. */
  dropped: boolean
  /** A power loss struck, and what was lost is not known before it loads its log. */
  suspect: boolean
  /** It presumes to lead what an election has already passed over. */
  orphan: Incident | null
  /** Epoch of its last batch; −1: the tree of batches knows. */
  lastEpoch: number
  /** Batches up to which it must match other logs: fewer after a loss, until it follows again. */
  matchDepth: number
  /** The election that set it. */
  matchEpoch: number
}

export interface Durable {
  leader: number
  leaderEpoch: number
  isr: number[]
  partitionEpoch: number
}

export interface PartitionTruth {
  readonly id: PartitionId
  readonly root: Branch
  readonly replicas: Replica[]
  /** The same by broker. */
  readonly byBroker: (Replica | undefined)[]
  durable: Durable | null
  /** The broker that led in an epoch, by epoch. */
  readonly leaderOfEpoch: (number | undefined)[]
  /** The longest committed prefix of each leader epoch, by epoch. */
  readonly committed: (Position | undefined)[]
  readonly uncleanEpochs: number[]
  /** The last leader that was named while a disk had cut its log, and who else could have been. */
  nomination: { readonly leaderEpoch: number; readonly electable: readonly number[] } | null
  /** The furthest start of the log of a broker that led: what is below is there for nobody. */
  servedFrom: number
  /** The furthest that a reader was shown, and the offset where that ends. */
  shown: (Position & { end: number }) | null
  /** When its leader appended last; −1: never. */
  appendedUs: number
  /** Incidents that stand in the list of breaches. */
  readonly incidents: Set<string>
  /** Its topic is being deleted: nothing is judged, and what it held was given up. */
  deletion: GrowingExcuse | null
}

export function partitionTruth(id: PartitionId): PartitionTruth {
  return {
    id,
    root: new Branch(null, 0),
    replicas: [],
    byBroker: [],
    durable: null,
    leaderOfEpoch: [],
    committed: [],
    uncleanEpochs: [],
    nomination: null,
    servedFrom: 0,
    shown: null,
    appendedUs: -1,
    incidents: new Set(),
    deletion: null,
  }
}

export function replicaTruth(broker: number, root: Branch): Replica {
  return {
    broker,
    branch: root,
    depth: 0,
    end: 0,
    highWatermark: 0,
    start: 0,
    watermarkDepth: 0,
    leads: false,
    leaderEpoch: -1,
    isr: [],
    watermarkTold: false,
    beforeCuts: [],
    beforeCutsEnd: 0,
    rottenFrom: Infinity,
    dropped: false,
    suspect: false,
    orphan: null,
    lastEpoch: -1,
    matchDepth: ALL_BATCHES,
    matchEpoch: -1,
  }
}

/** A broker's replica, if a fact has named it. */
export function replicaOf(partition: PartitionTruth, broker: number): Replica | undefined {
  return partition.byBroker[broker]
}

/** A broker's replica, begun with an empty log if nothing is known of it. */
export function replicaAt(partition: PartitionTruth, broker: number): Replica {
  const known = replicaOf(partition, broker)
  if (known !== undefined) return known
  const begun = replicaTruth(broker, partition.root)
  partition.replicas.push(begun)
  while (partition.byBroker.length <= broker) partition.byBroker.push(undefined)
  partition.byBroker[broker] = begun
  return begun
}
