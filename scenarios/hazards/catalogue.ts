/**
 * The hazards that come with dmqsim: the scenarios of this folder, in the catalogue's order.
 */

import { basename, dirname } from 'node:path'
import { scenarioNames } from '../schema/files.ts'
import { loadScenario } from '../schema/load.ts'
import type { Hazard, Scenario, Sets } from '../schema/scenario.ts'

export interface HazardScenario {
  readonly hazard: Hazard
  /** As people write it: `scenarios/hazards/d01-acks-one.yaml`. */
  readonly file: string
  readonly scenario: Scenario
  /** With its fix; null where there is none. */
  readonly fixed: Scenario | null
}

/** Chapters of the catalogue. */
const chapters = 'RDZPTCSQ'

export async function hazardScenarios(): Promise<readonly HazardScenario[]> {
  const found: HazardScenario[] = []
  for (const { name, file } of scenarioNames()) {
    if (basename(dirname(file)) !== 'hazards') continue
    const { scenario } = await loadScenario(name)
    const { hazard } = scenario
    if (hazard === undefined) throw new Error(`${file} has no "hazard:"`)
    const fixed = await mended(name, scenario, hazard)
    found.push({ hazard, file: `scenarios/hazards/${basename(file)}`, scenario, fixed })
  }
  return found.sort((left, right) => rank(left.hazard.id) - rank(right.hazard.id))
}

/** With every guard on where that is the fix. */
async function mended(name: string, scenario: Scenario, { fix }: Hazard): Promise<Scenario | null> {
  if (fix.kind === 'none') return null
  if (fix.kind === 'guard') return { ...scenario, guardsOff: [] }
  const laid = await withSets(name, fix.sets)
  const { leavesOut = [] } = fix
  if (laid.swarm === undefined || leavesOut.length === 0) return laid
  const operations = laid.swarm.operations.filter((one) => !leavesOut.includes(one))
  return { ...laid, swarm: { ...laid.swarm, operations } }
}

/** A scenario that comes with dmqsim, with other values. */
export async function withSets(name: string, sets: Sets): Promise<Scenario> {
  const texts = Object.entries(sets).map(([path, value]) => `${path}=${value}`)
  return (await loadScenario(name, { sets: texts })).scenario
}

function rank(id: string): number {
  return chapters.indexOf(id.charAt(0)) * 100 + Number(id.slice(1))
}
