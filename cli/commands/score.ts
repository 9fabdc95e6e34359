/**
 * `dmqsim score`: turns each guard off in cases in which it was decisive, brings each protocol
 * level with a published defect back, and tells who notices.
 *
 * The work is done in `../scoring/`.
 */

import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import type { ScoreAnswer } from '../../reports/answer.ts'
import { scoreTally } from '../../reports/score-tally.ts'
import type { GuardEntry } from '../../sim/registry.ts'
import { speak } from '../answer.ts'
import { countOf, seedOf, timeOf, written } from '../environment.ts'
import { ExitCode, gravest } from '../exit-code.ts'
import { type AnswerFlags, wantsJson, withJsonFlag } from '../flags.ts'
import type { BrokenLevel } from '../scoring/subjects.ts'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

interface ScoreFlags extends AnswerFlags {
  readonly runs?: string
  readonly pairs?: string
  readonly time?: string
  readonly jobs?: string
  readonly guard?: string
  readonly level?: string
  readonly scenario?: readonly string[]
}

const RUNS_DEFAULT = 240
const PAIRS_DEFAULT = 200
const TIME_DEFAULT = '25m'

export function declareScore(program: Command, session: Session): void {
  const command = program
    .command('score')
    .description('which missing guards the checks notice')
    .argument('[seed]', 'a whole number; 1 without')
    .option('--runs <n>', `cases of a scenario at most, to find guards at work (${RUNS_DEFAULT})`)
    .option('--pairs <n>', `cases at most to try without a guard (${PAIRS_DEFAULT})`)
    .option('--time <duration>', `for all of it (${TIME_DEFAULT})`)
    .option('--jobs <n>', 'threads (all cores)')
    .option('--guard <name>', 'only guards whose name begins so, and no protocol level')
    .option('--level <name>', 'only old protocol levels of what begins so, and no guard')
    .option('--scenario <name...>', 'only cases of these scenarios')
    .option('--quiet', 'print the first sentence alone')
  withJsonFlag(command).action(async (seed: string | undefined, flags: ScoreFlags) => {
    wantsJson(flags)
    session.exitCode = await scoreCommand(session, seed, flags)
  })
}

interface Limits {
  readonly runs: number
  readonly pairs: number
  readonly timeMs: number
  readonly jobs: number
}

function limitsOf(flags: ScoreFlags, { environment }: Session['terminal']): Limits {
  const runs = written('--runs', flags.runs, environment, 'DMQSIM_RUNS')
  const time = written('--time', flags.time, environment, 'DMQSIM_TIME_LIMIT')
  const jobs = written('--jobs', flags.jobs, environment, 'DMQSIM_JOBS')
  return {
    runs: runs === undefined ? RUNS_DEFAULT : countOf(runs),
    pairs:
      flags.pairs === undefined ? PAIRS_DEFAULT : countOf({ place: '--pairs', text: flags.pairs }),
    timeMs: timeOf(time ?? { place: '--time', text: TIME_DEFAULT }),
    jobs: jobs === undefined ? availableParallelism() : countOf(jobs),
  }
}

async function scoreCommand(
  session: Session,
  text: string | undefined,
  flags: ScoreFlags,
): Promise<number> {
  const { terminal } = session
  const seed = seedOf(text, terminal.environment, undefined)
  const limits = limitsOf(flags, terminal)
  const { score } = await import('../scoring/score.ts')
  const { ProgressLine } = await import('../progress.ts')
  const { guards, levels } = await askedFor(flags)
  const progress = new ProgressLine(terminal, flags.quiet === true)
  let interrupted = false
  const release = terminal.onInterrupt(() => {
    interrupted = true
  })
  const scored = await score({
    ...limits,
    ...(flags.scenario === undefined ? {} : { scenarios: flags.scenario }),
    guards,
    levels,
    seed,
    now: () => terminal.now(),
    stopped: () => interrupted,
    progress: (text) => progress.show(() => text),
  })
  release()
  progress.end()
  const answer: ScoreAnswer = {
    head: session.head('score', seed),
    guards: scored.scores,
    levels: scored.levels,
    runs: scored.runsDone,
    errors: scored.errors,
    stopped: interrupted ? 'interrupt' : scored.cut ? 'time' : null,
    partial: [flags.guard, flags.level, flags.scenario].some((one) => one !== undefined),
  }
  await say(answer, flags, session)
  return scoreCode(answer)
}

/** Design §8: a target that is missed is a threshold that is missed. */
export function scoreCode(answer: ScoreAnswer): number {
  const { guards, levels, errors, stopped } = answer
  const codes: number[] = []
  if (stopped === 'interrupt') codes.push(ExitCode.interrupted)
  if (errors > 0) codes.push(ExitCode.internalError)
  const tried = guards.some((one) => one.pairs > 0) || levels.some((one) => one.runs > 0)
  if (!tried) codes.push(ExitCode.nothingProved)
  if (scoreTally(answer).met === false) codes.push(ExitCode.thresholdMissed)
  if (stopped === 'time') codes.push(ExitCode.timeLimit)
  return gravest(codes)
}

interface Asked {
  readonly guards: readonly GuardEntry[]
  readonly levels: readonly BrokenLevel[]
}

async function askedFor({ guard, level }: ScoreFlags): Promise<Asked> {
  const { guardEntries } = await import('../../sim/registry.ts')
  const { brokenLevels } = await import('../scoring/subjects.ts')
  const guards = guardEntries().filter(({ name }) => name.startsWith(guard ?? ''))
  const levels = brokenLevels().filter(({ feature }) => feature.startsWith(level ?? ''))
  if (guards.length === 0)
    throw new UsageError(`--guard ${guard}: no guard begins so; dmqsim guards shows them`)
  if (levels.length === 0)
    throw new UsageError(
      `--level ${level}: no level with a published defect begins so; dmqsim protocols shows them`,
    )
  return {
    guards: guard === undefined && level !== undefined ? [] : guards,
    levels: level === undefined && guard !== undefined ? [] : levels,
  }
}

async function say(answer: ScoreAnswer, flags: ScoreFlags, { terminal }: Session): Promise<void> {
  const { scoreJson } = await import('../../reports/json/score.ts')
  const { scoreSentence, scoreText } = await import('../../reports/text/score.ts')
  const { scoreSuite } = await import('../../reports/ci/tables.ts')
  speak(terminal, flags, {
    json: () => scoreJson(answer),
    text: (page) => scoreText(answer, page),
    sentence: () => scoreSentence(answer),
    again: null,
    suite: () => scoreSuite(answer),
  })
}
