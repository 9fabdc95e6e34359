/**
 * The account of two records of one key that stand or were processed in the wrong order.
 *
 * Tells both records from their sending to their processing, and what came between: partitions that
 * were added, retries that overtook each other, owners that changed.
 */

import { Outcome } from '../../model/history.ts'
import type { Verdict } from '../result.ts'
import type { Witnessed } from './account.ts'
import { type Account, brokerProcess, covers, ofMany, recordOf, Story, type Told } from './story.ts'
import { eachRange } from '../checks/atoms.ts'

export function disorderAccount(seen: Witnessed, verdict: Verdict): Account | null {
  const late = recordOf(seen, verdict, 0)
  const early = recordOf(seen, verdict, 1)
  if (late === null || early === null) return null
  const { judgement } = seen
  const story = new Story(seen)
  const group = verdict.scope === 'stored' ? null : verdict.scope
  const one = tellRecord(seen, story, late, { name: `record ${nameOf(seen, late)}`, group })
  const two = tellRecord(seen, story, early, { name: `record ${nameOf(seen, early)}`, group })
  const names = [...one.processes, ...two.processes]
  const fromUs = Math.min(one.sentUs, two.sentUs) - 1_000_000
  const untilUs = Math.max(one.lastUs, two.lastUs)
  story.addTimeline(fromUs, untilUs, names)
  story.addLives(fromUs, untilUs, names)
  addedBefore(seen, story, fromUs)
  return {
    check: verdict.check,
    scope: verdict.scope,
    kind: 'disorder',
    about:
      `${judgement.recordText(late.atom)} came after the later record ${nameOf(seen, early)}, ` +
      `${ofMany(verdict.count, 'record')} out of order`,
    steps: story.told(),
    moral: moralOf(seen, late, early),
  }
}

function nameOf({ judgement }: Witnessed, told: Told): string {
  return judgement.atoms.name(told.atom)
}

interface Traced {
  readonly processes: readonly string[]
  readonly sentUs: number
  readonly lastUs: number
}

function tellRecord(
  seen: Witnessed,
  story: Story,
  told: Told,
  { name, group }: { readonly name: string; readonly group: string | null },
): Traced {
  const { judgement } = seen
  const { sends, names } = judgement.result.history
  const row = Math.max(0, (judgement.sends.firstRow[told.atom] as number) - 1)
  const process = names[sends.get('process', row)] ?? ''
  const sentUs = sends.get('invokedUs', row)
  story.add(sentUs, process, `${process} sent ${name}`)
  const processes = [process]
  let lastUs = tellAppend(seen, story, told, { name, processes })
  if (group !== null) {
    const { data, length } = judgement.result.history.processings
    for (let at = 0; at < length; at += 1) {
      const range = {
        stream: data.stream[at] as number,
        index: data.index[at] as number,
        count: data.count[at] as number,
      }
      if (data.group[at] !== judgement.groupId(group) || !covers(range, told)) continue
      if (data.outcome[at] !== Outcome.ok) continue
      const member = names[data.process[at] as number] ?? ''
      const where = `offset ${data.offset[at]} of ${judgement.partitionText(data.partition[at] as number)}`
      const endedUs = data.endedUs[at] as number
      story.add(endedUs, member, `${member} had processed ${name} (${where})`)
      processes.push(member)
      lastUs = Math.max(lastUs, endedUs)
      break
    }
  }
  return { processes, sentUs, lastUs: Math.max(lastUs, sentUs) }
}

/** Its first append that is still in the final logs. */
function tellAppend(
  { judgement, chronicle }: Witnessed,
  story: Story,
  told: Told,
  { name, processes }: { readonly name: string; readonly processes: string[] },
): number {
  const partition = judgement.stored.partition[told.atom] as number
  const stands = judgement.stored.offset[told.atom] as number
  for (const moment of chronicle.of(partition)) {
    if (moment.kind !== 'appended' || !moment.asLeader) continue
    let offset = -1
    eachRange(moment.batch, (stream, index, count, at) => {
      if (covers({ stream, index, count }, told)) {
        offset = moment.baseOffset + at + told.index - index
      }
    })
    if (offset !== stands) continue
    const where = `offset ${offset} of ${judgement.partitionText(partition)}`
    const text = `broker ${moment.broker} appended ${name} at ${where} (epoch ${moment.leaderEpoch})`
    story.add(moment.atUs, brokerProcess(moment.broker), text)
    processes.push(brokerProcess(moment.broker))
    return moment.atUs
  }
  return 0
}

/** Partitions that were added earlier still decide where a key goes. */
function addedBefore({ judgement }: Witnessed, story: Story, untilUs: number): void {
  const { originUs } = judgement.result.phases
  for (const { kind, target, atUs } of judgement.tookEffect()) {
    if (kind !== 'add-partitions' || atUs === null || atUs + originUs > untilUs) continue
    story.add(atUs + originUs, null, `the timeline struck: ${kind} ${target}`)
  }
}

function moralOf({ judgement }: Witnessed, late: Told, early: Told): string {
  const { partition, offset } = judgement.stored
  const one = partition[late.atom] as number
  const other = partition[early.atom] as number
  if (one !== other) {
    return (
      `The key moved from ${judgement.partitionText(one)} to ${judgement.partitionText(other)}: ` +
      'a key’s partition is its hash modulo their number, and between partitions there is no order.'
    )
  }
  if ((offset[late.atom] as number) > (offset[early.atom] as number)) {
    return 'The log itself has them in the wrong order: a batch that was tried again came after a later one.'
  }
  return 'The log has them in the right order; they were processed by different members or again from an earlier offset.'
}
