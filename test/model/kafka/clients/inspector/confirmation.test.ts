import { beforeEach, describe, expect, test } from 'vitest'
import { confirmed } from '../../../../../model/kafka/clients/inspector/confirmation.ts'
import type {
  Answer,
  Ask,
  Inspection,
  Script,
  View,
} from '../../../../../model/kafka/clients/inspector/script.ts'
import type { MetadataPartition } from '../../../../../model/kafka/messages.ts'
import { Topics } from '../../../../../model/kafka/topics.ts'
import { partitionId } from '../../../../../model/record.ts'
import { stream } from '../../../../../sim/random.ts'

const topics = new Topics(['orders'])
const ORDERS = 2

/** What stands, or is told to stand, about the one partition. */
interface Known {
  controller: number
  leader: number
  leaderEpoch: number
  isr: number[]
}

/** What ZooKeeper holds, and what each broker tells. */
let held: Known
let told: Map<number, Known>

beforeEach(() => {
  held = { controller: 1, leader: 2, leaderEpoch: 4, isr: [2, 3] }
  told = new Map([1, 2, 3].map((broker) => [broker, { ...held, isr: [...held.isr] }]))
})

function partitionOf({ leader, leaderEpoch, isr }: Known): MetadataPartition {
  const partition = partitionId(ORDERS, 0)
  return { partition, leader, leaderEpoch, isr, replicas: [2, 3] }
}

function viewOf(known: Known): View {
  const limits = { segmentBytes: 1, maxMessageBytes: 1, groupMaxSize: 1, minInsyncReplicas: 1 }
  return {
    brokers: [1, 2, 3],
    everyBroker: [1, 2, 3],
    controller: known.controller,
    topics,
    topic: 'orders',
    partitions: [partitionOf(known)],
    limits: {
      ...limits,
      uncleanLeaderElectionEnable: false,
      timestampAfterMaxMs: 0,
      sessionMs: 1,
      commitTimeoutMs: 1,
    },
    random: stream(1, 'inspections'),
    nowMs: 0,
    answeredMs: () => 0,
    sessionId: 1,
    password: 1,
    toldEnds: new Map(),
  }
}

/** Asks broker 3 something, and ends as it is told to. */
function inspection(ending: 'accepted' | 'refused'): Inspection {
  return {
    name: 'anything',
    *play(): Script {
      const request = { type: 'LeaveGroupRequest', apiVersion: 5, groupId: 'a', memberId: 'b' }
      yield { to: 'broker', broker: 3, request: request as never }
      return ending
    },
  }
}

function answerTo(ask: Ask): Answer {
  if (ask.to === 'broker' && ask.request.type === 'MetadataRequest') {
    const known = told.get(ask.broker)
    if (known === undefined) return null
    const rows = [
      { topic: ORDERS, name: 'orders', error: 'NONE', partitions: [partitionOf(known)] },
    ]
    return {
      type: 'MetadataResponse',
      correlationId: 1,
      brokers: [1, 2, 3],
      controllerId: known.controller,
      topics: rows,
    } as Answer
  }
  if (ask.to !== 'zookeeper') return null
  const { op } = ask.operation
  const path = 'path' in ask.operation ? ask.operation.path : ''
  if (op === 'sync') return { error: 'OK', zxid: 9 }
  const { controller: brokerId, leader, leaderEpoch, isr } = held
  const state = { leader, leaderEpoch, isr, controllerEpoch: 1 }
  const data = path === '/controller' ? { brokerId, timestampMs: 0 } : state
  return { error: 'OK', zxid: 9, data, stat: {} as never }
}

/** Plays it, seen as `view` tells. */
function played(one: Inspection, view: View = viewOf(held)): string {
  const script = confirmed(one, view)
  let step = script.next(null)
  while (step.done !== true) step = script.next(answerTo(step.value))
  return step.value
}

describe('what was taken and is asked again', () => {
  test('counts where everyone who is asked knows what ZooKeeper holds', () => {
    expect(played(inspection('accepted'))).toBe('accepted')
  })

  test.each([
    ['controller', { controller: 3 }],
    ['leader', { leader: 3 }],
    ['leader epoch', { leaderEpoch: 3 }],
    ['ISR', { isr: [2] }],
  ])('does not count where who was asked knows of another %s', (_what, other) => {
    told.set(3, { ...held, ...other })

    expect(played(inspection('accepted'))).toBe('unsure')
  })

  test('does not count where it was played on what is no longer so', () => {
    const old = { ...held, leader: 3, leaderEpoch: 3 }

    expect(played(inspection('accepted'), viewOf(old))).toBe('unsure')
  })

  test('does not count where who was asked tells nothing', () => {
    told.delete(3)

    expect(played(inspection('accepted'))).toBe('unsure')
  })

  test('counts whatever a broker knows that was not asked', () => {
    told.set(1, { ...held, leader: 3 })

    expect(played(inspection('accepted'))).toBe('accepted')
  })

  test('is refused as it was, whoever is behind', () => {
    told.set(3, { ...held, leader: 3 })

    expect(played(inspection('refused'))).toBe('refused')
  })
})
