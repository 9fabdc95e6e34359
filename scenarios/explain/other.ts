/**
 * The account of a breach that has no teller of its own: its evidence between what the timeline
 * did.
 */

import type { Verdict } from '../result.ts'
import type { Witnessed } from './account.ts'
import { type Account, Story } from './story.ts'

export function otherAccount(seen: Witnessed, verdict: Verdict): Account {
  const { originUs, endUs } = seen.result.phases
  const story = new Story(seen)
  let lastUs = 0
  for (const { sentence, atUs } of verdict.evidence) {
    if (atUs === null) continue
    lastUs = Math.max(lastUs, atUs)
    story.add(atUs + originUs, null, sentence.replace(/\.$/, ''))
  }
  story.addTimeline(originUs, (lastUs === 0 ? endUs : lastUs) + originUs, [])
  return {
    check: verdict.check,
    scope: verdict.scope,
    kind: 'other',
    about: verdict.sentence.replace(/\.$/, ''),
    steps: story.told(),
    moral: `How it came about is grouped under: ${verdict.signature}.`,
  }
}
