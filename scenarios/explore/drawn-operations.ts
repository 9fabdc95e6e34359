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
    default:
      return null
  }
}

function lasting(draw: Draw, scenario: Scenario): { readonly forUs?: number } {
  const forUs = lengthUs(draw, scenario)
  return forUs === null ? {} : { forUs }
}
