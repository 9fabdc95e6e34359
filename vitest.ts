/**
 * The matcher for vitest: `expect(judged).toKeepPromises()`, for one run or an exploration.
 *
 * It fails with the plain sentence, the seed and the command that replays. Import it once, in a
 * setup file or at the top of a test: `import 'dmqsim/vitest'`.
 */

import { expect } from 'vitest'
import {
  disappoints,
  explorationFindings,
  type Finding,
  runFindings,
} from './reports/conclusion.ts'
import { failureGroups, missingProbes } from './reports/tally.ts'
import { explorationSentence } from './reports/text/phrases.ts'
import { exploredCase } from './scenarios/explore/cases.ts'
import type { Exploration } from './scenarios/explore/explore.ts'
import { tokenOf } from './scenarios/explore/failure.ts'
import type { Judged } from './scenarios/result.ts'

/** What `expect` gains. */
export interface PromiseMatchers<Returned = unknown> {
  /**
   * Everything that was to be kept was kept, what was to break broke (an exploration), and the
   * answer proves something. Takes what `judge` or `explore` gives.
   */
  toKeepPromises(): Returned
}

declare module 'vitest' {
  interface Matchers<T> extends PromiseMatchers<T> {}
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

expect.extend({ toKeepPromises: keepPromises })

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
    .map(({ measure, rule, value }) => `  ✗ ${measure} ${rule}: found ${value ?? 'nothing'}`)
  return {
    findings: runFindings(judged),
    lines: [
      judged.sentence,
      ...broken,
      ...missed,
      `scenario ${scenario.name}, seed ${result.case.seed}, trace ${result.traceHash}`,
      `replay: npx dmqsim replay ${tokenOf(result.case)}`,
    ],
  }
}

function explorationAnswer(exploration: Exploration): Answer {
  const { scenario, seed, runs, determinism } = exploration
  const [first] = failureGroups(exploration)
  const missing = missingProbes(exploration)
  const different = determinism.different.join(', ')
  return {
    findings: explorationFindings(exploration),
    lines: [
      explorationSentence(exploration),
      ...(missing.length === 0 ? [] : [`required probes never reached: ${missing.join(', ')}`]),
      ...(different === '' ? [] : [`runs with another hash the second time: ${different}`]),
      `scenario ${scenario.name}, seed ${seed}, ${runs.length} runs`,
      ...(first === undefined ? [] : failureLines(exploration, first)),
    ],
  }
}

function failureLines(
  { scenario, seed }: Exploration,
  { check, scope, index, given, runs, signature }: ReturnType<typeof failureGroups>[number],
): string[] {
  return [
    `${check} ${scope} broke in ${runs} runs, first in run ${index} (${signature})`,
    `replay: npx dmqsim replay ${tokenOf(exploredCase(scenario, seed, index, given))}`,
  ]
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
