/**
 * The JSON answer of `dmqsim explore`.
 */

import { z } from 'zod'
import type { ExploreAnswer, Head, KeptFailure } from '../answer.ts'
import {
  checkTallies,
  magnitudeNames,
  missingProbes,
  probeRuns,
  refusedFaults,
  type Spread,
  spreadOf,
  stuckReasons,
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
} from './common.ts'

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
  /** Trace hashes by run; null unless asked for. */
  readonly hashes: readonly string[] | null
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
  readonly check: string
  readonly scope: string
  readonly expected: boolean
  readonly index: number
  readonly runs: number
  readonly signature: string
  readonly token: string
  readonly file: string | null
  readonly faults: number
  readonly shrunkFrom: {
    readonly faults: number
    readonly records: number
    readonly brokers: number
  }
  readonly shrinkRuns: number
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
  check: z.string(),
  scope: z.string(),
  expected: z.boolean(),
  index: count,
  runs: count,
  signature: z.string(),
  token: z.string(),
  file: text,
  faults: count,
  shrunkFrom: z.strictObject({ faults: count, records: count, brokers: count }),
  shrinkRuns: count,
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
    hashes: answer.hashes ? runs.map((run) => run.traceHash) : null,
  }
}

function failureJson({ failure: one, runs, token, file }: KeptFailure): FailureJson {
  return {
    check: one.check,
    scope: one.scope,
    expected: one.expected,
    index: one.index,
    runs,
    signature: one.signature,
    token,
    file,
    faults: one.faults,
    shrunkFrom: one.shrunkFrom,
    shrinkRuns: one.shrinkRuns,
  }
}
