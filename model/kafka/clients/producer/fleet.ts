/**
 * Arrivals of a fleet: how many records of each key bucket come in which slot of time.
 *
 * A process that stands for many clients does not draw each record but the number of them, a slot
 * at a time, from one named stream: the same draws whether its records are then placed one by one
 * inside the slot or sent as counted ranges. A bucket is what the keys of one partition have in
 * common, and its stream stays with that partition.
 *
 * A slot of one's own length draws every bucket. An `auto` slot is 10 ms at the peak of the curve and
 * longer, up to 1 s, in proportion as less comes, so that slots hold about the same number of
 * records. In each of them some buckets have their turn and get all that came since their last:
 * those that have about a slot's worth of records, at most 950, together, or waited for 9 s. So
 * counted batches stay large where partitions are many, while some partition tells of every slot.
 */

import type { Stream } from '../../../../sim/random.ts'
import { murmur2, partitionOfHash } from '../../partitioner.ts'
import { createCurve, type Curve, expectedBetween, peakBetween } from './curve.ts'
import { type Keys, type Load, zipfTable } from './load.ts'

const SLOT_MIN_US = 10_000
const SLOT_MAX_US = 1_000_000

/** Records that make a turn: chance adds to them, and 1,000 are a counted batch. */
const TURN_RECORDS_MAX = 950
/** With a slot on top, no partition waits longer than 10 s for a batch. */
const TURN_US_MAX = 9_000_000

/** The golden ratio spreads first turns evenly over however many buckets there are. */
const GOLDEN = 0.6180339887498949

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

export interface FleetOptions {
  readonly load: Load
  readonly buckets: readonly Bucket[]
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
  /** What came in it. */
  turns: readonly Turn[] = []

  readonly #options: FleetOptions
  readonly #curve: Curve
  readonly #peak: number
  readonly #turnRecords: number
  /** Records expected since the beginning, of all buckets. */
  #expected = 0
  /** By bucket: `#expected` at its last turn, and at its next; and the time by which that is. */
  readonly #told: Float64Array
  readonly #due: Float64Array
  readonly #dueUs: Float64Array
  /** By bucket: what steady arrivals left over. */
  readonly #rest: Float64Array

  constructor(options: FleetOptions) {
    const { load, buckets, slotUs, fromUs } = options
    this.#options = options
    this.fromUs = fromUs
    this.untilUs = fromUs
    this.#curve = createCurve(load.points, load.endUs)
    this.#peak = peakBetween(this.#curve, fromUs, load.endUs)
    const ofSlot = (this.#peak * SLOT_MIN_US) / 1e6
    this.#turnRecords = slotUs > 0 ? 0 : Math.min(TURN_RECORDS_MAX, Math.max(1, ofSlot))
    this.#told = new Float64Array(buckets.length)
    this.#rest = new Float64Array(buckets.length)
    this.#due = Float64Array.from(buckets, ({ weight }, at) => {
      return (((at + 1) * GOLDEN) % 1) * (this.#turnRecords / weight)
    })
    this.#dueUs = Float64Array.from(buckets, (_bucket, at) => {
      return fromUs + (((at + 1) * GOLDEN) % 1) * TURN_US_MAX
    })
  }

  /** Goes on to the next slot; false if the load is over. */
  next(): boolean {
    const { load, slotUs } = this.#options
    const from = this.untilUs
    if (from >= load.endUs) return false
    const length = slotUs > 0 ? slotUs : autoSlotUs(this.#curve, from, this.#peak)
    const until = Math.min(load.endUs, from + length)
    const expected = expectedBetween(this.#curve, from, until)
    this.fromUs = from
    this.untilUs = until
    this.perSecond = (expected / (until - from)) * 1e6
    this.#expected += expected
    this.turns = this.#takeTurns(until)
    return true
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
      this.#told[bucket] = this.#expected
      this.#due[bucket] = this.#expected + this.#turnRecords / weight
      this.#dueUs[bucket] = untilUs + TURN_US_MAX
      const count = this.#draw(bucket, expected)
      if (count > 0) turns.push({ bucket, count })
    }
    return turns
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

/** How long an `auto` slot is that begins here: as the greatest rate of the next second asks. */
function autoSlotUs(curve: Curve, fromUs: number, peak: number): number {
  const rate = peakBetween(curve, fromUs, fromUs + SLOT_MAX_US)
  if (!(rate > 0)) return SLOT_MAX_US
  return Math.min(SLOT_MAX_US, Math.max(SLOT_MIN_US, Math.ceil((SLOT_MIN_US * peak) / rate)))
}
