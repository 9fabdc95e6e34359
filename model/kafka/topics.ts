/**
 * The names of a run's topics and their dense ids.
 *
 * A topic's id stands for its name in packed partition ids, as topic ids do in Kafka. The table is
 * part of the deployment: the scenario's topics and the internal ones, in a fixed order.
 */

import type { TopicId } from '../record.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'
export const TRANSACTION_TOPIC = '__transaction_state'

export class Topics {
  readonly #names: readonly string[]
  readonly #ids: ReadonlyMap<string, TopicId>

  /** `names` of the scenario's topics; internal topics come first. */
  constructor(names: readonly string[]) {
    this.#names = [OFFSETS_TOPIC, TRANSACTION_TOPIC, ...names]
    this.#ids = new Map(this.#names.map((name, id) => [name, id]))
  }

  names(): readonly string[] {
    return this.#names
  }

  name(id: TopicId): string {
    return this.#names[id] ?? `topic-${id}`
  }

  id(name: string): TopicId | undefined {
    return this.#ids.get(name)
  }
}
