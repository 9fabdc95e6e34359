import { expect, test } from 'vitest'
import {
  addTopic,
  applyLeaderHint,
  createMetadata,
  isUpdateDue,
  leaderEpochOf,
  leaderOf,
  type Metadata,
  onMetadataSettled,
  partitionCount,
  refresh,
  requestUpdate,
} from '../../../../model/kafka/clients/metadata.ts'
import { Guard } from '../../../../model/kafka/clients/guards.ts'
import {
  type Exchange,
  type Link,
  type Network,
  onOpened,
  startNetwork,
} from '../../../../model/kafka/clients/network.ts'
import type { MetadataRequest, MetadataResponse } from '../../../../model/kafka/messages.ts'
import { Topics } from '../../../../model/kafka/topics.ts'
import { partitionId } from '../../../../model/record.ts'
import type { GuardId } from '../../../../sim/registry.ts'
import { HandHeldContext } from '../hand-held-context.ts'

const topics = new Topics(['orders'])
const ORDERS = topics.id('orders') as number
const P0 = partitionId(ORDERS, 0)

interface World {
  readonly context: HandHeldContext
  readonly network: Network
  readonly metadata: Metadata
}

function start(guardsOff: readonly GuardId[] = []): World {
  const context = new HandHeldContext({ name: 'client-1', guardsOff })
  const network = startNetwork(
    {
      clientId: 'client-1',
      key: 0,
      inFlightMax: 5,
      requestTimeoutMs: 30_000,
      reconnectBackoff: { initialMs: 50, maxMs: 1000 },
      setupTimeout: { initialMs: 10_000, maxMs: 30_000 },
    },
    { owner: null, listener: { settled() {}, connected() {}, disconnected() {} } },
    context,
  )
  const metadata = createMetadata({
    bootstrap: [1],
    topics,
    allTopics: false,
    maxAgeMs: 300_000,
    retryBackoff: { initialMs: 100, maxMs: 1000 },
  })
  return { context, network, metadata }
}

/** Lets the next request go out and answers it. */
function learn(world: World, leaders: readonly (readonly [number, number])[]): void {
  settle(world, response(leaders))
}

function settle(world: World, answer: MetadataResponse | null, meanwhile = (): void => {}): void {
  const { context, network, metadata } = world
  refresh(metadata, network, context)
  const connection = context.connections.at(-1)
  if (connection !== undefined && !connection.open) {
    connection.open = true
    onOpened(connection, context)
    refresh(metadata, network, context)
  }
  const [exchange] = (network.links[1] as Link).inFlight.splice(0) as [Exchange]
  meanwhile()
  exchange.response = answer
  onMetadataSettled(metadata, network, exchange, context)
}

function response(leaders: readonly (readonly [number, number])[]): MetadataResponse {
  return {
    type: 'MetadataResponse',
    correlationId: 1,
    brokers: [1],
    controllerId: 1,
    topics: [
      {
        topic: ORDERS,
        name: 'orders',
        error: 'NONE',
        partitions: leaders.map(([leader, leaderEpoch], number) => ({
          partition: partitionId(ORDERS, number),
          leader,
          leaderEpoch,
          replicas: [1, 2],
          isr: [1, 2],
        })),
      },
    ],
  }
}

function withIsr(isr: readonly number[]): MetadataResponse {
  const answer = response([[1, 0]])
  const topicsNow = answer.topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((partition) => ({ ...partition, isr })),
  }))
  return { ...answer, topics: topicsNow }
}

test('a topic of interest is asked for by name at once', () => {
  const world = start()
  addTopic(world.metadata, ORDERS)
  learn(world, [[1, 0]])

  const { topics: asked } = world.context.lastOf<MetadataRequest>('MetadataRequest')

  expect(asked).toEqual(['orders'])
  expect(partitionCount(world.metadata, ORDERS)).toBe(1)
  expect(leaderOf(world.metadata, P0)).toBe(1)
})

test('metadata is refreshed when it has reached its age, not before', () => {
  const world = start()
  learn(world, [[1, 0]])
  world.context.nowUs = 299_000_000
  const waitMs = refresh(world.metadata, world.network, world.context)
  world.context.nowUs = 300_000_000

  const due = isUpdateDue(world.metadata, world.context.wallMs())

  expect(waitMs).toBe(1000)
  expect(due).toBe(true)
})

test('a refresh on request waits out the back-off since the last answer', () => {
  const world = start()
  learn(world, [[1, 0]])
  requestUpdate(world.metadata)

  const waitMs = refresh(world.metadata, world.network, world.context)

  expect(waitMs).toBeGreaterThanOrEqual(80)
  expect(waitMs).toBeLessThanOrEqual(120)
})

test('the pause grows while answers bring no news, and shrinks when one does', () => {
  const world = start()
  const pauses: number[] = []
  for (let round = 0; round < 6; round += 1) {
    learn(world, [[1, round === 5 ? 1 : 0]])
    requestUpdate(world.metadata)
    pauses.push(refresh(world.metadata, world.network, world.context))
    world.context.nowUs += 2_000_000
  }

  expect(pauses[4]).toBeGreaterThan(3 * (pauses[0] as number))
  expect(pauses[5]).toBeLessThanOrEqual(120)
})

test('only newer leaders are news: another ISR does not shorten the pause', () => {
  const world = start()
  const pauses: number[] = []
  for (let round = 0; round < 6; round += 1) {
    settle(world, withIsr(round % 2 === 0 ? [1, 2] : [1]))
    requestUpdate(world.metadata)
    pauses.push(refresh(world.metadata, world.network, world.context))
    world.context.nowUs += 2_000_000
  }

  expect(pauses[5]).toBeGreaterThan(3 * (pauses[0] as number))
})

test('a doubt while a refresh is under way is settled by its answer', () => {
  const world = start()
  learn(world, [[1, 0]])
  world.context.nowUs += 1_000_000
  requestUpdate(world.metadata)

  settle(world, response([[1, 0]]), () => requestUpdate(world.metadata))

  expect(isUpdateDue(world.metadata, world.context.wallMs() + 2000)).toBe(false)
})

test('a topic that is added while a refresh is under way is asked for after it', () => {
  const world = start()
  learn(world, [[1, 0]])
  world.context.nowUs += 1_000_000
  requestUpdate(world.metadata)

  settle(world, response([[1, 0]]), () => addTopic(world.metadata, ORDERS))

  expect(isUpdateDue(world.metadata, world.context.wallMs() + 2000)).toBe(true)
})

test('an answer that knows no broker counts as failed', () => {
  const world = start()
  settle(world, { ...response([[1, 0]]), brokers: [] })

  const due = isUpdateDue(world.metadata, world.context.wallMs() + 1000)

  expect(due).toBe(true)
  expect(partitionCount(world.metadata, ORDERS)).toBe(0)
})

test('an older leader epoch does not replace what is known', () => {
  const world = start()
  learn(world, [[2, 5]])
  requestUpdate(world.metadata)
  world.context.nowUs += 1_000_000
  learn(world, [[1, 4]])

  const leader = leaderOf(world.metadata, P0)

  expect(leader).toBe(2)
})

test('with the guard of leader epochs off, an older epoch is believed', () => {
  const world = start([Guard.metadataLeaderEpoch])
  learn(world, [[2, 5]])
  requestUpdate(world.metadata)
  world.context.nowUs += 1_000_000
  learn(world, [[1, 4]])

  const leader = leaderOf(world.metadata, P0)

  expect(leader).toBe(1)
})

test('a partition without a leader asks for the next refresh by itself', () => {
  const world = start()
  learn(world, [[-1, 3]])

  const due = isUpdateDue(world.metadata, world.context.wallMs() + 200)

  expect(due).toBe(true)
})

test.each([
  { epoch: 4, leader: 1, known: 5 },
  { epoch: 5, leader: 1, known: 5 },
  { epoch: 6, leader: 2, known: 6 },
])('a hint of epoch $epoch leaves leader $leader at epoch $known', (example) => {
  const world = start()
  learn(world, [[1, 5]])
  applyLeaderHint(world.metadata, P0, 2, example.epoch)

  const leader = leaderOf(world.metadata, P0)

  expect(leader).toBe(example.leader)
  expect(leaderEpochOf(world.metadata, P0)).toBe(example.known)
})

/** Brokers do not know the topic. */
function unknown(): MetadataResponse {
  const topic = {
    topic: ORDERS,
    name: 'orders',
    error: 'UNKNOWN_TOPIC_OR_PARTITION',
    partitions: [],
  } as const
  return { ...response([]), topics: [topic] }
}

function ofTopic(topicId: number, leaderEpoch: number): MetadataResponse {
  const answer = response([[1, leaderEpoch]])
  return { ...answer, topics: answer.topics.map((topic) => ({ ...topic, topicId })) }
}

test('a topic that brokers do not know is forgotten, but not its leader epochs', () => {
  const world = start()
  addTopic(world.metadata, ORDERS)
  settle(world, ofTopic(7, 5))

  world.context.nowUs += 300_000_000
  settle(world, unknown())
  const forgotten = partitionCount(world.metadata, ORDERS)
  world.context.nowUs += 300_000_000
  settle(world, ofTopic(7, 4))

  expect(forgotten).toBe(0)
  expect(leaderEpochOf(world.metadata, P0)).toBe(5)
})

test('a topic of another id begins anew, whatever its leader epoch', () => {
  const world = start()
  addTopic(world.metadata, ORDERS)
  settle(world, ofTopic(7, 5))

  world.context.nowUs += 300_000_000
  settle(world, ofTopic(8, 0))

  expect(leaderEpochOf(world.metadata, P0)).toBe(0)
})
