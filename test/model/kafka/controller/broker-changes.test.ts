import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/controller/guards.ts'
import { Probe } from '../../../../model/kafka/controller/probes.ts'
import { type ClusterOptions, Controllers, orders, probed, stateOf } from './controllers.ts'

function die(cluster: Controllers, ...ids: readonly number[]): void {
  for (const id of ids) cluster.crash(id)
  for (const id of ids) cluster.expire(id)
  cluster.settle()
}

describe('a broker that dies', () => {
  test('hands its partition to the next of the ISR, and is in the ISR no more', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[3, 2, 1]])

    die(cluster, 3)

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, isr: [2, 1], leaderEpoch: 1 })
    expect(probed(cluster, 1, Probe.leaderElected)).toBe(2)
  })

  test('as a follower leaves the ISR and raises the leader epoch', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[1, 2, 3]])

    die(cluster, 3)

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 1, isr: [1, 2], leaderEpoch: 1 })
    expect(probed(cluster, 1, Probe.removedByController)).toBe(1)
  })

  test('as the last of its ISR stays in it, and nobody leads', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[3, 2]])

    die(cluster, 2)
    die(cluster, 3)

    expect(stateOf(cluster, 0)).toMatchObject({ leader: -1, isr: [3] })
    expect(cluster.self(1).controller.partitions.get(orders(0))?.status).toBe('offline')
  })

  test('leads again when it comes back as the last of its ISR', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[3, 2]])
    die(cluster, 2)
    die(cluster, 3)

    cluster.restart(3)
    cluster.settle()

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 3, isr: [3] })
  })

  test('is followed by an outsider only where the topic allows it', () => {
    const kept = new Controllers([1, 2, 3])
    const risked = new Controllers([1, 2, 3], { unclean: true })
    for (const cluster of [kept, risked]) {
      cluster.createOrders(1, [[3, 2]])
      die(cluster, 2)
      die(cluster, 3)

      cluster.restart(2)
      cluster.settle()
    }

    expect(stateOf(kept, 0)?.leader).toBe(-1)
    expect(stateOf(risked, 0)).toMatchObject({ leader: 2, isr: [2] })
    expect(probed(risked, 1, Probe.leaderElectedUnclean)).toBe(1)
  })

  test('is followed by an outsider where membership in the ISR is not asked for', () => {
    const cluster = new Controllers([1, 2, 3], { guardsOff: [Guard.leaderFromIsr] })
    cluster.createOrders(1, [[3, 2]])
    die(cluster, 2)
    cluster.restart(2)
    cluster.settle()

    die(cluster, 3)

    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2 })
    expect(stateOf(cluster, 0)?.isr).toContain(2)
  })

  test('with another one at once leaves its ISRs in a drawn order', () => {
    const last = new Set<number | undefined>()
    const cluster = new Controllers([1, 2, 3])
    const assignment = Array.from({ length: 1 }, () => [2, 3])
    cluster.createOrders(1, assignment)
    for (let turn = 0; turn < 12; turn += 1) {
      for (const id of [2, 3]) cluster.crash(id)
      cluster.zookeeper.expire(cluster.session(2))
      cluster.zookeeper.expire(cluster.session(3))
      cluster.settle()
      last.add(stateOf(cluster, 0)?.isr[0])
      for (const id of [2, 3]) cluster.restart(id)
      cluster.settle()
      rejoin(cluster)
    }

    expect(last).toEqual(new Set([2, 3]))
    expect(probed(cluster, 1, Probe.brokersFailedTogether)).toBe(12)
  })
})

/** The leader takes the other replica back into the ISR. */
function rejoin(cluster: Controllers): void {
  const state = cluster.durable.stateOf(orders(0))
  const leader = state?.leader ?? -1
  cluster.ask(1, {
    type: 'AlterPartitionRequest',
    correlationId: 1,
    clientId: `broker-${leader}`,
    apiVersion: 0,
    brokerId: leader,
    brokerEpoch: cluster.self(leader).brokerEpoch,
    partitions: [
      {
        partition: orders(0),
        leaderEpoch: state?.leaderEpoch ?? -1,
        newIsr: [2, 3],
        partitionEpoch: state?.partitionEpoch ?? -1,
      },
    ],
  })
}

describe('a broker that appears', () => {
  test('hears of all partitions before it is told its roles', () => {
    const cluster = new Controllers([1, 2])
    cluster.createOrders(1, [
      [1, 3],
      [2, 1],
    ])

    cluster.add(3)
    cluster.settle()
    cluster.answerControl(1)

    const told = cluster.control(1).filter(({ to }) => to === 'broker-3')
    const [first, second] = told.map(({ request }) => request)
    expect(first?.type).toBe('UpdateMetadataRequest')
    expect(first?.type === 'UpdateMetadataRequest' && first.partitions).toHaveLength(2)
    expect(first?.type === 'UpdateMetadataRequest' && first.liveBrokers).toEqual([1, 2, 3])
    expect(second?.type).toBe('LeaderAndIsrRequest')
    expect(second?.type === 'LeaderAndIsrRequest' && second.partitions).toHaveLength(1)
    expect(second?.brokerEpoch).toBe(cluster.self(3).brokerEpoch)
  })

  /** Broker 2 dies and is registered again before the controller looks. */
  function bounced(options: ClusterOptions = {}): Controllers {
    const cluster = new Controllers([1, 2], options)
    cluster.createOrders(1, [[2, 1]])
    cluster.crash(2)
    cluster.expire(2)
    const data = { id: 2, rack: null }
    const node = { path: '/brokers/ids/2', data, bytes: 0, mode: 'persistent' } as const
    cluster.zookeeper.write({ op: 'create', ...node })
    cluster.settle()
    return cluster
  }

  test('with a new epoch, before its end was seen, has failed and started', () => {
    const cluster = bounced()

    const epoch = cluster.zookeeper.nodes.get('/brokers/ids/2')?.czxid
    expect(probed(cluster, 1, Probe.brokerBounced)).toBe(1)
    expect(stateOf(cluster, 0)).toMatchObject({ leader: 1, isr: [1] })
    expect(cluster.self(1).controller.live.get(2)?.epoch).toBe(epoch)
  })

  test('again goes unnoticed where brokers have no epochs', () => {
    const cluster = bounced({ protocols: { brokerEpoch: 'off' } })

    expect(probed(cluster, 1, Probe.brokerFailed)).toBe(0)
    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, leaderEpoch: 0 })
  })
})

describe('the way to a broker', () => {
  test('carries one request at a time, and resends it until it is answered', () => {
    const cluster = new Controllers([1, 2])
    cluster.createOrders(1, [[2, 1]])
    const { context } = cluster.hand(1)
    const toTwo = () => cluster.control(1).filter(({ to }) => to === 'broker-2')
    const sent = toTwo().length

    cluster.hand(1).closed(cluster.hand(1).connectionTo('broker-2'), 'reset')
    cluster.hand(1).advance(100_000)

    const again = toTwo()
    expect(again).toHaveLength(sent + 1)
    expect(again.at(-1)?.request).toBe(again.at(-2)?.request)
    expect(context.timers.has('timeOutControl/2')).toBe(true)
  })

  test('is tried again when nothing is heard for controller.socket.timeout.ms', () => {
    const cluster = new Controllers([1, 2])
    const first = cluster.hand(1).connectionTo('broker-2')

    cluster.hand(1).fire('timeOutControl', 2)
    cluster.hand(1).fire('resendControl', 2)

    expect(first.ended).toBe('closed')
    expect(cluster.hand(1).connectionTo('broker-2').id).not.toBe(first.id)
    expect(probed(cluster, 1, Probe.controlResent)).toBe(1)
  })

  test('is given up when the broker is no longer registered', () => {
    const cluster = new Controllers([1, 2])
    cluster.createOrders(1, [[2, 1]])
    const connection = cluster.hand(1).connectionTo('broker-2')

    die(cluster, 2)

    expect(connection.ended).toBe('closed')
    expect(cluster.hand(1).context.timers.has('timeOutControl/2')).toBe(false)
  })
})
