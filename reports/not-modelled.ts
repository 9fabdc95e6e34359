/**
 * What bears on a claim and is not simulated: the honest end of every answer.
 *
 * Held against the headers of `model/` ("left out") and docs/specification. Each entry says which
 * scenarios it bears on, so that an answer lists what matters to it and not everything.
 */

import type { Scenario } from '../scenarios/schema/scenario.ts'

export interface NotModelled {
  readonly name: string
  readonly sentence: string
  readonly bears: (scenario: Scenario) => boolean
}

const always = (): boolean => true
const withGroups = ({ consumers }: Scenario): boolean => consumers.length > 0
const aboutEffects = ({ consumers }: Scenario): boolean =>
  consumers.some((consumer) => consumer.produces !== undefined || consumer.calls.length > 0)
const withFleets = ({ producers }: Scenario): boolean =>
  producers.some(({ fleet }) => fleet !== undefined)
const withoutHardware = ({ cluster }: Scenario): boolean =>
  cluster.brokers.every((broker) => broker.hardware === 'ideal')

export const notModelled: readonly NotModelled[] = [
  {
    name: 'the time that hosts need',
    sentence:
      'hosts of the profile "ideal" do their work in no time: latencies are those of the network and of waiting, and no host saturates',
    bears: withoutHardware,
  },
  {
    name: 'the single clients of a fleet',
    sentence:
      'their requests take at most 24 connections to a broker, and linger as one client does: one that sends little waits the whole linger.ms for each record; up to 1,000 records of a partition cross the network at once, so that latencies are too long by a few times what that takes, and in a load of more than half an hour those of all partitions of a leader; a member that dies in a range of counted records has processed none of it',
    bears: withFleets,
  },
  {
    name: 'transactions',
    sentence:
      'no transactional producer or read_committed isolation across topics; effects rest on the application',
    bears: aboutEffects,
  },
  {
    name: 'cooperative and static membership',
    sentence:
      'groups rebalance eagerly by the classic protocol: no cooperative assignor, no group.instance.id, no KIP-848',
    bears: withGroups,
  },
  {
    name: 'compaction and deletion by size',
    sentence:
      'logs are deleted by age alone, and only where a topic keeps records for less than a day; nothing is compacted, and committed offsets do not expire',
    bears: always,
  },
  {
    name: 'quotas and throttling',
    sentence: 'no client is slowed down by a broker',
    bears: always,
  },
  {
    name: 'TLS and authentication',
    sentence:
      'connections cost a handshake of TCP alone, and everybody may do everything; what encryption costs a broker’s threads is tlsCpuNs of its hardware',
    bears: always,
  },
  {
    name: 'KRaft',
    sentence: 'metadata is kept by ZooKeeper, as in Kafka up to 3.9',
    bears: always,
  },
  {
    name: 'the code itself',
    sentence:
      'what runs is a model written from the protocol, not Kafka’s code: a defect of an implementation shows only where a protocol level stands for it',
    bears: always,
  },
]

/** The entries that bear on a scenario. */
export function notModelledFor(scenario: Scenario): readonly NotModelled[] {
  return notModelled.filter((entry) => entry.bears(scenario))
}

/** As lists in JSON and HTML have them. */
export function notModelledSentences(scenario: Scenario): readonly string[] {
  return notModelledFor(scenario).map(({ name, sentence }) => `${name}: ${sentence}`)
}
