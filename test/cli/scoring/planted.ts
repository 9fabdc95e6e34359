/**
 * Planted cases and runners: what a score does is seen without a simulation.
 */

import { guardSubject } from '../../../cli/scoring/subjects.ts'
import { type RunCase, Survey, type Surveyed } from '../../../cli/scoring/survey.ts'
import type { Subject } from '../../../cli/scoring/trial.ts'
import type { Case } from '../../../scenarios/case.ts'
import type { RunSummary } from '../../../scenarios/explore/summary.ts'
import { plantedRun, plantedVerdictSummary } from '../../reports/planted-exploration.ts'
import { plantedScenario } from '../../reports/planted.ts'

export const guard = {
  name: 'fetch.fence',
  rule: 'KB X0',
  sentence: 'It refuses what is old.',
  protects: 'no-loss',
  whenOff: 'What is old is taken.',
  exercise: 'first',
}

export const subject: Subject = guardSubject(guard)

export const broken: Partial<RunSummary> = {
  verdicts: [plantedVerdictSummary({ verdict: 'broken' })],
}

/** A case of a scenario in which the guard was decisive once. */
export function surveyed(
  scenario: string,
  index: number,
  changes: Partial<RunSummary> = {},
): Surveyed {
  const summary = plantedRun(index, { guards: { 'fetch.fence': 1 }, ...changes })
  return { scenario, index, one: { guardsOff: [], seed: index } as unknown as Case, summary }
}

/** What was surveyed, scenario by scenario. */
export function surveysOf(cases: readonly Surveyed[]): readonly Survey[] {
  const names = [...new Set(cases.map(({ scenario }) => scenario))]
  return names.map((name) => {
    const survey = new Survey({ ...plantedScenario(), name })
    survey.runs.push(...cases.filter(({ scenario }) => scenario === name))
    return survey
  })
}

/** Answers by the guards that are off and the case; keeps what it was asked. */
export class PlantedRunner {
  readonly asked: string[] = []
  readonly #answer: (off: readonly string[], one: Case) => RunSummary

  constructor(answer: (off: readonly string[], one: Case) => RunSummary) {
    this.#answer = answer
  }

  readonly run: RunCase = async (one) => {
    this.asked.push(`${one.guardsOff.join('+')} ${one.seed}`)
    return this.#answer(one.guardsOff, one)
  }
}

/** A run that broke the model itself. */
export function failed(): RunSummary {
  return plantedRun(0, { ended: 'internal-error', reason: 'an invariant' })
}
