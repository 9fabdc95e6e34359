import { expect, test } from 'vitest'
import type { MetadataRequest, MetadataResponse } from '../../../../model/kafka/messages.ts'
import {
  connectionDelayMs,
  createExchange,
  type Exchange,
  isReady,
  leastLoadedBroker,
  type Network,
  type NetworkListener,
  nextCorrelationId,
  onClosed,
  onNetworkTimer,
  onOpened,
  onResponse,
  sendRequest,
  startNetwork,
} from '../../../../model/kafka/clients/network.ts'
import { type HandHeldConnection, HandHeldContext } from '../hand-held-context.ts'

interface Heard {
  readonly settled: Exchange[]
  readonly events: string[]
}

const listener: NetworkListener<Heard> = {
  settled: (heard, exchange) => void heard.settled.push(exchange),
  connected: (heard, broker) => void heard.events.push(`connected ${broker}`),
  disconnected: (heard, broker) => void heard.events.push(`disconnected ${broker}`),
}

function start(inFlightMax = 5): { context: HandHeldContext; network: Network<Heard> } {
  const context = new HandHeldContext({ name: 'client-1' })
  const network = startNetwork(
    {
      clientId: 'client-1',
      key: 0,
      inFlightMax,
      requestTimeoutMs: 30_000,
      reconnectBackoff: { initialMs: 50, maxMs: 1000 },
      setupTimeout: { initialMs: 10_000, maxMs: 30_000 },
    },
    { owner: { settled: [], events: [] }, listener },
    context,
  )
  return { context, network }
}

function connected(broker: number, inFlightMax = 5): ReturnType<typeof start> {
  const world = start(inFlightMax)
  isReady(world.network, broker, world.context)
  open(world.context, newest(world.context))
  return world
}

function open(context: HandHeldContext, connection: HandHeldConnection): void {
  connection.open = true
  onOpened(connection, context)
}

function newest(context: HandHeldContext): HandHeldConnection {
  return context.connections.at(-1) as HandHeldConnection
}

function ask(network: Network, broker: number, context: HandHeldContext): Exchange {
  const request: MetadataRequest = {
    type: 'MetadataRequest',
    correlationId: nextCorrelationId(network),
    clientId: 'client-1',
    apiVersion: 12,
    topics: [],
  }
  const exchange = createExchange(network, broker, request)
  sendRequest(network, exchange, context)
  return exchange
}

function answer({ request }: Exchange): MetadataResponse {
  const { correlationId } = request
  return { type: 'MetadataResponse', correlationId, brokers: [1], controllerId: 1, topics: [] }
}

test('asking for a broker connects to it, and it is ready when the connection is open', () => {
  const { context, network } = start()

  const before = isReady(network, 2, context)
  open(context, newest(context))
  const after = isReady(network, 2, context)

  expect([before, after]).toEqual([false, true])
  expect(newest(context).peer).toBe('broker-2')
})

test('answers are matched to the requests of a connection in order', () => {
  const { context, network } = connected(1)
  const first = ask(network, 1, context)
  const second = ask(network, 1, context)
  onResponse(newest(context), answer(first), context)
  onResponse(newest(context), answer(second), context)

  const { settled } = network.owner

  expect(settled).toEqual([first, second])
  expect(settled.map(({ outcome }) => outcome)).toEqual(['answered', 'answered'])
})

test('an answer out of order is a defect of the model', () => {
  const { context, network } = connected(1)
  ask(network, 1, context)
  const second = ask(network, 1, context)

  const deliver = (): void => onResponse(newest(context), answer(second), context)

  expect(deliver).toThrow('in order')
})

test('a broker with the allowed number of requests in flight is not ready', () => {
  const { context, network } = connected(1, 2)
  ask(network, 1, context)
  ask(network, 1, context)

  const ready = isReady(network, 1, context)

  expect(ready).toBe(false)
  expect(connectionDelayMs(network, 1, context)).toBe(Infinity)
})

test('a request that is too old closes the connection, and all in flight on it time out', () => {
  const { context, network } = connected(1)
  ask(network, 1, context)
  context.nowUs = 29_000_000
  ask(network, 1, context)
  context.nowUs = 30_000_000
  onNetworkTimer(network, context)

  const { settled, events } = network.owner

  expect(settled.map(({ outcome }) => outcome)).toEqual(['timed-out', 'timed-out'])
  expect(newest(context).ended).toBe('closed')
  expect(events).toEqual(['connected 1', 'disconnected 1'])
})

test('a step of the wall clock beyond the request timeout times out what is in flight', () => {
  const { context, network } = connected(1)
  ask(network, 1, context)
  context.wallOffsetMs += 60_000
  onNetworkTimer(network, context)

  const { settled } = network.owner

  expect(settled.map(({ outcome }) => outcome)).toEqual(['timed-out'])
})

test('the timer of requests that were answered costs one look and is set for the next', () => {
  const { context, network } = connected(1)
  onResponse(newest(context), answer(ask(network, 1, context)), context)
  context.nowUs = 12_000_000
  ask(network, 1, context)
  context.nowUs = 30_000_000
  context.timers.clear()
  onNetworkTimer(network, context)

  const [timer] = [...context.timers.values()]

  expect(timer?.atUs).toBe(42_000_000)
  expect(network.owner.settled.map(({ outcome }) => outcome)).toEqual(['answered'])
})

test('a broken connection ends what is in flight and is opened again only after a pause', () => {
  const { context, network } = connected(1)
  ask(network, 1, context)
  const broken = newest(context)
  onClosed(broken, context)

  const waitMs = connectionDelayMs(network, 1, context)
  const atOnce = isReady(network, 1, context)

  expect(network.owner.settled.map(({ outcome }) => outcome)).toEqual(['disconnected'])
  expect(atOnce).toBe(false)
  expect(newest(context)).toBe(broken)
  expect(waitMs).toBeGreaterThanOrEqual(40)
  expect(waitMs).toBeLessThanOrEqual(60)
})

test('the pause between refused connections grows', () => {
  const { context, network } = start()
  const pauses: number[] = []
  for (let attempt = 0; attempt < 6; attempt += 1) {
    isReady(network, 1, context)
    onClosed(newest(context), context)
    const waitMs = connectionDelayMs(network, 1, context)
    pauses.push(waitMs)
    context.nowUs += waitMs * 1000
  }

  expect(context.connections.length).toBe(6)
  expect(pauses[3]).toBeGreaterThan(2 * (pauses[0] as number))
  expect(Math.max(...pauses)).toBeLessThanOrEqual(1000)
})

test('a connection that is not set up in time is given up', () => {
  const { context, network } = start()
  isReady(network, 1, context)
  context.nowUs = 12_000_000
  onNetworkTimer(network, context)

  const { events } = network.owner

  expect(newest(context).ended).toBe('closed')
  expect(events).toEqual(['disconnected 1'])
})

test('what arrives on a connection that was given up is not heard', () => {
  const { context, network } = connected(1)
  const late = ask(network, 1, context)
  const old = newest(context)
  context.nowUs = 30_000_000
  onNetworkTimer(network, context)
  onResponse(old, answer(late), context)

  const { settled } = network.owner

  expect(settled.length).toBe(1)
})

test('the least loaded broker is a ready idle one before a busy one before a closed one', () => {
  const { context, network } = connected(1)
  isReady(network, 2, context)
  open(context, newest(context))
  ask(network, 1, context)

  const chosen = Array.from({ length: 10 }, () => leastLoadedBroker(network, [1, 2, 3], context))

  expect(new Set(chosen)).toEqual(new Set([2]))
})

test('of brokers that can be connected to, the one that was not tried for longest comes first', () => {
  const { context, network } = connected(1)
  isReady(network, 2, context)
  onClosed(newest(context), context)
  onClosed(context.connections[0] as HandHeldConnection, context)
  context.nowUs += 2_000_000

  const chosen = Array.from({ length: 10 }, () => leastLoadedBroker(network, [1, 2, 3], context))

  expect(new Set(chosen)).toEqual(new Set([3]))
})

test('no broker is least loaded while all back off', () => {
  const { context, network } = connected(1)
  onClosed(newest(context), context)

  const chosen = leastLoadedBroker(network, [1], context)

  expect(chosen).toBe(undefined)
})
