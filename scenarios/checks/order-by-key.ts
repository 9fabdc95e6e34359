/**
 * order-by-key: records of one key keep the order in which their producer sent them.
 *
 * `stored`: in their log. By group: in the first processing of each record, across partitions too;
 * a rewind is a duplicate, not a disorder (contracts §5). A key's records are one stream as long
 * as its producer lives.
 */

import type { StreamId } from '../../model/record.ts'
import { type Check, groupScopes } from './check.ts'
import { hasExcuse } from './causes.ts'
import { isIdempotent, keepsOrder, processesFirst } from './configuration.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import type { Processed } from './processed.ts'
import type { Inversion } from './stored.ts'
import { are, counted, seconds } from './words.ts'

const STORED = 'stored'

export const orderByKey: Check = {
  name: 'order-by-key',
  statement:
    'Records of one key stand in their log, and are first processed by each group, in the order ' +
    'in which their producer sent them.',
  promise:
    'By an idempotent producer, one without retries or one with a single request in flight, ' +
    'while the application sends nothing again and the number of partitions stays; without ' +
    'idempotence only for what was acknowledged; for groups that commit what they processed.',
  scopes: (judgement) => [STORED, ...groupScopes(judgement)],
  judge: (judgement, scope) =>
    scope === STORED ? judgeStoredOrder(judgement) : judgeProcessedOrder(judgement, scope),
}

/** Whether a stream's records have an order at all. */
function isOrdered(judgement: Judgement, stream: number): boolean {
  const info = judgement.result.history.streams[stream]
  return info !== undefined && info.key !== null
}

/** Why the order of a record among its stream is not promised in the log, or null. */
function storedExcuse(
  judgement: Judgement,
  stream: number,
  atoms: readonly number[],
): string | null {
  const sender = judgement.senderOfStream(stream)
  if (!keepsOrder(sender.config)) {
    return 'not promised: the producer retries with several requests in flight'
  }
  if (atoms.some((atom) => (judgement.sends.attempts[atom] as number) > 1)) {
    return 'not promised: the application sent it again'
  }
  // What is no longer waited for can still arrive; only a sequence tells that it is late.
  const late = atoms.some((atom) => judgement.sends.okRow[atom] === 0)
  if (late && !isIdempotent(sender.config)) return 'not promised: its send was given up'
  return atoms.some((atom) => hasExcuse(judgement, judgement.stored.partition[atom] as number))
    ? 'not promised: what the broker knew of the producer was lost'
    : null
}

function senderPromises(judgement: Judgement, stream: number): boolean {
  const { config, resends } = judgement.senderOfStream(stream)
  return keepsOrder(config) && !resends
}

function judgeStoredOrder(judgement: Judgement): Finding {
  const { atoms, stored } = judgement
  const breaches = new Tally()
  for (const inversion of stored.inversions) {
    const stream = atoms.streamOf(inversion.atom)
    if (isOrdered(judgement, stream)) invert(judgement, breaches, inversion)
  }
  if (breaches.count > 0) {
    const { count } = breaches
    return breaches.broken(
      `${counted(count, 'record')} ${are(count)} stored after later ones of the same key`,
    )
  }
  const lengths = judgement.result.history.streamLengths
  let promised = false
  let any = false
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (!isOrdered(judgement, stream) || (lengths[stream] as number) < 2) continue
    any = true
    promised ||= senderPromises(judgement, stream)
  }
  if (!any) return vacuous(promised, 'No key has more than one record')
  if (stored.unread.size > 0)
    return unknown(promised, 'Whether records are stored in order is not known: a log was not read')
  return kept(promised, 'The records of each key are stored in the order in which they were sent')
}

function invert(judgement: Judgement, breaches: Tally, inversion: Inversion): void {
  const { atoms } = judgement
  const { atom, overtakenBy, partition, offset } = inversion
  const excuse = storedExcuse(judgement, atoms.streamOf(atom), [atom, overtakenBy])
  breaches.add('stored after a later one', atoms.weight(atom), excuse, () => ({
    sentence:
      `${judgement.recordText(atom)} stands at offset ${offset} of ` +
      `${judgement.partitionText(partition)}, after record ${atoms.name(overtakenBy)}`,
    atUs: null,
    partition: judgement.partitionText(partition),
    offset,
    records: [atoms.name(atom), atoms.name(overtakenBy)],
  }))
}

function judgeProcessedOrder(judgement: Judgement, group: string): Finding {
  const { atoms } = judgement
  const consumer = judgement.consumer(group)
  const one: Walk = { group, processed: judgement.processed(group), breaches: new Tally() }
  const { breaches } = one
  let promised = false
  let any = false
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (!isOrdered(judgement, stream) || !judgement.reads(consumer, stream)) continue
    const ordered = walk(judgement, one, stream)
    any ||= ordered
    promised ||= ordered && processesFirst(consumer) && senderPromises(judgement, stream)
  }
  if (breaches.count > 0) {
    return breaches.broken(
      `${group} processed ${counted(breaches.count, 'record')} after later ones of the same key`,
    )
  }
  if (!any) return vacuous(promised, `${group} processed no two records of one key`)
  return kept(promised, `${group} processed the records of each key in the order they were sent`)
}

interface Walk {
  readonly group: string
  readonly processed: Processed
  readonly breaches: Tally
}

/**
 * From the last record to the first: one that was processed after the earliest of those behind it
 * is out of order. True if the stream has two processed records.
 */
function walk(
  judgement: Judgement,
  { group, processed, breaches }: Walk,
  stream: StreamId,
): boolean {
  const { atoms } = judgement
  let earliest = -1
  let earliestUs = Infinity
  let seen = 0
  const first = atoms.first(stream)
  for (let atom = atoms.end(stream) - 1; atom >= first; atom -= 1) {
    const row = processed.firstRow[atom] as number
    if (row === 0) continue
    seen += atoms.weight(atom)
    const us = processed.firstUs(atom)
    const late =
      us > earliestUs || (us === earliestUs && row > (processed.firstRow[earliest] as number))
    if (late) disorder(judgement, breaches, { group, atom, overtakenBy: earliest })
    else {
      earliest = atom
      earliestUs = us
    }
  }
  return seen > 1
}

interface Disorder {
  readonly group: string
  readonly atom: number
  readonly overtakenBy: number
}

function disorder(judgement: Judgement, breaches: Tally, one: Disorder): void {
  const { group, atom, overtakenBy } = one
  const { atoms } = judgement
  const processed = judgement.processed(group)
  const mechanism = mechanismOf(judgement, one)
  breaches.add(mechanism, atoms.weight(atom), excuseFor(judgement, one, mechanism), () => {
    const [late, early] = [atom, overtakenBy].map((of) => {
      const { data } = judgement.result.history.processings
      const row = (processed.firstRow[of] as number) - 1
      const partition = judgement.partitionText(data.partition[row] as number)
      const at = seconds(judgement.since(processed.firstUs(of)))
      return `offset ${data.offset[row]} of ${partition} at ${at}`
    })
    return {
      sentence:
        `${group} processed ${judgement.recordText(atom)} (${late}) after the later record ` +
        `${atoms.name(overtakenBy)} (${early})`,
      atUs: judgement.since(processed.firstUs(atom)),
      partition: null,
      offset: null,
      records: [atoms.name(atom), atoms.name(overtakenBy)],
    }
  })
}

type Mechanism = 'another partition' | 'stored out of order' | 'processed out of order'

function mechanismOf(judgement: Judgement, { group, atom, overtakenBy }: Disorder): Mechanism {
  const { data } = judgement.result.history.processings
  const { firstRow } = judgement.processed(group)
  const late = (firstRow[atom] as number) - 1
  const early = (firstRow[overtakenBy] as number) - 1
  if (data.partition[late] !== data.partition[early]) return 'another partition'
  const inverted = (data.offset[late] as number) > (data.offset[early] as number)
  return inverted ? 'stored out of order' : 'processed out of order'
}

function excuseFor(
  judgement: Judgement,
  { group, atom, overtakenBy }: Disorder,
  mechanism: Mechanism,
): string | null {
  if (!processesFirst(judgement.consumer(group))) {
    return `not promised: ${group} commits before it processes`
  }
  const stream = judgement.atoms.streamOf(atom)
  if (mechanism === 'another partition') {
    return wereAdded(judgement, stream) ? 'not promised: partitions were added' : null
  }
  if (mechanism === 'stored out of order') {
    return storedExcuse(judgement, stream, [atom, overtakenBy])
  }
  return null
}

/**
 * Whether the topic of a stream got partitions, or another number of them when it was made again.
 */
function wereAdded(judgement: Judgement, stream: StreamId): boolean {
  const topic = judgement.topicOfStream(stream)
  return judgement.tookEffect().some(({ entry }) => {
    const changes = entry?.kind === 'add-partitions' || entry?.kind === 'create-topic'
    return changes && entry.topic === topic
  })
}
