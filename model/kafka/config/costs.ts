/**
 * Settings that a product accepts without a word and that cost dearly once something fails.
 *
 * They are no errors: people run clusters with them. A scenario that uses one says so in its
 * answer, with the price.
 */

import type { ConfigKind } from './classify.ts'
import type { PropertyValue } from './property.ts'

interface Cost {
  readonly kind: ConfigKind
  readonly property: string
  readonly values: readonly string[]
  readonly sentence: string
}

const costs: readonly Cost[] = [
  {
    kind: 'broker',
    property: 'offsets.topic.replication.factor',
    values: ['1'],
    sentence:
      'each group hangs on one broker: while it is down the group can neither join nor commit, ' +
      'and with its disk the commits are lost',
  },
  {
    kind: 'broker',
    property: 'unclean.leader.election.enable',
    values: ['true'],
    sentence: 'a replica that missed acknowledged records may lead, and then they are lost',
  },
  {
    kind: 'topic',
    property: 'unclean.leader.election.enable',
    values: ['true'],
    sentence: 'a replica that missed acknowledged records may lead, and then they are lost',
  },
  {
    kind: 'producer',
    property: 'acks',
    values: ['0'],
    sentence: 'nobody confirms a record: what a broker refuses or loses is lost unnoticed',
  },
]

/** The price of one setting, or undefined where it has none. */
export function costOf(
  kind: ConfigKind,
  property: string,
  value: PropertyValue,
): string | undefined {
  const word = String(value).trim().toLowerCase()
  return costs.find(
    (cost) => cost.kind === kind && cost.property === property && cost.values.includes(word),
  )?.sentence
}
