/**
 * What one replica remembers of idempotent producers: the last five batches of each (KB P15–P18).
 *
 * Leaders compare new batches with it; followers build the same from what they copy, so that a new
 * leader can recognise a retry. Rebuilt from the log at load and after a truncation; a snapshot
 * holds only the last batch of each producer (KB P16), which is why what stands before the newest
 * snapshot counts with one batch only. Snapshots have no file of their own here: the log says at
 * which offset one was taken. Left out: transactions and their verification.
 */

import {
  lastSequenceOf,
  NO_PRODUCER_ID,
  nextOffsetOf,
  sequenceAfter,
  type Batch,
  type LogEntry,
} from '../../record.ts'

/** Batches remembered of a producer. */
const BATCHES_MAX = 5

/** Where in the ring of a producer stand what; its first sequences stand at its beginning. */
const LAST: number = BATCHES_MAX
const BASE_OFFSET: number = 2 * BATCHES_MAX
const NEXT_OFFSET: number = 3 * BATCHES_MAX
const RING_NUMBERS: number = 4 * BATCHES_MAX
const EMPTY_RING: readonly number[] = Array.from({ length: RING_NUMBERS }, () => 0)

interface ProducerState {
  readonly producerId: number
  epoch: number
  /**
   * Of at most five batches, in a ring: their first sequences, then their last ones, their base
   * offsets, the offsets after them. Numbers in one row, because each new batch is compared with
   * them, and the batches themselves are not to be touched for that.
   */
  readonly ring: number[]
  /** How many of the five there are, and the place of the newest. */
  count: number
  newest: number
  lastTimestampMs: number
}

/** How a batch of a client relates to what its partition has seen of the producer. */
export type SequenceCheck =
  /** It follows, or nothing is known that it would contradict. */
  | 'next'
  | 'stale-epoch'
  /** A new epoch that does not begin with sequence 0. */
  | 'epoch-start'
  | 'out-of-order'

export class ProducerStates {
  readonly #producers = new Map<number, ProducerState>()
  /** The one that was asked for last: as a rule the next one too. */
  #recent: ProducerState | undefined

  get size(): number {
    return this.#producers.size
  }

  /** The batch in the log that this one repeats; undefined if there is none (KB P15.1). */
  duplicateOf(
    batch: Batch,
  ): { readonly baseOffset: number; readonly nextOffset: number } | undefined {
    const known = this.#stateOf(batch.producerId)
    if (known === undefined || known.epoch !== batch.producerEpoch) return undefined
    const last = lastSequenceOf(batch)
    const { count, newest, ring } = known
    for (let behind = 1; behind <= count; behind += 1) {
      const place = (newest + behind) % count
      if (ring[place] !== batch.baseSequence || ring[LAST + place] !== last) continue
      return {
        baseOffset: ring[BASE_OFFSET + place] as number,
        nextOffset: ring[NEXT_OFFSET + place] as number,
      }
    }
    return undefined
  }

  /** KB P15, 3 and 5–7; an unknown producer may begin anywhere. */
  check(batch: Batch): SequenceCheck {
    const known = this.#stateOf(batch.producerId)
    if (known === undefined) return 'next'
    if (batch.producerEpoch < known.epoch) return 'stale-epoch'
    if (batch.producerEpoch > known.epoch) return batch.baseSequence === 0 ? 'next' : 'epoch-start'
    if (known.count === 0) return 'next'
    const next = sequenceAfter(known.ring[LAST + known.newest] as number, 1)
    return batch.baseSequence === next ? 'next' : 'out-of-order'
  }

  /** Takes over an appended batch. */
  update(entry: LogEntry): void {
    const { batch } = entry
    if (batch.producerId === NO_PRODUCER_ID) return
    const known = this.#stateOf(batch.producerId) ?? this.#begin(batch)
    if (known.epoch !== batch.producerEpoch) {
      known.epoch = batch.producerEpoch
      forgetBatches(known)
    }
    add(known, entry)
    known.lastTimestampMs = batch.maxTimestampMs
  }

  /** Builds the state anew from a log of which a snapshot was taken at `snapshotOffset`. */
  rebuild(entries: readonly LogEntry[], snapshotOffset: number): void {
    this.clear()
    let reduced = false
    for (const entry of entries) {
      if (!reduced && entry.baseOffset >= snapshotOffset) {
        this.#keepLastBatches()
        reduced = true
      }
      this.update(entry)
    }
    if (!reduced) this.#keepLastBatches()
  }

  /** Forgets producers whose last record is `expirationMs` old by this wall clock (KB P17). */
  expire(nowMs: number, expirationMs: number): void {
    for (const [producerId, known] of this.#producers) {
      if (nowMs - known.lastTimestampMs >= expirationMs) this.#producers.delete(producerId)
    }
    this.#recent = undefined
  }

  clear(): void {
    this.#producers.clear()
    this.#recent = undefined
  }

  /** The last batch of each producer: what a snapshot would hold. */
  lastBatches(): readonly {
    readonly producerId: number
    readonly epoch: number
    readonly lastSequence: number
    readonly nextOffset: number
  }[] {
    return [...this.#producers].map(([producerId, { count, epoch, newest, ring }]) => ({
      producerId,
      epoch,
      lastSequence: count === 0 ? -1 : (ring[LAST + newest] as number),
      nextOffset: count === 0 ? -1 : (ring[NEXT_OFFSET + newest] as number),
    }))
  }

  #stateOf(producerId: number): ProducerState | undefined {
    const recent = this.#recent
    if (recent !== undefined && recent.producerId === producerId) return recent
    const found = this.#producers.get(producerId)
    if (found !== undefined) this.#recent = found
    return found
  }

  #begin({ producerId, producerEpoch, maxTimestampMs }: Batch): ProducerState {
    const state: ProducerState = {
      producerId,
      epoch: producerEpoch,
      ring: EMPTY_RING.slice(),
      count: 0,
      newest: -1,
      lastTimestampMs: maxTimestampMs,
    }
    this.#producers.set(producerId, state)
    return state
  }

  #keepLastBatches(): void {
    for (const known of this.#producers.values()) {
      if (known.count > 0) forgetOlder(known)
    }
  }
}

/** Puts a batch in the place of the oldest once there are five. */
function add(known: ProducerState, entry: LogEntry): void {
  const { ring } = known
  const place = (known.newest + 1) % BATCHES_MAX
  known.newest = place
  if (place >= known.count) known.count = place + 1
  ring[place] = entry.batch.baseSequence
  ring[LAST + place] = lastSequenceOf(entry.batch)
  ring[BASE_OFFSET + place] = entry.baseOffset
  ring[NEXT_OFFSET + place] = nextOffsetOf(entry)
}

function forgetBatches(known: ProducerState): void {
  known.count = 0
  known.newest = -1
}

/** Only the newest is left, in the first place. */
function forgetOlder(known: ProducerState): void {
  const { newest, ring } = known
  for (let of = 0; of < RING_NUMBERS; of += BATCHES_MAX) ring[of] = ring[of + newest] as number
  known.count = 1
  known.newest = 0
}
