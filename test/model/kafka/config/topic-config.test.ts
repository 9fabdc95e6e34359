import { expect, test } from 'vitest'
import { brokerConfig } from '../../../../model/kafka/config/broker-config.ts'
import { topicConfig } from '../../../../model/kafka/config/topic-config.ts'

const broker = brokerConfig({
  'min.insync.replicas': 2,
  'unclean.leader.election.enable': true,
  'message.max.bytes': 1_000,
  'log.segment.bytes': 4_096,
  'log.roll.hours': 1,
  'log.flush.interval.messages': 10,
})

test('a topic without properties has those of the brokers', () => {
  expect(topicConfig({}, broker)).toEqual({
    minInsyncReplicas: 2,
    uncleanLeaderElectionEnable: true,
    maxMessageBytes: 1_000,
    compressionType: 'producer',
    segmentBytes: 4_096,
    segmentMs: 3_600_000,
    segmentJitterMs: 0,
    flushMessages: 10,
    flushMs: Number.MAX_SAFE_INTEGER,
    deletes: true,
    retentionMs: 604_800_000,
    timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
    timestampAfterMaxMs: Number.MAX_SAFE_INTEGER,
  })
})

test("a topic's own properties go before those of the brokers", () => {
  const config = topicConfig(
    { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'false', 'segment.ms': 5 },
    broker,
  )

  expect(config).toMatchObject({
    minInsyncReplicas: 1,
    uncleanLeaderElectionEnable: false,
    segmentMs: 5,
  })
})
