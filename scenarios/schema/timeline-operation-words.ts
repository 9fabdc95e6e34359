/**
 * The verbs of operations: which option a bare value stands for, and how the rest is read.
 */

import { PARTITIONS_MAX } from '../../model/record.ts'
import { expandConfig } from './expand-config.ts'
import type { Options } from './options.ts'
import type { Config } from './scenario.ts'
import { groupIn, nameIn } from './target.ts'
import type { OperationKind } from './timeline.ts'
import { BROKER, type Deed, readPartition, readProtocols, type Verb } from './timeline-verb.ts'

export const operationVerbs: Readonly<Record<OperationKind, Verb>> = {
  'add-partitions': {
    subject: 'topic',
    interval: false,
    read: readAddPartitions,
  },
  'add-members': {
    subject: 'group',
    interval: false,
    read: (options) => ({
      kind: 'add-members',
      group: readGroup(options),
      count: options.count('count', 1, 1),
    }),
  },
  'stop-members': {
    subject: 'group',
    interval: false,
    read: (options) => ({
      kind: 'stop-members',
      group: readGroup(options),
      count: options.count('count', 1, 1),
      clean: options.boolean('clean', true),
    }),
  },
  deploy: { subject: 'group', interval: false, read: readDeploy },
  'elect-leader': { subject: 'partition', interval: false, read: readElectLeader },
  reassign: { subject: 'partition', interval: false, read: readReassign },
  'alter-config': {
    subject: 'topic',
    interval: false,
    read: (options) => ({
      kind: 'alter-config',
      topic: readTopic(options),
      config: readConfig(options, true),
    }),
  },
  'create-topic': { subject: 'topic', interval: false, read: readCreateTopic },
  'delete-topic': {
    subject: 'topic',
    interval: false,
    read: (options) => ({ kind: 'delete-topic', topic: readTopic(options) }),
  },
  'slow-work': { subject: 'target', interval: true, read: readSlowWork },
  poison: { subject: 'topic', interval: true, read: readPoison },
  'rolling-restart': { subject: 'target', interval: false, read: readRollingRestart },
}

function readAddPartitions(options: Options): Deed {
  const topic = readTopic(options)
  const to = options.count('to', 1)
  const first = options.names.partitionsAtFirst.get(topic)
  if (first !== undefined && options.has('to') && to <= first) {
    options.refuse('to', `needs more than the ${first} that ${topic} has, such as to: ${first + 1}`)
  }
  if (to > PARTITIONS_MAX) options.refuse('to', `needs a number of at most ${PARTITIONS_MAX}`)
  return { kind: 'add-partitions', topic, to }
}

function readTopic(options: Options): string {
  const topic = options.text('topic', 'orders')
  if (topic === '') return topic
  const known = [...options.names.topics.keys()]
  return options.findings.attempt([...options.path, 'topic'], topic, () =>
    nameIn(topic, known, 'topic'),
  )
}

function readGroup(options: Options): string {
  const group = options.text('group', 'payment')
  if (group === '') return group
  return options.findings.attempt([...options.path, 'group'], group, () =>
    groupIn(group, options.names),
  )
}

/** What a container gets between the two signals, and what it takes to start. */
const GRACE_US = 10_000_000
const STARTUP_US = 5_000_000

function readDeploy(options: Options): Deed {
  return {
    kind: 'deploy',
    group: readGroup(options),
    batch: options.count('batch', 1, 1),
    graceUs: options.duration('grace') ?? GRACE_US,
    startupUs: options.duration('startup') ?? STARTUP_US,
    surge: options.count('surge', 0, 0),
  }
}

function readElectLeader(options: Options): Deed {
  const election = options.word('election', ['preferred', 'unclean'], 'preferred')
  return { kind: 'elect-leader', ...readPartition(options, 'partition'), election }
}

function readReassign(options: Options): Deed {
  const place = readPartition(options, 'partition')
  const written = options.value('replicas')
  const replicas = Array.isArray(written) ? written.map(Number) : []
  const { brokers } = options.names
  if (replicas.length === 0 || new Set(replicas).size < replicas.length) {
    options.refuse('replicas', 'needs "replicas", brokers in order, such as replicas: [2, 3, 1]')
  }
  const missing = replicas.find((id) => !brokers.includes(id))
  if (missing !== undefined) {
    options.refuse('replicas', `there is no broker ${missing}: there are ${brokers.join(', ')}`)
  }
  return { kind: 'reassign', ...place, replicas }
}

function readConfig(options: Options, needed: boolean): Config {
  const value = options.value('config')
  if (value === undefined && !needed) return {}
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = plain ? Object.entries(value) : []
  const scalar = entries.every(([, one]) => ['string', 'number', 'boolean'].includes(typeof one))
  if (plain && scalar && (entries.length > 0 || !needed))
    return checkedConfig(Object.fromEntries(entries) as Config, options)
  options.refuse('config', 'needs "config", such as config: { min.insync.replicas: 1 }')
  return {}
}

/** What a broker would refuse is refused where it stands. */
function checkedConfig(config: Config, { path, findings }: Options): Config {
  return expandConfig(
    { kind: 'topic', path: [...path, 'config'], config, preset: {} },
    findings,
    [],
  )
}

function readCreateTopic(options: Options): Deed {
  const topic = options.text('topic', 'refunds')
  const brokers = options.names.brokers.length
  const partitions = options.count('partitions', 1, 1)
  const replicationFactor = options.count('replicationFactor', 1, Math.min(3, Math.max(1, brokers)))
  if (topic !== '' && !/^[A-Za-z0-9._-]+$/.test(topic)) {
    options.refuse('topic', 'a name has letters, digits, dots, dashes and underscores only')
  }
  if (partitions > PARTITIONS_MAX) {
    options.refuse('partitions', `needs a number of at most ${PARTITIONS_MAX}`)
  }
  if (options.has('replicationFactor') && replicationFactor > brokers) {
    const count = brokers === 1 ? 'is 1 broker' : `are ${brokers} brokers`
    options.refuse(
      'replicationFactor',
      `${topic} wants ${replicationFactor} replicas and there ${count}`,
    )
  }
  return {
    kind: 'create-topic',
    topic,
    partitions,
    replicationFactor,
    config: readConfig(options, false),
  }
}

function readSlowWork(options: Options): Deed {
  const target = options.target('target', 'service bank')
  if (!['group', 'member', 'half', 'service', 'list'].includes(target.of)) {
    options.refuse('target', 'only a group, a member or a service works: payment, service bank')
  }
  return { kind: 'slow-work', target, factor: options.factor('factor') }
}

function readPoison(options: Options): Deed {
  const key = options.value('key')
  const written = typeof key === 'number' ? String(key) : key
  if (key !== undefined && typeof written !== 'string') options.refuse('key', 'needs a key')
  return {
    kind: 'poison',
    topic: readTopic(options),
    count: options.count('count', 1, 1),
    ...(options.has('group') ? { group: readGroup(options) } : {}),
    ...(options.has('partition') ? { partition: options.count('partition', 0) } : {}),
    ...(typeof written === 'string' ? { key: written } : {}),
    ...(options.has('factor') ? { factor: options.factor('factor') } : {}),
  }
}

function readRollingRestart(options: Options): Deed {
  const target = options.target('target', 'all brokers')
  const servers = [
    'all-brokers',
    'all-zookeeper',
    'broker',
    'zookeeper',
    'rack',
    'replicas',
    'list',
  ]
  if (!servers.includes(target.of)) {
    options.refuse('target', `only servers restart in turn: all brokers, rack b, ${BROKER}`)
  }
  return {
    kind: 'rolling-restart',
    target,
    clean: options.boolean('clean', true),
    waitForIsr: options.boolean('waitForIsr', true),
    downUs: options.duration('down') ?? 0,
    pauseUs: options.duration('pause') ?? 0,
    ...readProtocols(options),
  }
}
