/**
 * The JSON answer of `dmqsim plan`. The curves of its drills stand in the report and its CSV files.
 */

import { z } from 'zod'
import type { Doubt, DoubtEnd, Doubts } from '../../scenarios/plan/doubts-answer.ts'
import type {
  Backtest,
  Belief,
  Bottleneck,
  Candidate,
  Cost,
  DrillAnswer,
  DrillGroup,
  EmbeddedPlan,
  Estimate,
  FormulaAnswer,
  PeakAnswer,
  PlanAnswer,
  PlanInput,
  PlanMeasure,
  ResourceUse,
  Search,
  Sensitivity,
  Setting,
  ThresholdResult,
  Wall,
  WhatIf,
  Window,
} from '../../scenarios/plan/plan-answer.ts'
import type { Head, PlanReportAnswer } from '../answer.ts'
import { count, type Fields, headFields, names, number, text } from './fields.ts'

interface AnswerJson extends Setting {
  readonly costPerHour: number | null
  readonly currency: string | null
}

type DrillJson = Omit<DrillAnswer, 'curves'>

export interface PlanJson
  extends
    Head,
    Pick<
      PlanAnswer,
      | 'kind'
      | 'scenario'
      | 'question'
      | 'sentence'
      | 'feasible'
      | 'cost'
      | 'window'
      | 'seeds'
      | 'runs'
      | 'candidates'
      | 'search'
      | 'nextCheaper'
      | 'walls'
      | 'peak'
      | 'whatIf'
      | 'sensitivity'
      | 'doubts'
      | 'inputs'
    > {
  readonly answer: AnswerJson | null
  readonly drills: readonly DrillJson[]
  readonly formulas: Readonly<Record<FormulaAnswer['name'], number | null>>
  readonly formulaInputs: readonly FormulaAnswer[]
  readonly calibrationSet: string | null
  readonly constants: Belief['constants']
  readonly backtest: Backtest | null
  readonly validatedRange: Belief['validatedRange']
  readonly extrapolates: readonly string[]
  readonly notModelled: readonly string[]
  readonly plan: EmbeddedPlan
}

const interval = z.tuple([z.number(), z.number()]).readonly()
const ci = interval.nullable()
const estimateFields: Fields<Estimate> = {
  value: z.number(),
  ci: ci.describe('95 %; null where one run says nothing of its spread'),
}
const estimate: z.ZodType<Estimate> = z.strictObject(estimateFields)

const settingFields: Fields<Setting> = {
  brokers: count,
  hardware: z.string(),
  replicationFactor: count,
  partitions: count.describe('of all topics'),
  consumers: count.describe('members of all groups'),
  'batch.size': count,
  'linger.ms': count,
  topics: z.array(z.strictObject({ topic: z.string(), partitions: count })),
  groups: z.array(z.strictObject({ group: z.string(), members: count })),
}
const setting: z.ZodType<Setting> = z.strictObject(settingFields)

const cost: z.ZodType<Cost> = z.strictObject({
  currency: z.string(),
  perHour: z.number(),
  items: z.array(
    z.strictObject({
      what: z.string(),
      count: z.number(),
      price: z.number(),
      unit: z.string(),
      perHour: z.number(),
    }),
  ),
})

const window: z.ZodType<Window> = z.strictObject({
  fromMs: z.number(),
  untilMs: z.number(),
  peakAtMs: z.number(),
  peakPerSecond: z.number(),
  meanPerSecond: z.number(),
  peakBytesPerSecond: z.number(),
  warmUpMs: z.number(),
})

const unit: z.ZodType<PlanMeasure['unit']> = z.enum([
  'ms',
  'records',
  'records/s',
  'bytes',
  'bytes/s',
  'share',
  'count',
])
const measure: z.ZodType<PlanMeasure> = z.strictObject({ ...estimateFields, unit })

const bottleneck: z.ZodType<Bottleneck> = z.strictObject({
  resource: z.string(),
  host: z.string(),
  utilisation: z.number(),
})

const drillName: z.ZodType<DrillAnswer['name']> = z.enum([
  'normal',
  'one-broker-down',
  'rack-down',
  'consumer-outage',
])

const threshold: z.ZodType<ThresholdResult> = z.strictObject({
  measure: z.string(),
  rule: z.string(),
  value: measure.nullable(),
  runsMet: count,
  runsJudged: count,
  met: z.boolean().nullable().describe('null: another threshold ended every run early'),
})

const group: z.ZodType<DrillGroup> = z.strictObject({
  group: z.string(),
  topic: z.string(),
  members: count,
  backlogPeak: estimate,
  latenessPeakMs: estimate,
  latencyP50Ms: estimate.nullable().describe('end to end'),
  latencyP99Ms: estimate.nullable(),
  drainMs: estimate.nullable(),
})

const resource: z.ZodType<ResourceUse> = z.strictObject({
  host: z.string(),
  resource: z.string(),
  mean: estimate,
  peak: estimate,
})

const drillFields: Fields<DrillJson> = {
  name: drillName,
  title: z.string(),
  group: text,
  seeds: count,
  endedEarly: count.describe('runs that a threshold with abortOnFail ended'),
  met: z.boolean(),
  thresholds: z.array(threshold),
  bottleneck: bottleneck.nullable(),
  headroom: number,
  measures: z.record(z.string(), measure),
  groups: z.array(group),
  resources: z.array(resource),
  broken: z.array(z.strictObject({ check: z.string(), scope: z.string(), runs: count })),
}

const candidateFields: Fields<Candidate> = {
  ...settingFields,
  costPerHour: number,
  met: z.boolean(),
  state: z.enum(['answer', 'met', 'missed', 'ruled-out', 'not-run']),
  failed: names,
  by: text,
  runs: count,
  bottleneck: bottleneck.nullable(),
}
const candidate: z.ZodType<Candidate> = z.strictObject(candidateFields)

const search: z.ZodType<Search> = z.strictObject({
  of: count,
  simulated: count,
  ruledOut: count,
  notRun: count,
  timeUp: z.boolean().describe('before everything was simulated'),
  how: names,
})

const wall: z.ZodType<Wall> = z.strictObject({
  order: count,
  drill: drillName,
  what: z.string(),
  resource: text,
  host: text,
  factor: number,
  between: interval.nullable(),
  recordsPerSecond: number,
  how: z.enum(['simulated', 'extrapolated']),
  sentence: z.string(),
})

const peak: z.ZodType<PeakAnswer> = z.strictObject({
  factor: number,
  recordsPerSecond: number,
  triedFrom: z.number(),
  triedTo: z.number(),
  resolution: z.number(),
})

const whatIf: z.ZodType<WhatIf> = z.strictObject({
  change: z.string(),
  setting,
  costPerHour: number,
  met: z.boolean(),
  failed: names,
  bottleneck: bottleneck.nullable().describe('of normal running'),
  headroom: number,
  endToEndP99: estimate.nullable(),
  backlogPeak: estimate.nullable(),
})

const source: z.ZodType<PlanInput['source']> = z.enum(['given', 'default', 'profile', 'fitted'])

const sensitivity: z.ZodType<Sensitivity> = z.strictObject({
  assumption: z.string(),
  source,
  answer: setting.nullable(),
  costPerHour: number,
  moves: z.boolean(),
  utilisationChange: number,
})

const doubtEnd: z.ZodType<DoubtEnd> = z.strictObject({
  factor: z.number().describe('the figure is multiplied by it'),
  threshold: text.describe('nearest then'),
  headroom: number.describe('of it; null: nothing was measured'),
  failed: names,
})

const doubt: z.ZodType<Doubt> = z.strictObject({
  input: z.string(),
  source: source.describe('default: assumed by dmqsim or by the hardware profile'),
  low: doubtEnd,
  high: doubtEnd,
  effect: number.describe('greater change of the headroom; null: nothing was measured then'),
  moves: z.boolean(),
})

const doubts: z.ZodType<Doubts> = z.strictObject({
  threshold: z.string().describe('nearest to its limit in normal running'),
  headroom: z.number().describe('share of the limit that is left'),
  spread: number.describe('between the seeds with the most and the least left; null: one seed'),
  inputs: z.array(doubt).describe('greatest effect first'),
})

const formulaName: z.ZodType<FormulaAnswer['name'], FormulaAnswer['name']> = z.enum([
  'aws',
  'google',
  'alibaba',
])
const formula: z.ZodType<FormulaAnswer> = z.strictObject({
  name: formulaName,
  unit: z.enum(['brokers', 'vCPUs']),
  value: z.number(),
  brokers: number,
  formula: z.string(),
  inputs: z.array(z.strictObject({ name: z.string(), value: z.number(), unit: z.string() })),
  source: z.string(),
})

const input: z.ZodType<PlanInput> = z.strictObject({
  name: z.string(),
  value: z.string(),
  source,
  from: text,
})

/** Its own shape is that of cases. */
const scenario: z.ZodType<EmbeddedPlan['scenario']> = z.looseObject({
  name: z.string(),
}) as unknown as z.ZodType<EmbeddedPlan['scenario']>

const fields: Fields<PlanJson> = {
  ...headFields,
  kind: z.enum(['smallest', 'peak']),
  sentence: z.string(),
  scenario: z.string(),
  question: z.string(),
  feasible: z.boolean(),
  answer: z.strictObject({ ...settingFields, costPerHour: number, currency: text }).nullable(),
  cost: cost.nullable(),
  window,
  seeds: count,
  runs: count,
  drills: z.array(z.strictObject(drillFields)),
  candidates: z.array(candidate),
  search,
  nextCheaper: candidate.nullable(),
  walls: z.array(wall),
  peak: peak.nullable(),
  whatIf: z.array(whatIf),
  sensitivity: z.array(sensitivity),
  doubts: doubts.nullable(),
  formulas: z.strictObject({ aws: number, google: number, alibaba: number }),
  formulaInputs: z.array(formula),
  inputs: z.array(input),
  calibrationSet: text,
  constants: z.array(
    z.strictObject({ name: z.string(), value: z.number(), unit: z.string(), rows: names }),
  ),
  backtest: z
    .strictObject({
      source: z.string(),
      rows: z.array(z.strictObject({ series: z.string(), fitted: number, judged: number })),
    })
    .nullable(),
  validatedRange: z.record(z.string(), interval),
  extrapolates: names,
  notModelled: names,
  plan: z
    .strictObject({
      format: z.literal(1),
      engine: z.string(),
      seed: count,
      find: z.enum(['peak']).nullable(),
      scenario: scenario.describe('in its canonical form, with its plan'),
    })
    .describe('enough to run the same plan again'),
}

export const planSchema: z.ZodType<PlanJson> = z.strictObject(fields)

export function planJson({ head, plan }: PlanReportAnswer): PlanJson {
  const { answer, belief, embedded, formulas, drills, seed: _seed, ...rest } = plan
  const { engine: _engine, ...believed } = belief
  const value = (name: FormulaAnswer['name']): number | null =>
    formulas.find((one) => one.name === name)?.value ?? null
  return {
    ...head,
    ...rest,
    answer:
      answer === null
        ? null
        : {
            ...answer,
            costPerHour: plan.cost?.perHour ?? null,
            currency: plan.cost?.currency ?? null,
          },
    drills: drills.map(({ curves: _curves, ...one }) => one),
    formulas: { aws: value('aws'), google: value('google'), alibaba: value('alibaba') },
    formulaInputs: formulas,
    ...believed,
    plan: embedded,
  }
}
