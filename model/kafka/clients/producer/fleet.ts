/**
 * Arrivals of a fleet: how many records of each key bucket come in which slot of time.
 *
 * A process that stands for many clients does not draw each record but the number of them, a slot
 * at a time, from one named stream: the same draws whether its records are then placed one by one
 * inside the slot or sent as counted ranges. A bucket is what the keys of one partition have in
 * common, and its stream stays with that partition.
 *
 * A slot of one's own length draws every bucket. An `auto` slot is 10 ms, and in each some buckets
 * have their turn and get all that came since their last: those that have about a slot's worth of
 * records, at most 985, together, or waited for 9 s. What a turn has beyond whole batches, if it is
 * less than half of one, waits for the next turn. Turns go from leader to leader, so that no broker
 * gets at once what its clients send in a while. Towards the end of the load turns come sooner and
 * sooner, so that little is left for the last slot.
 *
 * A load of more than half an hour is told coarser. Where less comes than nine tenths of its peak,
 * a slot lasts until the turns of the partitions that one broker leads are over, at most 1 s;
 * turns go round by leader, as leaders lie when a topic is made, so that batches of a slot share
 * their requests. What waits behind such a request is longer than with clients of their own.
 */

import type { Stream } from '../../../../sim/random.ts'
import { murmur2, partitionOfHash } from '../../partitioner.ts'
import { COUNTED_RECORDS_MAX } from './batch.ts'
import { createCurve, type Curve, expectedBetween, peakBetween } from './curve.ts'
import { type Keys, type Load, zipfTable } from './load.ts'

const SLOT_MIN_US = 10_000
const SLOT_MAX_US = 1_000_000

/** Records of an ordinary bucket's turn: chance adds some, and 1,000 are a counted batch. */
const TURN_RECORDS_MAX = 985
/** With a slot on top, no partition waits longer than 10 s for a batch. */
const TURN_US_MAX = 9_000_000

/** Buckets up to so much above the median share one period. */
const ORDINARY = 1.25

/** Longer loads are told coarser. */
const SHORT_US_MAX = 1_800_000_000

/** From this share of the peak on their slots are as short as at the peak. */
const NEAR_PEAK = 0.9

/** The keys of one partition, or without keys the share that it gets. */
export interface Bucket {
  readonly partition: number
  /** Share of all records. */
  readonly weight: number
  readonly key: string | null
}

/** Records of one bucket that came in a slot. */
export interface Turn {
  readonly bucket: number
  readonly count: number
}

/** The buckets of a topic's partitions that get anything. */
export function bucketsOf(keys: Keys, partitions: number): readonly Bucket[] {
  if (keys.kind !== 'fixed') {
    const weight = 1 / partitions
    return Array.from({ length: partitions }, (_, partition) => ({ partition, weight, key: null }))
  }
  const weights = keyWeights(keys.count, keys.exponent ?? 0, partitions)
  const buckets: Bucket[] = []
  weights.forEach((weight, partition) => {
    if (weight > 0) buckets.push({ partition, weight, key: `keys-of-${partition}` })
  })
  return buckets
}

function keyWeights(count: number, exponent: number, partitions: number): readonly number[] {
  const weights = Array.from({ length: partitions }, () => 0)
  const table = zipfTable(count, exponent)
  const sum = table === null ? count : (table[count - 1] as number)
  let before = 0
  for (let key = 0; key < count; key += 1) {
    const until = table === null ? key + 1 : (table[key] as number)
    const partition = partitionOfHash(murmur2(`key-${key}`), partitions)
    weights[partition] = (weights[partition] as number) + (until - before) / sum
    before = until
  }
  return weights
}

/** From one turn of an ordinary bucket to its next, at such a rate of a short load. */
export function turnEveryUs(perSecond: number, buckets: number): number {
  if (!(perSecond > 0)) return TURN_US_MAX
  const records = Math.min(TURN_RECORDS_MAX, Math.max(1, (perSecond * SLOT_MIN_US) / 1e6))
  return Math.min(TURN_US_MAX, Math.ceil((records * buckets * 1e6) / perSecond))
}

/** It is told coarser. */
export function isLong({ endUs }: Load): boolean {
  return endUs > SHORT_US_MAX
}

export interface FleetOptions {
  readonly load: Load
  readonly buckets: readonly Bucket[]
  /** Brokers that lead them. */
  readonly brokers?: number
  /** Length of every slot; 0: `auto`. */
  readonly slotUs: number
  /** Records of an earlier slot are nobody's: when the process began. */
  readonly fromUs: number
  readonly random: Stream
}

export class FleetArrivals {
  /** The slot at hand. */
  fromUs: number
  untilUs: number
  /** Records a second in it, of the whole fleet. */
  perSecond = 0
  /** The greatest rate of all slots so far, and how long that slot was. */
  peakPerSecond = 0
  peakSlotUs = 0
  /** The longest between two turns of any bucket, from the first on. */
  longestTurnUs = 0
  /** What came in it. */
  turns: readonly Turn[] = []

  readonly #options: FleetOptions
  readonly #curve: Curve
  readonly #peak: number
  /** It is told coarser. */
  readonly #isLong: boolean
  readonly #turnRecords: number
  /** Records expected of the whole load, of all buckets. */
  readonly #total: number
  /** And in a slot at the peak. */
  readonly #ofSlot: number
  /** Records expected since the beginning, of all buckets. */
  #expected = 0
  /** By bucket: `#expected` at its last turn, and at its next; and the time by which that is. */
  readonly #told: Float64Array
  readonly #due: Float64Array
  /** By bucket: how much of `#expected` lies between two of its turns. */
  readonly #periods: Float64Array
  /** By leader: how much of `#expected` has come in a round when the last of its turns is over. */
  readonly #leaderEnds: Float64Array
  readonly #dueUs: Float64Array
  /** By bucket: what steady arrivals left over. */
  readonly #rest: Float64Array
  /** By bucket: records that came and wait for the next turn. */
  readonly #kept: Float64Array

  constructor(options: FleetOptions) {
    const { load, buckets, slotUs, fromUs } = options
    this.#options = options
    this.fromUs = fromUs
    this.untilUs = fromUs
    this.#curve = createCurve(load.points, load.endUs)
    this.#peak = peakBetween(this.#curve, fromUs, load.endUs)
    this.#isLong = isLong(load)
    this.#total = load.endUs > fromUs ? expectedBetween(this.#curve, fromUs, load.endUs) : 0
    this.#ofSlot = (this.#peak * SLOT_MIN_US) / 1e6
    this.#turnRecords = slotUs > 0 ? 0 : Math.min(TURN_RECORDS_MAX, Math.max(1, this.#ofSlot))
    this.#told = new Float64Array(buckets.length)
    this.#rest = new Float64Array(buckets.length)
    this.#kept = new Float64Array(buckets.length)
    const brokers = Math.max(1, options.brokers ?? 1)
    // As partitions are dealt to brokers, one after the other is from leader to leader.
    const leaders = this.#isLong ? brokers : 1
    const phases = phasesOf(buckets, leaders)
    const ordinaryPeriod = this.#turnRecords / medianWeight(buckets)
    this.#periods = periodsOf(buckets, this.#turnRecords)
    this.#leaderEnds = leaderEndsOf(buckets, leaders).map((end) => end * ordinaryPeriod)
    this.#due = this.#periods.map((period, at) => (phases[at] as number) * period)
    this.#dueUs = Float64Array.from(phases, (phase) => fromUs + phase * TURN_US_MAX)
  }

  /** Goes on to the next slot; false if the load is over. */
  next(): boolean {
    const { load, slotUs } = this.#options
    const from = this.untilUs
    if (from >= load.endUs) return false
    const length = slotUs > 0 ? slotUs : this.#autoSlotUs(from)
    const until = Math.min(load.endUs, from + length)
    const expected = expectedBetween(this.#curve, from, until)
    this.fromUs = from
    this.untilUs = until
    this.perSecond = (expected / (until - from)) * 1e6
    // What the end of the load cuts short is no slot of a length of its own.
    if (this.perSecond > this.peakPerSecond && until - from === length) {
      this.peakPerSecond = this.perSecond
      this.peakSlotUs = until - from
    }
    this.#expected += expected
    this.turns = this.#takeTurns(until)
    return true
  }

  /** How long an `auto` slot is that begins here: as the greatest rate of the next second asks. */
  #autoSlotUs(fromUs: number): number {
    if (!this.#isLong) return SLOT_MIN_US
    const rate = peakBetween(this.#curve, fromUs, fromUs + SLOT_MAX_US)
    if (!(rate > 0)) return SLOT_MAX_US
    if (rate >= NEAR_PEAK * this.#peak) return SLOT_MIN_US
    const length = Math.ceil((this.#untilNextLeader() * 1e6) / rate)
    return Math.min(SLOT_MAX_US, Math.max(SLOT_MIN_US, length))
  }

  /** Records expected until the turns of the leader at hand are over; of the next, if nearly. */
  #untilNextLeader(): number {
    const ends = this.#leaderEnds
    const round = ends[ends.length - 1] as number
    const place = this.#expected % round
    const least = round / ends.length / 2
    let leader = 0
    while (leader < ends.length && (ends[leader] as number) - place < least) leader += 1
    if (leader < ends.length) return (ends[leader] as number) - place
    return round - place + (ends[0] as number)
  }

  /** Half a period from now at least: a turn that came by time alone is no reason for another. */
  #nextDue(bucket: number): number {
    const period = this.#periods[bucket] as number
    if (period === 0) return 0
    const left = this.#total - this.#expected
    if (left < 2 * period) return this.#expected + Math.max(left / 2, this.#ofSlot)
    let due = (this.#due[bucket] as number) + period
    while (due < this.#expected + period / 2) due += period
    return due
  }

  #takeTurns(untilUs: number): readonly Turn[] {
    const { buckets, load } = this.#options
    const last = untilUs >= load.endUs
    const turns: Turn[] = []
    for (let bucket = 0; bucket < buckets.length; bucket += 1) {
      const due = this.#expected >= (this.#due[bucket] as number)
      if (!due && !last && untilUs < (this.#dueUs[bucket] as number)) continue
      const { weight } = buckets[bucket] as Bucket
      const expected = weight * (this.#expected - (this.#told[bucket] as number))
      this.#due[bucket] = this.#nextDue(bucket)
      this.#noteTurn(bucket, untilUs)
      this.#told[bucket] = this.#expected
      const count = this.#inBatches(bucket, this.#draw(bucket, expected), last)
      if (count > 0) turns.push({ bucket, count })
    }
    return turns
  }

  /** What goes out of a turn, so that a few records too many do not make a batch of their own. */
  #inBatches(bucket: number, drawn: number, last: boolean): number {
    if (this.#turnRecords === 0) return drawn
    const came = (this.#kept[bucket] as number) + drawn
    const over = came % COUNTED_RECORDS_MAX
    const keeps = !last && came > COUNTED_RECORDS_MAX && over < COUNTED_RECORDS_MAX / 2
    this.#kept[bucket] = keeps ? over : 0
    return keeps ? came - over : came
  }

  #noteTurn(bucket: number, untilUs: number): void {
    const before = (this.#dueUs[bucket] as number) - TURN_US_MAX
    if (this.#told[bucket] !== 0) {
      this.longestTurnUs = Math.max(this.longestTurnUs, untilUs - before)
    }
    this.#dueUs[bucket] = untilUs + TURN_US_MAX
  }

  #draw(bucket: number, expected: number): number {
    const { load, random } = this.#options
    if (load.arrival !== 'steady') return random.poisson(expected)
    const sum = (this.#rest[bucket] as number) + expected
    // A sum of shares may miss a whole number by its last bit.
    const count = Math.floor(sum + 1e-6)
    this.#rest[bucket] = sum - count
    return count
  }
}

/**
 * When in a round each bucket has its turn, from 0 to 1: one leader's after the other's, as
 * partitions are dealt to so many brokers when a topic is made.
 */
function phasesOf(buckets: readonly Bucket[], brokers: number): readonly number[] {
  const order = buckets.map((_, bucket) => bucket)
  const leader = (bucket: number): number => (buckets[bucket] as Bucket).partition % brokers
  order.sort((one, other) => leader(one) - leader(other) || one - other)
  const phases = buckets.map(() => 0)
  order.forEach((bucket, place) => (phases[bucket] = (place + 0.5) / buckets.length))
  return phases
}

/** Which part of a round is over after the turns of each leader, in the order of their phases. */
function leaderEndsOf(buckets: readonly Bucket[], brokers: number): Float64Array {
  const ends = new Float64Array(brokers)
  for (const { partition } of buckets) {
    for (let leader = partition % brokers; leader < brokers; leader += 1) {
      ends[leader] = (ends[leader] as number) + 1 / buckets.length
    }
  }
  return ends
}

function medianWeight(buckets: readonly Bucket[]): number {
  const weights = buckets.map(({ weight }) => weight).sort((one, other) => one - other)
  return weights[weights.length >> 1] ?? 1
}

/** Ordinary buckets have one period, so that they keep their order; others a half, a double … */
function periodsOf(buckets: readonly Bucket[], turnRecords: number): Float64Array {
  // In slots of one's own length every bucket has its turn.
  if (turnRecords === 0) return new Float64Array(buckets.length)
  const median = medianWeight(buckets)
  return Float64Array.from(buckets, ({ weight }) => {
    let period = turnRecords / median
    if (!(weight > median / 2 && weight <= ORDINARY * median)) {
      while (period * weight > turnRecords) period /= 2
      while (period * weight * 2 <= turnRecords) period *= 2
    }
    return period
  })
}
