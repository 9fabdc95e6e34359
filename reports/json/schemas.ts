/**
 * The schema of each command's JSON answer, by command, for `dmqsim schema <command>`.
 */

import { z } from 'zod'
import { backtestSchema } from './backtest.ts'
import { calibrateSchema } from './calibrate.ts'
import { compareSchema } from './compare.ts'
import { exploreSchema, mergeSchema } from './explore.ts'
import { hazardsSchema } from './hazards.ts'
import { planSchema } from './plan.ts'
import { remediesSchema } from './remedies.ts'
import { guardsSchema, listSchema, probesSchema, protocolsSchema } from './registries.ts'
import { replaySchema } from './replay.ts'
import { runSchema } from './run.ts'
import { scoreSchema } from './score.ts'
import { validationSchema } from './validation.ts'
import { varySchema } from './vary.ts'

const schemas: Readonly<Record<string, z.ZodType>> = {
  list: listSchema,
  run: runSchema,
  explore: exploreSchema,
  merge: mergeSchema,
  replay: replaySchema,
  compare: compareSchema,
  'compare-vary': varySchema,
  plan: planSchema,
  guards: guardsSchema,
  probes: probesSchema,
  protocols: protocolsSchema,
  score: scoreSchema,
  calibrate: calibrateSchema,
  backtest: backtestSchema,
  'table-hazards': hazardsSchema,
  'table-remedies': remediesSchema,
  'table-validation': validationSchema,
}

export const schemaNames: readonly string[] = Object.keys(schemas)

/** JSON Schema (draft 2020-12), or undefined for a command without one. */
export function answerJsonSchema(command: string): Readonly<Record<string, unknown>> | undefined {
  const schema = Object.hasOwn(schemas, command) ? schemas[command] : undefined
  if (schema === undefined) return undefined
  return z.toJSONSchema(schema, { target: 'draft-2020-12' })
}
