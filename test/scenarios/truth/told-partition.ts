/**
 * One partition told to truth fact by fact, in few words: the logs stand here as well, so that a
 * test says who replicates from whom instead of repeating batches.
 */

import { type Batch, partitionId } from '../../../model/record.ts'
import { Truth } from '../../../scenarios/truth/truth.ts'

export const orders = partitionId(2, 0)

interface Entry {
  readonly base: number
  readonly epoch: number
  readonly batch: Batch
}

export class ToldPartition {
  readonly truth: Truth
  readonly #logs = new Map<number, Entry[]>()
  readonly #epochs = new Map<number, number>()
  readonly #partition: number
  #version = 0
  #now = 0

  constructor(brokers: readonly number[] = [0, 1, 2], partition: number = orders) {
    this.truth = new Truth(
      () => this.#now,
      () => 'orders-0',
    )
    this.#partition = partition
    for (const broker of brokers) {
      this.#logs.set(broker, [])
      this.truth.brokerStarted(broker)
    }
  }

  /** The durable metadata changes. */
  commit(leader: number, leaderEpoch: number, isr: readonly number[], clean = true): this {
    this.#tick()
    const partitionEpoch = (this.#version += 1)
    const state = { leader, leaderEpoch, isr, partitionEpoch, controllerEpoch: 1, clean }
    this.truth.stateCommitted(this.#partition, state)
    return this
  }

  lead(broker: number, epoch: number, isr: readonly number[]): this {
    this.#tick()
    this.#epochs.set(broker, epoch)
    this.truth.ledFrom(broker, this.#partition, epoch, this.end(broker), isr)
    return this
  }

  follow(broker: number): this {
    this.#tick()
    this.#epochs.delete(broker)
    this.truth.ledUntil(broker, this.#partition)
    return this
  }

  /** The leader appends a batch of `count` records. */
  write(broker: number, count = 1): this {
    const content = { kind: 'explicit', records: [] } as const
    const batch: Batch = {
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      transactional: false,
      control: 'none',
      count,
      bytes: 100,
      maxTimestampMs: 0,
      content,
    }
    const epoch = this.#epochs.get(broker) ?? 0
    return this.#append(broker, { base: this.end(broker), epoch, batch }, true)
  }

  /** A follower fetches all that it lacks, or so many batches. */
  fetch(from: number, to: number, batches = Infinity): this {
    const source = this.#log(from)
    const have = this.#log(to).length
    for (const entry of source.slice(have, have + batches)) this.#append(to, entry, false)
    return this
  }

  /** A replica appends where it should not. */
  place(broker: number, base: number, epoch: number): this {
    const [first] = this.#log(broker)
    const batch = first?.batch as Batch
    return this.#append(broker, { base, epoch, batch: { ...batch } }, false)
  }

  watermark(broker: number, offset: number): this {
    this.#tick()
    const epoch = this.#epochs.get(broker) ?? -1
    this.truth.highWatermark(broker, this.#partition, offset, epoch)
    return this
  }

  isr(broker: number, isr: readonly number[]): this {
    this.#tick()
    this.truth.leaderIsr(broker, this.#partition, isr)
    return this
  }

  truncate(broker: number, end: number): this {
    this.#tick()
    this.#cut(broker, end)
    this.truth.truncated(broker, this.#partition, end)
    return this
  }

  stop(broker: number): this {
    this.#tick()
    this.#epochs.delete(broker)
    this.truth.brokerStopped(broker)
    return this
  }

  start(broker: number): this {
    this.#tick()
    this.truth.brokerStarted(broker)
    return this
  }

  /** A broker loses power and comes back with a log that ends at `end`. */
  losePower(broker: number, end: number): this {
    this.stop(broker)
    this.truth.diskStruck(broker)
    this.start(broker)
    this.#cut(broker, end)
    this.truth.lostUnsynced(broker, this.#partition, end)
    return this
  }

  end(broker: number): number {
    const last = this.#log(broker).at(-1)
    return last === undefined ? 0 : last.base + last.batch.count
  }

  /** The offset up to which two logs are the same. */
  common(left: number, right: number): number {
    const [a, b] = [this.#log(left), this.#log(right)]
    let end = 0
    for (let at = 0; at < a.length && at < b.length; at += 1) {
      const [mine, other] = [a[at] as Entry, b[at] as Entry]
      if (mine.batch !== other.batch || mine.base !== other.base) break
      end = mine.base + mine.batch.count
    }
    return end
  }

  /** Which properties broke, in order. */
  properties(): string[] {
    return this.truth.breaches.map(({ property }) => property)
  }

  #append(broker: number, entry: Entry, asLeader: boolean): this {
    this.#tick()
    this.#log(broker).push(entry)
    const { base, epoch, batch } = entry
    this.truth.appended(broker, this.#partition, base, epoch, batch, asLeader)
    return this
  }

  #cut(broker: number, end: number): void {
    const kept = this.#log(broker).filter(({ base, batch }) => base + batch.count <= end)
    this.#logs.set(broker, kept)
  }

  #log(broker: number): Entry[] {
    let log = this.#logs.get(broker)
    if (log === undefined) {
      log = []
      this.#logs.set(broker, log)
    }
    return log
  }

  #tick(): void {
    this.#now += 1_000
  }
}

/** Three replicas in sync, with one committed record, broker 0 leading in epoch 0. */
export function settled(): ToldPartition {
  return new ToldPartition()
    .commit(0, 0, [0, 1, 2])
    .lead(0, 0, [0, 1, 2])
    .write(0)
    .fetch(0, 1)
    .fetch(0, 2)
    .watermark(0, 1)
    .watermark(1, 1)
    .watermark(2, 1)
}
