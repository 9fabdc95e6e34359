/**
 * For vitest: `scenarioTest` explores a scenario as a test, `toKeepPromises` and
 * `toBreakNoPromise` judge what a test ran itself, `caseArbitrary` gives fast-check its cases.
 *
 * Whatever fails says the plain sentence, the seed and the command that replays. Budgets are runs,
 * never time, so that a test fails on every machine or on none; the variables of
 * `scenarios/overrides.ts` go before what a test says.
 */

import { relative } from 'node:path'
import { expect, test, type TestOptions } from 'vitest'
import {
  disappoints,
  explorationFindings,
  type Finding,
  runFindings,
} from './reports/conclusion.ts'
import { type FailureGroup, failureGroups, missingProbes } from './reports/tally.ts'
import { foundText } from './reports/text/measures.ts'
import { explorationSentence } from './reports/text/phrases.ts'
import { exploredCase } from './scenarios/explore/cases.ts'
import { type Exploration, explore } from './scenarios/explore/explore.ts'
import { tokenOf } from './scenarios/explore/failure.ts'
import { shrink, type Shrunk } from './scenarios/explore/shrink.ts'
import { hasInlineHandlers } from './scenarios/handlers/modules.ts'
import { type Overrides, overridesOf } from './scenarios/overrides.ts'
import type { Judged } from './scenarios/result.ts'
import { loadScenario, type LoadOptions, parseScenario } from './scenarios/schema/load.ts'
import { strangeNames } from './scenarios/schema/model-names.ts'
import type { Budget, Scenario } from './scenarios/schema/scenario.ts'
import type { ScenarioFile } from './scenarios/schema/surface.ts'

export { caseArbitrary } from './scenarios/explore/arbitrary.ts'

/** What `expect` gains. */
export interface PromiseMatchers {
  /**
   * Everything that was to be kept was kept, what was to break broke (an exploration), and the
   * answer proves something. Takes what `judge` or `explore` gives.
   */
  toKeepPromises(): void
  /**
   * No promise broke; a run that proves nothing will do. For properties over many cases, some of
   * which leave a check nothing to judge. Takes what `judge` gives.
   */
  toBreakNoPromise(): void
}

declare module 'vitest' {
  interface Matchers<T> extends PromiseMatchers {}
}

/** How far a test goes. The environment goes before each of them. */
export interface ScenarioTestOptions extends LoadOptions {
  /** 50 without. */
  readonly runs?: number
  /** The scenario's or 1 without. */
  readonly seed?: number
  /** How far faults go; as the scenario says without. */
  readonly budget?: Budget
  /** Threads; 1 without, for vitest has its own. */
  readonly jobs?: number
  /** Runs that the shrinking of a failure may take: 100 without, 0 for none. */
  readonly shrinkRuns?: number
  /** Title of the test; made of the scenario's name without. */
  readonly name?: string
}

const RUNS_DEFAULT = 50
const SHRINK_RUNS_DEFAULT = 100
/** One run in so many is done twice. */
const RECHECK_EVERY = 20

/**
 * A test that explores a scenario (a name, a file or an object) and fails where a promise breaks,
 * with its shortest story. It has no timeout: its budget is its runs.
 */
export interface ScenarioTest {
  (source: string | ScenarioFile, options?: ScenarioTestOptions): void
  readonly only: (source: string | ScenarioFile, options?: ScenarioTestOptions) => void
  readonly skip: (source: string | ScenarioFile, options?: ScenarioTestOptions) => void
}

export const scenarioTest: ScenarioTest = Object.assign(scenarioTestWith({}), {
  only: scenarioTestWith({ only: true }),
  skip: scenarioTestWith({ skip: true }),
})

function scenarioTestWith(how: TestOptions): (...given: Parameters<ScenarioTest>) => void {
  return function register(source, options = {}) {
    const frames = framesAbove(register)
    const { name = 'scenario' } = typeof source === 'string' ? { name: source } : source
    const title = options.name ?? `${name} keeps its promises`
    test(title, { ...how, timeout: 0 }, async () => {
      const exploration = await explored(source, options)
      const findings = explorationFindings(exploration)
      if (findings.length === 0) return
      const shrunk = shrunkFailure(exploration, options.shrinkRuns ?? SHRINK_RUNS_DEFAULT)
      const lines = [wordsOf(findings), ...explorationLines(exploration, shrunk)]
      throw failureAt(frames, [...lines, againLine(exploration)].join('\n'))
    })
  }
}

/** Explores as `scenarioTest` does, for tests that look at more than promises. */
export async function explored(
  source: string | ScenarioFile,
  options: ScenarioTestOptions = {},
): Promise<Exploration> {
  const overrides = overridesOf(process.env)
  const load = typeof source === 'string' ? loadScenario : parseScenario
  const { scenario: loaded } = await load(source as string, {
    strangers: strangeNames,
    ...options,
  })
  const scenario = withBudget(loaded, options.budget)
  const runs = overrides.runs ?? options.runs ?? RUNS_DEFAULT
  const exploration = await explore({
    scenario,
    seed: overrides.seed ?? options.seed ?? scenario.seed ?? 1,
    runs,
    jobs: overrides.jobs ?? options.jobs ?? 1,
    recheckEvery: overrides.checkDeterminism ? 1 : RECHECK_EVERY,
    stopped: stopsAfter(overrides),
  })
  const done = exploration.runs.length
  if (done === runs || explorationFindings(exploration).length > 0) return exploration
  throw new Error(`DMQSIM_TIME_LIMIT came after ${done} of ${runs} runs: nothing broke by then`)
}

/** What fast-check is given for a property over cases: always a seed, runs and no time. */
export function propertyParameters(options: Pick<ScenarioTestOptions, 'runs' | 'seed'> = {}): {
  readonly seed: number
  readonly numRuns: number
} {
  const { seed, runs } = overridesOf(process.env)
  return { seed: seed ?? options.seed ?? 1, numRuns: runs ?? options.runs ?? RUNS_DEFAULT }
}

function withBudget(scenario: Scenario, budget: Budget | undefined): Scenario {
  if (budget === undefined) return scenario
  if (scenario.swarm === undefined) {
    throw new TypeError(`budget ${budget}: ${scenario.name} has no swarm, nothing is drawn`)
  }
  return { ...scenario, swarm: { ...scenario.swarm, budget } }
}

function stopsAfter({ timeMs }: Overrides): () => boolean {
  if (timeMs === null) return () => false
  const endMs = performance.now() + timeMs
  return () => performance.now() > endMs
}

interface ShrunkFailure extends Shrunk {
  readonly group: FailureGroup
}

/** The first failure with its shortest story; null where none was asked for or found. */
function shrunkFailure(exploration: Exploration, runsMax: number): ShrunkFailure | null {
  const [group] = failureGroups(exploration)
  if (group === undefined || group.asExpected || runsMax === 0) return null
  const { scenario, seed } = exploration
  const one = exploredCase(scenario, seed, group.index, group.given)
  const shrunk = shrink(one, group, { runsMax })
  return shrunk === null ? null : { ...shrunk, group }
}

/** Where the test stands in the user's file: an error of ours would point into dmqsim. */
function framesAbove(caller: (...given: never) => void): string {
  const holder = { stack: '' }
  Error.captureStackTrace(holder, caller)
  return holder.stack.split('\n').slice(1).join('\n')
}

function failureAt(frames: string, message: string): Error {
  const error = new Error(message)
  error.name = 'BrokenPromise'
  error.stack = `BrokenPromise: ${message}\n${frames}`
  return error
}

/** The command that does this test again. */
function againLine({ seed, runs }: Exploration): string {
  const { currentTestName = '', testPath = '' } = expect.getState()
  const file = relative(process.cwd(), testPath ?? '')
  const name = (currentTestName.split(' > ').at(-1) ?? '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const words = `npx vitest run ${file} -t '${name.replaceAll("'", '.')}'`
  return `again: DMQSIM_SEED=${seed} DMQSIM_RUNS=${runs.length} ${words}`
}

interface Answer {
  readonly findings: readonly Finding[]
  readonly lines: readonly string[]
}

/** Registers the matcher; importing this module has done it already for the global `expect`. */
export function keepPromises(received: unknown): { pass: boolean; message: () => string } {
  const answer = answerOf(received)
  const pass = answer.findings.length === 0
  return {
    pass,
    message: () => {
      const head = pass ? 'expected a promise to break, and none did' : wordsOf(answer.findings)
      return [head, ...answer.lines].join('\n')
    },
  }
}

/** No promise broke, whatever was proved. */
export function breakNoPromise(received: unknown): { pass: boolean; message: () => string } {
  if (!isJudged(received)) throw new TypeError('toBreakNoPromise takes what judge(run(…)) gives')
  const { findings, lines } = runAnswer(received)
  const broken = findings.filter((one) => one === 'not-as-expected' || one === 'internal-error')
  const pass = broken.length === 0
  const head = pass ? 'expected a promise to break, and none did' : wordsOf(broken)
  return { pass, message: () => [head, ...lines].join('\n') }
}

expect.extend({ toKeepPromises: keepPromises, toBreakNoPromise: breakNoPromise })

function answerOf(received: unknown): Answer {
  if (isJudged(received)) return runAnswer(received)
  if (isExploration(received)) return explorationAnswer(received)
  throw new TypeError('toKeepPromises takes what judge(run(…)) or explore(…) gives')
}

function runAnswer(judged: Judged): Answer {
  const { result, scenario, verdicts, thresholds } = judged
  const broken = verdicts
    .filter((one) => disappoints(one))
    .map(({ check, scope, sentence, evidence }) =>
      [
        `  ✗ ${check} ${scope}: ${sentence}`,
        ...evidence.map((one) => `    · ${one.sentence}`),
      ].join('\n'),
    )
  const missed = thresholds
    .filter((one) => !one.met)
    .map((one) => `  ✗ ${one.measure} ${one.rule}: ${foundText(one)}`)
  return {
    findings: runFindings(judged),
    lines: [
      judged.sentence,
      ...broken,
      ...missed,
      `scenario ${scenario.name}, seed ${result.case.seed}, trace ${result.traceHash}`,
      replayLine(result.case),
    ],
  }
}

function explorationAnswer(exploration: Exploration): Answer {
  return {
    findings: explorationFindings(exploration),
    lines: explorationLines(exploration, null),
  }
}

function explorationLines(exploration: Exploration, shrunk: ShrunkFailure | null): string[] {
  const { scenario, seed, runs, determinism } = exploration
  const [first] = failureGroups(exploration)
  const missing = missingProbes(exploration)
  const different = determinism.different.join(', ')
  return [
    explorationSentence(exploration),
    ...(missing.length === 0 ? [] : [`required probes never reached: ${missing.join(', ')}`]),
    ...(different === '' ? [] : [`runs with another hash the second time: ${different}`]),
    `scenario ${scenario.name}, seed ${seed}, ${runs.length} runs`,
    ...(first === undefined ? [] : failureLines(exploration, first)),
    ...(shrunk === null
      ? first === undefined
        ? []
        : [replayLine(exploredCase(scenario, seed, first.index, first.given))]
      : shrunkLines(shrunk)),
  ]
}

function failureLines({ runs: all }: Exploration, group: FailureGroup): string[] {
  const { check, scope, index, runs, signature } = group
  const of = `${runs} of ${all.length} runs`
  return [`${check} ${scope} broke in ${of}, first in run ${index} (${signature})`]
}

function shrunkLines({ judged, verdict, runs, from }: ShrunkFailure): string[] {
  const one = judged.result.case
  const records = judged.measures.operations.invoked
  const brokers = one.scenario.cluster.brokers.length
  return [
    `shrunk in ${runs} runs: timeline entries ${from.faults} → ${one.timeline.length}, ` +
      `records ${from.records} → ${records}, brokers ${from.brokers} → ${brokers}`,
    `  ✗ ${verdict.sentence}`,
    ...verdict.evidence.slice(0, 3).map(({ sentence }) => `    · ${sentence}`),
    replayLine(one),
  ]
}

/** A function that a test gave is there in the test alone. */
function replayLine(one: Judged['result']['case']): string {
  const token = tokenOf(one)
  if (!hasInlineHandlers(one.scenario)) return `replay: npx dmqsim replay ${token}`
  return `replay, in this test: judge(run(caseOfToken('${token}')))`
}

const words: Readonly<Record<Finding, string>> = {
  nondeterminism: 'the same case ran differently',
  'internal-error': 'dmqsim itself failed',
  'not-as-expected': 'a promise broke, or an expected break was not found',
  'nothing-proved': 'nothing was proved',
  'threshold-missed': 'a threshold was missed',
  'time-limit': 'the run came to its time limit',
}

function wordsOf(findings: readonly Finding[]): string {
  return findings.map((finding) => words[finding]).join('; ')
}

function isJudged(value: unknown): value is Judged {
  return isObject(value) && 'verdicts' in value && 'result' in value
}

function isExploration(value: unknown): value is Exploration {
  return isObject(value) && 'runs' in value && 'determinism' in value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
