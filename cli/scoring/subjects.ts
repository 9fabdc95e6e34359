/**
 * What a score takes away: a guard, or the mend that a later level of the protocol brought.
 */

import { protocolFeatures, type ProtocolName } from '../../model/kafka/protocols.ts'
import type { Case } from '../../scenarios/case.ts'
import type { Scenario } from '../../scenarios/schema/scenario.ts'
import type { GuardEntry } from '../../sim/registry.ts'
import type { Subject } from './trial.ts'

export function guardSubject({ name, exercise, behind, redundant }: GuardEntry): Subject {
  return {
    name,
    exercise,
    ...(behind === undefined ? {} : { behind }),
    ...(redundant === undefined ? {} : { redundant }),
    weight: ({ summary }) => summary.guards[name] ?? 0,
    without: (one) => withoutGuards(one, [name]),
  }
}

export function withoutGuards(one: Case, names: readonly string[]): Case {
  return { ...one, guardsOff: [...one.guardsOff, ...names] }
}

/** A level with a published defect, and the level of today without it. */
export interface BrokenLevel {
  readonly feature: ProtocolName
  readonly level: string
  readonly today: string
  /** Entries of hazards.md that exist at it. */
  readonly hazards: readonly string[]
}

/** Every level that can be chosen and has a published defect. */
export function brokenLevels(): readonly BrokenLevel[] {
  return protocolFeatures.flatMap(({ name: feature, default: today, levels }) =>
    levels
      .filter((one) => one.modelled && one.level !== today && one.hazards.length > 0)
      .map(({ level, hazards }) => ({ feature, level, today, hazards })),
  )
}

/** A case can show it if the feature stands at the level of today in it. */
export function levelSubject(broken: BrokenLevel, scenarios: readonly Scenario[]): Subject {
  const { feature, level, today } = broken
  return {
    name: `${feature}=${level}`,
    exercise: exerciseOf(broken, scenarios),
    weight: ({ one: { protocols } }) =>
      Number(protocols['release'] === undefined && (protocols[feature] ?? today) === today),
    without: (one) => ({ ...one, protocols: { ...one.protocols, [feature]: level } }),
  }
}

const EXERCISE_ELSE = 'leader-crash-acks-all'

/** The scenario of the published defect, or else of another of this feature. */
function exerciseOf({ feature, hazards }: BrokenLevel, scenarios: readonly Scenario[]): string {
  const own = scenarios.find(({ hazard }) => hazard !== undefined && hazards.includes(hazard.id))
  const near = own ?? scenarios.find(({ protocols }) => protocols[feature] !== undefined)
  if (near === undefined) return EXERCISE_ELSE
  return near.protocols[feature] === undefined ? near.name : mendedName(near.name, feature)
}

/** A scenario, and how it is called among those that were mended. */
export interface Named {
  readonly name: string
  readonly scenario: Scenario
}

/**
 * Scenarios that stand at an old level, brought to that of today: one feature at a time, and all.
 */
export function mendedScenarios(scenarios: readonly Scenario[]): readonly Named[] {
  return scenarios.flatMap((scenario) => {
    const features = Object.keys(scenario.protocols)
    const single = features.map((feature) => mended(scenario, [feature]))
    return features.length > 1 ? [...single, mended(scenario, features)] : single
  })
}

function mended(scenario: Scenario, features: readonly string[]): Named {
  const kept = Object.entries(scenario.protocols).filter(([name]) => !features.includes(name))
  return {
    name: mendedName(scenario.name, features.join(' and ')),
    // What was expected to break was expected of the old level.
    scenario: { ...scenario, protocols: Object.fromEntries(kept), expect: {} },
  }
}

function mendedName(scenario: string, what: string): string {
  return `${scenario} with ${what} of today`
}
