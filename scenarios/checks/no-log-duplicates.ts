/**
 * no-log-duplicates, level `stored-once`: no record stands in the logs twice, and none that failed.
 *
 * An application that sends again what timed out makes a second copy that no broker can know
 * (KC A13): such copies are counted and shown, up to one for each attempt, and not promised away.
 */

import type { Check } from './check.ts'
import { hasExcuse } from './causes.ts'
import { storesOnce } from './configuration.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import type { Stranger } from './stored.ts'
import { are, counted } from './words.ts'

export const noLogDuplicates: Check = {
  name: 'no-log-duplicates',
  statement:
    'A record stands in the logs at most once, never if its sends surely failed, and every ' +
    'record in a log was sent.',
  promise:
    'By an idempotent producer, or one that does not retry; not for what the application itself ' +
    'sent again, nor after an excused loss.',
  scopes: () => ['stored-once'],
  judge: judgeStoredOnce,
}

function judgeStoredOnce(judgement: Judgement): Finding {
  const { atoms, stored, sends } = judgement
  const breaches = new Tally()
  let any = false
  let promised = false
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      const copies = stored.copies[atom] as number
      if (copies === 0) continue
      any = true
      if (copies > 1) repeated(judgement, breaches, { atom, stream, copies })
      if (sends.onlyFailed(atom)) failedButStored(judgement, breaches, atom)
      if (sends.attempts[atom] === 0) {
        stranger(judgement, breaches, {
          partition: stored.partition[atom] as number,
          offset: stored.offset[atom] as number,
        })
      }
    }
    promised ||= storesOnce(judgement.senderOfStream(stream).config)
  }
  for (const one of stored.strangers) stranger(judgement, breaches, one)
  if (breaches.count > 0) {
    const { count } = breaches
    return breaches.broken(`${counted(count, 'record')} ${are(count)} ${wrong(breaches.mechanism)}`)
  }
  if (stored.unread.size > 0) {
    return unknown(promised, 'Whether a record is stored twice is not known: a log was not read')
  }
  if (!any) return vacuous(promised, 'No record is stored')
  return kept(promised, 'No record is stored more than once')
}

function stranger(judgement: Judgement, breaches: Tally, { partition, offset }: Stranger): void {
  const log = judgement.partitionText(partition)
  breaches.add('never sent', 1, null, () => ({
    sentence: `${log} has a record at offset ${offset} that nobody sent`,
    atUs: null,
    partition: log,
    offset,
    records: [],
  }))
}

function wrong(mechanism: string): string {
  if (mechanism === 'never sent') return 'stored that nobody sent'
  return mechanism === 'failed but stored'
    ? 'stored although every send of it failed'
    : 'stored more than once'
}

interface Repetition {
  readonly atom: number
  readonly stream: number
  readonly copies: number
}

function repeated(
  judgement: Judgement,
  breaches: Tally,
  { atom, stream, copies }: Repetition,
): void {
  const attempts = judgement.sends.attempts[atom] as number
  const resent = attempts > 1
  const excuse = excuseFor(judgement, { atom, stream, copies })
  const partition = judgement.stored.partition[atom] as number
  const offset = judgement.stored.offset[atom] as number
  const mechanism = resent ? 'sent again by the application' : 'retried by the client'
  breaches.add(mechanism, judgement.atoms.weight(atom), excuse, () => ({
    sentence:
      `${judgement.recordText(atom)} was sent ${counted(attempts, 'time')} and is stored ` +
      `${counted(copies, 'time')}, first at offset ${offset} of ${judgement.partitionText(partition)}`,
    atUs: sentUs(judgement, atom),
    partition: judgement.partitionText(partition),
    offset,
    records: [judgement.atoms.name(atom)],
  }))
}

function excuseFor(judgement: Judgement, { atom, stream, copies }: Repetition): string | null {
  if (!storesOnce(judgement.senderOfStream(stream).config)) {
    return 'not promised: the producer retries without idempotence'
  }
  if (copies <= (judgement.sends.attempts[atom] as number)) {
    return 'not promised: the application sent it again'
  }
  return hasExcuse(judgement, judgement.stored.partition[atom] as number)
    ? 'not promised: what the broker knew of the producer was lost'
    : null
}

function failedButStored(judgement: Judgement, breaches: Tally, atom: number): void {
  const partition = judgement.stored.partition[atom] as number
  const offset = judgement.stored.offset[atom] as number
  breaches.add('failed but stored', judgement.atoms.weight(atom), null, () => ({
    sentence:
      `every send of ${judgement.recordText(atom)} failed, yet it stands at offset ${offset} of ` +
      judgement.partitionText(partition),
    atUs: sentUs(judgement, atom),
    partition: judgement.partitionText(partition),
    offset,
    records: [judgement.atoms.name(atom)],
  }))
}

function sentUs(judgement: Judgement, atom: number): number | null {
  const row = judgement.sends.firstRow[atom] as number
  if (row === 0) return null
  return judgement.since(judgement.result.history.sends.get('invokedUs', row - 1))
}
