/**
 * What must hold inside the ensemble, judged as its servers vote, promise, commit and apply.
 *
 * EnsembleAgreement: committed is what a leader decided with a quorum behind it, or inherited when
 * it began to lead (KB Z13, Z22). From then on every server applies exactly that, in the order of
 * zxids, and holds nothing else when it begins to serve; every later leader has it, on a quorum's
 * disks. On the way there (KB Z20–Z22) EnsembleVotes: nobody votes for an older history than its
 * own, and whoever is elected has the votes of a quorum. EnsembleEpochs: no epoch is discovered or
 * led twice, and no server takes back the promise of an epoch. They are told apart, because a later
 * step may save what an earlier one did wrong. Shares no code with the model: it sees numbers
 * alone.
 */

import type { Ballot, EnsembleWitness } from '../../model/zookeeper/observer.ts'
import type { TruthBreach } from '../result.ts'

/** Breaches that are written down: a parted ensemble parts with every transaction. */
const BREACHES_MAX = 20
/** Stands where a breach names a partition: it is of no partition. */
const NO_PARTITION = -1

type EnsembleProperty = 'EnsembleVotes' | 'EnsembleEpochs' | 'EnsembleAgreement'

export class EnsembleTruth implements EnsembleWitness {
  readonly breaches: TruthBreach[] = []
  readonly #now: () => number
  /** In the order of commits; the identity of a transaction is its session and its xid there. */
  readonly #zxids: number[] = []
  readonly #sessions: number[] = []
  readonly #xids: number[] = []
  /** By epoch: the server that led it. */
  readonly #leaders = new Map<number, number>()
  /** By ballot: who cast it. */
  readonly #votes = new Map<string, Set<number>>()
  /** By epoch: on whose disks its leader's history is. */
  readonly #entered = new Map<number, Set<number>>()
  /** By epoch: the server that a quorum accepted it from. */
  readonly #discoverers = new Map<number, number>()
  /** By server: the newest epoch that it promised itself to. */
  readonly #accepted = new Map<number, number>()
  readonly #told = new Set<string>()

  /** `now` gives true time in µs. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** What was written down, its times counted from `originUs`. */
  report(originUs: number): readonly TruthBreach[] {
    return this.breaches.map((one) => ({ ...one, atUs: one.atUs - originUs }))
  }

  committed(zxid: number, sessionId: number, xid: number): void {
    const last = this.#zxids.at(-1) ?? 0
    if (zxid > last) {
      this.#zxids.push(zxid)
      this.#sessions.push(sessionId)
      this.#xids.push(xid)
      return
    }
    const at = this.#find(zxid)
    if (at === -1) this.#breach([], `${name(zxid)} was committed after ${name(last)}`)
    else if (!this.#is(at, sessionId, xid))
      this.#breach([], `two different transactions were committed as ${name(zxid)}`)
  }

  applied(server: number, zxid: number, sessionId: number, xid: number): void {
    const at = this.#find(zxid)
    if (at === -1)
      this.#breach([server], `server ${server} applied ${name(zxid)}, which no quorum has`)
    else if (!this.#is(at, sessionId, xid))
      this.#breach([server], `server ${server} applied another transaction as ${name(zxid)}`)
  }

  led(server: number, epoch: number, holds: (zxid: number) => boolean): void {
    const before = this.#leaders.get(epoch)
    this.#leaders.set(epoch, server)
    if (before !== undefined && before !== server)
      this.#breach(
        [before, server],
        `servers ${before} and ${server} both led epoch ${epoch}`,
        'EnsembleEpochs',
      )
    if (!this.#isQuorum(this.#entered.get(epoch)))
      this.#breach([server], `server ${server} led epoch ${epoch} before a quorum had its history`)
    // What it lacks it lacks from some point on, so the last one tells.
    const last = this.#zxids.at(-1)
    if (last !== undefined && !holds(last))
      this.#breach([server], `server ${server} led epoch ${epoch} without ${name(last)}`)
  }

  /** What a disk lost is not the protocol's doing. */
  started(server: number, acceptedEpoch: number): void {
    this.#accepted.set(server, acceptedEpoch)
  }

  voted(server: number, ballot: Ballot): void {
    addTo(this.#votes, nameOf(ballot), server)
  }

  preferred(server: number, ballot: Ballot, epoch: number, zxid: number): void {
    const older = ballot.epoch < epoch || (ballot.epoch === epoch && ballot.zxid < zxid)
    if (older)
      this.#breach(
        [server],
        `server ${server} voted for a history older than its own`,
        'EnsembleVotes',
      )
  }

  chosen(server: number, ballot: Ballot): void {
    if (this.#isQuorum(this.#votes.get(nameOf(ballot)))) return
    this.#breach(
      [server],
      `server ${server} was elected without the votes of a quorum`,
      'EnsembleVotes',
    )
  }

  entered(server: number, epoch: number): void {
    addTo(this.#entered, epoch, server)
  }

  accepted(server: number, epoch: number): void {
    const before = this.#accepted.get(server) ?? 0
    this.#accepted.set(server, epoch)
    if (epoch < before)
      this.#breach(
        [server],
        `server ${server} accepted epoch ${epoch} after epoch ${before}`,
        'EnsembleEpochs',
      )
  }

  discovered(server: number, epoch: number): void {
    const before = this.#discoverers.get(epoch)
    this.#discoverers.set(epoch, server)
    if (before !== undefined && before !== server)
      this.#breach(
        [before, server],
        `servers ${before} and ${server} both began epoch ${epoch}`,
        'EnsembleEpochs',
      )
  }

  serves(server: number, base: number, upTo: number, count: number): void {
    const committed = this.#after(upTo) - this.#after(base)
    if (count === committed) return
    const than = count > committed ? 'more' : 'less'
    this.#breach([server], `server ${server} serves ${than} than was committed up to ${name(upTo)}`)
  }

  #is(at: number, sessionId: number, xid: number): boolean {
    return this.#sessions[at] === sessionId && this.#xids[at] === xid
  }

  #find(zxid: number): number {
    let low = 0
    let high = this.#zxids.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.#zxids[middle] as number
      if (found === zxid) return middle
      if (found < zxid) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  /** Every server of the ensemble has started once before any of them is elected. */
  #isQuorum(servers: ReadonlySet<number> | undefined): boolean {
    return (servers?.size ?? 0) * 2 > this.#accepted.size
  }

  /** How many commits stand before the first one after `zxid`. */
  #after(zxid: number): number {
    let low = 0
    let high = this.#zxids.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#zxids[middle] as number) <= zxid) low = middle + 1
      else high = middle
    }
    return low
  }

  #breach(
    brokers: readonly number[],
    sentence: string,
    property: EnsembleProperty = 'EnsembleAgreement',
  ): void {
    if (this.breaches.length >= BREACHES_MAX || this.#told.has(sentence)) return
    this.#told.add(sentence)
    this.breaches.push({
      property,
      atUs: this.#now(),
      partition: NO_PARTITION,
      sentence: `ZooKeeper: ${sentence}.`,
      brokers,
    })
  }
}

function addTo<Key>(sets: Map<Key, Set<number>>, key: Key, server: number): void {
  const known = sets.get(key)
  if (known === undefined) sets.set(key, new Set([server]))
  else known.add(server)
}

function nameOf({ round, leader, epoch, zxid }: Ballot): string {
  return `${round}/${leader}/${epoch}/${zxid}`
}

const COUNTERS_PER_EPOCH = 4_294_967_296

/** A zxid as epoch and counter. */
function name(zxid: number): string {
  return `zxid ${Math.floor(zxid / COUNTERS_PER_EPOCH)}:${zxid % COUNTERS_PER_EPOCH}`
}
