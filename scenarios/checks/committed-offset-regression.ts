/**
 * committed-offset-regression: what a group has committed for a partition never goes back.
 *
 * Judged on what clients know: an acknowledged commit, or the position of a new owner, that lies
 * before a commit that was acknowledged earlier. Commits that overlap in time have no order.
 * Not enforced by Kafka itself (KC I12). A seek is a wish, and starts anew.
 */

import { Outcome, Ownership } from '../../model/history.ts'
import type { PartitionId } from '../../model/record.ts'
import { type Check, groupScopes } from './check.ts'
import { offsetsExcused, wasDeleted } from './causes.ts'
import { type Finding, kept, Tally, TOPIC_DELETED, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

export const committedOffsetRegression: Check = {
  name: 'committed-offset-regression',
  statement:
    'The committed offset of a group for a partition never goes back, unless a member sought it.',
  promise: 'Always, unless committed offsets were lost with an excuse.',
  scopes: (judgement) => groupScopes(judgement),
  judge: judgeRegression,
}

function judgeRegression(judgement: Judgement, group: string): Finding {
  const watch = new Watch(judgement, group)
  const { commits, ownerships } = judgement.result.history
  let owned = 0
  for (let row = 0; row < commits.length; row += 1) {
    const invokedUs = commits.data.invokedUs[row] as number
    while (owned < ownerships.length && (ownerships.data.atUs[owned] as number) < invokedUs) {
      watch.owned(owned)
      owned += 1
    }
    watch.committed(row)
  }
  for (; owned < ownerships.length; owned += 1) watch.owned(owned)
  if (watch.breaches.count > 0) {
    const times = counted(watch.breaches.count, 'time')
    return watch.breaches.broken(`The committed offsets of ${group} went back ${times}`)
  }
  if (!watch.any) return vacuous(true, `${group} committed nothing`)
  return kept(true, `The committed offsets of ${group} never went back`)
}

interface Known {
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

  constructor(judgement: Judgement, group: string) {
    this.#judgement = judgement
    this.#group = judgement.groupId(group)
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

  owned(row: number): void {
    const { data } = this.#judgement.result.history.ownerships
    if (data.group[row] !== this.#group) return
    const offset = data.offset[row] as number
    const partition = data.partition[row] as number
    if (offset < 0) return
    if (data.kind[row] === Ownership.seek) {
      this.#known.set(partition, { settled: -1, settledRow: -1, recent: [] })
    } else if (data.kind[row] === Ownership.assigned) {
      const atUs = data.atUs[row] as number
      const known = this.#settle(partition, atUs)
      const process = data.process[row] as number
      if (offset >= known.settled) return
      this.#back('an owner began before the committed offset', known, {
        process,
        partition,
        offset,
        atUs,
      })
    }
  }

  /** Takes over the commits that were answered before a moment. */
  #settle(partition: PartitionId, beforeUs: number): Known {
    let known = this.#known.get(partition)
    if (known === undefined) {
      known = { settled: -1, settledRow: -1, recent: [] }
      this.#known.set(partition, known)
    }
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
    return offsetsExcused(this.#judgement) ? 'not promised: committed offsets were lost' : null
  }

  #back(mechanism: string, known: Known, now: Regression): void {
    const { settled, settledRow } = known
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
    known.settled = now.offset
    known.recent.length = 0
  }
}

interface Regression {
  readonly process: number
  readonly partition: PartitionId
  readonly offset: number
  readonly atUs: number
}
