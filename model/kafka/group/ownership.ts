/**
 * Which groups this broker coordinates, and the groups it knows (KC 3.1, 3.3).
 */

import { createGroup } from './group.ts'
import { groupPartition } from './placement.ts'
import type { Group, GroupCoordinator, Ownership } from './state.ts'

/** Partition number of a group's id in `__consumer_offsets`. */
export function placementOf(groups: GroupCoordinator, groupId: string): number {
  const known = groups.placements.get(groupId)
  if (known !== undefined) return known
  const partition = groupPartition(groupId, groups.config.offsetsTopicNumPartitions)
  groups.placements.set(groupId, partition)
  return partition
}

/** Whether this broker coordinates a group: not, not yet, or yes. */
export function ownershipOf(groups: GroupCoordinator, groupId: string): Ownership {
  return groups.ownership[placementOf(groups, groupId)] ?? 'none'
}

/** The group of this id, made if there is none. */
export function groupNamed(groups: GroupCoordinator, groupId: string): Group {
  const known = groups.groups.get(groupId)
  if (known !== undefined) return known
  const group = createGroup(groupId, placementOf(groups, groupId))
  groups.groups.set(groupId, group)
  return group
}
