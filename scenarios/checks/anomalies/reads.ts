/**
 * Anomalies of what was read at all: G1a, inconsistent-offsets, duplicate, lost-write, unseen.
 *
 * The auditor who reads every log after the drain counts as a reader: its reading is the final poll
 * that `unseen` needs (checks.md 1).
 */

import type { History } from '../../../model/history.ts'
import type { Atoms } from '../atoms.ts'
import { excuseOf, hasExcuse } from '../causes.ts'
import { isSuperseded } from '../compacted.ts'
import { acksOf, readsCommitted, storesOnce } from '../configuration.ts'
import { type Finding, kept, Tally, unknown, vacuous } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { isUnread, lossExcuse, placeOf } from '../no-loss-stored.ts'
import { isExpired } from '../retention.ts'
import { are, be, counted, seconds } from '../words.ts'
import { eachTransactionalSend } from './transactional-sends.ts'
import { type Conflict, type VersionOrder, versionOrderOf } from './versions.ts'

/** A reader saw what surely was not written: its sends failed, or its transaction was aborted. */
export function judgeAbortedRead(judgement: Judgement): Finding {
  const { atoms, sends } = judgement
  const order = versionOrderOf(judgement)
  const aborted = abortedAtoms(judgement)
  const committedReads = aborted === null ? null : readCommitted(judgement)
  const breaches = new Tally()
  let read = 0
  for (let atom = 0; atom < atoms.count; atom += 1) {
    if (!order.isRead(atom)) continue
    read += 1
    const failed = sends.onlyFailed(atom)
    if (!failed && !(aborted?.[atom] === 1 && order.polled[atom] === 1)) continue
    const mechanism = failed ? 'its sends failed' : 'its transaction was aborted'
    const excuse = failed || committedReads?.[atom] === 1 ? null : UNCOMMITTED
    breaches.add(mechanism, atoms.weight(atom), excuse, () => ({
      sentence: `${judgement.recordText(atom)} was read, and ${mechanism}`,
      atUs: null,
      partition: judgement.partitionText(
        order.logs[(order.place[atom] as number) - 1]?.partition ?? 0,
      ),
      offset: null,
      records: [atoms.name(atom)],
    }))
  }
  if (breaches.count > 0) {
    const { count } = breaches
    return breaches.broken(`${counted(count, 'record')} ${be(count)} read that surely failed`)
  }
  if (read === 0) return vacuous(true, 'Nothing was read')
  return kept(true, 'No reader saw a record that surely failed')
}

const UNCOMMITTED = 'not promised: who read it reads uncommitted records'

/** Atoms of which every transaction was aborted; null without transactions. */
function abortedAtoms({ atoms, result: { history } }: Judgement): Uint8Array | null {
  if (history.transactions.length === 0) return null
  const aborted = new Uint8Array(atoms.count)
  const mark = (which: boolean, as: number): void => {
    eachTransactionalSend(history, (row, wasAborted) => {
      if (wasAborted === which) fillSend(aborted, atoms, { history, row }, as)
    })
  }
  mark(true, 1)
  // What another transaction sent again and did not abort may be read.
  mark(false, 0)
  return aborted
}

function fillSend(
  into: Uint8Array,
  atoms: Atoms,
  { history: { sends }, row }: { readonly history: History; readonly row: number },
  as: number,
): void {
  const stream = sends.get('stream', row)
  const index = sends.get('index', row)
  into.fill(as, atoms.at(stream, index), atoms.at(stream, index + sends.get('count', row)))
}

/** Atoms that a group was given which reads committed records alone. */
function readCommitted(judgement: Judgement): Uint8Array {
  const { atoms, result, scenario } = judgement
  const careful: boolean[] = []
  for (const consumer of scenario.consumers) {
    if (readsCommitted(consumer)) careful[judgement.groupId(consumer.group)] = true
  }
  const read = new Uint8Array(atoms.count)
  const { data, length } = result.history.deliveries
  for (let row = 0; row < length; row += 1) {
    const stream = data.stream[row] as number
    if (stream < 0 || careful[data.group[row] as number] !== true) continue
    const index = data.index[row] as number
    read.fill(1, atoms.at(stream, index), atoms.at(stream, index + (data.count[row] as number)))
  }
  return read
}

/** Two records at one offset. */
export function judgeOffsets(judgement: Judgement): Finding {
  const order = versionOrderOf(judgement)
  const breaches = new Tally()
  for (const conflict of conflictsOf(judgement, order)) {
    const { log, offset, one, other, excuse } = conflict
    const { partition } = log
    breaches.add('two records at one offset', 1, excuse, () => ({
      sentence:
        `offset ${offset} of ${judgement.partitionText(partition)} was seen as ` +
        `${judgement.recordText(one)} and as ${judgement.recordText(other)}`,
      atUs: null,
      partition: judgement.partitionText(partition),
      offset,
      records: [judgement.atoms.name(one), judgement.atoms.name(other)],
    }))
  }
  if (breaches.count > 0) {
    return breaches.broken(`${counted(breaches.count, 'offset')} had more than one record`)
  }
  if (order.logs.every((log) => log.isEmpty)) return vacuous(true, 'No offset is known')
  return kept(true, 'No offset had two records')
}

interface Excused extends Conflict {
  readonly excuse: string | null
}

/** One for each offset, however many saw it so: one that nothing excuses, if there is one. */
function conflictsOf(judgement: Judgement, order: VersionOrder): Iterable<Excused> {
  const found = new Map<string, Excused>()
  for (const conflict of order.conflicts) {
    const { log, offset, one, other } = conflict
    const name = `${log.partition} ${offset}`
    const before = found.get(name)
    if (before?.excuse === null || (before !== undefined && before.other === other)) continue
    const excuse =
      excuseOf(judgement, { partition: log.partition, offset, invokedUs: -Infinity }) ??
      unreadExcuse(judgement, order, [one, other])
    if (before === undefined || excuse === null) found.set(name, { ...conflict, excuse })
  }
  return found.values()
}

/** One of them was acknowledged there and never read: what its acknowledgement did not promise. */
function unreadExcuse(
  judgement: Judgement,
  order: VersionOrder,
  atoms: readonly number[],
): string | null {
  const lost = atoms.find((atom) => {
    if (order.isRead(atom)) return false
    return acksOf(judgement.senderOfStream(judgement.atoms.streamOf(atom)).config) !== 'all'
  })
  return lost === undefined ? null : 'not promised: acks=all did not keep the one that is gone'
}

/** One record at more than one offset. */
export function judgeRepeated(judgement: Judgement): Finding {
  const { atoms, sends } = judgement
  const order = versionOrderOf(judgement)
  const breaches = new Tally()
  for (const atom of order.repeated) {
    const log = order.logs[(order.place[atom] as number) - 1]
    const stream = atoms.streamOf(atom)
    const resent = (sends.attempts[atom] as number) > 1
    const mechanism = resent ? 'sent again by the application' : 'retried by the client'
    const partition = log?.partition ?? 0
    const excuse = !storesOnce(judgement.senderOfStream(stream).config)
      ? 'not promised: the producer retries without idempotence'
      : resent
        ? 'not promised: the application sent it again'
        : hasExcuse(judgement, partition)
          ? 'not promised: what the broker knew of the producer was lost'
          : null
    breaches.add(mechanism, atoms.weight(atom), excuse, () => ({
      sentence: `${judgement.recordText(atom)} was seen at several offsets of ${judgement.topicOfStream(stream)}`,
      atUs: null,
      partition: judgement.partitionText(partition),
      offset: null,
      records: [atoms.name(atom)],
    }))
  }
  if (breaches.count > 0) {
    const { count } = breaches
    return breaches.broken(`${counted(count, 'record')} ${are(count)} at more than one offset`)
  }
  if (order.logs.every((log) => log.isEmpty)) return vacuous(true, 'No offset is known')
  return kept(true, 'No record stands at two offsets')
}

/** Acknowledged, and passed by readers who never saw it. */
export function judgeLostWrites(judgement: Judgement): Finding {
  const order = versionOrderOf(judgement)
  const bounds = boundsOf(judgement, order)
  return judgeUnread(judgement, {
    order,
    counts: (atom) => {
      const place = order.place[atom] as number
      return place > 0 && (order.last[atom] as number) <= (bounds[place - 1] as number)
    },
    broken: (records) => `${records} acknowledged, passed by readers and never read`,
    kept: 'Readers saw every acknowledged record that they passed',
  })
}

/** Acknowledged, and read by nobody until the end. */
export function judgeUnseen(judgement: Judgement): Finding {
  return judgeUnread(judgement, {
    order: versionOrderOf(judgement),
    counts: () => true,
    broken: (records) => `${records} acknowledged and never read`,
    kept: 'Every acknowledged record was read',
  })
}

/** How far each partition was read: the highest first rank of a record that was. */
function boundsOf({ atoms }: Judgement, order: VersionOrder): Int32Array {
  const bounds = new Int32Array(order.logs.length).fill(-1)
  for (let atom = 0; atom < atoms.count; atom += 1) {
    const place = (order.place[atom] as number) - 1
    if (place === -1 || !order.isRead(atom)) continue
    const rank = order.first[atom] as number
    if (rank > (bounds[place] as number)) bounds[place] = rank
  }
  return bounds
}

interface Unread {
  readonly order: VersionOrder
  readonly counts: (atom: number) => boolean
  readonly broken: (records: string) => string
  readonly kept: string
}

function judgeUnread(judgement: Judgement, about: Unread): Finding {
  const { atoms, sends } = judgement
  const breaches = new Tally()
  let acknowledged = false
  let open = 0
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      if (sends.okRow[atom] === 0) continue
      acknowledged = true
      if (about.order.isRead(atom) || !about.counts(atom) || isSuperseded(judgement, atom)) continue
      if (isUnread(judgement, atom, stream)) open += atoms.weight(atom)
      else neverRead(judgement, breaches, { atom, stream })
    }
  }
  if (breaches.count > 0) {
    const { count } = breaches
    return breaches.broken(about.broken(`${counted(count, 'record')} ${be(count)}`))
  }
  if (!acknowledged) return vacuous(true, 'No record was acknowledged')
  if (open > 0) {
    return unknown(true, `${counted(open, 'record')} may stand in a log that could not be read`)
  }
  return kept(true, about.kept)
}

interface Never {
  readonly atom: number
  readonly stream: number
}

function neverRead(judgement: Judgement, breaches: Tally, { atom, stream }: Never): void {
  const place = placeOf(judgement, { atom, stream })
  if (isExpired(judgement, judgement.topicOfStream(stream), place)) return
  const { partition, offset } = place
  const row = (judgement.sends.okRow[atom] as number) - 1
  const ackedUs = judgement.since(judgement.result.history.sends.get('endedUs', row))
  const excuse = lossExcuse(judgement, judgement.senderOfStream(stream), place)
  breaches.add('never read', judgement.atoms.weight(atom), excuse, () => ({
    sentence: `${judgement.recordText(atom)} was acknowledged at ${seconds(ackedUs)} and read by nobody`,
    atUs: ackedUs,
    partition: partition < 0 ? null : judgement.partitionText(partition),
    offset: offset < 0 ? null : offset,
    records: [judgement.atoms.name(atom)],
  }))
}
