import { describe, expect, test } from 'vitest'
import type {
  ControlledShutdownRequest,
  ControlledShutdownResponse,
} from '../../../../model/kafka/messages.ts'
import { Controllers, orders, stateOf } from './controllers.ts'

/** Broker 3 leads partition 1 and follows partition 0. */
function cluster(): Controllers {
  const made = new Controllers([1, 2, 3])
  made.createOrders(1, [
    [2, 1, 3],
    [3, 1, 2],
  ])
  made.answerControl(1)
  return made
}

function requestOf(made: Controllers, broker: number): ControlledShutdownRequest {
  return {
    type: 'ControlledShutdownRequest',
    correlationId: 7,
    clientId: `broker-${broker}`,
    apiVersion: 3,
    brokerId: broker,
    brokerEpoch: made.self(broker).brokerEpoch,
  }
}

describe('a controlled shutdown', () => {
  test('moves what the broker leads and takes it out of every ISR', () => {
    const made = cluster()

    const response = made.ask<ControlledShutdownResponse>(1, requestOf(made, 3))

    expect(response).toMatchObject({ error: 'NONE', remaining: [] })
    expect(stateOf(made, 0)).toMatchObject({ leader: 2, isr: [2, 1], leaderEpoch: 1 })
    expect(stateOf(made, 1)).toMatchObject({ leader: 1, isr: [1, 2], leaderEpoch: 1 })
  })

  test('stops what the broker follows before its ISRs are written, and again after that', () => {
    const made = new Controllers([1, 2, 3])
    made.createOrders(1, [[2, 1, 3]])
    made.answerControl(1)
    const before = made.control(1).length
    const hand = made.hand(1)

    hand.deliver(hand.accept('broker-3'), requestOf(made, 3))
    const first = made.control(1).slice(before)
    const isrThen = stateOf(made, 0)?.isr
    made.settle()
    made.answerControl(1)

    expect(first.map(({ to, request }) => [to, request.type])).toEqual([
      ['broker-3', 'StopReplicaRequest'],
    ])
    expect(isrThen).toEqual([2, 1, 3])
    const stops = made
      .control(1)
      .slice(before)
      .flatMap(({ request }) => (request.type === 'StopReplicaRequest' ? [request] : []))
    expect(stops.map(({ partitions }) => partitions)).toEqual([
      [{ partition: orders(0), leaderEpoch: 0, deletePartition: false }],
      [{ partition: orders(0), leaderEpoch: 1, deletePartition: false }],
    ])
  })

  test('of an earlier registration is refused', () => {
    const made = cluster()

    const request = { ...requestOf(made, 3), brokerEpoch: 1 }

    expect(made.ask(1, request)).toMatchObject({ error: 'STALE_BROKER_EPOCH' })
  })
})
