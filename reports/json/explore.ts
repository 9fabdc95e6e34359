/**
 * The JSON answer of `dmqsim explore`.
 */

import { z } from 'zod'
import type { ShrinkLimit } from '../../scenarios/explore/shrink.ts'
import type { ExploreAnswer, Head, KeptFailure } from '../answer.ts'
import { type BaselineComparison, type Standing, standings } from '../baseline.ts'
import {
  type BiasTally,
  biasTallies,
  checkTallies,
  costShares,
  type Coverage,
  coverageOf,
  failureBound,
  magnitudeNames,
  missingProbes,
  neverReached,
  probeRuns,
  refusedFaults,
  type Spread,
  spreadOf,
  stuckReasons,
  vacuousReasons,
  vacuousRuns,
  virtualUs,
} from '../tally.ts'
import { explorationSentence } from '../text/phrases.ts'
import {
  count,
  counts,
  type ExpectationText,
  expectation,
  type Fields,
  headFields,
  names,
  number,
  text,
} from './fields.ts'

export interface ExploreJson extends Head {
  readonly sentence: string
  readonly scenario: string
  readonly runs: number
  readonly runsPerSecond: number
  readonly jobs: number
  readonly virtualHours: number
  readonly verdicts: readonly CheckJson[]
  readonly failures: readonly FailureJson[]
  readonly magnitudes: Readonly<Record<string, Spread>>
  /** Runs that reached each probe. */
  readonly probes: Readonly<Record<string, number>>
  readonly probesMissing: readonly string[]
  readonly refused: number
  readonly stuck: Readonly<Record<string, number>>
  readonly vacuous: number
  readonly determinism: { readonly checked: number; readonly different: readonly number[] }
  /** 95 % bound on the share of runs that break what was to be kept. */
  readonly upperBound: number | null
  readonly coverage: Coverage
  readonly probesNeverReached: readonly string[]
  readonly vacuousReasons: Readonly<Record<string, number>>
  readonly biases: readonly BiasTally[]
  readonly shares: { readonly checks: number | null; readonly drain: number | null }
  /** What stopped it before the runs asked for were done. */
  readonly stopped: 'time' | 'bail' | 'interrupt' | null
  readonly budget: string | null
  /** Every failure that is not as expected, also those beyond the ones that are kept. */
  readonly unexpected: readonly Standing[]
  readonly baseline: BaselineJson | null
  /** Trace hashes by run; null unless asked for. */
  readonly hashes: readonly string[] | null
}

interface BaselineJson {
  readonly file: string
  readonly version: string
  readonly seed: number | null
  readonly runs: number
  readonly new: readonly Standing[]
  readonly known: readonly Standing[]
  readonly gone: readonly Standing[]
}

interface CheckJson {
  readonly check: string
  readonly kept: number
  readonly broken: number
  readonly unknown: number
  readonly vacuous: number
  readonly expected: ExpectationText | null
  readonly asExpected: boolean
  readonly upperBound: number | null
}

interface FailureJson {
  readonly bias: string | null
  readonly check: string
  readonly scope: string
  readonly expected: boolean
  readonly index: number
  readonly runs: number
  readonly most: number
  readonly signature: string
  readonly sentence: string
  readonly token: string
  readonly file: string | null
  readonly faults: number
  readonly elements: number
  readonly shrunkFrom: {
    readonly faults: number
    readonly records: number
    readonly brokers: number
  }
  readonly shrinkRuns: number
  readonly shrinkStopped: ShrinkLimit | null
}

const check: z.ZodType<CheckJson> = z.strictObject({
  check: z.string(),
  kept: count,
  broken: count,
  unknown: count,
  vacuous: count,
  expected: expectation,
  asExpected: z.boolean(),
  upperBound: number.describe('95 % bound on the share of runs that break it'),
})

const failure: z.ZodType<FailureJson> = z.strictObject({
  bias: text.describe('of the first run that broke it'),
  check: z.string(),
  scope: z.string(),
  expected: z.boolean(),
  index: count,
  runs: count,
  most: count.describe('the most that one of these runs counts of it'),
  signature: z.string(),
  sentence: z.string().describe('of the shrunk case'),
  token: z.string(),
  file: text,
  faults: count.describe('of the shrunk case'),
  elements: count.describe(
    'timeline entries, brokers, ZooKeeper servers, topics, producer instances, members, services',
  ),
  shrunkFrom: z.strictObject({ faults: count, records: count, brokers: count }),
  shrinkRuns: count,
  shrinkStopped: z
    .enum(['runs', 'events', 'time'])
    .nullable()
    .describe('what ended shrinking before nothing smaller was left to try'),
})

export const standing: z.ZodType<Standing> = z.strictObject({
  check: z.string(),
  scope: z.string(),
  signature: z.string(),
  key: z.string().describe('equal for what is one failure, whatever the group, run or seed'),
  runs: count,
})

const baseline: z.ZodType<BaselineJson> = z.strictObject({
  file: z.string(),
  version: z.string().describe('of the dmqsim that gave it'),
  seed: z.int().nullable(),
  runs: count,
  new: z.array(standing),
  known: z.array(standing),
  gone: z.array(standing).describe('not seen again'),
})

const fields: Fields<ExploreJson> = {
  ...headFields,
  sentence: z.string(),
  scenario: z.string(),
  runs: count,
  runsPerSecond: z.number(),
  jobs: count,
  virtualHours: z.number(),
  verdicts: z.array(check),
  failures: z.array(failure),
  magnitudes: z.record(z.string(), z.strictObject({ p50: count, max: count })),
  probes: counts,
  probesMissing: names,
  refused: count,
  stuck: counts,
  vacuous: count,
  determinism: z.strictObject({ checked: count, different: z.array(count) }),
  upperBound: number.describe('95 % bound on the share of runs that break a promise'),
  coverage: z.strictObject({ families: count, phases: count, pairs: count }),
  probesNeverReached: names,
  vacuousReasons: counts,
  biases: z.array(
    z.strictObject({ bias: z.string(), runs: count, descended: count, broke: count, found: count }),
  ),
  shares: z.strictObject({
    checks: number.describe('of the time of all threads'),
    drain: number.describe('of all events, those after the heal'),
  }),
  stopped: z.enum(['time', 'bail', 'interrupt']).nullable(),
  budget: text,
  unexpected: z.array(standing),
  baseline: baseline.nullable(),
  hashes: z.array(z.string()).nullable(),
}

export const exploreSchema: z.ZodType<ExploreJson> = z.strictObject(fields)

export function exploreJson(answer: ExploreAnswer): ExploreJson {
  const { exploration, head, exploredMs } = answer
  const { runs, jobs, scenario, determinism } = exploration
  return {
    ...head,
    sentence: explorationSentence(exploration),
    scenario: scenario.name,
    runs: runs.length,
    runsPerSecond: exploredMs === 0 ? 0 : runs.length / (exploredMs / 1_000),
    jobs,
    virtualHours: virtualUs(exploration) / 3_600_000_000,
    verdicts: checkTallies(exploration).map((one) => ({
      ...one,
      expected: one.expected as ExpectationText | null,
    })),
    failures: answer.failures.map(failureJson),
    magnitudes: Object.fromEntries(
      magnitudeNames.map((name) => [name, spreadOf(exploration, name)]),
    ),
    probes: probeRuns(exploration),
    probesMissing: missingProbes(exploration),
    refused: refusedFaults(exploration),
    stuck: stuckReasons(exploration),
    vacuous: vacuousRuns(exploration),
    determinism,
    upperBound: failureBound(exploration),
    coverage: coverageOf(exploration),
    probesNeverReached: neverReached(exploration, answer.probesKnown),
    vacuousReasons: vacuousReasons(exploration),
    biases: biasTallies(exploration),
    shares: costShares(exploration),
    stopped: answer.stopped,
    budget: scenario.swarm?.budget ?? null,
    unexpected: standings(exploration),
    baseline: answer.baseline === null ? null : baselineJson(answer.baseline),
    hashes: answer.hashes ? runs.map((run) => run.traceHash) : null,
  }
}

function baselineJson({ baseline: of, fresh, known, gone }: BaselineComparison): BaselineJson {
  return { ...of, new: fresh, known, gone }
}

function failureJson({ failure: one, ...kept }: KeptFailure): FailureJson {
  const { runs, most, token, file, bias, elements } = kept
  return {
    bias,
    check: one.check,
    scope: one.scope,
    expected: one.expected,
    index: one.index,
    runs,
    most,
    signature: one.signature,
    sentence: one.sentence,
    token,
    file,
    faults: one.faults,
    elements,
    shrunkFrom: one.shrunkFrom,
    shrinkRuns: one.shrinkRuns,
    shrinkStopped: one.shrinkStopped ?? null,
  }
}

/** `merge` is an exploration put together, and says of which parts. */
export interface MergeJson extends ExploreJson {
  readonly shards: readonly { readonly shard: string; readonly runs: number }[]
  readonly missingShards: readonly string[]
}

const mergeFields: Fields<MergeJson> = {
  ...fields,
  shards: z.array(z.strictObject({ shard: z.string(), runs: count })),
  missingShards: names,
}

export const mergeSchema: z.ZodType<MergeJson> = z.strictObject(mergeFields)

export function mergeJson(answer: ExploreAnswer): MergeJson {
  const { shards } = answer
  return {
    ...exploreJson(answer),
    shards: shards?.there ?? [],
    missingShards: shards?.missing ?? [],
  }
}
