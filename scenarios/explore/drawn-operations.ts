/**
 * Drawn integers as operations: what administrators and teams do meanwhile.
 */

import type { Scenario, SwarmOperation } from '../schema/scenario.ts'
import type { Operation } from '../schema/timeline.ts'
import { type Draw, lengthUs, startUs } from './draw.ts'

/** The operation that a draw stands for; null where the scenario has nothing to operate on. */
export function drawnOperation(
  draw: Draw,
  scenario: Scenario,
  operations: readonly SwarmOperation[],
): Operation | null {
  const atUs = startUs(draw, scenario)
  const topic = scenario.topics[draw.other % Math.max(1, scenario.topics.length)]
  const consumer = scenario.consumers[draw.other % Math.max(1, scenario.consumers.length)]
  const operation = operations[draw.kind % operations.length]
  switch (operation) {
    case 'add-partitions':
      return topic === undefined
        ? null
        : {
            kind: 'add-partitions',
            topic: topic.name,
            to: topic.partitions + 1 + (draw.detail % 4),
            atUs,
          }
    case 'alter-config':
      return topic === undefined
        ? null
        : {
            kind: 'alter-config',
            topic: topic.name,
            config: {
              'min.insync.replicas': 1 + (draw.detail % Math.max(1, topic.replicationFactor - 1)),
            },
            atUs,
          }
    case 'elect-leader':
      return topic === undefined
        ? null
        : {
            kind: 'elect-leader',
            topic: topic.name,
            partition: draw.detail % topic.partitions,
            election: 'preferred',
            atUs,
          }
    case 'add-members':
      return consumer === undefined
        ? null
        : { kind: 'add-members', group: consumer.group, count: 1 + (draw.detail % 2), atUs }
    case 'stop-members':
      return consumer === undefined || consumer.members < 2
        ? null
        : {
            kind: 'stop-members',
            group: consumer.group,
            count: 1,
            clean: draw.detail % 2 === 0,
            atUs,
          }
    case 'slow-work':
      return consumer === undefined
        ? null
        : {
            kind: 'slow-work',
            target: { of: 'group', group: consumer.group },
            factor: 2 + (draw.detail % 20),
            atUs,
            ...lasting(draw, scenario),
          }
    case 'deploy':
      return consumer === undefined
        ? null
        : {
            kind: 'deploy',
            group: consumer.group,
            batch: 1 + (draw.detail % 2),
            graceUs: 1_000_000 * (draw.detail % 4),
            startupUs: 500_000 * (1 + (draw.target % 8)),
            surge: draw.breadth % 2,
            atUs,
          }
    case 'create-topic':
      return drawnCreation(draw, scenario, atUs)
    case 'delete-topic': {
      const going = expendable(draw, scenario)
      return going === undefined ? null : { kind: 'delete-topic', topic: going.name, atUs }
    }
    case 'reassign':
      return topic === undefined ? null : reassignment(draw, scenario, topic.name, atUs)
    case 'poison':
      return topic === undefined
        ? null
        : {
            kind: 'poison',
            topic: topic.name,
            count: 1 + (draw.detail % 8),
            ...(draw.target % 2 === 0 ? {} : { factor: 10 * (1 + (draw.target % 50)) }),
            atUs,
            ...lasting(draw, scenario),
          }
    case 'rolling-restart':
      return {
        kind: 'rolling-restart',
        target: { of: draw.target % 4 === 0 ? 'all-zookeeper' : 'all-brokers' },
        clean: draw.detail % 4 !== 0,
        waitForIsr: draw.detail % 3 !== 0,
        downUs: 200_000 * (1 + (draw.breadth % 16)),
        pauseUs: 500_000 * (draw.target % 8),
        atUs,
      }
    default:
      return null
  }
}

/** One of the topics that may go: those that the swarm names, else what nobody writes or reads. */
function expendable(draw: Draw, { consumers, producers, swarm, topics }: Scenario) {
  const used = new Set([
    ...producers.map(({ topic }) => topic),
    ...consumers.flatMap((consumer) => [...consumer.topics, consumer.produces?.topic ?? '']),
  ])
  // A handler of the user's own may write anywhere.
  const free = consumers.every(({ handler }) => handler === undefined)
  const may = topics.filter(
    ({ name }) => swarm?.topics?.includes(name) ?? (free && !used.has(name)),
  )
  return may[draw.other % Math.max(1, may.length)]
}

/** It is there already unless it was deleted before: then nothing happens. */
function drawnCreation(draw: Draw, scenario: Scenario, atUs: number): Operation | null {
  const topic = expendable(draw, scenario)
  if (topic === undefined) return null
  const { name, partitions, replicationFactor, config } = topic
  return { kind: 'create-topic', topic: name, partitions, replicationFactor, config, atUs }
}

function lasting(draw: Draw, scenario: Scenario): { readonly forUs?: number } {
  const forUs = lengthUs(draw, scenario)
  return forUs === null ? {} : { forUs }
}

/** A partition moves one broker on: as many replicas as before, another first. */
function reassignment(draw: Draw, scenario: Scenario, topic: string, atUs: number): Operation {
  const { brokers } = scenario.cluster
  const about = scenario.topics.find(({ name }) => name === topic)
  const count = Math.min(brokers.length, about?.replicationFactor ?? 1)
  const replicas = Array.from(
    { length: count },
    (_none, nth) => (brokers[(draw.target + nth) % brokers.length] as { id: number }).id,
  )
  const partition = draw.detail % (about?.partitions ?? 1)
  return { kind: 'reassign', topic, partition, replicas, atUs }
}
