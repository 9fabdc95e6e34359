/**
 * Shares of resources in use as they are shown over time: a host that is down is not idle.
 */

import type { HostResources, ResourceUse } from '../resources.ts'

/**
 * The use of a resource in each step; null where nothing ran that could have used it. What a disk
 * wrote back or a cable carried while its host was down is use all the same.
 */
export function sharesOf(
  { down = [] }: Pick<HostResources, 'down'>,
  { utilisation }: Pick<ResourceUse, 'utilisation'>,
): readonly (number | null)[] {
  if (down.length === 0) return utilisation
  const isDown = (step: number): boolean =>
    down.some(([from, until]) => from <= step && step < until)
  return utilisation.map((share, step) => (share === 0 && isDown(step) ? null : share))
}
