/**
 * Asks a chapter for its rows with made-up simulations in place of real ones.
 */

import type { Chapter, FittedConstant } from '../../../../scenarios/validation/chapter.ts'
import type { ClusterFigures } from '../../../../scenarios/validation/cluster-figures.ts'
import type { Errand, Figures } from '../../../../scenarios/validation/errand.ts'
import type { ValidationRow } from '../../../../scenarios/validation/row.ts'
import type { Scenario } from '../../../../scenarios/schema/scenario.ts'

export interface Told {
  readonly rows: readonly ValidationRow[]
  readonly constants: readonly FittedConstant[]
  readonly simulations: number
}

/** `wanted`: ids of rows; absent: all of the chapter. */
export async function toldBy(
  chapter: Chapter,
  simulate: (errand: Errand) => Figures,
  wanted: readonly string[] = chapter.ids,
): Promise<Told> {
  const rows: ValidationRow[] = []
  const constants: FittedConstant[] = []
  let simulations = 0
  await chapter.run({
    seed: 1,
    runs: null,
    simulate: (errand) => {
      simulations += 1
      return Promise.resolve(simulate(errand))
    },
    wants: (id) => wanted.includes(id),
    told: (row) => void rows.push(row),
    fitted: (one) => void constants.push(one),
    stopped: () => false,
  })
  return { rows, constants, simulations }
}

/** The scenario of an errand that has to be of this kind. */
export function scenarioOf({ subject }: Errand, kind: 'cluster' | 'controller'): Scenario {
  if (subject.kind !== kind) throw new Error(`a ${subject.kind} was asked for`)
  return subject.scenario
}

/** What a cluster measured, as far as a chapter looks at it. */
export function clusterOf(figures: Partial<ClusterFigures>): Figures {
  return {
    kind: 'cluster',
    acknowledgedPerSecond: 0,
    deliveredPerSecond: 0,
    meanUs: 1,
    p50Us: 1,
    p99Us: 1,
    endToEndP50Us: 1,
    replicaLag: 0,
    events: 1,
    ...figures,
  }
}
