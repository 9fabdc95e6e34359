/**
 * The account of a record that is stored and was never processed (no-loss, level `processed`).
 *
 * Usually somebody committed past it: the story is who was given it, who committed what and when,
 * and where the next owner of the partition went on.
 */

import { Outcome, Ownership } from '../../model/history.ts'
import { readsCommitted } from '../checks/configuration.ts'
import type { Verdict } from '../result.ts'
import type { Witnessed } from './account.ts'
import { firstGiven } from './owners.ts'
import { type Account, covers, ofMany, recordOf, Story, type Told } from './story.ts'

export function unprocessedAccount(seen: Witnessed, verdict: Verdict): Account | null {
  const told = recordOf(seen, verdict)
  if (told === null) return null
  const { judgement } = seen
  const group = verdict.scope.replace(/^processed:/, '')
  const stored = readsCommitted(judgement.consumer(group))
    ? judgement.visibleTo(judgement.consumer(group))
    : judgement.stored
  const partition = stored.partition[told.atom] as number
  const offset = stored.offset[told.atom] as number
  const place = { group, groupId: judgement.groupId(group), partition, offset }
  const story = new Story(seen)
  const members = new Set<string>()
  const given = tellDeliveries(seen, story, told, { ...place, members })
  const begun = tellProcessings(seen, story, told, place)
  const passed = tellCommits(seen, story, place)
  const fromUs = Math.min(given ?? Infinity, passed ?? Infinity)
  tellOwners(seen, story, place, fromUs)
  const names = [...members]
  story.addTimeline(fromUs - 1_000_000, fromUs + 30_000_000, names)
  story.addLives(fromUs - 1_000_000, fromUs + 30_000_000, names)
  const where = `offset ${offset} of ${judgement.partitionText(partition)}`
  return {
    check: verdict.check,
    scope: verdict.scope,
    kind: 'unprocessed',
    about: `${judgement.recordText(told.atom)} at ${where}, ${ofMany(verdict.count, 'unprocessed record')}`,
    steps: story.told(),
    moral: moralOf(group, { given, begun, passed }),
  }
}

interface Place {
  readonly group: string
  readonly groupId: number
  readonly partition: number
  readonly offset: number
}

function tellDeliveries(
  { judgement }: Witnessed,
  story: Story,
  told: Told,
  { groupId, members }: Place & { readonly members: Set<string> },
): number | null {
  const { deliveries, names } = judgement.result.history
  const { data } = deliveries
  let first: number | null = null
  for (let row = 0; row < deliveries.length; row += 1) {
    if (data.group[row] !== groupId) continue
    const range = {
      stream: data.stream[row] as number,
      index: data.index[row] as number,
      count: data.count[row] as number,
    }
    if (!covers(range, told)) continue
    const member = names[data.process[row] as number] ?? ''
    const atUs = data.atUs[row] as number
    first ??= atUs
    members.add(member)
    story.add(atUs, member, `${member} was given it by a poll (generation ${data.generation[row]})`)
  }
  return first
}

function tellProcessings(
  { judgement }: Witnessed,
  story: Story,
  told: Told,
  { groupId }: Place,
): boolean {
  const { processings, names } = judgement.result.history
  const { data } = processings
  let begun = false
  for (let row = 0; row < processings.length; row += 1) {
    if (data.group[row] !== groupId) continue
    const range = {
      stream: data.stream[row] as number,
      index: data.index[row] as number,
      count: data.count[row] as number,
    }
    if (!covers(range, told)) continue
    begun = true
    const member = names[data.process[row] as number] ?? ''
    story.add(
      data.invokedUs[row] as number,
      member,
      `${member} began to work on it and never ended`,
    )
  }
  return begun
}

/** The first commit that passed the record: when it was asked for. */
function tellCommits({ judgement }: Witnessed, story: Story, place: Place): number | null {
  const { commits, names } = judgement.result.history
  const { data } = commits
  for (let row = 0; row < commits.length; row += 1) {
    if (data.group[row] !== place.groupId || data.partition[row] !== place.partition) continue
    const offset = data.offset[row] as number
    if (offset <= place.offset || data.outcome[row] === Outcome.failed) continue
    const member = names[data.process[row] as number] ?? ''
    const ended = data.outcome[row] === Outcome.ok ? 'it was accepted' : 'its answer never came'
    const text = `${member} committed offset ${offset}, past this record: ${ended}`
    story.add(data.invokedUs[row] as number, member, text)
    return data.invokedUs[row] as number
  }
  return null
}

/** Who owned the partition from then on, and where each began. */
function tellOwners(
  seen: Witnessed,
  story: Story,
  { groupId, partition }: Place,
  fromUs: number,
): void {
  const { judgement } = seen
  const { ownerships, names } = judgement.result.history
  const { data } = ownerships
  const name = judgement.partitionText(partition)
  let told = 0
  for (let row = 0; row < ownerships.length && told < 4; row += 1) {
    if (data.group[row] !== groupId || data.partition[row] !== partition) continue
    const atUs = data.atUs[row] as number
    if (atUs < fromUs) continue
    const member = names[data.process[row] as number] ?? ''
    const at = data.offset[row] as number
    const kind = data.kind[row] as number
    if (kind !== Ownership.assigned && kind !== Ownership.seek) continue
    told += 1
    story.add(atUs, member, `${member} got ${name}${firstGiven(seen, { row, at })}`)
  }
}

function moralOf(
  group: string,
  found: { given: number | null; begun: boolean; passed: number | null },
): string {
  if (found.passed === null) return `Nobody of ${group} committed past it, and nobody processed it.`
  if (found.given === null) return `${group} committed past it without having been given it.`
  const order = found.passed >= found.given ? 'after it was given the record' : 'before'
  return `The offset was committed ${order} and before the work on it was done, so whoever owns the partition next begins behind it.`
}
