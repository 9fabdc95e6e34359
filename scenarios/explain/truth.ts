/**
 * The account of a breach of truth: what happened in that partition before it.
 */

import { grouped } from '../checks/words.ts'
import type { Verdict } from '../result.ts'
import type { Witnessed } from './account.ts'
import { electedText } from './loss.ts'
import { type Account, brokerProcess, Story } from './story.ts'

const BEFORE_US = 30_000_000

export function truthAccount(seen: Witnessed, verdict: Verdict): Account | null {
  const { judgement, chronicle } = seen
  const breach = judgement.result.truth.find(({ property }) => property === verdict.scope)
  if (breach === undefined) return null
  const { partition, brokers } = breach
  const atUs = breach.atUs + judgement.result.phases.originUs
  const name = judgement.partitionText(partition)
  const story = new Story(seen)
  let epoch = -1
  for (const moment of chronicle.of(partition)) {
    if (moment.atUs > atUs) break
    const newer = moment.kind === 'elected' && moment.leaderEpoch > epoch
    if (moment.kind === 'elected') epoch = Math.max(epoch, moment.leaderEpoch)
    if (moment.atUs < atUs - BEFORE_US) continue
    if (moment.kind === 'elected' && newer) story.add(moment.atUs, null, electedText(moment, name))
    if (moment.kind === 'led') {
      const { broker, leaderEpoch, startOffset, isr } = moment
      const text = `broker ${broker} began to lead ${name} in epoch ${leaderEpoch} with its log ending at ${startOffset} and ISR ${isr.join(', ')}`
      story.add(moment.atUs, brokerProcess(broker), text)
    }
    if (moment.kind === 'truncated' || moment.kind === 'lost-unsynced') {
      const { broker, fromEnd, endOffset } = moment
      const why = moment.kind === 'truncated' ? 'was cut back' : 'had lost its tail on disk'
      const text = `the log of broker ${broker} ${why} from ${fromEnd} to ${endOffset}`
      story.add(moment.atUs, brokerProcess(broker), text)
    }
  }
  story.add(atUs, null, `${verdict.scope} broke: ${breach.sentence.replace(/\.$/, '')}`)
  const names = brokers.map(brokerProcess)
  story.addTimeline(atUs - BEFORE_US, atUs, names)
  story.addLives(atUs - BEFORE_US, atUs, names)
  return {
    check: verdict.check,
    scope: verdict.scope,
    kind: 'truth',
    about: `${name}, the first of ${grouped(verdict.count)}`,
    steps: story.told(),
    moral: 'What must hold inside the system whatever clients see did not hold.',
  }
}
