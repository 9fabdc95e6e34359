/**
 * One result laid out for judging: what every check reads, each table made once and when asked for.
 */

import { type PartitionId, type StreamId, topicOf } from '../../model/record.ts'
import type { Result, Struck } from '../result.ts'
import type { Consumer, Scenario } from '../schema/scenario.ts'
import type { TimelineEntry } from '../schema/timeline.ts'
import { Atoms } from './atoms.ts'
import { readsCommitted, type Sender, senderOf } from './configuration.ts'
import { Processed, processedBy } from './processed.ts'
import { Sends } from './sends.ts'
import { Stored } from './stored.ts'
import { partitionName } from './words.ts'

const OFFSETS_TOPIC = '__consumer_offsets'

/** A fault or an operation that took effect, with its place in the timeline. */
type Effect = Struck & { readonly entry: TimelineEntry | undefined }

export class Judgement {
  readonly result: Result
  readonly scenario: Scenario
  readonly atoms: Atoms
  readonly sends: Sends
  readonly stored: Stored
  readonly #groups: readonly Processed[]
  readonly #groupIds: readonly number[]
  readonly #senders = new Map<string, Sender>()
  #visible: Stored | null = null
  #tookEffect: readonly Effect[] | null = null
  readonly #made = new Map<string, unknown>()

  constructor(result: Result) {
    this.result = result
    this.scenario = result.case.scenario
    const { history, logs, phases } = result
    this.atoms = new Atoms(history, logs.uncommitted)
    this.sends = new Sends(history, this.atoms)
    this.stored = new Stored(this.atoms, logs.uncommitted)
    this.#groupIds = this.scenario.consumers.map(({ group }) => history.names.indexOf(group))
    const healUs = phases.originUs + phases.healUs
    this.#groups = processedBy(history, this.atoms, this.#groupIds, healUs)
    result.folded?.sums.work.forEach((work, place) => {
      const group = this.#groups[place] as Processed
      group.workUs += work.workUs
      group.works += work.works
    })
  }

  consumer(group: string): Consumer {
    return this.scenario.consumers[this.#place(group)] as Consumer
  }

  processed(group: string): Processed {
    return this.#groups[this.#place(group)] as Processed
  }

  /** The number of a group's name in the history's columns; −1 if the history has none. */
  groupId(group: string): number {
    return this.#groupIds[this.#place(group)] as number
  }

  /** The final logs as a group sees them. */
  visibleTo(consumer: Consumer): Stored {
    if (!readsCommitted(consumer)) return this.stored
    this.#visible ??= new Stored(this.atoms, this.result.logs.committed)
    return this.#visible
  }

  /** Something that several checks and measures need, made by the first. One type a name. */
  once<Value>(name: string, make: () => Value): Value {
    const made = this.#made.get(name)
    if (made !== undefined) return made as Value
    const value = make()
    this.#made.set(name, value)
    return value
  }

  /** Whether a stream goes to a topic that a group reads. */
  reads(consumer: Consumer, stream: StreamId): boolean {
    return consumer.topics.includes(this.topicOfStream(stream))
  }

  topicOfStream(stream: StreamId): string {
    const { history, topics } = this.result
    return topics[history.streams[stream]?.topic ?? -1] ?? ''
  }

  senderOfStream(stream: StreamId): Sender {
    const process = this.result.history.streams[stream]?.producer ?? ''
    let sender = this.#senders.get(process)
    if (sender === undefined) {
      sender = senderOf(this.scenario, process)
      this.#senders.set(process, sender)
    }
    return sender
  }

  /** The record of an atom in words: `record 3:17 of order-service-1 with key a`. */
  recordText(atom: number): string {
    const info = this.result.history.streams[this.atoms.streamOf(atom)]
    const key = info === undefined || info.key === null ? '' : ` with key ${info.key}`
    return `record ${this.atoms.name(atom)} of ${info?.producer ?? 'nobody'}${key}`
  }

  partitionText(partition: PartitionId): string {
    return partitionName(this.result.topics, partition)
  }

  isOffsetsTopic(partition: PartitionId): boolean {
    return this.result.topics[topicOf(partition)] === OFFSETS_TOPIC
  }

  /** True time as µs from t = 0. */
  since(trueUs: number): number {
    return trueUs - this.result.phases.originUs
  }

  /** The faults and operations that took effect. */
  tookEffect(): readonly Effect[] {
    this.#tookEffect ??= effectsIn(this.result)
    return this.#tookEffect
  }

  #place(group: string): number {
    return this.scenario.consumers.findIndex((one) => one.group === group)
  }
}

/** Field by field: an object that is spread has a hidden class of its own each time. */
function effectsIn({ struck, case: { timeline } }: Result): readonly Effect[] {
  const effects: Effect[] = []
  for (const { index, kind, target, resolved, atUs, untilUs, refused } of struck) {
    if (atUs === null || refused !== null) continue
    effects.push({ index, kind, target, resolved, atUs, untilUs, refused, entry: timeline[index] })
  }
  return effects
}
