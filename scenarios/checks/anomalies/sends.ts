/**
 * nonmonotonic-send: what one process sends to a partition stands there in the order of its sends.
 */

import { Outcome } from '../../../model/history.ts'
import { lackOf } from '../causes.ts'
import { acksOf, keepsOrder } from '../configuration.ts'
import { type Finding, kept, Tally, vacuous } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { are, counted, seconds } from '../words.ts'
import { versionOrderOf } from './versions.ts'

export function judgeSendOrder(judgement: Judgement): Finding {
  const { history } = judgement.result
  const { data, length } = history.sends
  const order = versionOrderOf(judgement)
  const width = order.logs.length
  // One more than the row of the last acknowledged send, by process and partition.
  const before = new Int32Array(width * history.names.length)
  const breaches = new Tally()
  let compared = 0
  for (let row = 0; row < length; row += 1) {
    const offset = data.offset[row] as number
    if (data.outcome[row] !== Outcome.ok || offset < 0) continue
    const place = order.placeOf(data.partition[row] as number)
    const at = (data.process[row] as number) * width + place
    const last = (before[at] as number) - 1
    before[at] = row + 1
    if (last === -1) continue
    compared += 1
    const end = (data.offset[last] as number) + (data.count[last] as number)
    if (offset < end) disorder(judgement, breaches, { row, last })
  }
  if (breaches.count > 0) {
    const { count } = breaches
    return breaches.broken(`${counted(count, 'send')} ${are(count)} stored before earlier ones`)
  }
  if (compared === 0) return vacuous(true, 'No process sent twice to one partition')
  return kept(true, 'What each process sent to a partition stands there in the order of its sends')
}

interface Disorder {
  readonly row: number
  readonly last: number
}

function disorder(judgement: Judgement, breaches: Tally, { row, last }: Disorder): void {
  const { names, sends } = judgement.result.history
  const { data } = sends
  breaches.add('stored before an earlier send', 1, excuseFor(judgement, row, last), () => {
    const partition = judgement.partitionText(data.partition[row] as number)
    const [first, second] = [last, row].map(
      (at) => `${data.stream[at]}:${data.index[at]} at offset ${data.offset[at]}`,
    )
    const atUs = judgement.since(data.invokedUs[row] as number)
    return {
      sentence:
        `${names[data.process[row] as number]} sent to ${partition} record ${first} and then, at ` +
        `${seconds(atUs)}, record ${second}`,
      atUs,
      partition,
      offset: data.offset[row] as number,
      records: [last, row].map((at) => `${data.stream[at]}:${data.index[at]}`),
    }
  })
}

function excuseFor(judgement: Judgement, row: number, last: number): string | null {
  const { data } = judgement.result.history.sends
  const { config } = judgement.senderOfStream(data.stream[row] as number)
  if (!keepsOrder(config))
    return 'not promised: the producer retries with several requests in flight'
  if ((data.attempt[row] as number) > 0 || (data.attempt[last] as number) > 0) {
    return 'not promised: the application sent it again'
  }
  if (acksOf(config) !== 'all') return 'not promised: what acks=all did not keep may be gone'
  return lackOf(judgement, data.partition[row] as number)
}
