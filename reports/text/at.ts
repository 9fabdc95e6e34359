/**
 * The cluster at one moment, in the layout of `kafka-topics --describe` and
 * `kafka-consumer-groups --describe`, with the roles and troubles above that no tool of Kafka
 * shows.
 */

import type { ClusterAt, GroupAt, PartitionAt, TopicAt } from '../../scenarios/explain/at.ts'
import { blocks, hung, type Page, text, title } from './layout.ts'
import { grouped } from './numbers.ts'

export interface AtAnswer {
  readonly scenario: string
  readonly seed: number
  readonly at: ClusterAt
  readonly again: string
}

export function atText({ scenario, seed, at, again }: AtAnswer, page: Page): string {
  const seconds = (at.atUs / 1_000_000).toFixed(3)
  const head = `${scenario}, seed ${seed}, at ${seconds} s.`
  return text(
    blocks(
      [page.paint.bold(head)],
      roleLines(at, page),
      ...at.topics.filter((topic) => !isInternal(topic)).map(topicLines),
      ...at.groups.map((group) => groupLines(group)),
      logLines(at, page),
      ...at.topics.filter(isInternal).map(topicLines),
      [`Again   ${page.paint.bold(again)}`],
    ),
  )
}

function roleLines(at: ClusterAt, page: Page): string[] {
  const { width } = page
  const named = (kind: string, id: number): string => (id === -1 ? 'none' : `${kind} ${id}`)
  const down = at.processes.filter(({ phase }) => phase === 'down').map(({ process }) => process)
  const paused = at.processes.filter(({ phase }) => phase === 'paused')
  const strangers = at.processes.filter(({ registered }) => registered === false)
  const row = (label: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : hung(`  ${label.padEnd(18)}`, names.join(', '), width)
  return [
    title('Roles', page),
    ...row('controller', [named('broker', at.controller)]),
    ...row('ZooKeeper leader', [named('zookeeper', at.zookeeperLeader)]),
    ...row('down', down.length === 0 ? ['nobody'] : down),
    ...row(
      'paused',
      paused.map(({ process }) => process),
    ),
    ...row(
      'not registered',
      strangers.map(({ process }) => process),
    ),
    ...row('no way', cutTexts(at.cut)),
  ]
}

/** Both ways in one where both are cut; by the first host. */
function cutTexts(cut: ClusterAt['cut']): readonly string[] {
  const has = (from: string, to: string): boolean =>
    cut.some(([one, other]) => one === from && other === to)
  return cut.flatMap(([from, to]) => {
    if (!has(to, from)) return [`${from} → ${to}`]
    return from < to ? [`${from} ↔ ${to}`] : []
  })
}

/** Kafka's own topics stand last, and on one line while they are well. */
function isInternal({ topic }: TopicAt): boolean {
  return topic.startsWith('__')
}

function isWell({ leader, replicas, isr }: PartitionAt): boolean {
  return leader !== -1 && isr.length === replicas.length
}

function topicLines(described: TopicAt): string[] {
  const { topic, partitions, replicationFactor, configs } = described
  const given = Object.entries(configs).map(([key, value]) => `${key}=${value}`)
  const head = [
    `Topic: ${topic}`,
    `PartitionCount: ${partitions.length}`,
    `ReplicationFactor: ${replicationFactor}`,
    `Configs: ${given.join(',')}`,
  ]
  if (isInternal(described) && partitions.every(isWell)) {
    return [head.join('\t'), '\tall partitions are led, with every replica in sync']
  }
  return [head.join('\t'), ...partitions.map((one) => `\t${partitionLine(topic, one)}`)]
}

function partitionLine(topic: string, { partition, leader, replicas, isr }: PartitionAt): string {
  return [
    `Topic: ${topic}`,
    `Partition: ${partition}`,
    `Leader: ${leader === -1 ? 'none' : leader}`,
    `Replicas: ${replicas.join(',')}`,
    `Isr: ${isr.join(',')}`,
    'Elr: N/A',
    'LastKnownElr: N/A',
  ].join('\t')
}

const columns = [
  'GROUP',
  'TOPIC',
  'PARTITION',
  'CURRENT-OFFSET',
  'LOG-END-OFFSET',
  'LAG',
  'CONSUMER-ID',
  'HOST',
  'CLIENT-ID',
]

function groupLines({ group, activeMembers, rows }: GroupAt): string[] {
  const cells = rows.map(({ topic, partition, currentOffset, logEndOffset, member }) => [
    group,
    topic,
    String(partition),
    currentOffset === null ? '-' : String(currentOffset),
    String(logEndOffset),
    currentOffset === null ? '-' : String(Math.max(0, logEndOffset - currentOffset)),
    member?.id ?? '-',
    member === null ? '-' : `/${member.host}`,
    member?.client ?? '-',
  ])
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...cells.map((row) => (row[at] ?? '').length)),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(' ')
      .trimEnd()
  const nobody = `Consumer group '${group}' has no active members.`
  return [...(activeMembers === 0 ? [nobody, ''] : []), line(columns), ...cells.map(line)]
}

/** What no tool shows: each replica's log, where they are not all alike. */
function logLines({ topics }: ClusterAt, page: Page): string[] {
  const rows = topics.flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partition, leaderEpoch, replicas, ends }) => {
      const known = ends.filter((one) => one !== null)
      if (known.every(({ end }) => end === known[0]?.end)) return []
      const each = replicas.map((broker, at) => {
        const log = ends[at]
        return log === null || log === undefined
          ? `broker ${broker}: none`
          : `broker ${broker}: end ${grouped(log.end)}, high watermark ${grouped(log.highWatermark)}`
      })
      return hung(`  ${topic}-${partition} (epoch ${leaderEpoch}) `, each.join(' · '), page.width)
    }),
  )
  return rows.length === 0 ? [] : [title('Logs that differ', page), ...rows]
}
