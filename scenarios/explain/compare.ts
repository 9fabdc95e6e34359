/**
 * Two cases side by side: the first event in which their runs part, what each promise came to,
 * latency and backlog.
 *
 * Both run with a recording. Cases of different seeds part in their first draw; of one seed with
 * another setting, where that setting first matters.
 */

import { Recording, type TraceWords } from '../../sim/recording.ts'
import type { Case } from '../case.ts'
import { judge } from '../judge.ts'
import type { GroupMeasures, Judged, Percentiles, Verdict } from '../result.ts'
import { run } from '../run.ts'
import { partingOf } from './trace-words.ts'

export interface ComparedVerdict {
  readonly check: Verdict['check']
  readonly scope: string
  /** Null where one of the cases does not judge it. */
  readonly first: Pick<Verdict, 'verdict' | 'count'> | null
  readonly second: Pick<Verdict, 'verdict' | 'count'> | null
}

export interface ComparedGroup {
  readonly group: string
  readonly topic: string
  readonly first: GroupMeasures | null
  readonly second: GroupMeasures | null
}

/** Where two runs part, in time from t = 0 of the second. */
export interface Divergence {
  readonly event: number
  readonly atUs: number
  readonly first: string
  readonly second: string
}

export interface Comparison {
  readonly first: Judged
  readonly second: Judged
  /** Null: the runs are the same event for event. */
  readonly divergence: Divergence | null
  readonly verdicts: readonly ComparedVerdict[]
  readonly latency: Readonly<
    Record<
      'produce' | 'endToEnd',
      { readonly first: Percentiles | null; readonly second: Percentiles | null }
    >
  >
  readonly groups: readonly ComparedGroup[]
}

export function compare(one: Case, other: Case): Comparison {
  const left = recorded(one)
  const right = recorded(other)
  const first = left.judged
  const second = right.judged
  return {
    first,
    second,
    divergence: divergenceOf(left.words, right.words, second.result.phases.originUs),
    verdicts: verdictsOf(first, second),
    latency: {
      produce: pair(first, second, 'produce'),
      endToEnd: pair(first, second, 'endToEnd'),
    },
    groups: groupsOf(first, second),
  }
}

function recorded(one: Case): { readonly judged: Judged; readonly words: TraceWords } {
  const recording = new Recording()
  const judged = judge(run(one, { recording }))
  return { judged, words: recording.words() }
}

function divergenceOf(was: TraceWords, is: TraceWords, originUs: number): Divergence | null {
  const parting = partingOf(was, is)
  if (parting === null) return null
  const { event, atUs, was: first, is: second } = parting
  return { event, atUs: atUs - originUs, first, second }
}

function pair(
  first: Judged,
  second: Judged,
  kind: 'produce' | 'endToEnd',
): Comparison['latency']['produce'] {
  return { first: first.measures.latency[kind], second: second.measures.latency[kind] }
}

function verdictsOf(first: Judged, second: Judged): ComparedVerdict[] {
  const find = (judged: Judged, of: Verdict): ComparedVerdict['first'] => {
    const found = judged.verdicts.find((one) => one.check === of.check && one.scope === of.scope)
    return found === undefined ? null : { verdict: found.verdict, count: found.count }
  }
  const missing = second.verdicts.filter((one) => find(first, one) === null)
  return [...first.verdicts, ...missing].map((of) => ({
    check: of.check,
    scope: of.scope,
    first: find(first, of),
    second: find(second, of),
  }))
}

function groupsOf(first: Judged, second: Judged): ComparedGroup[] {
  const find = (judged: Judged, of: GroupMeasures): GroupMeasures | null =>
    judged.measures.groups.find((one) => one.group === of.group && one.topic === of.topic) ?? null
  const missing = second.measures.groups.filter((one) => find(first, one) === null)
  return [...first.measures.groups, ...missing].map((of) => ({
    group: of.group,
    topic: of.topic,
    first: find(first, of),
    second: find(second, of),
  }))
}
