/**
 * Reads the phrases that name a target (`leader of orders-0`, `half of payment`) and writes
 * them back.
 *
 * A name that the scenario does not have is an error here, at load, and not a fault that strikes
 * nothing in the middle of a run.
 */

import type { Names } from './names.ts'
import { didYouMean, didYouMeanOf } from './nearest.ts'
import type { Target } from './timeline.ts'

type Words = readonly string[]

interface Phrase {
  readonly pattern: RegExp
  readonly read: (words: Words, names: Names) => Target
}

const phrases: readonly Phrase[] = [
  { pattern: /^controller$/, read: () => ({ of: 'controller' }) },
  { pattern: /^zookeeper leader$/, read: () => ({ of: 'zookeeper-leader' }) },
  { pattern: /^all brokers$/, read: () => ({ of: 'all-brokers' }) },
  { pattern: /^all zookeepers?( servers)?$/, read: () => ({ of: 'all-zookeeper' }) },
  { pattern: /^all clients$/, read: () => ({ of: 'all-clients' }) },
  { pattern: /^others$/, read: () => ({ of: 'others' }) },
  {
    pattern: /^broker (\d+)$/,
    read: ([id = ''], names) => ({ of: 'broker', id: idIn(id, names.brokers, 'broker') }),
  },
  {
    pattern: /^zookeeper (\d+)$/,
    read: ([id = ''], names) => ({
      of: 'zookeeper',
      id: idIn(id, names.zookeeper, 'ZooKeeper server'),
    }),
  },
  {
    pattern: /^rack (\S+)$/,
    read: ([rack = ''], names) => ({ of: 'rack', rack: nameIn(rack, names.racks, 'rack') }),
  },
  {
    pattern: /^leader of (\S+)$/,
    read: ([partition = ''], names) => ({ of: 'leader', ...parsePartition(partition, names) }),
  },
  {
    pattern: /^follower(?: (\d+))? of (\S+)$/,
    read: ([nth, partition = ''], names) => ({
      of: 'follower',
      ...parsePartition(partition, names),
      nth: Number(nth ?? 1),
    }),
  },
  {
    pattern: /^replicas of (\S+)$/,
    read: ([partition = ''], names) => ({ of: 'replicas', ...parsePartition(partition, names) }),
  },
  {
    pattern: /^coordinator of (\S+)$/,
    read: ([group = ''], names) => ({ of: 'coordinator', group: groupIn(group, names) }),
  },
  {
    pattern: /^half of (\S+)$/,
    read: ([group = ''], names) => ({ of: 'half', group: groupIn(group, names) }),
  },
  {
    pattern: /^(?:all of|group) (\S+)$/,
    read: ([group = ''], names) => ({ of: 'group', group: groupIn(group, names) }),
  },
  {
    pattern: /^service (\S+)$/,
    read: ([name = ''], names) => ({
      of: 'service',
      name: nameIn(name, names.services, 'service'),
    }),
  },
]

/** A phrase, a list of phrases, or a target that is canonical already. */
export function parseTarget(value: unknown, names: Names): Target {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new Error('an empty list names no target')
    return { of: 'list', targets: value.map((entry) => parseTarget(entry, names)) }
  }
  if (typeof value === 'object' && value !== null && 'of' in value) {
    // Through the phrase and back, so that a canonical target is checked like a written one.
    return parseTarget(
      value.of === 'list' && 'targets' in value ? value.targets : targetText(value as Target),
      names,
    )
  }
  if (typeof value !== 'string') {
    throw new Error('a target is a phrase such as "broker 1" or "leader of orders-0", or a list')
  }
  const parts = value.split(',').map((part) => part.trim())
  if (parts.length > 1) {
    return { of: 'list', targets: parts.map((part) => parsePhrase(part, names)) }
  }
  return parsePhrase(value.trim(), names)
}

function parsePhrase(text: string, names: Names): Target {
  for (const phrase of phrases) {
    const match = phrase.pattern.exec(text)
    if (match !== null) return phrase.read(match.slice(1), names)
  }
  return parseClient(text, names)
}

/** `payment-2` of a group, `order-service-1` of a producer, or either as a whole. */
function parseClient(text: string, names: Names): Target {
  if (names.groups.has(text)) return { of: 'group', group: text }
  const whole = names.producers.get(text)
  if (whole !== undefined) {
    const targets: Target[] = []
    for (let index = 1; index <= whole; index += 1) {
      targets.push({ of: 'producer', name: text, index })
    }
    return { of: 'list', targets }
  }
  const dash = text.lastIndexOf('-')
  const name = text.slice(0, dash)
  const index = Number(text.slice(dash + 1))
  const members = names.groups.get(name)
  const instances = names.producers.get(name)
  const count = members ?? instances
  if (dash < 1 || count === undefined || !Number.isInteger(index)) {
    throw new Error(`no target is called "${text}"${didYouMean(text, everyPhrase(names))}`)
  }
  if (index < 1 || index > count) {
    throw new Error(`"${text}": ${name} has ${name}-1 to ${name}-${count}`)
  }
  return members === undefined
    ? { of: 'producer', name, index }
    : { of: 'member', group: name, index }
}

export interface PartitionName {
  readonly topic: string
  readonly partition: number
}

/** The topic of the group coordinators, which is there without being written down. */
const OFFSETS_TOPIC = '__consumer_offsets'

/** `orders-0`; a topic's name may have dashes itself. */
export function parsePartition(text: string, names: Names): PartitionName {
  const dash = text.lastIndexOf('-')
  const topic = text.slice(0, dash)
  const partition = text.slice(dash + 1)
  if (dash < 1 || !/^\d+$/.test(partition)) {
    const like = [...names.topics.keys()][0] ?? 'orders'
    throw new Error(`"${text}" names no partition: write ${like}-0`)
  }
  // How many partitions it has, its property says.
  const count = topic === OFFSETS_TOPIC ? Infinity : names.topics.get(topic)
  if (count === undefined) {
    throw new Error(`there is no topic "${topic}"${didYouMeanOf(topic, names.topics.keys())}`)
  }
  if (Number(partition) >= count) {
    throw new Error(`"${text}": ${topic} has the partitions 0 to ${count - 1}`)
  }
  return { topic, partition: Number(partition) }
}

/** The phrase that `parseTarget` reads back. */
export function targetText(target: Target): string {
  switch (target.of) {
    case 'broker':
    case 'zookeeper':
      return `${target.of} ${target.id}`
    case 'rack':
      return `rack ${target.rack}`
    case 'controller':
    case 'others':
      return target.of
    case 'zookeeper-leader':
      return 'zookeeper leader'
    case 'leader':
      return `leader of ${target.topic}-${target.partition}`
    case 'follower': {
      const nth = target.nth === 1 ? '' : ` ${target.nth}`
      return `follower${nth} of ${target.topic}-${target.partition}`
    }
    case 'replicas':
      return `replicas of ${target.topic}-${target.partition}`
    case 'coordinator':
    case 'half':
      return `${target.of} of ${target.group}`
    case 'group':
      return `all of ${target.group}`
    case 'member':
      return `${target.group}-${target.index}`
    case 'producer':
      return `${target.name}-${target.index}`
    case 'service':
      return `service ${target.name}`
    case 'all-brokers':
      return 'all brokers'
    case 'all-zookeeper':
      return 'all zookeepers'
    case 'all-clients':
      return 'all clients'
    case 'list':
      return target.targets.map(targetText).join(', ')
  }
}

export function groupIn(group: string, names: Names): string {
  return nameIn(group, [...names.groups.keys()], 'group')
}

export function nameIn(name: string, known: readonly string[], what: string): string {
  if (known.includes(name)) return name
  throw new Error(`there is no ${what} "${name}"${didYouMeanOf(name, known)}`)
}

function idIn(text: string, known: readonly number[], what: string): number {
  const id = Number(text)
  if (known.includes(id)) return id
  throw new Error(`there is no ${what} ${id}: there are ${known.join(', ')}`)
}

/** One phrase of each kind and name: what a slip of the pen is compared with. */
function everyPhrase(names: Names): readonly string[] {
  const found = [
    'controller',
    'zookeeper leader',
    'all brokers',
    'all zookeepers',
    'all clients',
    'others',
  ]
  for (const id of names.brokers) found.push(`broker ${id}`)
  for (const id of names.zookeeper) found.push(`zookeeper ${id}`)
  for (const rack of names.racks) found.push(`rack ${rack}`)
  for (const topic of names.topics.keys())
    found.push(`leader of ${topic}-0`, `follower of ${topic}-0`, `replicas of ${topic}-0`)
  for (const group of names.groups.keys()) {
    found.push(
      group,
      `${group}-1`,
      `half of ${group}`,
      `all of ${group}`,
      `coordinator of ${group}`,
    )
  }
  for (const producer of names.producers.keys()) found.push(producer, `${producer}-1`)
  for (const service of names.services) found.push(`service ${service}`)
  return found
}
