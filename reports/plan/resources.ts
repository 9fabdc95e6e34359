/**
 * The use of resources in the drills, each resource by its busiest host.
 */

import type { DrillAnswer, ResourceUse } from '../../scenarios/plan/plan-answer.ts'
import { resourcePlace } from '../resource-names.ts'

export interface Busiest {
  readonly resource: string
  /** In the order of the drills; null where the resource was not measured. */
  readonly byDrill: readonly (ResourceUse | null)[]
}

/** Clients limit nobody but themselves: hosts of the cluster come first where there are any. */
export function busiestByResource(drills: readonly DrillAnswer[]): Busiest[] {
  const all = drills.flatMap(({ resources }) => resources).filter(ofCluster)
  const names = [...new Set(all.map(({ resource }) => resource))].sort(
    (left, right) => resourcePlace(left) - resourcePlace(right),
  )
  return names.map((resource) => ({
    resource,
    byDrill: drills.map((drill) => {
      const own = drill.resources.filter((use) => use.resource === resource && ofCluster(use))
      return own.reduce<ResourceUse | null>(
        (most, use) => (most === null || use.peak.value > most.peak.value ? use : most),
        null,
      )
    }),
  }))
}

function ofCluster({ host }: ResourceUse): boolean {
  return /^(broker|zookeeper)[ -]/.test(host)
}
