/**
 * Protocol moments that a drawn entry may wait for: between an append and its commit, after an ISR
 * shrink was asked for, while a group joins and syncs, when a session has ended, while a
 * coordinator loads.
 *
 * Names of probes; a test holds that each is registered.
 */

import type { Scenario } from '../schema/scenario.ts'
import type { Trigger } from '../schema/timeline.ts'
import { type Draw, startUs } from './draw.ts'
import { somePartition } from './drawn-roles.ts'

interface Moment {
  readonly probe: string
  readonly subject: 'partition' | 'group' | 'any'
  /** Reached many times in a run: a later one is as interesting as the first. */
  readonly often?: boolean
}

export const moments: readonly Moment[] = [
  { probe: 'leader.elected', subject: 'partition' },
  { probe: 'isr.shrinkSent', subject: 'partition' },
  { probe: 'produce.appended', subject: 'partition', often: true },
  { probe: 'isr.expandSent', subject: 'partition' },
  { probe: 'leader.became', subject: 'partition' },
  { probe: 'follower.became', subject: 'partition' },
  { probe: 'isr.alterPartitionAccepted', subject: 'partition' },
  { probe: 'controller.elected', subject: 'any' },
  { probe: 'controller.failover', subject: 'any' },
  { probe: 'broker.failed', subject: 'any' },
  { probe: 'broker.started', subject: 'any' },
  { probe: 'zk.sessionExpired', subject: 'any' },
  { probe: 'zk.connectionLoss', subject: 'any' },
  { probe: 'zk.leaderElected', subject: 'any' },
  { probe: 'registration.registered', subject: 'any' },
  { probe: 'follower.truncated', subject: 'partition' },
  { probe: 'fetch.diverged', subject: 'any' },
  { probe: 'hw.advanced', subject: 'partition', often: true },
  { probe: 'group.joinParked', subject: 'group' },
  { probe: 'group.syncParked', subject: 'group' },
  { probe: 'group.generationIssued', subject: 'group' },
  { probe: 'group.loaded', subject: 'group' },
  { probe: 'group.memberExpired', subject: 'group' },
  { probe: 'commit.accepted', subject: 'any', often: true },
  { probe: 'producer.retried', subject: 'any', often: true },
  { probe: 'consumer.lost', subject: 'any' },
]

/** The trigger that a draw stands for, if `share` 4096ths of the draws wait for a moment. */
export function momentOf(draw: Draw, scenario: Scenario, share: number): Trigger | null {
  const place = draw.moment % 4096
  if (place >= share) return null
  const { probe, subject, often } = moments[place % moments.length] as Moment
  const nth = 1 + (often === true ? draw.kind * 9 : draw.kind % 3)
  return { probe, ...subjectOf(subject, draw, scenario), nth, afterUs: startUs(draw, scenario) }
}

function subjectOf(
  subject: Moment['subject'],
  draw: Draw,
  scenario: Scenario,
): Pick<Trigger, 'of'> {
  if (subject === 'group') {
    const group = scenario.consumers[draw.other % Math.max(1, scenario.consumers.length)]
    return group === undefined ? {} : { of: { of: 'group', group: group.group } }
  }
  if (subject === 'any' || draw.detail % 2 === 1 || scenario.topics.length === 0) return {}
  return { of: { of: 'partition', ...somePartition(draw, scenario) } }
}
