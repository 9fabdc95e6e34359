/**
 * The account of a record that stands in its log twice (no-log-duplicates): who sent it how often,
 * what the sender was told, and which broker appended each copy under which producer id.
 */

import { Outcome } from '../../model/history.ts'
import { eachRange } from '../checks/atoms.ts'
import type { Verdict } from '../result.ts'
import type { Witnessed } from './account.ts'
import { type Account, brokerProcess, covers, ofMany, recordOf, Story, type Told } from './story.ts'

const outcomes: Readonly<Record<number, string>> = {
  [Outcome.open]: 'no answer ever came',
  [Outcome.ok]: 'it was told ok',
  [Outcome.failed]: 'it was told that it failed',
  [Outcome.unknown]: 'its time ran out: it may have been stored or not',
}

export function copiesAccount(seen: Witnessed, verdict: Verdict): Account | null {
  const told = recordOf(seen, verdict)
  if (told === null) return null
  const { judgement } = seen
  const story = new Story(seen)
  const attempts = tellSends(seen, story, told)
  const brokers = tellAppends(seen, story, told)
  const fromUs = attempts.firstUs - 1_000_000
  const names = [...brokers.names, attempts.process]
  story.addTimeline(fromUs, brokers.lastUs, names)
  story.addLives(fromUs, brokers.lastUs, names)
  return {
    check: verdict.check,
    scope: verdict.scope,
    kind: 'copies',
    about: `${judgement.recordText(told.atom)}, ${ofMany(verdict.count, 'record')} stored more than once`,
    steps: story.told(),
    moral:
      attempts.count > 1
        ? 'The application sent it again as a new record: a new sequence number, which no broker can know for the old one.'
        : 'The client sent it once for the application and tried again by itself; the broker took the second try for a new record.',
  }
}

interface Attempts {
  readonly count: number
  readonly firstUs: number
  readonly process: string
}

function tellSends({ judgement }: Witnessed, story: Story, told: Told): Attempts {
  const { sends, names } = judgement.result.history
  const { data } = sends
  let count = 0
  let firstUs = Infinity
  let process = ''
  for (let row = 0; row < sends.length; row += 1) {
    const range = {
      stream: data.stream[row] as number,
      index: data.index[row] as number,
      count: data.count[row] as number,
    }
    if (!covers(range, told)) continue
    count += 1
    process = names[data.process[row] as number] ?? ''
    const sentUs = data.invokedUs[row] as number
    firstUs = Math.min(firstUs, sentUs)
    const again = count === 1 ? 'sent it' : `sent it again, attempt ${count} of the application`
    story.add(sentUs, process, `${process} ${again}`)
    const endedUs = data.endedUs[row] as number
    if (Number.isFinite(endedUs)) {
      story.add(endedUs, process, `${process}: ${outcomes[data.outcome[row] as number] ?? ''}`)
    }
  }
  return { count, firstUs, process }
}

/** Each append of the record by a leader. */
function tellAppends(
  seen: Witnessed,
  story: Story,
  told: Told,
): { readonly names: readonly string[]; readonly lastUs: number } {
  const { judgement, chronicle } = seen
  const topic = judgement.topicOfStream(told.stream)
  const names: string[] = []
  let lastUs = 0
  for (const { partition, topic: of } of judgement.result.logs.uncommitted) {
    if (of !== topic) continue
    for (const moment of chronicle.of(partition)) {
      if (moment.kind !== 'appended' || !moment.asLeader) continue
      const { batch, baseOffset, broker, leaderEpoch, atUs } = moment
      let offset = -1
      eachRange(batch, (stream, index, count, at) => {
        if (!covers({ stream, index, count }, told)) return
        offset = baseOffset + at + told.index - index
      })
      if (offset < 0) continue
      names.push(brokerProcess(broker))
      lastUs = Math.max(lastUs, atUs)
      const by =
        batch.producerId < 0
          ? 'without a producer id'
          : `producer id ${batch.producerId}, sequence ${batch.baseSequence}`
      const where = `offset ${offset} of ${judgement.partitionText(partition)}`
      const text = `broker ${broker}, leader in epoch ${leaderEpoch}, appended it at ${where} (${by})`
      story.add(atUs, brokerProcess(broker), text)
    }
  }
  return { names, lastUs }
}
