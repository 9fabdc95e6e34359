/**
 * The account of a record that a group processed, or of which an effect happened, more than once;
 * or of an effect that did not happen, because what was left of a first try said that it had.
 *
 * Between the first time and the second stands a commit that did not come: the story tells each
 * processing and effect, the commits around them, the death or pause, and the next owner.
 */

import { Outcome, Ownership } from '../../model/history.ts'
import type { Verdict } from '../result.ts'
import type { Witnessed } from './account.ts'
import { firstGiven } from './owners.ts'
import { type Account, covers, ofMany, recordOf, Story, type Told } from './story.ts'

export function repeatsAccount(seen: Witnessed, verdict: Verdict): Account | null {
  const told = recordOf(seen, verdict)
  if (told === null) return null
  const story = new Story(seen)
  const works = tellWorks(seen, story, told, groupsOf(seen, verdict))
  const [first] = works
  const last = works.at(-1)
  if (first === undefined || last === undefined) return null
  if (verdict.check === 'effects-once') tellEffects(seen, story, told, verdict.scope)
  const committed = tellCommits(seen, story, first, last)
  tellOwners(seen, story, first, last)
  const members = [...new Set(works.map(({ member }) => member))]
  story.addTimeline(first.beganUs, last.endedUs, members)
  story.addLives(first.beganUs, last.endedUs, members)
  const { judgement } = seen
  const missing = verdict.signature.endsWith(': no effect')
  const noun = missing
    ? 'missing effect'
    : `repeated ${verdict.check === 'effects-once' ? 'effect' : 'record'}`
  return {
    check: verdict.check,
    scope: verdict.scope,
    kind: 'repeats',
    about: `${judgement.recordText(told.atom)}, ${ofMany(verdict.count, noun)}`,
    steps: story.told(),
    moral: missing ? missingMoral(works) : repeatedMoral(committed),
  }
}

function missingMoral(works: readonly Work[]): string {
  return works.length > 1
    ? 'The first try left something that said that the effect had happened, before it had: the next one believed it and left the effect out.'
    : 'It was worked on once, and the work ended without its effect.'
}

function repeatedMoral(committed: boolean): string {
  return committed
    ? 'Its offset was committed and went back: what stands behind it was read again.'
    : 'The work was done and the commit that says so had not been accepted when the partition changed hands, so the next owner did it again.'
}

interface Work {
  readonly member: string
  readonly group: number
  readonly partition: number
  readonly offset: number
  readonly beganUs: number
  readonly endedUs: number
}

/** Groups that may have processed it: the one of the scope, or all that cause an effect. */
function groupsOf({ judgement }: Witnessed, { scope }: Verdict): readonly number[] {
  const name = scope.replace(/^delivered-once:/, '')
  const own = judgement.scenario.consumers.filter(
    ({ group, calls }) => group === name || calls.some(({ service }) => service === name),
  )
  return own.map(({ group }) => judgement.groupId(group))
}

function tellWorks(
  { judgement }: Witnessed,
  story: Story,
  told: Told,
  groups: readonly number[],
): readonly Work[] {
  const { processings, names } = judgement.result.history
  const { data } = processings
  const works: Work[] = []
  for (let row = 0; row < processings.length; row += 1) {
    const range = {
      stream: data.stream[row] as number,
      index: data.index[row] as number,
      count: data.count[row] as number,
    }
    if (!groups.includes(data.group[row] as number) || !covers(range, told)) continue
    const member = names[data.process[row] as number] ?? ''
    const beganUs = data.invokedUs[row] as number
    const endedUs = data.endedUs[row] as number
    const done = data.outcome[row] === Outcome.ok
    const nth = works.length === 0 ? '' : ' again'
    const offset = data.offset[row] as number
    const where = `offset ${offset} of ${judgement.partitionText(data.partition[row] as number)}`
    const text = done
      ? `${member} had processed it${nth} (${where}, generation ${data.generation[row]})`
      : `${member} had begun to process it${nth} and did not end (${where})`
    story.add(done ? endedUs : beganUs, member, text)
    works.push({
      member,
      group: data.group[row] as number,
      partition: data.partition[row] as number,
      offset,
      beganUs,
      endedUs: Number.isFinite(endedUs) ? endedUs : beganUs,
    })
  }
  return works
}

function tellEffects({ judgement }: Witnessed, story: Story, told: Told, effect: string): void {
  const { effects, names, messages } = judgement.result.history
  const { data } = effects
  const id = names.indexOf(effect)
  for (let row = 0; row < effects.length; row += 1) {
    if (data.effect[row] !== id || data.stream[row] !== told.stream) continue
    if (data.index[row] !== told.index) continue
    const message = messages.text(data.message[row] as number)
    const did = data.applied[row] === 1 ? 'applied' : 'refused as known'
    const member = names[data.process[row] as number] ?? ''
    story.add(data.atUs[row] as number, member, `${effect} ${did} the effect of message ${message}`)
  }
}

/**
 * Commits of its partition between the two; true if one of them was past the record and accepted.
 */
function tellCommits({ judgement }: Witnessed, story: Story, first: Work, last: Work): boolean {
  const { commits, names } = judgement.result.history
  const { data } = commits
  let passed = false
  let before = -1
  for (let row = 0; row < commits.length; row += 1) {
    if (data.group[row] !== first.group || data.partition[row] !== first.partition) continue
    const invokedUs = data.invokedUs[row] as number
    if (invokedUs > last.endedUs) break
    const offset = data.offset[row] as number
    const outcome = data.outcome[row]
    if (offset <= first.offset) {
      if (outcome === Outcome.ok && invokedUs <= first.endedUs) before = row
      continue
    }
    const accepted = outcome === Outcome.ok && (data.endedUs[row] as number) < last.beganUs
    passed ||= accepted
    const member = names[data.process[row] as number] ?? ''
    const how = { [Outcome.ok]: 'accepted', [Outcome.failed]: 'refused' }[outcome as number]
    const said = `${member} committed offset ${offset}, past it: ${how ?? 'no answer came'}`
    if (invokedUs <= last.endedUs) story.add(invokedUs, member, said)
  }
  if (before >= 0 && !passed) {
    const member = names[data.process[before] as number] ?? ''
    const text = `${member} committed offset ${data.offset[before]}, the last before this record`
    story.add(data.invokedUs[before] as number, member, text)
  }
  return passed
}

function tellOwners(seen: Witnessed, story: Story, first: Work, last: Work): void {
  const { judgement } = seen
  const { ownerships, names } = judgement.result.history
  const { data } = ownerships
  const name = judgement.partitionText(first.partition)
  for (let row = 0; row < ownerships.length; row += 1) {
    if (data.group[row] !== first.group || data.partition[row] !== first.partition) continue
    const atUs = data.atUs[row] as number
    if (atUs < first.beganUs || atUs > last.endedUs) continue
    const member = names[data.process[row] as number] ?? ''
    const at = data.offset[row] as number
    const kind = data.kind[row]
    if (kind === Ownership.assigned || kind === Ownership.seek) {
      const from = firstGiven(seen, { row, at })
      story.add(atUs, member, `${member} got ${name} (generation ${data.generation[row]})${from}`)
    } else {
      const how = kind === Ownership.lost ? 'lost' : 'gave back'
      story.add(atUs, member, `${member} ${how} ${name}`)
    }
  }
}
