/**
 * Leaders and ISR over time, one strip a topic and one row a partition.
 *
 * Made of the changes of the durable metadata (KB 4): what a broker believed is not shown. A topic
 * with more partitions than fit shows those in which something changed, and says how many more.
 */

import type { Judged, LeaderChange } from '../../scenarios/result.ts'
import { seconds } from './bands.ts'
import type { Reign, Strip, StripRow } from './chart-model.ts'
import { partitionName } from './partitions.ts'

/** Rows of one strip; more would be thinner than an eye can follow. */
const ROWS_MAX = 64

export interface TopicStrip {
  readonly strip: Strip
  /** Partitions of the topic that the strip leaves out. */
  readonly hidden: number
  /** Changes of the leader during the run. */
  readonly elections: number
  /** Of those, elections of a replica from outside the ISR. */
  readonly unclean: number
  readonly shrinks: number
}

/** Topics in the order of the scenario, the system's own last. */
export function topicStrips(judged: Judged): TopicStrip[] {
  const byTopic = new Map<string, Map<number, LeaderChange[]>>()
  for (const { name } of judged.scenario.topics) byTopic.set(name, new Map())
  for (const change of judged.result.leaders) {
    const { topic, number } = partitionName(judged.result, change.partition)
    const partitions = entryOf(byTopic, topic, () => new Map<number, LeaderChange[]>())
    entryOf(partitions, number, () => []).push(change)
  }
  return [...byTopic]
    .filter(([, partitions]) => partitions.size > 0)
    .map(([topic, partitions], at) => topicStrip(judged, topic, partitions, at))
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, fresh: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = fresh()
  map.set(key, made)
  return made
}

function topicStrip(
  judged: Judged,
  topic: string,
  partitions: ReadonlyMap<number, readonly LeaderChange[]>,
  at: number,
): TopicStrip {
  const all = [...partitions]
    .sort(([left], [right]) => left - right)
    .map(([number, changes]): StripRow => ({ number, reigns: reignsOf(changes) }))
  const rows = all.length <= ROWS_MAX ? all : busiest(all)
  const widest = Math.max(...all.flatMap((row) => row.reigns.map((reign) => reign[3].length)))
  const replicas = declaredReplicas(judged, topic) ?? widest
  const minIsr = minIsrOf(judged, topic)
  return {
    strip: { id: `strip-${at}`, topic, replicas, minIsr, rows },
    hidden: all.length - rows.length,
    ...counts(all),
  }
}

/** The partitions with the most changes, back in their order. */
function busiest(rows: readonly StripRow[]): StripRow[] {
  return [...rows]
    .sort((left, right) => right.reigns.length - left.reigns.length || left.number - right.number)
    .slice(0, ROWS_MAX)
    .sort((left, right) => left.number - right.number)
}

/** From t = 0 on: what boot did is drawn as the state it left. */
function reignsOf(changes: readonly LeaderChange[]): Reign[] {
  const reigns: Reign[] = []
  for (const { atUs, leader, leaderEpoch, isr, clean } of changes) {
    const reign: Reign = [Math.max(0, seconds(atUs)), leader, leaderEpoch, isr, clean ? 1 : 0]
    if (atUs <= 0) reigns.length = 0
    reigns.push(reign)
  }
  return reigns
}

function counts(rows: readonly StripRow[]): Omit<TopicStrip, 'strip' | 'hidden'> {
  let elections = 0
  let unclean = 0
  let shrinks = 0
  for (const { reigns } of rows) {
    for (let at = 1; at < reigns.length; at += 1) {
      const before = reigns[at - 1] as Reign
      const reign = reigns[at] as Reign
      if (reign[1] !== before[1] && reign[1] !== -1) elections += 1
      if (reign[4] === 0 && reign[2] !== before[2]) unclean += 1
      if (reign[3].length < before[3].length) shrinks += 1
    }
  }
  return { elections, unclean, shrinks }
}

function declaredReplicas({ scenario }: Judged, topic: string): number | null {
  return scenario.topics.find(({ name }) => name === topic)?.replicationFactor ?? null
}

/** min.insync.replicas: 1 by default. */
function minIsrOf({ scenario }: Judged, topic: string): number {
  const own = scenario.topics.find(({ name }) => name === topic)?.config['min.insync.replicas']
  const value = Number(own ?? scenario.cluster.config['min.insync.replicas'] ?? 1)
  return Number.isFinite(value) ? value : 1
}
