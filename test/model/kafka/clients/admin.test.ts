import { expect, test } from 'vitest'
import {
  type Admin,
  adminProcess,
  type AdminCommand,
  type AdminTimer,
  isAdminIdle,
} from '../../../../model/kafka/clients/admin.ts'
import { type AdminAction, AdminKind } from '../../../../model/kafka/clients/admin-task.ts'
import type { KafkaError } from '../../../../model/kafka/errors.ts'
import type {
  CreateTopicsRequest,
  KafkaRequest,
  MetadataResponse,
  ToAdmin,
} from '../../../../model/kafka/messages.ts'
import { Topics } from '../../../../model/kafka/topics.ts'
import { History, Outcome } from '../../../../model/history.ts'
import { partitionId } from '../../../../model/record.ts'
import { HandHeld } from '../hand-held-context.ts'

const topics = new Topics(['orders', 'payments'])
const ORDERS = topics.id('orders') as number

type Held = HandHeld<Admin, ToAdmin | AdminCommand, AdminTimer, never>

interface World {
  readonly held: Held
  readonly history: History
}

const creation: AdminAction = {
  kind: 'create-topics',
  topics: ['orders', 'payments'].map((name) => ({
    name,
    partitions: 6,
    replicationFactor: 3,
    assignment: null,
    config: {},
  })),
}

function start(action: AdminAction, timeoutMs = 60_000): World {
  const history = new History(() => 0)
  const held: Held = new HandHeld(adminProcess({ topics, brokers: [1], history }), {
    name: 'admin-1',
  })
  held.deliver(held.context.accept('runner'), { type: 'AdminCommand', action, timeoutMs })
  held.open(held.connectionTo('broker-1'))
  return { held, history }
}

/** Answers the oldest request that has not been answered. */
function answer({ held }: World, reply: (request: KafkaRequest) => ToAdmin): void {
  const sent = held.context.sent.shift()
  if (sent === undefined) throw new Error('no request to answer')
  held.deliver(sent.connection, reply(sent.message as KafkaRequest))
}

function metadata(controllerId: number) {
  return ({ correlationId }: KafkaRequest): MetadataResponse => ({
    type: 'MetadataResponse',
    correlationId,
    brokers: [1],
    controllerId,
    topics: [],
  })
}

function created(errors: Readonly<Record<string, KafkaError>>) {
  return (request: KafkaRequest): ToAdmin => ({
    type: 'CreateTopicsResponse',
    correlationId: request.correlationId,
    topics: (request as CreateTopicsRequest).topics.map(({ name }) => ({
      name,
      error: errors[name] ?? 'NONE',
    })),
  })
}

function rows({ history }: World): { kind: number; topic: number; outcome: number }[] {
  return [...history.admins.column('outcome')].map((outcome, row) => ({
    kind: history.admins.get('kind', row),
    topic: history.admins.get('topic', row),
    outcome,
  }))
}

test('topics are created at the controller, each a row of the history', () => {
  const world = start(creation)
  answer(world, metadata(1))
  answer(world, created({}))

  const written = rows(world)

  expect(written).toEqual([
    { kind: AdminKind.createTopic, topic: ORDERS, outcome: Outcome.ok },
    { kind: AdminKind.createTopic, topic: ORDERS + 1, outcome: Outcome.ok },
  ])
  expect(isAdminIdle(world.held.state)).toBe(true)
})

test('while there is no controller the administrator goes on asking for it', () => {
  const world = start(creation, Infinity)
  answer(world, metadata(-1))
  world.held.advance(2_000_000)
  answer(world, metadata(1))

  const { message } = world.held.context.sent[0] ?? {}

  expect(message?.type).toBe('CreateTopicsRequest')
})

test('only the topics that are not there yet are asked for again', () => {
  const world = start(creation)
  answer(world, metadata(1))
  answer(world, created({ payments: 'INVALID_REPLICATION_FACTOR' }))
  world.held.advance(2_000_000)
  answer(world, metadata(1))
  const again = world.held.context.lastOf<CreateTopicsRequest>('CreateTopicsRequest')
  answer(world, created({ payments: 'TOPIC_ALREADY_EXISTS' }))

  const written = rows(world)

  expect(again.topics.map(({ name }) => name)).toEqual(['payments'])
  expect(written.map(({ outcome }) => outcome)).toEqual([Outcome.ok, Outcome.ok])
})

test('a broker that is no longer the controller sends the administrator to the next', () => {
  const world = start({ kind: 'create-partitions', topic: 'orders', count: 12 })
  answer(world, metadata(1))
  answer(world, ({ correlationId }) => ({
    type: 'CreatePartitionsResponse',
    correlationId,
    error: 'NOT_CONTROLLER',
  }))
  world.held.advance(2_000_000)
  answer(world, metadata(2))
  world.held.open(world.held.connectionTo('broker-2'))
  const peer = world.held.context.sent.at(-1)?.connection.peer
  answer(world, ({ correlationId }) => ({
    type: 'CreatePartitionsResponse',
    correlationId,
    error: 'NONE',
  }))

  const written = rows(world)

  expect(peer).toBe('broker-2')
  expect(written).toEqual([
    { kind: AdminKind.createPartitions, topic: ORDERS, outcome: Outcome.ok },
  ])
})

test('a refusal that cannot pass ends as failed', () => {
  const world = start({ kind: 'create-partitions', topic: 'orders', count: 2 })
  answer(world, metadata(1))
  answer(world, ({ correlationId }) => ({
    type: 'CreatePartitionsResponse',
    correlationId,
    error: 'INVALID_PARTITIONS',
  }))

  const written = rows(world)

  expect(written.map(({ outcome }) => outcome)).toEqual([Outcome.failed])
  expect(world.held.state.ended.map(({ error }) => error)).toEqual(['INVALID_PARTITIONS'])
})

test('a request without an answer ends as unknown when the time is over', () => {
  const world = start({ kind: 'create-partitions', topic: 'orders', count: 12 }, 40_000)
  answer(world, metadata(1))
  world.held.advance(45_000_000)

  const written = rows(world)

  expect(written.map(({ outcome }) => outcome)).toEqual([Outcome.unknown])
  expect(isAdminIdle(world.held.state)).toBe(true)
})

test('a command that was never sent ends as failed when the time is over', () => {
  const world = start(creation, 5000)
  answer(world, metadata(-1))
  world.held.advance(6_000_000)

  const written = rows(world)

  expect(written.map(({ outcome }) => outcome)).toEqual([Outcome.failed, Outcome.failed])
})

test('an election that is not needed is as good as done', () => {
  const partitions = [partitionId(ORDERS, 0), partitionId(ORDERS, 1)]
  const world = start({ kind: 'elect-leaders', election: 'preferred', partitions })
  answer(world, metadata(1))
  answer(world, ({ correlationId }) => ({
    type: 'ElectLeadersResponse',
    correlationId,
    partitions: [
      { partition: partitions[0] as number, error: 'ELECTION_NOT_NEEDED' },
      { partition: partitions[1] as number, error: 'PREFERRED_LEADER_NOT_AVAILABLE' },
    ],
  }))

  const written = rows(world)

  expect(written.map(({ outcome }) => outcome)).toEqual([Outcome.ok, Outcome.failed])
})
