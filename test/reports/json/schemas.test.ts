import { hazardsJson, hazardsSchema } from '../../../reports/json/hazards.ts'
import { backtestJson, backtestSchema } from '../../../reports/json/backtest.ts'
import { plantedBacktest } from '../planted-backtest.ts'
import { calibrateJson, calibrateSchema } from '../../../reports/json/calibrate.ts'
import { plantedCalibrate } from '../planted-calibrate.ts'
import { plantedValidation } from '../planted-validation.ts'
import { plantedAtomic, plantedRemedies, plantedRemedy } from '../planted-remedies.ts'
import { remediesJson, remediesSchema } from '../../../reports/json/remedies.ts'
import { validationJson, validationSchema } from '../../../reports/json/validation.ts'
import { plantedHazards } from '../planted-hazards.ts'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { CompareAnswer, Head, ReplayAnswer } from '../../../reports/answer.ts'
import {
  exploreJson,
  exploreSchema,
  mergeJson,
  mergeSchema,
} from '../../../reports/json/explore.ts'
import {
  guardsJson,
  guardsSchema,
  listJson,
  listSchema,
  probesJson,
  probesSchema,
  protocolsJson,
  protocolsSchema,
} from '../../../reports/json/registries.ts'
import { replayJson, replaySchema } from '../../../reports/json/replay.ts'
import { runJson, runSchema } from '../../../reports/json/run.ts'
import { answerJsonSchema, schemaNames } from '../../../reports/json/schemas.ts'
import { scoreJson, scoreSchema } from '../../../reports/json/score.ts'
import { planJson, planSchema } from '../../../reports/json/plan.ts'
import { examplePlan } from '../../scenarios/plan/example-plan.ts'
import { varyJson, varySchema } from '../../../reports/json/vary.ts'
import { plantedVary } from '../planted-vary.ts'
import { plantedAnswer, plantedHead, plantedJudged } from '../planted.ts'
import { plantedExploreAnswer, plantedScore } from '../planted-exploration.ts'
import { guards, list, presets, probes, protocols } from '../planted-rows.ts'
import { compareJson, compareSchema } from '../../../reports/json/compare.ts'
import { plantedExplanation } from '../planted-explanation.ts'

const replayed: ReplayAnswer = {
  ...plantedAnswer(),
  failure: null,
  recordedHash: null,
  recordedEngine: '0.1.0',
  same: true,
  repeatable: true,
  firstDifference: { event: null, atMs: null, was: 'a', is: 'b' },
  explanation: plantedExplanation,
  mendCommand: null,
}
const head: Head = { ...plantedHead, seed: null }

const compared: CompareAnswer = {
  head,
  names: ['a.json', 'b.json'],
  comparison: {
    first: plantedJudged(),
    second: plantedJudged(),
    divergence: { event: 262, atUs: -1_500, first: 'a', second: 'b' },
    verdicts: [
      { check: 'no-loss', scope: 'stored', first: null, second: { verdict: 'kept', count: 0 } },
    ],
    latency: {
      produce: { first: plantedJudged().measures.latency.produce, second: null },
      endToEnd: { first: null, second: null },
    },
    groups: [],
  },
  again: 'npx dmqsim compare a.json b.json',
}

const answers: readonly [string, z.ZodType, unknown][] = [
  ['run', runSchema, runJson(plantedAnswer())],
  ['replay', replaySchema, replayJson(replayed)],
  ['compare', compareSchema, compareJson(compared)],
  ['compare-vary', varySchema, varyJson(plantedVary())],
  ['explore', exploreSchema, exploreJson(plantedExploreAnswer())],
  [
    'merge',
    mergeSchema,
    mergeJson(
      plantedExploreAnswer({
        shards: { there: [{ shard: '1/2', runs: 4 }], missing: ['2/2'] },
      }),
    ),
  ],
  ['guards', guardsSchema, guardsJson(head, guards)],
  ['probes', probesSchema, probesJson(head, probes)],
  ['protocols', protocolsSchema, protocolsJson(head, protocols, presets)],
  ['list', listSchema, listJson(head, list)],
  ['score', scoreSchema, scoreJson(plantedScore())],
  ['table-hazards', hazardsSchema, hazardsJson(plantedHazards())],
  [
    'table-remedies',
    remediesSchema,
    remediesJson(plantedRemedies([plantedRemedy(), plantedAtomic])),
  ],
  [
    'plan',
    planSchema,
    planJson({ head, plan: examplePlan, again: 'npx dmqsim plan x.yaml 7', report: null }),
  ],
  ['backtest', backtestSchema, backtestJson(plantedBacktest)],
  ['calibrate', calibrateSchema, calibrateJson(plantedCalibrate)],
  ['table-validation', validationSchema, validationJson(plantedValidation())],
]

test.each(answers)('the JSON answer of %s is what its schema says', (_name, schema, answer) => {
  const written: unknown = JSON.parse(JSON.stringify(answer))

  expect(schema.safeParse(written).error).toBeUndefined()
  expect(written).toEqual(answer)
})

test.each(answers)(
  'the schema of %s refuses an answer with a part missing',
  (_name, schema, answer) => {
    const { version: _version, ...without } = answer as { version: string }

    expect(schema.safeParse(without).success).toBe(false)
  },
)

test('every command with a JSON answer has a JSON Schema that closes its objects', () => {
  expect(schemaNames.toSorted()).toEqual(answers.map(([name]) => name).toSorted())
  for (const name of schemaNames) {
    expect(answerJsonSchema(name)).toMatchObject({ type: 'object', additionalProperties: false })
  }
})

test('there is no schema for a command without a JSON answer', () => {
  expect(answerJsonSchema('toString')).toBeUndefined()
})

test('times are in milliseconds, and what never happened is null', () => {
  const answer = runJson(plantedAnswer())

  expect(answer.latencyMs.produce).toEqual({ p50: 4.1, p99: 38.2, p999: 210.5 })
  expect(answer.thresholds.map((one) => one.value)).toEqual([38.2, 10_000])
  expect(answer.timeline.map((one) => [one.atMs, one.forMs, one.refused])).toEqual([
    [12_000, 8_000, false],
    [15_000, 10_000, false],
    [20_000, null, true],
    [null, null, false],
  ])
})

test('a latency without a sample is null', () => {
  const { measures } = plantedJudged()
  const judged = plantedJudged({
    measures: { ...measures, latency: { produce: null, endToEnd: null } },
  })

  const answer = runJson(plantedAnswer({ judged }))

  expect(answer.latencyMs).toEqual({ produce: null, endToEnd: null })
})

test('hashes stand in the answer of an exploration only where they were asked for', () => {
  const without = exploreJson(plantedExploreAnswer({ hashes: false }))
  const withHashes = exploreJson(plantedExploreAnswer())

  expect(without.hashes).toBeNull()
  expect(withHashes.hashes).toHaveLength(4)
})

test('the share of noticed guards is of all guards', () => {
  const { noticed, of, share, neverDecisive } = scoreJson(plantedScore())

  expect([noticed, of]).toEqual([1, 3])
  expect(share).toBeCloseTo(1 / 3)
  expect(neverDecisive).toEqual(['zk.sessionPassword'])
})
