/**
 * no-loss, level `processed:<group>`: what is stored was processed by each group that reads it.
 *
 * A record is lost to a group when the group's committed offset passed it unprocessed. Promised
 * where the pattern commits only what it has processed (KC A1, A4, A8), from the group's start
 * offset on, which is part of that contract (KC I10).
 */

import { Outcome } from '../../model/history.ts'
import type { PartitionId } from '../../model/record.ts'
import { lackFrom, offsetsExcused } from './causes.ts'
import { processesFirst, skipsFailures, startsEarliest } from './configuration.ts'
import { type Finding, kept, Tally, unknown, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import type { Stored } from './stored.ts'
import { be, counted, listed, seconds } from './words.ts'

export function judgeProcessed(judgement: Judgement, group: string): Finding {
  const consumer = judgement.consumer(group)
  const promised = processesFirst(consumer) && !skipsFailures(consumer)
  const missing = unprocessed(judgement, group)
  const topics = listed(consumer.topics)
  if (missing.stored === 0) return vacuous(promised, `No record of ${topics} is stored`)
  if (missing.atoms.length === 0) {
    return kept(promised, `Every stored record of ${topics} was processed by ${group}`)
  }
  const lost = new Tally()
  let pending = 0
  const passed = new Passed(judgement, group)
  for (const atom of missing.atoms) {
    if (!lose(judgement, lost, { atom, group, passed })) pending += judgement.atoms.weight(atom)
  }
  if (lost.count > 0) {
    const records = `${counted(lost.count, 'record')} of ${topics}`
    return lost.broken(`${records} ${be(lost.count)} stored but never processed by ${group}`)
  }
  if (pending === 0) {
    const what = `Every stored record of ${topics} that is promised was processed by ${group}`
    return kept(promised, what)
  }
  return unknown(
    promised,
    `${group} had still to process ${counted(pending, 'record')} of ${topics} when the run ended`,
  )
}

interface Missing {
  /** Atoms that are stored for the group to see. */
  readonly stored: number
  readonly atoms: readonly number[]
}

function unprocessed(judgement: Judgement, group: string): Missing {
  const { atoms } = judgement
  const consumer = judgement.consumer(group)
  const { copies } = judgement.visibleTo(consumer)
  const { times } = judgement.processed(group)
  const putAside = deadLetters(judgement, group)
  const missing: number[] = []
  let stored = 0
  for (let stream = 0; stream < atoms.streams; stream += 1) {
    if (!judgement.reads(consumer, stream)) continue
    const end = atoms.end(stream)
    for (let atom = atoms.first(stream); atom < end; atom += 1) {
      if (copies[atom] === 0) continue
      stored += 1
      if (times[atom] === 0 && putAside?.[atom] !== 1) missing.push(atom)
    }
  }
  return { stored, atoms: missing }
}

/** Atoms that the group put aside for good; null: none. */
function deadLetters({ atoms, result }: Judgement, group: string): Uint8Array | null {
  const { history } = result
  const { data, length } = history.deadLetters
  if (length === 0) return null
  const found = new Uint8Array(atoms.count)
  const id = history.names.indexOf(group)
  for (let row = 0; row < length; row += 1) {
    if (data.group[row] !== id) continue
    found[atoms.at(data.stream[row] as number, data.index[row] as number)] = 1
  }
  return found
}

interface Loss {
  readonly atom: number
  readonly group: string
  readonly passed: Passed
}

/** Records the loss of an atom; false if it may still be processed. */
function lose(judgement: Judgement, lost: Tally, { atom, group, passed }: Loss): boolean {
  const consumer = judgement.consumer(group)
  const stored: Stored = judgement.visibleTo(consumer)
  const partition = stored.partition[atom] as number
  const offset = stored.offset[atom] as number
  const commit = passed.at(partition, offset)
  if (commit === null && judgement.result.ended !== 'drained') return false
  const delivered = passed.delivered(atom)
  const mechanism = mechanismOf(commit, delivered)
  lost.add(
    mechanism,
    judgement.atoms.weight(atom),
    excuseFor(judgement, group, { partition, offset, mechanism }),
    () => ({
      sentence:
        `${judgement.recordText(atom)}, at offset ${offset} of ` +
        `${judgement.partitionText(partition)}, was ` +
        `${delivered ? 'delivered' : 'not delivered'} to ${group} and never processed` +
        (commit === null
          ? ', although the group was through'
          : `; ${commit.member} committed offset ${commit.offset} at ${seconds(commit.atUs)}`),
      atUs: commit?.atUs ?? null,
      partition: judgement.partitionText(partition),
      offset,
      records: [judgement.atoms.name(atom)],
    }),
  )
  return true
}

type Mechanism = 'committed before it was processed' | 'skipped' | 'left behind'

function mechanismOf(commit: Commit | null, delivered: boolean): Mechanism {
  if (commit === null) return 'left behind'
  return delivered ? 'committed before it was processed' : 'skipped'
}

interface Circumstances {
  readonly partition: PartitionId
  readonly offset: number
  readonly mechanism: Mechanism
}

function excuseFor(
  judgement: Judgement,
  group: string,
  { partition, offset, mechanism }: Circumstances,
): string | null {
  const consumer = judgement.consumer(group)
  if (skipsFailures(consumer)) return `not promised: ${group} skips what it cannot process`
  if (!processesFirst(consumer)) return `not promised: ${group} commits before it processes`
  const lack = lackFrom(judgement, partition, offset)
  if (lack !== null) return lack
  if (mechanism !== 'skipped') return null
  if (offsetsExcused(judgement)) return 'not promised: committed offsets were lost'
  return startsEarliest(consumer) ? null : 'not promised: auto.offset.reset is not earliest'
}

interface Commit {
  readonly offset: number
  readonly member: string
  readonly atUs: number
}

/** How far a group committed, and what was delivered to it. */
class Passed {
  readonly #judgement: Judgement
  readonly #group: number
  /** Rows of acknowledged commits in order of time, by partition. */
  readonly #rows = new Map<PartitionId, number[]>()
  #delivered: Uint8Array | null = null

  constructor(judgement: Judgement, group: string) {
    this.#judgement = judgement
    this.#group = judgement.groupId(group)
    const { commits } = judgement.result.history
    const { data } = commits
    for (let row = 0; row < commits.length; row += 1) {
      if (data.group[row] !== this.#group || data.outcome[row] !== Outcome.ok) continue
      const partition = data.partition[row] as number
      const rows = this.#rows.get(partition)
      if (rows === undefined) this.#rows.set(partition, [row])
      else rows.push(row)
    }
  }

  /** The first commit that left an offset behind, or null. */
  at(partition: PartitionId, offset: number): Commit | null {
    const { history } = this.#judgement.result
    for (const row of this.#rows.get(partition) ?? []) {
      const committed = history.commits.get('offset', row)
      if (committed <= offset) continue
      const member = history.names[history.commits.get('process', row)] ?? ''
      const atUs = this.#judgement.since(history.commits.get('endedUs', row))
      return { offset: committed, member, atUs }
    }
    return null
  }

  delivered(atom: number): boolean {
    this.#delivered ??= this.#deliveredAtoms()
    return this.#delivered[atom] === 1
  }

  #deliveredAtoms(): Uint8Array {
    const { atoms, result } = this.#judgement
    const { deliveries } = result.history
    const { data } = deliveries
    const found = new Uint8Array(atoms.count)
    for (let row = 0; row < deliveries.length; row += 1) {
      if (data.group[row] !== this.#group) continue
      const stream = data.stream[row] as number
      const index = data.index[row] as number
      const end = atoms.at(stream, index + (data.count[row] as number))
      found.fill(1, atoms.at(stream, index), end)
    }
    return found
  }
}
