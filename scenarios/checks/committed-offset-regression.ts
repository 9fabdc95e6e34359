/**
 * committed-offset-regression: what a group has committed for a partition never goes back.
 *
 * Judged on what clients know: an acknowledged commit, or the position of a new owner, that lies
 * before a commit that was acknowledged earlier. Commits that overlap in time have no order.
 * Not enforced by Kafka itself (KC I12). Where an owner began is told by the first record that it
 * was given, or by its reset: a new owner asks for one only where it found no committed offset, or
 * one that its log does not reach (KC 2.4). Any other seek is a wish, and starts anew.
 */

import { Outcome, Ownership } from '../../model/history.ts'
import type { PartitionId } from '../../model/record.ts'
import { type Check, groupScopes } from './check.ts'
import { hasExcuse, offsetsExcused, wasDeleted } from './causes.ts'
import { type Finding, kept, Tally, TOPIC_DELETED, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

export const committedOffsetRegression: Check = {
  name: 'committed-offset-regression',
  statement:
    'The committed offset of a group for a partition never goes back, nor is it forgotten, unless a ' +
    'member sought it.',
  promise: 'Always, unless committed offsets, or records there, were lost with an excuse.',
  scopes: (judgement) => groupScopes(judgement),
  judge: judgeRegression,
}

function judgeRegression(judgement: Judgement, group: string): Finding {
  const watch = new Watch(judgement, group)
  const { commits } = judgement.result.history
  for (let row = 0; row < commits.length; row += 1) {
    watch.until(commits.data.invokedUs[row] as number)
    watch.committed(row)
  }
  watch.until(Infinity)
  if (watch.breaches.count > 0) {
    const times = counted(watch.breaches.count, 'time')
    return watch.breaches.broken(`The committed offsets of ${group} went back ${times}`)
  }
  if (!watch.any) return vacuous(true, `${group} committed nothing`)
  return kept(true, `The committed offsets of ${group} never went back`)
}

/** What was settled when a member became an owner, until it is known where it began. */
interface Arrival {
  readonly process: number
  readonly settled: number
  readonly settledRow: number
}

interface Known {
  /** Owners that were given nothing yet. */
  arrivals: Arrival[]
  /** The furthest offset of a commit that surely was before what comes now. */
  settled: number
  settledRow: number
  /** Rows of acknowledged commits that may overlap with what comes now. */
  recent: number[]
}

class Watch {
  readonly breaches = new Tally()
  any = false
  readonly #judgement: Judgement
  readonly #group: number
  readonly #known = new Map<PartitionId, Known>()
  #owned = 0
  #delivered = 0
  /** Arrivals in all partitions. */
  #waiting = 0

  constructor(judgement: Judgement, group: string) {
    this.#judgement = judgement
    this.#group = judgement.groupId(group)
  }

  /** Takes in who owned what, and what owners were given first, before a moment. */
  until(beforeUs: number): void {
    const { ownerships } = this.#judgement.result.history
    const { atUs } = ownerships.data
    for (; this.#owned < ownerships.length; this.#owned += 1) {
      const us = atUs[this.#owned] as number
      if (us >= beforeUs) break
      this.#given(us)
      this.#changed(this.#owned)
    }
    this.#given(beforeUs)
  }

  committed(row: number): void {
    const { data } = this.#judgement.result.history.commits
    if (data.group[row] !== this.#group || data.outcome[row] !== Outcome.ok) return
    this.any = true
    const known = this.#settle(data.partition[row] as number, data.invokedUs[row] as number)
    const offset = data.offset[row] as number
    if (offset < known.settled) {
      this.#back('a lower offset was committed', known, {
        process: data.process[row] as number,
        partition: data.partition[row] as number,
        offset,
        atUs: data.endedUs[row] as number,
      })
    }
    known.recent.push(row)
  }

  /** The first record that each new owner was given, before a moment. */
  #given(beforeUs: number): void {
    const { data, length } = this.#judgement.result.history.deliveries
    for (; this.#delivered < length; this.#delivered += 1) {
      const row = this.#delivered
      const atUs = data.atUs[row] as number
      if (atUs >= beforeUs) return
      if (this.#waiting === 0 || data.group[row] !== this.#group) continue
      const process = data.process[row] as number
      const partition = data.partition[row] as number
      this.#began({ process, partition, offset: data.offset[row] as number, atUs })
    }
  }

  #changed(row: number): void {
    const { data } = this.#judgement.result.history.ownerships
    if (data.group[row] !== this.#group) return
    const now: Regression = {
      process: data.process[row] as number,
      partition: data.partition[row] as number,
      offset: data.offset[row] as number,
      atUs: data.atUs[row] as number,
    }
    const kind = data.kind[row] as Ownership
    if (kind === Ownership.assigned) this.#arrived(now)
    else if (kind === Ownership.seek) this.#sought(now)
    else this.#arrivalOf(now)
  }

  #arrived(now: Regression): void {
    const known = this.#settle(now.partition, now.atUs)
    this.#arrivalOf(now)
    const { process, offset } = now
    const { settled, settledRow } = known
    if (settled === -1) return
    known.arrivals.push({ process, settled, settledRow })
    this.#waiting += 1
    if (offset >= 0) this.#began(now)
  }

  #sought(now: Regression): void {
    if (now.offset < 0) return
    const arrival = this.#arrivalOf(now)
    if (arrival !== null && now.offset < arrival.settled) {
      this.#back('an owner found no committed offset', arrival, now)
    }
    const known = this.#knownOf(now.partition)
    known.settled = -1
    known.settledRow = -1
    known.recent.length = 0
  }

  #began(now: Regression): void {
    const arrival = this.#arrivalOf(now)
    if (arrival === null || now.offset >= arrival.settled) return
    this.#back('an owner began before the committed offset', arrival, now)
  }

  /** Takes out the arrival of a member that is known no longer to wait, or null. */
  #arrivalOf({ process, partition }: Regression): Arrival | null {
    const arrivals = this.#known.get(partition)?.arrivals ?? []
    const place = arrivals.findIndex((one) => one.process === process)
    if (place === -1) return null
    this.#waiting -= 1
    return arrivals.splice(place, 1)[0] as Arrival
  }

  #knownOf(partition: PartitionId): Known {
    let known = this.#known.get(partition)
    if (known === undefined) {
      known = { arrivals: [], settled: -1, settledRow: -1, recent: [] }
      this.#known.set(partition, known)
    }
    return known
  }

  /** Takes over the commits that were answered before a moment. */
  #settle(partition: PartitionId, beforeUs: number): Known {
    const known = this.#knownOf(partition)
    const { data } = this.#judgement.result.history.commits
    let kept = 0
    for (let at = 0; at < known.recent.length; at += 1) {
      const row = known.recent[at] as number
      if ((data.endedUs[row] as number) > beforeUs) {
        known.recent[kept] = row
        kept += 1
      } else if ((data.offset[row] as number) > known.settled) {
        known.settled = data.offset[row] as number
        known.settledRow = row
      }
    }
    known.recent.length = kept
    return known
  }

  #excuse(partition: PartitionId): string | null {
    if (wasDeleted(this.#judgement, partition)) return TOPIC_DELETED
    if (offsetsExcused(this.#judgement)) return 'not promised: committed offsets were lost'
    return hasExcuse(this.#judgement, partition) ? 'not promised: its records were lost' : null
  }

  #back(mechanism: string, { settled, settledRow }: Settled, now: Regression): void {
    const { history } = this.#judgement.result
    const { data } = history.commits
    this.breaches.add(mechanism, 1, this.#excuse(now.partition), () => {
      const before = history.names[data.process[settledRow] as number] ?? ''
      const after = history.names[now.process] ?? ''
      const partition = this.#judgement.partitionText(now.partition)
      const atUs = this.#judgement.since(now.atUs)
      const beforeUs = this.#judgement.since(data.endedUs[settledRow] as number)
      return {
        sentence:
          `${before} committed offset ${settled} of ${partition} at ${seconds(beforeUs)}; ` +
          `${after} was at offset ${now.offset} at ${seconds(atUs)}`,
        atUs,
        partition,
        offset: now.offset,
        records: [],
      }
    })
    const known = this.#knownOf(now.partition)
    known.settled = now.offset
    known.recent.length = 0
  }
}

type Settled = Pick<Known, 'settled' | 'settledRow'>

interface Regression {
  readonly process: number
  readonly partition: PartitionId
  readonly offset: number
  readonly atUs: number
}
