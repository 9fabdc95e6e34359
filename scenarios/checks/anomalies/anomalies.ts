/**
 * anomalies: what the strictest public checker of Kafka histories looks for, each by its name.
 *
 * Follows checks.md 1. Where that table allows an anomaly, a breach is counted and shown without
 * being one of something promised.
 */

import type { Check } from '../check.ts'
import { type Finding, kept, type Tally, vacuous } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { counted } from '../words.ts'
import { type AnomalyName, anomalyNames, type CycleName } from './names.ts'
import { type PollBreaches, pollBreachesOf } from './polls.ts'
import {
  judgeAbortedRead,
  judgeLostWrites,
  judgeOffsets,
  judgeRepeated,
  judgeUnseen,
} from './reads.ts'
import { judgeSendOrder } from './sends.ts'
import { judgeCycles, shapes } from './serial.ts'
import { judgePrecommitted, judgeSendsInside, judgeSendSkips } from './transactions.ts'

export const anomalies: Check = {
  name: 'anomalies',
  statement: 'The history of the clients shows none of the anomalies that Jepsen names.',
  promise:
    'G1a, inconsistent-offsets, duplicate, lost-write, unseen and nonmonotonic-send: as no-loss, ' +
    'no-log-duplicates and order-by-key promise. poll-skip and nonmonotonic-poll: while a ' +
    'partition stays with its member; over a rebalance they are allowed. int-send-skip, G0 ' +
    'and PL-1 are always allowed, G1c and PL-2 where they take an order of writes, -process and ' +
    '-realtime forms alike. The others: always.',
  scopes: () => anomalyNames,
  judge: (judgement, scope) => judges[scope as AnomalyName](judgement),
}

const judges: Readonly<Record<AnomalyName, (judgement: Judgement) => Finding>> = {
  G1a: judgeAbortedRead,
  'inconsistent-offsets': judgeOffsets,
  duplicate: judgeRepeated,
  'lost-write': judgeLostWrites,
  unseen: judgeUnseen,
  'poll-skip': (judgement) =>
    between(judgement, ({ skip }) => skip, {
      broken: (records) => `Members skipped ${records} between two polls`,
      kept: 'No member skipped a record between two polls',
    }),
  'nonmonotonic-poll': (judgement) =>
    between(judgement, ({ back }) => back, {
      broken: (records) => `Members were given ${records} again in a later poll`,
      kept: 'Each poll of a member went on behind the one before',
    }),
  'nonmonotonic-send': judgeSendOrder,
  'int-poll-skip': (judgement) =>
    inside(judgement, ({ skipInside }) => skipInside, {
      broken: (records) => `Single polls skipped ${records}`,
      kept: 'No poll skipped a record',
    }),
  'int-nonmonotonic-poll': (judgement) =>
    inside(judgement, ({ backInside }) => backInside, {
      broken: (records) => `Single polls gave ${records} again`,
      kept: 'No poll gave a record again',
    }),
  'int-send-skip': judgeSendSkips,
  'int-nonmonotonic-send': judgeSendsInside,
  'precommitted-read': judgePrecommitted,
  ...cycleJudges(),
}

function cycleJudges(): Readonly<Record<CycleName, (of: Judgement) => Finding>> {
  const made = Object.entries(shapes).map(
    ([name, shape]) => [name, (judgement: Judgement) => judgeCycles(judgement, shape)] as const,
  )
  return Object.fromEntries(made) as ReturnType<typeof cycleJudges>
}

interface Words {
  readonly broken: (records: string) => string
  readonly kept: string
}

function between(judgement: Judgement, of: (found: PollBreaches) => Tally, words: Words): Finding {
  const found = pollBreachesOf(judgement)
  const { count } = of(found)
  if (count > 0) return of(found).broken(words.broken(counted(count, 'record')))
  if (found.followed === 0) return vacuous(true, 'No member polled a partition twice')
  return kept(true, words.kept)
}

function inside(judgement: Judgement, of: (found: PollBreaches) => Tally, words: Words): Finding {
  const found = pollBreachesOf(judgement)
  const { count } = of(found)
  if (count > 0) return of(found).broken(words.broken(counted(count, 'record')))
  if (found.inside === 0) return vacuous(true, 'No poll gave two ranges of one partition')
  return kept(true, words.kept)
}
