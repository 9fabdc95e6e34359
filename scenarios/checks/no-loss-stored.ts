/**
 * no-loss, level `stored`: what was acknowledged is found by an auditor who reads every log. In a
 * compacted topic a later record of its key may stand for it; what retention deleted by its promise
 * is no loss, and what it deleted before its time is one. What went with its topic, which somebody
 * deleted, is none.
 *
 * Promised by acks=all whatever min.insync.replicas is (KB 9.10): a smaller ISR makes writes fail
 * or rests them on one replica, and what is lost then is excused by its cause or not at all.
 */

import { causeOf, excuseOf, isDeleted, isRemoved, type Place } from './causes.ts'
import { isSuperseded } from './compacted.ts'
import { acksOf, type Sender } from './configuration.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { isExpired } from './retention.ts'
import { be, counted, listed, seconds } from './words.ts'

export function judgeStored(judgement: Judgement): Finding {
  const { atoms, sends, stored } = judgement
  const lost = new Tally()
  const seen = new Senders(judgement)
  let open = 0
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    const end = atoms.end(stream)
    let acknowledged = 0
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      if (sends.okRow[atom] === 0) continue
      acknowledged += 1
      if (stored.copies[atom] !== 0 || sends.isSettled(atom)) continue
      if (isSuperseded(judgement, atom)) continue
      const unread = isUnread(judgement, atom, stream)
      const place = placeOf(judgement, { atom, stream })
      if (!unread && isExpired(judgement, judgement.topicOfStream(stream), place)) continue
      if (isDeleted(judgement, place)) {
        seen.deleted += 1
        continue
      }
      seen.lost(stream)
      if (unread) open += atoms.weight(atom)
      else lose(judgement, lost, { atom, stream, place })
    }
    if (acknowledged > 0) seen.acknowledged(stream)
  }
  if (lost.count > 0) {
    const records = `${counted(lost.count, 'record')} of ${seen.lostTopics()}`
    return lost.broken(`${records} acknowledged to ${seen.lostSenders()} ${be(lost.count)} lost`)
  }
  return unbroken(judgement, seen, open)
}

function unbroken(judgement: Judgement, seen: Senders, open: number): Finding {
  if (!seen.any) return vacuous(false, 'No record was acknowledged')
  if (open > 0) {
    const [first] = judgement.stored.unread
    const log = first === undefined ? 'a log' : judgement.partitionText(first[0])
    const why = first === undefined ? '' : ` (${first[1]})`
    return unknown(
      seen.promised,
      `Whether ${counted(open, 'acknowledged record')} ${be(open)} lost is not known, since ` +
        `${log} could not be read to its end${why}`,
    )
  }
  const gone = seen.deleted > 0 ? ', and did not go with its topic,' : ''
  const what = `Every record of ${seen.topics()} that was acknowledged${gone} is stored`
  return kept(seen.promised, what)
}

interface Missing {
  readonly atom: number
  readonly stream: number
}

interface Lost extends Missing {
  readonly place: Place
}

/** Where it was acknowledged to stand. */
export function placeOf(judgement: Judgement, { atom, stream }: Missing): Place {
  const { sends } = judgement.result.history
  const row = (judgement.sends.okRow[atom] as number) - 1
  const first = atom - judgement.atoms.at(stream, sends.get('index', row))
  const offset = sends.get('offset', row) + (sends.get('offset', row) < 0 ? 0 : first)
  const invokedUs = judgement.since(sends.get('invokedUs', row))
  return { partition: sends.get('partition', row), offset, invokedUs }
}

/** Whether an acknowledged record may stand in a log that could not be read. */
export function isUnread(judgement: Judgement, atom: number, stream: number): boolean {
  const { unread, unreadTopics } = judgement.stored
  if (unread.size === 0) return false
  const row = (judgement.sends.okRow[atom] as number) - 1
  const partition = judgement.result.history.sends.get('partition', row)
  if (partition >= 0) return unread.has(partition)
  return unreadTopics.has(judgement.topicOfStream(stream))
}

function lose(judgement: Judgement, lost: Tally, { atom, stream, place }: Lost): void {
  const row = (judgement.sends.okRow[atom] as number) - 1
  const ackedUs = judgement.since(judgement.result.history.sends.get('endedUs', row))
  const { partition, offset } = place
  const excuse = lossExcuse(judgement, judgement.senderOfStream(stream), place)
  const cause = causeOf(judgement, place)
  const known = partition >= 0 && offset >= 0
  lost.add(cause.mechanism, judgement.atoms.weight(atom), excuse, () => ({
    sentence:
      `${judgement.recordText(atom)} was acknowledged at ${seconds(ackedUs)}` +
      (known ? ` at offset ${offset} of ${judgement.partitionText(partition)}` : '') +
      ` and is in no log: ${cause.sentence}`,
    atUs: cause.atUs ?? ackedUs,
    partition: known ? judgement.partitionText(partition) : null,
    offset: known ? offset : null,
    records: [judgement.atoms.name(atom)],
  }))
}

/** Why the loss of an acknowledged record is not promised away, or null. */
export function lossExcuse(judgement: Judgement, sender: Sender, place: Place): string | null {
  const acks = acksOf(sender.config)
  if (acks === 'none') return 'not promised: acks=0 waits for nobody'
  if (acks === 'leader' && judgement.tookEffect().length > 0 && isRemoved(judgement, place)) {
    return 'not promised: acks=1 waits for the leader alone'
  }
  return excuseOf(judgement, place)
}

/** Topics and senders of what was acknowledged and of what was lost, for the sentence. */
class Senders {
  readonly #judgement: Judgement
  readonly #topics: string[] = []
  readonly #lostTopics: string[] = []
  readonly #lostSenders: string[] = []
  any = false
  /** Records that went with their topic. */
  deleted = 0
  /** Whether some sender waits for the whole ISR. */
  promised = false

  constructor(judgement: Judgement) {
    this.#judgement = judgement
  }

  acknowledged(stream: number): void {
    this.any = true
    include(this.#topics, this.#judgement.topicOfStream(stream))
    this.promised ||= acksOf(this.#judgement.senderOfStream(stream).config) === 'all'
  }

  lost(stream: number): void {
    include(this.#lostTopics, this.#judgement.topicOfStream(stream))
    include(this.#lostSenders, this.#judgement.senderOfStream(stream).name)
  }

  topics(): string {
    return listed(this.#topics)
  }

  lostTopics(): string {
    return listed(this.#lostTopics)
  }

  lostSenders(): string {
    return listed(this.#lostSenders)
  }
}

function include(words: string[], word: string): void {
  if (!words.includes(word)) words.push(word)
}
