/**
 * content: at an offset stands the record that was sent there, with the bytes it was sent with.
 *
 * stored: what was acknowledged at an offset, against the final logs; a record that is gone is a
 * loss and judged by `no-loss`. By group: what members were given, against the final logs.
 */

import { Outcome } from '../../model/history.ts'
import { type Check, groupScopes } from './check.ts'
import { excuseOf, type Place } from './causes.ts'
import { acksOf } from './configuration.ts'
import { eachRange } from './atoms.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { versionOrderOf } from './anomalies/versions.ts'
import { counted, seconds } from './words.ts'

const STORED = 'stored'

export const content: Check = {
  name: 'content',
  statement: 'The record at an offset is the record that was sent there, with its bytes.',
  promise: 'By acks=all; for readers always, unless committed records were lost with an excuse.',
  scopes: (judgement) => [STORED, ...groupScopes(judgement)],
  judge: (judgement, scope) =>
    scope === STORED ? judgeStored(judgement) : judgeDelivered(judgement, scope),
}

function judgeStored(judgement: Judgement): Finding {
  const { sends } = judgement.result.history
  const { data } = sends
  const breaches = new Tally()
  let any = false
  const counts = (row: number): boolean =>
    data.outcome[row] === Outcome.ok && (data.offset[row] as number) >= 0
  eachStored(judgement, sends, counts, (row, atom, offset, found) => {
    any = true
    if (found === atom) return
    const partition = data.partition[row] as number
    const invokedUs = judgement.since(data.invokedUs[row] as number)
    const place = { partition, offset, invokedUs }
    const excuse = storedExcuse(judgement, data.stream[row] as number, place)
    other(judgement, breaches, { partition, offset, atom, found, excuse, who: ACKNOWLEDGED })
  })
  judgeBytes(judgement, breaches)
  if (breaches.count > 0) {
    return breaches.broken(
      `${counted(breaches.count, 'offset')} ${breaches.count === 1 ? 'holds' : 'hold'} another record than was sent`,
    )
  }
  if (!any) return vacuous(true, 'No acknowledged record is stored at a known offset')
  return kept(true, 'Every acknowledged offset that is stored holds the record that was sent')
}

const ACKNOWLEDGED = 'was acknowledged'

function storedExcuse(judgement: Judgement, stream: number, place: Place): string | null {
  return acksOf(judgement.senderOfStream(stream).config) === 'all'
    ? excuseOf(judgement, place)
    : 'not promised: acks=all did not keep what was sent'
}

interface Rows {
  readonly data: Readonly<
    Record<'partition' | 'offset' | 'stream' | 'index' | 'count', Float64Array>
  >
  readonly length: number
}

/** Each record of the rows that count whose offset the final logs hold, with what stands there. */
function eachStored(
  judgement: Judgement,
  { data, length }: Rows,
  counts: (row: number) => boolean,
  visit: (row: number, atom: number, offset: number, found: number) => void,
): void {
  const { atoms, stored } = judgement
  const order = versionOrderOf(judgement)
  for (let row = 0; row < length; row += 1) {
    if (!counts(row)) continue
    const log = order.of(data.partition[row] as number)
    const base = data.offset[row] as number
    const stream = data.stream[row] as number
    const index = data.index[row] as number
    const count = data.count[row] as number
    const first = atoms.at(stream, index)
    const end = count === 1 ? first + 1 : atoms.at(stream, index + count)
    for (let atom = first; atom < end; atom += 1) {
      const offset = atom === first ? base : base + atoms.indexOf(atom) - atoms.indexOf(first)
      const found = log.recordAt(offset)
      if (found !== -1 && stored.copies[found] !== 0) visit(row, atom, offset, found)
    }
  }
}

interface Other {
  readonly partition: number
  readonly offset: number
  readonly atom: number
  readonly found: number
  readonly excuse: string | null
  readonly who: string
}

function other(judgement: Judgement, breaches: Tally, one: Other): void {
  const { partition, offset, atom, found, excuse, who } = one
  breaches.add('another record', judgement.atoms.weight(atom), excuse, () => ({
    sentence:
      `${judgement.recordText(atom)} ${who} at offset ${offset} of ` +
      `${judgement.partitionText(partition)}, where ${judgement.recordText(found)} stands`,
    atUs: null,
    partition: judgement.partitionText(partition),
    offset,
    records: [judgement.atoms.name(atom), judgement.atoms.name(found)],
  }))
}

/** Explicit records alone have bytes of their own. */
function judgeBytes(judgement: Judgement, breaches: Tally): void {
  const { result } = judgement
  const bytes = result.history.streams.map((_info, stream) => bytesOf(judgement, stream))
  for (const { partition, entries } of result.logs.uncommitted) {
    for (const { baseOffset, batch } of entries) {
      if (batch.content.kind !== 'explicit') continue
      const { records } = batch.content
      eachRange(batch, (stream, index, _count, at) => {
        const sent = bytes[stream] ?? null
        const stands = records[at]?.bytes ?? null
        if (sent === null || stands === sent) return
        breaches.add('other bytes', 1, null, () => ({
          sentence:
            `record ${stream}:${index} was sent with ${sent} bytes and stands with ${stands} at offset ` +
            `${baseOffset + at} of ${judgement.partitionText(partition)}`,
          atUs: null,
          partition: judgement.partitionText(partition),
          offset: baseOffset + at,
          records: [`${stream}:${index}`],
        }))
      })
    }
  }
}

/** What each record of a producer's stream weighs; null where it is not one size. */
function bytesOf({ scenario, result }: Judgement, stream: number): number | null {
  const process = result.history.streams[stream]?.producer ?? ''
  const name = process.replace(/-\d+$/, '')
  const producer = scenario.producers.find((one) => one.name === name)
  return producer?.sizes === undefined ? (producer?.recordBytes ?? null) : null
}

function judgeDelivered(judgement: Judgement, group: string): Finding {
  const { deliveries } = judgement.result.history
  const { data } = deliveries
  const id = judgement.groupId(group)
  const breaches = new Tally()
  let any = false
  const counts = (row: number): boolean => {
    const given = data.group[row] === id && (data.stream[row] as number) >= 0
    if (given) any = true
    return given
  }
  eachStored(judgement, deliveries, counts, (row, atom, offset, found) => {
    if (found === atom) return
    const partition = data.partition[row] as number
    const excuse = excuseOf(judgement, { partition, offset, invokedUs: -Infinity })
    const who = `was given to ${group} at ${seconds(judgement.since(data.atUs[row] as number))}`
    other(judgement, breaches, { partition, offset, atom, found, excuse, who })
  })
  if (breaches.count > 0) {
    return breaches.broken(
      `${group} was given ${counted(breaches.count, 'record')} that the logs do not hold there`,
    )
  }
  if (!any) return vacuous(true, `${group} was given nothing`)
  return kept(true, `What ${group} was given stands in the logs at the same offsets`)
}
