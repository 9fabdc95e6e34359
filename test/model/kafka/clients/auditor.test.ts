import { expect, test } from 'vitest'
import {
  type AuditCommand,
  type Auditor,
  auditorProcess,
  type AuditorTimer,
  isAuditComplete,
} from '../../../../model/kafka/clients/auditor.ts'
import type {
  FetchResponse,
  ListOffsetsResponse,
  MetadataResponse,
} from '../../../../model/kafka/messages.ts'
import { Topics } from '../../../../model/kafka/topics.ts'
import { type Batch, partitionId } from '../../../../model/record.ts'
import { HandHeld } from '../hand-held-context.ts'
import { CALM, TinyCluster } from './tiny-cluster.ts'

const topics = new Topics(['orders'])
const ORDERS = topics.id('orders') as number
const SECOND = 1_000_000

type In = FetchResponse | ListOffsetsResponse | MetadataResponse | AuditCommand
type Held = HandHeld<Auditor, In, AuditorTimer, never>

interface World {
  readonly held: Held
  readonly cluster: TinyCluster
}

function start(): World {
  const held: Held = new HandHeld(auditorProcess({ topics, brokers: [1, 2] }), {
    name: 'auditor-1',
  })
  const options = { seed: 1, brokers: 2, topics, partitions: 3, trouble: CALM, calmUs: 0 }
  return { held, cluster: new TinyCluster(held, options) }
}

/** Puts batches of two records into a log, as if producers had. */
function write({ cluster }: World, number: number, batches: number): void {
  const partition = cluster.partition(partitionId(ORDERS, number))
  for (let count = 0; count < batches; count += 1) {
    const batch: Batch = {
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      transactional: false,
      control: 'none',
      count: 2,
      bytes: 200,
      maxTimestampMs: 0,
      content: { kind: 'counted', ranges: [], requests: 1, batches: 1 },
    }
    partition.entries.push({ baseOffset: partition.nextOffset, leaderEpoch: 0, batch })
    partition.nextOffset += 2
  }
}

function audit({ held }: World): void {
  held.deliver(held.context.accept('runner'), {
    type: 'AuditCommand',
    isolation: 'read_uncommitted',
    topics: ['orders'],
  })
}

function offsets({ held }: World): number[][] {
  return held.state.logs.map(({ entries }) => entries.map(({ baseOffset }) => baseOffset))
}

test('an audit reads every partition from its start to its end', () => {
  const world = start()
  write(world, 0, 5)
  write(world, 2, 1)
  audit(world)
  world.cluster.runUntil(SECOND)

  const read = offsets(world)

  expect(read).toEqual([[0, 2, 4, 6, 8], [], [0]])
  expect(isAuditComplete(world.held.state)).toBe(true)
})

test('an audit is not complete before it was asked for', () => {
  const world = start()
  world.cluster.runUntil(SECOND)

  const complete = isAuditComplete(world.held.state)

  expect(complete).toBe(false)
})

test('an audit waits for a partition whose leader is down and finds the next leader', () => {
  const world = start()
  write(world, 0, 3)
  world.cluster.takeDown(1)
  audit(world)
  world.cluster.runUntil(5 * SECOND)
  const before = isAuditComplete(world.held.state)
  for (const number of [0, 2]) world.cluster.moveLeader(partitionId(ORDERS, number), 2)
  world.cluster.runUntil(15 * SECOND)

  const after = isAuditComplete(world.held.state)

  expect([before, after]).toEqual([false, true])
  expect(offsets(world)[0]).toEqual([0, 2, 4])
})

test('a second audit reads what was written since, from the start', () => {
  const world = start()
  write(world, 0, 1)
  audit(world)
  world.cluster.runUntil(SECOND)
  write(world, 0, 2)
  audit(world)
  const cleared = isAuditComplete(world.held.state)
  world.cluster.runUntil(2 * SECOND)

  const read = offsets(world)

  expect(cleared).toBe(false)
  expect(read[0]).toEqual([0, 2, 4])
})
