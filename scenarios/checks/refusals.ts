/**
 * refusals: what must be refused is refused (`inspect:` in a scenario).
 *
 * The inspector asks what Kafka 3.9 and ZooKeeper 3.8 refuse: malformed, unknown, out of order, or
 * in the name of what has been superseded. An answer that says nothing about the rule, such as a
 * leader that just moved, is not judged. That it is refused is promised whatever the configuration.
 */

import { Outcome } from '../../model/history.ts'
import type { Check } from './check.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { be, counted } from './words.ts'

export const refusals: Check = {
  name: 'refusals',
  statement: 'A request that breaks a rule of the protocol is refused.',
  promise: 'Always.',
  scopes: ({ scenario }) => (scenario.inspector === undefined ? [] : ['all']),
  judge,
}

function judge(judgement: Judgement): Finding {
  const { history } = judgement.result
  const { data, length } = history.inspections
  const taken = new Tally()
  let refused = 0
  for (let row = 0; row < length; row += 1) {
    if (data.outcome[row] === Outcome.failed) refused += 1
    if (data.outcome[row] !== Outcome.ok) continue
    const name = history.names[data.inspection[row] as number] as string
    const atUs = judgement.since(data.invokedUs[row] as number)
    taken.add(`${name} was not refused as it must be`, 1, null, () => ({
      sentence: `${name} was not refused as it must be`,
      atUs,
      partition: null,
      offset: null,
      records: [],
    }))
  }
  if (taken.count > 0) {
    return taken.broken(
      `${counted(taken.count, 'request')} that must be refused ${be(taken.count)} not, or for another reason`,
    )
  }
  if (refused === 0) return vacuous(true, 'Nothing that must be refused was answered')
  return kept(
    true,
    `${refused === 1 ? 'The one request' : `All ${counted(refused, 'request')}`} that must be refused ${be(refused)} refused`,
  )
}
