/**
 * The account of a loss: an acknowledged record that no log holds (no-loss, level `stored`).
 *
 * Follows the record through the logs: who appended it, who had it when it was acknowledged, what
 * befell each of them, and who led without it.
 */

import { partitionOf, topicOf } from '../../model/record.ts'
import { eachRange } from '../checks/atoms.ts'
import { acksOf } from '../checks/configuration.ts'
import type { Verdict } from '../result.ts'
import type { Witnessed } from './account.ts'
import type { Moment } from './chronicle.ts'
import { type Account, brokerProcess, ofMany, recordOf, Story, type Told } from './story.ts'

/** How long after the acknowledgement what befell the holders still belongs to the story. */
const AFTER_US = 120_000_000
const BEFORE_US = 1_000_000

interface Held {
  /** Brokers that ever had it. */
  readonly holders: readonly number[]
  /** Leader epoch in which it was first appended. */
  readonly epoch: number
  /** When the last of them lost it; null if some log kept it until it was passed over. */
  readonly goneUs: number | null
}

interface Span {
  readonly fromUs: number
  readonly untilUs: number
  readonly epoch: number
}

export function lossAccount(seen: Witnessed, verdict: Verdict): Account | null {
  const told = recordOf(seen, verdict)
  if (told === null) return null
  const { judgement } = seen
  const row = (judgement.sends.okRow[told.atom] as number) - 1
  if (row < 0) return null
  const { sends } = judgement.result.history
  const partition = sends.get('partition', row)
  if (partition < 0 || topicOf(partition) < 0 || partitionOf(partition) < 0) return null
  const offset = sends.get('offset', row) + told.index - sends.get('index', row)
  const ackedUs = sends.get('endedUs', row)
  const place = { partition, offset, ackedUs, name: judgement.partitionText(partition) }
  const story = new Story(seen)
  const { holders, epoch, goneUs } = tellHolders(seen, story, told, place)
  const span = { fromUs: ackedUs - BEFORE_US, untilUs: goneUs ?? ackedUs + AFTER_US, epoch }
  tellLeaders(seen, story, span, place)
  const names = holders.map(brokerProcess)
  story.addTimeline(span.fromUs, span.untilUs, names)
  story.addLives(span.fromUs, span.untilUs, names)
  return {
    check: verdict.check,
    scope: verdict.scope,
    kind: 'loss',
    about: `${judgement.recordText(told.atom)}, ${ofMany(verdict.count, 'lost record')}`,
    steps: story.told(),
    moral: moralOf(seen, told, holders),
  }
}

interface Place {
  readonly partition: number
  readonly offset: number
  readonly ackedUs: number
  readonly name: string
}

/** Who ever had the record; tells of each append, of the acknowledgement and of each cut. */
function tellHolders(seen: Witnessed, story: Story, told: Told, place: Place): Held {
  const holders: number[] = []
  let epoch = -1
  let goneUs: number | null = null
  const having: number[] = []
  let acked = false
  for (const moment of seen.chronicle.of(place.partition)) {
    if (!acked && moment.atUs > place.ackedUs) {
      acked = true
      tellAcknowledged(seen, story, told, { ...place, having: having.slice() })
    }
    if (moment.kind === 'appended' && holds(moment, told)) {
      if (!having.includes(moment.broker)) having.push(moment.broker)
      if (!holders.includes(moment.broker)) holders.push(moment.broker)
      goneUs = null
      const { broker, baseOffset, leaderEpoch, batch } = moment
      if (epoch < 0) epoch = leaderEpoch
      const last = baseOffset + batch.count - 1
      const batchText = batch.count === 1 ? '' : `, in a batch from ${baseOffset} to ${last}`
      const as = moment.asLeader
        ? `broker ${broker}, leader of ${place.name} in epoch ${leaderEpoch}, appended it`
        : `broker ${broker} copied it from its leader`
      story.add(moment.atUs, brokerProcess(broker), `${as} at offset ${place.offset}${batchText}`)
    } else if (isCut(moment)) {
      if (!having.includes(moment.broker) || moment.endOffset > place.offset) continue
      having.splice(having.indexOf(moment.broker), 1)
      if (having.length === 0) goneUs = moment.atUs
      story.add(moment.atUs, brokerProcess(moment.broker), cutText(moment, place))
    } else if (moment.kind === 'trimmed') {
      const { broker, startOffset, atUs } = moment
      if (!having.includes(broker) || startOffset <= place.offset) continue
      having.splice(having.indexOf(broker), 1)
      if (having.length === 0) goneUs = atUs
      const text = `broker ${broker} deleted segments by age: its log of ${place.name} starts at ${startOffset}`
      story.add(atUs, brokerProcess(broker), text)
    }
  }
  if (!acked) tellAcknowledged(seen, story, told, { ...place, having })
  return { holders, epoch, goneUs }
}

type Cut = Extract<Moment, { fromEnd: number }>

function isCut(moment: Moment): moment is Cut {
  return 'fromEnd' in moment
}

function cutText(moment: Cut, { name }: Place): string {
  const { broker, fromEnd, endOffset } = moment
  if (moment.kind === 'dropped') {
    return `broker ${broker} deleted its log of ${name}, which had moved to other brokers`
  }
  const gone = fromEnd - endOffset === 1 ? 'one record is' : `${fromEnd - endOffset} records are`
  const how =
    moment.kind === 'truncated'
      ? `broker ${broker} cut its log of ${name} back from ${fromEnd} to ${endOffset} to follow its leader`
      : `broker ${broker} found that its disk had kept ${name} up to ${endOffset} of ${fromEnd} only`
  return `${how}: ${gone} gone there, this one among them`
}

function tellAcknowledged(
  seen: Witnessed,
  story: Story,
  told: Told,
  { ackedUs, having }: Place & { readonly having: readonly number[] },
): void {
  const { judgement } = seen
  const sender = judgement.senderOfStream(told.stream)
  const process = judgement.result.history.streams[told.stream]?.producer ?? sender.name
  const acks = { all: 'all', leader: '1', none: '0' }[acksOf(sender.config)]
  const where =
    having.length === 0
      ? 'no log had it'
      : having.length === 1
        ? `broker ${having[0]} alone had it`
        : `brokers ${having.join(', ')} had it`
  const heard = acks === '0' ? `${process} took it as sent` : `${process} was told ok`
  story.add(ackedUs, process, `${heard} (acks=${acks}): at that moment ${where}`)
}

function holds(moment: Extract<Moment, { kind: 'appended' }>, told: Told): boolean {
  let found = false
  eachRange(moment.batch, (stream, index, count) => {
    found ||= stream === told.stream && index <= told.index && told.index < index + count
  })
  return found
}

/** Elections since the record was appended, and the leader who began without it. */
function tellLeaders(
  seen: Witnessed,
  story: Story,
  { untilUs, epoch: appendedIn }: Span,
  { partition, offset, name }: Place,
): void {
  let epoch = appendedIn
  for (const moment of seen.chronicle.of(partition)) {
    if (moment.atUs > untilUs) return
    if (moment.kind === 'elected' && moment.leaderEpoch > epoch) {
      epoch = moment.leaderEpoch
      story.add(moment.atUs, null, electedText(moment, name))
    } else if (moment.kind === 'led' && moment.leaderEpoch > appendedIn) {
      const { broker, leaderEpoch, startOffset } = moment
      const lacks = startOffset <= offset ? `: offset ${offset} was not in it` : ''
      const text = `broker ${broker} began to lead ${name} in epoch ${leaderEpoch} with its log ending at ${startOffset}${lacks}`
      story.add(moment.atUs, brokerProcess(broker), text)
      if (startOffset <= offset) return
    }
  }
}

/** A change of the durable metadata in words. */
export function electedText(moment: Extract<Moment, { kind: 'elected' }>, name: string): string {
  const { leader, leaderEpoch, isr, clean } = moment
  const set = isr.length === 1 ? `ISR ${isr[0]} alone` : `ISR ${isr.join(', ')}`
  if (leader === -1) return `${name} was left without a leader in epoch ${leaderEpoch} (${set})`
  const how = clean ? '' : ' UNCLEANLY, from outside the ISR'
  return `the controller made broker ${leader} leader of ${name} in epoch ${leaderEpoch}${how} (${set})`
}

function moralOf(seen: Witnessed, told: Told, holders: readonly number[]): string {
  const sender = seen.judgement.senderOfStream(told.stream)
  const acks = acksOf(sender.config)
  if (holders.length === 0) return 'No log ever held it, and yet it was acknowledged.'
  if (acks === 'none') return 'acks=0 waits for nobody: what is acknowledged was only sent.'
  if (acks === 'leader') {
    return 'acks=1 waits for the leader alone: what no follower has yet goes with it.'
  }
  return `It had been on ${holders.length === 1 ? 'one broker' : `${holders.length} brokers`}, and every one of them gave it up or was passed over.`
}
