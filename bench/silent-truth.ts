/**
 * A run without truth: the same run, with the few answers that it asks of truth known beforehand.
 *
 * Truth watches, and the run asks it what the budget of faults allows and how far it has settled.
 * A first run with a `RecordingTruth` keeps those answers; a second one with a `SilentTruth` gives
 * them back and hears nothing. Its trace has the same hash, and what it takes less is truth.
 */

// oxlint-disable max-params -- the parameters are those of `Facts`.

import type { PartitionId } from '../model/record.ts'
import type { RunOptions } from '../scenarios/run.ts'
import { EnsembleTruth } from '../scenarios/truth/ensemble.ts'
import { Truth } from '../scenarios/truth/truth.ts'

type Answer =
  | ReturnType<Truth['wouldLose']>
  | ReturnType<Truth['durable']>
  | ReturnType<Truth['logOf']>
  | boolean

/** What truth was asked in a run, in the order of the questions. */
export type Answers = Answer[]

/** Truth as ever; keeps what it was asked. */
export function recordingTruth(answers: Answers): RunOptions {
  return { truth: (now, nameOf) => new RecordingTruth(now, nameOf, answers) }
}

/** Nobody listens; what is asked was answered before. */
export function silentTruth(answers: Answers): RunOptions {
  return {
    truth: (now, nameOf) => new SilentTruth(now, nameOf, answers),
    ensembleTruth: (now) => new SilentEnsembleTruth(now),
  }
}

class RecordingTruth extends Truth {
  readonly #answers: Answers

  constructor(now: () => number, nameOf: (partition: PartitionId) => string, answers: Answers) {
    super(now, nameOf)
    this.#answers = answers
  }

  override wouldLose(brokers: readonly number[]): PartitionId[] {
    return this.#kept(super.wouldLose(brokers))
  }

  override isRunning(broker: number): boolean {
    return this.#kept(super.isRunning(broker))
  }

  override durable(partition: PartitionId): ReturnType<Truth['durable']> {
    return this.#kept(super.durable(partition))
  }

  override logOf(broker: number, partition: PartitionId): ReturnType<Truth['logOf']> {
    const log = super.logOf(broker, partition)
    return this.#kept(log === null ? null : { end: log.end, highWatermark: log.highWatermark })
  }

  override holdsCommitted(broker: number, partition: PartitionId): boolean {
    return this.#kept(super.holdsCommitted(broker, partition))
  }

  #kept<One extends Answer>(answer: One): One {
    this.#answers.push(answer)
    return answer
  }
}

class SilentTruth extends Truth {
  readonly #answers: Answers
  #next = 0

  constructor(now: () => number, nameOf: (partition: PartitionId) => string, answers: Answers) {
    super(now, nameOf)
    this.#answers = answers
  }

  override wouldLose(): PartitionId[] {
    return this.#answer() as PartitionId[]
  }

  override isRunning(): boolean {
    return this.#answer() as boolean
  }

  override durable(): ReturnType<Truth['durable']> {
    return this.#answer() as ReturnType<Truth['durable']>
  }

  override logOf(): ReturnType<Truth['logOf']> {
    return this.#answer() as ReturnType<Truth['logOf']>
  }

  override holdsCommitted(): boolean {
    return this.#answer() as boolean
  }

  override diskStruck(): void {}
  override diskWiped(): void {}
  override diskRotted(): void {}
  override appended(): void {}
  override truncated(): void {}
  override lostUnsynced(): void {}
  override trimmed(): void {}
  override highWatermark(): void {}
  override ledFrom(): void {}
  override ledUntil(): void {}
  override leaderIsr(): void {}
  override stateCommitted(): void {}
  override exposed(): void {}
  override brokerStarted(): void {}
  override brokerStopped(): void {}

  #answer(): Answer {
    if (this.#next >= this.#answers.length) throw new Error('the run asks what it did not before')
    return this.#answers[this.#next++] as Answer
  }
}

class SilentEnsembleTruth extends EnsembleTruth {
  override committed(): void {}
  override applied(): void {}
  override led(): void {}
  override started(): void {}
  override voted(): void {}
  override chosen(): void {}
  override entered(): void {}
  override accepted(): void {}
  override discovered(): void {}
  override serves(): void {}
}
