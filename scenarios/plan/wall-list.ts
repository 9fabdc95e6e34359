/**
 * The walls in their order: thresholds that broke in simulation, and resources whose use at the
 * peak, drawn on in a straight line, comes to its limit.
 */

import type { Plan } from '../schema/plan.ts'
import { isLimit } from './bottleneck.ts'
import type { DrillAnswer, ResourceUse, Wall, Window } from './plan-answer.ts'
import type { Break, Walls } from './walls.ts'
import { bottleneckText, digits, drillTitle, times } from './words.ts'

interface Around {
  readonly drills: readonly DrillAnswer[]
  readonly plan: Plan
  readonly window: Window
}

/** What is used less than this is no wall that anybody will meet. */
const USED_LEAST = 0.05

export function wallList({ breaks }: Walls, around: Around): readonly Wall[] {
  const walls = [...breaks.map((one) => thresholdWall(one, around)), ...resourceWalls(around)]
  return walls
    .sort((a, b) => (a.factor ?? Infinity) - (b.factor ?? Infinity))
    .map((wall, at) => ({ ...wall, order: at + 1 }))
}

function thresholdWall(one: Break, { plan, window }: Around): Wall {
  const drill = plan.drills[one.drill] ?? { name: 'normal' as const }
  const { bottleneck, breaks, holds, what } = one
  const where = bottleneck === null ? '' : `; ${bottleneckText(bottleneck)} then`
  const from =
    holds === 0 ? `at ${times(breaks)} already` : `between ${times(holds)} and ${times(breaks)}`
  return {
    order: 0,
    drill: drill.name,
    what,
    resource: bottleneck?.resource ?? null,
    host: bottleneck?.host ?? null,
    factor: breaks,
    between: [holds, breaks],
    recordsPerSecond: breaks * window.peakPerSecond,
    how: 'simulated',
    sentence: `In ${drillTitle(drill)}, ${what} breaks ${from} the peak${where}.`,
  }
}

/** The busiest host of each resource, in normal running. */
function resourceWalls({ drills, window }: Around): readonly Wall[] {
  const busiest = new Map<string, ResourceUse>()
  for (const use of drills[0]?.resources ?? []) {
    const before = busiest.get(use.resource)?.peak.value ?? USED_LEAST
    if (isLimit(use.resource) && use.peak.value > before) busiest.set(use.resource, use)
  }
  return [...busiest.values()].map(({ resource, host, peak }) => {
    const factor = 1 / peak.value
    const rate = factor * window.peakPerSecond
    return {
      order: 0,
      drill: 'normal',
      what: 'utilisation 100 %',
      resource,
      host,
      factor,
      between: null,
      recordsPerSecond: rate,
      how: 'extrapolated',
      sentence:
        `${resource} of ${host} is used to ${Math.round(peak.value * 100)} % at the peak: ` +
        `in a straight line it is used up at ${times(factor)}, ${digits(rate)} records/s.`,
    }
  })
}
