import { expect, test } from 'vitest'
import { brokerConfig } from '../../../../model/kafka/config/broker-config.ts'

test('a broker without properties has the values of Kafka 3.9', () => {
  const config = brokerConfig({})

  expect(config).toMatchObject({
    minInsyncReplicas: 1,
    uncleanLeaderElectionEnable: false,
    replicaLagTimeMaxMs: 30_000,
    replicaFetchWaitMaxMs: 500,
    zookeeperSessionTimeoutMs: 18_000,
    offsetsTopicReplicationFactor: 3,
    offsetsTopicNumPartitions: 50,
    offsetsCommitRequiredAcks: -1,
    groupInitialRebalanceDelayMs: 3_000,
    numIoThreads: 8,
    queuedMaxRequests: 500,
    logRollMs: 604_800_000,
    logFlushIntervalMs: Number.MAX_SAFE_INTEGER,
  })
})

test('finer properties go before the coarser ones that they override', () => {
  expect(brokerConfig({ 'log.roll.hours': 1 }).logRollMs).toBe(3_600_000)
  expect(brokerConfig({ 'log.roll.hours': 1, 'log.roll.ms': 5 }).logRollMs).toBe(5)
  expect(brokerConfig({ 'log.flush.scheduler.interval.ms': 9 }).logFlushIntervalMs).toBe(9)
  expect(brokerConfig({ 'log.flush.interval.ms': 7 }).logFlushIntervalMs).toBe(7)
  expect(brokerConfig({ 'log.retention.hours': 1 }).logRetentionMs).toBe(3_600_000)
  const minutes = { 'log.retention.hours': 1, 'log.retention.minutes': 2 }
  expect(brokerConfig(minutes).logRetentionMs).toBe(120_000)
  expect(brokerConfig({ ...minutes, 'log.retention.ms': 3 }).logRetentionMs).toBe(3)
})

test('the connection timeout falls back to the session timeout', () => {
  const given = { 'zookeeper.session.timeout.ms': 4_000 }

  expect(brokerConfig(given).zookeeperConnectionTimeoutMs).toBe(4_000)
  expect(
    brokerConfig({ ...given, 'zookeeper.connection.timeout.ms': '9000' })
      .zookeeperConnectionTimeoutMs,
  ).toBe(9_000)
})

test.each([
  [{ 'replica.fetch.wait.max.ms': 31_000 }, 'replica.socket.timeout.ms'],
  [{ 'replica.lag.time.max.ms': 400 }, 'replica.fetch.wait.max.ms'],
  [{ 'group.min.session.timeout.ms': 2_000_000 }, 'group.max.session.timeout.ms'],
  [{ 'offsets.commit.required.acks': 4 }, 'must be between -1 and 1'],
  [{ 'min.insync.replicas': 0 }, 'must be at least 1'],
])('%j contradicts itself', (properties, sentence) => {
  expect(() => brokerConfig(properties)).toThrow(sentence)
})
