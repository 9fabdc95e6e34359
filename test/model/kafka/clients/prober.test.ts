import { expect, test } from 'vitest'
import {
  type ProbeCommand,
  type Prober,
  proberProcess,
  type ProberTimer,
} from '../../../../model/kafka/clients/prober.ts'
import type { MetadataResponse, ProduceResponse } from '../../../../model/kafka/messages.ts'
import { Topics } from '../../../../model/kafka/topics.ts'
import { partitionId, recordsOf } from '../../../../model/record.ts'
import { HandHeld } from '../hand-held-context.ts'
import { CALM, TinyCluster, type Trouble } from './tiny-cluster.ts'

const topics = new Topics(['orders'])
const ORDERS = topics.id('orders') as number
const SECOND = 1_000_000

type In = ProduceResponse | MetadataResponse | ProbeCommand
type Held = HandHeld<Prober, In, ProberTimer, never>

interface World {
  readonly held: Held
  readonly cluster: TinyCluster
}

function start(trouble: Trouble = CALM, calmUs = 0): World {
  const held: Held = new HandHeld(proberProcess({ topics, brokers: [1, 2] }), { name: 'prober-1' })
  const options = { seed: 1, brokers: 2, topics, partitions: 3, trouble, calmUs }
  const world = { held, cluster: new TinyCluster(held, options) }
  held.deliver(held.context.accept('runner'), { type: 'ProbeCommand', topics: ['orders'] })
  return world
}

function written({ cluster }: World): number[] {
  return [0, 1, 2].map((number) => cluster.partition(partitionId(ORDERS, number)).entries.length)
}

test('a prober writes one record of no stream to every partition', () => {
  const world = start()
  world.cluster.runUntil(SECOND)

  const [entry] = world.cluster.partition(partitionId(ORDERS, 0)).entries

  expect(written(world)).toEqual([1, 1, 1])
  expect(world.held.state.waiting).toEqual([])
  expect(entry === undefined ? [] : recordsOf(entry.batch)).toMatchObject([{ stream: -1 }])
})

test('a prober waits for a partition whose leader is down and finds the next leader', () => {
  const world = start()
  world.cluster.takeDown(1)
  world.cluster.runUntil(5 * SECOND)
  const before = [...world.held.state.waiting]
  for (const number of [0, 2]) world.cluster.moveLeader(partitionId(ORDERS, number), 2)
  world.cluster.runUntil(20 * SECOND)

  const after = world.held.state.waiting

  expect(before).toEqual([partitionId(ORDERS, 0), partitionId(ORDERS, 2)])
  expect(after).toEqual([])
})

test('a prober asks again until its write is taken', () => {
  const world = start({ ...CALM, refused: 0.7, requestLost: 0.2 }, 20 * SECOND)
  world.cluster.runUntil(60 * SECOND)

  expect(world.held.state.waiting).toEqual([])
  expect(written(world).every((count) => count >= 1)).toBe(true)
})
