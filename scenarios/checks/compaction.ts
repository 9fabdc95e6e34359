/**
 * compaction: the latest value of each key survives, and no tombstone is outlived by what it
 * deleted.
 *
 * Judged on the final logs of topics with cleanup.policy=compact, for what was acknowledged. What
 * a later record of its key stands for may be gone or not: a log is cleaned when the broker likes.
 */

import { causeOf, excuseOf } from './causes.ts'
import type { Check } from './check.ts'
import { compactedOf, type Latest, mayBeDeleted } from './compacted.ts'
import { acksOf } from './configuration.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { placeOf } from './no-loss-stored.ts'
import { isExpired } from './retention.ts'
import { counted, listed } from './words.ts'

export const compaction: Check = {
  name: 'compaction',
  statement:
    'In a compacted topic the latest value of each key survives, and no tombstone is outlived ' +
    'by what it deleted.',
  promise: 'By acks=all, unless the record was lost with an excuse.',
  scopes: () => ['stored'],
  judge: judgeCompaction,
}

function judgeCompaction(judgement: Judgement): Finding {
  const compacted = compactedOf(judgement)
  if (compacted === null) return vacuous(true, 'No topic is compacted')
  if (compacted.latest.length === 0) return vacuous(true, 'No key was written to a compacted topic')
  const { copies } = judgement.stored
  const breaches = new Tally()
  const survivors = survivorsOf(judgement)
  compacted.latest.forEach((latest, place) => {
    if (copies[latest.atom] !== 0 || judgement.stored.unread.has(latest.partition)) return
    const tombstone = compacted.isTombstone(latest.atom)
    const survivor = survivors[place] as number
    if (!tombstone && isGone(judgement, latest)) return
    if (!tombstone) missing(judgement, breaches, latest)
    else if (survivor !== -1) outlived(judgement, breaches, { latest, survivor })
  })
  if (breaches.count > 0) {
    const what =
      breaches.mechanism === 'outlived' ? 'came back after they were deleted' : 'lost their value'
    return breaches.broken(`${counted(breaches.count, 'key')} of compacted topics ${what}`)
  }
  if (judgement.stored.unread.size > 0) {
    const logs = [...judgement.stored.unread.keys()].map((one) => judgement.partitionText(one))
    return unknown(
      true,
      `Whether every key has its value is not known: ${listed(logs)} could not be read`,
    )
  }
  return kept(true, `Each of ${counted(compacted.latest.length, 'key')} has its latest value`)
}

/** Whether the latest value may be gone: deleted unbeknown, by age, or with its topic. */
function isGone(judgement: Judgement, latest: Latest): boolean {
  if (mayBeDeleted(judgement, latest)) return true
  const stream = judgement.atoms.streamOf(latest.atom)
  const place = placeOf(judgement, { atom: latest.atom, stream })
  return isExpired(judgement, judgement.topicOfStream(stream), place)
}

/** By key, a record of it that still stands, or −1. */
function survivorsOf(judgement: Judgement): Int32Array {
  const compacted = compactedOf(judgement)
  const survivors = new Int32Array(compacted?.latest.length ?? 0).fill(-1)
  const { copies } = judgement.stored
  for (let atom = 0; atom < judgement.atoms.count; atom += 1) {
    const place = (compacted?.keys[atom] ?? 0) - 1
    if (place >= 0 && copies[atom] !== 0) survivors[place] = atom
  }
  return survivors
}

function missing(
  judgement: Judgement,
  breaches: Tally,
  { key, partition, offset, atom }: Latest,
): void {
  const stream = judgement.atoms.streamOf(atom)
  const row = (judgement.sends.okRow[atom] as number) - 1
  const invokedUs = judgement.since(judgement.result.history.sends.get('invokedUs', row))
  const place = { partition, offset, invokedUs }
  const acks = acksOf(judgement.senderOfStream(stream).config)
  const excuse =
    acks === 'all' ? excuseOf(judgement, place) : 'not promised: acks=all did not keep it'
  const cause = causeOf(judgement, place)
  breaches.add('latest value gone', 1, excuse, () => ({
    sentence:
      `the latest value of key ${key}, ${judgement.recordText(atom)} at offset ${offset} of ` +
      `${judgement.partitionText(partition)}, is gone: ${cause.sentence}`,
    atUs: cause.atUs,
    partition: judgement.partitionText(partition),
    offset,
    records: [judgement.atoms.name(atom)],
  }))
}

interface Outlived {
  readonly latest: Latest
  readonly survivor: number
}

function outlived(judgement: Judgement, breaches: Tally, { latest, survivor }: Outlived): void {
  const { key, partition, offset, atom } = latest
  breaches.add('outlived', 1, null, () => ({
    sentence:
      `key ${key} was deleted at offset ${offset} of ${judgement.partitionText(partition)}; the ` +
      `tombstone is gone and ${judgement.recordText(survivor)} stands`,
    atUs: null,
    partition: judgement.partitionText(partition),
    offset,
    records: [judgement.atoms.name(atom), judgement.atoms.name(survivor)],
  }))
}
