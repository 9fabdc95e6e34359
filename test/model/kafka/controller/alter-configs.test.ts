import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../model/kafka/controller/guards.ts'
import { Probe } from '../../../../model/kafka/controller/probes.ts'
import { topicConfigOf } from '../../../../model/kafka/topic-configs.ts'
import type { IncrementalAlterConfigsResponse } from '../../../../model/kafka/messages.ts'
import { Controllers, probed, stateOf, topics } from './controllers.ts'

const header = { correlationId: 1, clientId: 'admin', apiVersion: 1 }

const ordersTopic = topics.id('orders') ?? -1

function alter(
  cluster: Controllers,
  config: Readonly<Record<string, string>>,
  { to = 1, topic = 'orders' } = {},
) {
  const request = { type: 'IncrementalAlterConfigsRequest', ...header, topic, config } as const
  return cluster.ask<IncrementalAlterConfigsResponse>(to, request).error
}

function leastIsr(cluster: Controllers, broker: number): number {
  return topicConfigOf(cluster.self(broker), ordersTopic).minInsyncReplicas
}

describe('IncrementalAlterConfigs', () => {
  test('reaches every broker, whichever was asked', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[2, 3]])

    const error = alter(cluster, { 'min.insync.replicas': '2' }, { to: 3 })

    expect(error).toBe('NONE')
    expect([1, 2, 3].map((broker) => leastIsr(cluster, broker))).toEqual([2, 2, 2])
    expect(probed(cluster, 2, Probe.topicConfigApplied)).toBe(1)
  })

  test('keeps what was set before', () => {
    const cluster = new Controllers([1, 2])
    cluster.createOrders(1, [[1, 2]])

    alter(cluster, { 'min.insync.replicas': '2' })
    alter(cluster, { 'segment.bytes': '1000' })

    const config = topicConfigOf(cluster.self(2), ordersTopic)
    expect(config).toMatchObject({ minInsyncReplicas: 2, segmentBytes: 1000 })
  })

  test('a broker that starts later acts on it too', () => {
    const cluster = new Controllers([1, 2])
    cluster.createOrders(1, [[1, 2]])
    alter(cluster, { 'min.insync.replicas': '2' })

    cluster.add(3)
    cluster.settle()

    expect(leastIsr(cluster, 3)).toBe(2)
  })

  test('a controller that may elect uncleanly from now on elects at once', () => {
    const cluster = new Controllers([1, 2, 3])
    cluster.createOrders(1, [[3, 2]])
    for (const broker of [2, 3]) {
      cluster.crash(broker)
      cluster.expire(broker)
      cluster.settle()
    }
    cluster.restart(2)
    cluster.settle()
    const before = stateOf(cluster, 0)?.leader

    alter(cluster, { 'unclean.leader.election.enable': 'true' })

    expect(before).toBe(-1)
    expect(stateOf(cluster, 0)).toMatchObject({ leader: 2, isr: [2] })
  })

  test.each([
    { config: { 'min.insync.replicas': 'most' }, topic: 'orders', error: 'INVALID_CONFIG' },
    { config: { 'segment.bytes': '1' }, topic: 'orders', error: 'INVALID_CONFIG' },
    { config: {}, topic: 'payments', error: 'UNKNOWN_TOPIC_OR_PARTITION' },
  ])('refuses $config of $topic by $error', ({ config, topic, error }) => {
    const cluster = new Controllers([1, 2])
    cluster.createOrders(1, [[1, 2]])

    expect(alter(cluster, config, { topic })).toBe(error)
    expect(leastIsr(cluster, 1)).toBe(1)
  })

  test('with every check off survives what it is asked', () => {
    const guardsOff = [Guard.alteredTopic, Guard.alteredValue]
    const cluster = new Controllers([1, 2], { guardsOff })
    cluster.createOrders(1, [[1, 2]])

    expect(alter(cluster, { 'min.insync.replicas': 'most' })).toBe('NONE')
    expect(alter(cluster, {}, { topic: 'payments' })).toBe('NONE')
    expect(leastIsr(cluster, 2)).toBe(1)
  })
})
