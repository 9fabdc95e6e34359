/**
 * fencing: what carries a superseded epoch or generation takes no effect (KB 9.5, 9.6, KC 2.7).
 *
 * By group: no commit of a generation succeeds that was begun after a later one was assigned, and
 * none that a member begins outside of every generation (KC 2.5).
 * producers: in a log no batch of a producer stands behind one of a later epoch. leaders: no batch
 * stands behind one of a later leader epoch. controllers: the durable metadata of a partition is
 * never written by a controller after one of a later epoch was elected or wrote it. states: what
 * one of a later epoch wrote is never written over, which a controller can see even where nothing
 * else tells it that it was replaced (KB C8).
 */

import { Outcome, Ownership } from '../../model/history.ts'
import type { LogEntry } from '../../model/record.ts'
import type { FinalLog } from '../result.ts'
import { type Check, groupScopes } from './check.ts'
import { hasExcuse, offsetsExcused } from './causes.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

export const fencing: Check = {
  name: 'fencing',
  statement:
    'After a generation, producer epoch, leader epoch or controller epoch was superseded, ' +
    'nothing that carries the old one takes effect.',
  promise: 'Always, unless what knew of the epoch was lost with an excuse.',
  scopes: (judgement) => [
    ...groupScopes(judgement),
    'producers',
    'leaders',
    'controllers',
    'states',
  ],
  judge(judgement, scope) {
    if (scope === 'producers') return judgeProducers(judgement)
    if (scope === 'leaders') return judgeLeaders(judgement)
    if (scope === 'controllers') return judgeControllers(judgement)
    if (scope === 'states') return judgeStates(judgement)
    return judgeGenerations(judgement, scope)
  },
}

function judgeGenerations(judgement: Judgement, group: string): Finding {
  const { commits, ownerships, names } = judgement.result.history
  const id = judgement.groupId(group)
  const excuse = offsetsExcused(judgement)
    ? 'not promised: the metadata of the group was lost'
    : null
  const breaches = new Tally()
  const { data } = commits
  let newest = -1
  let newestUs = 0
  let owned = 0
  let any = false
  for (let row = 0; row < commits.length; row += 1) {
    if (data.group[row] !== id || data.outcome[row] !== Outcome.ok) continue
    const invokedUs = data.invokedUs[row] as number
    for (; owned < ownerships.length; owned += 1) {
      const { data: of } = ownerships
      if ((of.atUs[owned] as number) >= invokedUs) break
      if (of.group[owned] !== id || of.kind[owned] !== Ownership.assigned) continue
      if ((of.generation[owned] as number) <= newest) continue
      newest = of.generation[owned] as number
      newestUs = of.atUs[owned] as number
    }
    const generation = data.generation[row] as number
    any = true
    if (generation < 0) {
      outside(judgement, breaches, { row, excuse })
      continue
    }
    if (generation >= newest) continue
    const since = newestUs
    const superseding = newest
    breaches.add('a superseded member committed', 1, excuse, () => {
      const atUs = judgement.since(invokedUs)
      const partition = judgement.partitionText(data.partition[row] as number)
      return {
        sentence:
          `${names[data.process[row] as number]} of generation ${generation} committed offset ` +
          `${data.offset[row]} of ${partition} at ${seconds(atUs)}, and generation ${superseding} ` +
          `had begun by ${seconds(judgement.since(since))}`,
        atUs,
        partition,
        offset: data.offset[row] as number,
        records: [],
      }
    })
  }
  if (breaches.count > 0) {
    return breaches.broken(
      `Superseded members of ${group} committed ${counted(breaches.count, 'time')}`,
    )
  }
  if (!any) return vacuous(excuse === null, `${group} committed nothing`)
  return kept(excuse === null, `No superseded member of ${group} committed`)
}

/** A member that was put out, and committed as if it had never had a group. */
function outside(
  judgement: Judgement,
  breaches: Tally,
  { row, excuse }: { readonly row: number; readonly excuse: string | null },
): void {
  const { commits, names } = judgement.result.history
  const { data } = commits
  breaches.add('a member committed outside of every generation', 1, excuse, () => {
    const atUs = judgement.since(data.invokedUs[row] as number)
    const partition = judgement.partitionText(data.partition[row] as number)
    return {
      sentence:
        `${names[data.process[row] as number]}, in no generation of its group, committed offset ` +
        `${data.offset[row]} of ${partition} at ${seconds(atUs)}`,
      atUs,
      partition,
      offset: data.offset[row] as number,
      records: [],
    }
  })
}

/** Entries of a log that carry an epoch below one that stands before them. */
function eachFallen(
  { entries }: FinalLog,
  epochOf: (entry: LogEntry) => number,
  ofWhom: (entry: LogEntry) => number,
  visit: (entry: LogEntry, before: number) => void,
): void {
  const newest = new Map<number, number>()
  for (const entry of entries) {
    const epoch = epochOf(entry)
    if (epoch < 0) continue
    const whom = ofWhom(entry)
    const before = newest.get(whom) ?? -1
    if (epoch < before) visit(entry, before)
    else newest.set(whom, epoch)
  }
}

function judgeProducers(judgement: Judgement): Finding {
  const breaches = new Tally()
  let any = false
  for (const log of judgement.result.logs.uncommitted) {
    any ||= log.entries.some(({ batch }) => batch.producerId >= 0)
    eachFallen(
      log,
      ({ batch }) => (batch.producerId < 0 ? -1 : batch.producerEpoch),
      ({ batch }) => batch.producerId,
      (entry, before) => {
        const { producerId, producerEpoch, count } = entry.batch
        fallen(
          judgement,
          breaches,
          { log, entry, weight: count, mechanism: 'a fenced producer wrote' },
          () =>
            `holds records of producer ${producerId} in epoch ${producerEpoch} behind its epoch ${before}`,
        )
      },
    )
  }
  if (breaches.count > 0) {
    return breaches.broken(
      `${counted(breaches.count, 'record')} of fenced producers stand in the logs`,
    )
  }
  if (!any) return vacuous(true, 'No idempotent producer wrote')
  return kept(true, 'No fenced producer wrote')
}

function judgeLeaders(judgement: Judgement): Finding {
  const breaches = new Tally()
  let any = false
  for (const log of judgement.result.logs.uncommitted) {
    any ||= log.entries.length > 0
    eachFallen(
      log,
      ({ leaderEpoch }) => leaderEpoch,
      () => 0,
      (entry, before) => {
        const { leaderEpoch, batch } = entry
        fallen(
          judgement,
          breaches,
          { log, entry, weight: batch.count, mechanism: 'a fenced leader wrote' },
          () => `holds records of leader epoch ${leaderEpoch} behind those of epoch ${before}`,
        )
      },
    )
  }
  if (breaches.count > 0) {
    return breaches.broken(
      `${counted(breaches.count, 'record')} of fenced leaders stand in the logs`,
    )
  }
  if (!any) return vacuous(true, 'No record is stored')
  return kept(true, 'No fenced leader wrote')
}

interface Fallen {
  readonly log: FinalLog
  readonly entry: LogEntry
  readonly weight: number
  readonly mechanism: string
}

function fallen(
  judgement: Judgement,
  breaches: Tally,
  { log, entry, weight, mechanism }: Fallen,
  what: () => string,
): void {
  const lost = hasExcuse(judgement, log.partition)
  const excuse = lost ? 'not promised: what the broker knew of it was lost' : null
  breaches.add(mechanism, weight, excuse, () => {
    const partition = judgement.partitionText(log.partition)
    return {
      sentence: `${partition} ${what()}, from offset ${entry.baseOffset} on`,
      atUs: null,
      partition,
      offset: entry.baseOffset,
      records: [],
    }
  })
}

function judgeControllers(judgement: Judgement): Finding {
  const breaches = new Tally()
  const newest = new Map<number, number>()
  let any = false
  for (const change of judgement.result.leaders) {
    const { partition, atUs, controllerEpoch, reigningEpoch = -1 } = change
    if (controllerEpoch === undefined || controllerEpoch < 0) continue
    any = true
    const before = Math.max(newest.get(partition) ?? -1, reigningEpoch)
    if (controllerEpoch >= before) {
      newest.set(partition, controllerEpoch)
      continue
    }
    breaches.add('a fenced controller wrote', 1, null, () => ({
      sentence:
        `a controller of epoch ${controllerEpoch} wrote the state of ${judgement.partitionText(partition)} ` +
        `at ${seconds(atUs)}, after one of epoch ${before} was elected`,
      atUs,
      partition: judgement.partitionText(partition),
      offset: null,
      records: [],
    }))
  }
  if (breaches.count > 0) {
    return breaches.broken(`Fenced controllers wrote ${counted(breaches.count, 'time')}`)
  }
  if (!any) return vacuous(true, 'No controller wrote')
  return kept(true, 'No fenced controller wrote')
}

function judgeStates(judgement: Judgement): Finding {
  const breaches = new Tally()
  const last = new Map<number, number>()
  let any = false
  for (const { partition, atUs, controllerEpoch = -1 } of judgement.result.leaders) {
    if (controllerEpoch < 0) continue
    any = true
    const before = last.get(partition) ?? -1
    last.set(partition, controllerEpoch)
    if (controllerEpoch >= before) continue
    breaches.add('a newer decision was written over', 1, null, () => ({
      sentence:
        `a controller of epoch ${controllerEpoch} wrote over the state of ` +
        `${judgement.partitionText(partition)} at ${seconds(atUs)}, which one of epoch ${before} had written`,
      atUs,
      partition: judgement.partitionText(partition),
      offset: null,
      records: [],
    }))
  }
  if (breaches.count > 0) {
    return breaches.broken(
      `Decisions of newer controllers were written over ${counted(breaches.count, 'time')}`,
    )
  }
  if (!any) return vacuous(true, 'No controller wrote')
  return kept(true, 'No decision of a newer controller was written over')
}
