/**
 * What `dmqsim plan` is given: a scenario with its plan, or the plan that an earlier answer holds.
 */

import { existsSync } from 'node:fs'
import type { Configuration } from '../reports/answer.ts'
import type { EmbeddedPlan } from '../scenarios/plan/plan-answer.ts'
import { readTextFile } from '../scenarios/schema/files.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import type { PlanFlags } from './commands/plan.ts'
import { inputsOf } from './inputs.ts'
import { scenarioInput } from './scenario-input.ts'
import { UsageError } from './usage.ts'

export interface PlanInputs {
  /** With its plan. */
  readonly scenario: Scenario
  readonly configuration: Configuration
  /** Of an earlier answer; undefined: the scenario's or 1. */
  readonly seed: number | undefined
  readonly find: 'peak' | null
}

export async function planInput(
  given: string,
  find: 'peak' | null,
  flags: PlanFlags,
): Promise<PlanInputs> {
  if (/\.(html|json)$/.test(given) && existsSync(given)) {
    const embedded = embeddedIn(readTextFile(given, given), given)
    if (embedded !== null) return again(embedded, find, flags)
  }
  const loaded = await scenarioInput(given, flags)
  const { scenario, configuration } = loaded
  if (scenario.plan !== undefined) return { scenario, configuration, seed: undefined, find }
  if (find === null) {
    const mend = 'write one (docs/planning.md), or ask --find peak of the cluster as it is'
    throw new InputError([`${given}: has no plan: ${mend}`])
  }
  // The drills and the window of a plan that says nothing, with the thresholds of the scenario.
  const planned = await scenarioInput(given, { ...flags, set: [...flags.set, 'plan.seeds=10'] })
  return { ...planned, seed: undefined, find }
}

function again(embedded: EmbeddedPlan, find: 'peak' | null, flags: PlanFlags): PlanInputs {
  const [changed] = flags.set
  if (changed !== undefined) {
    throw new UsageError(`--set ${changed}: a plan that was kept is run as it was`)
  }
  const { scenario, seed } = embedded
  const configuration = { inputs: inputsOf(scenario), ignored: [], notices: [] }
  return { scenario, configuration, seed, find: find ?? embedded.find }
}

const SCRIPT = /<script\b[^>]*\bid="dmqsim-plan"[^>]*>([\s\S]*?)<\/script>/

/** The plan in a report or in a JSON answer; null: the file holds none, and may be a scenario. */
function embeddedIn(text: string, place: string): EmbeddedPlan | null {
  const isReport = /^\s*</.test(text)
  const found = isReport ? SCRIPT.exec(text)?.[1] : text
  if (found === undefined) {
    throw new InputError([`${place}: holds no plan: it is no report of dmqsim plan`])
  }
  let value: unknown
  try {
    value = JSON.parse(found)
  } catch {
    // A scenario may be written in JSON, and its loader says where it is wrong.
    if (!isReport) return null
    throw new InputError([`${place}: the plan in it was cut off`])
  }
  const plan = isReport ? value : (value as { readonly plan?: unknown } | null)?.plan
  if (!isEmbedded(plan)) {
    if (!isReport) return null
    throw new InputError([`${place}: the plan in it is none of this version`])
  }
  return plan
}

function isEmbedded(value: unknown): value is EmbeddedPlan {
  if (typeof value !== 'object' || value === null) return false
  const { format, seed, scenario } = value as Partial<Record<keyof EmbeddedPlan, unknown>>
  const isScenario =
    typeof scenario === 'object' && scenario !== null && 'plan' in scenario && 'topics' in scenario
  return format === 1 && Number.isSafeInteger(seed) && isScenario
}
