/**
 * Explores, keeps what broke, and says what was found.
 */

import type { Configuration, ExploreAnswer } from '../reports/answer.ts'
import { explorationFindings } from '../reports/conclusion.ts'
import { exploreJson } from '../reports/json/explore.ts'
import { exploreText } from '../reports/text/explore.ts'
import { explorationSentence } from '../reports/text/phrases.ts'
import { type Exploration, explore, type Progress } from '../scenarios/explore/explore.ts'
import { judge } from '../scenarios/judge.ts'
import { run } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { speak } from './answer.ts'
import type { ExploreFlags, Extent } from './commands/explore.ts'
import { seedOf } from './environment.ts'
import { ExitCode, exitCodesOf, gravest } from './exit-code.ts'
import { commandLine, reportOf, wantsJson } from './flags.ts'
import { Folder, writeWhole } from './folder.ts'
import { type Kept, keepFailures } from './kept-failures.ts'
import { htmlOf } from './html.ts'
import { ProgressLine, roughly } from './progress.ts'
import { scenarioInput } from './scenario-input.ts'
import type { Session } from './session.ts'

export interface Asked {
  readonly scenario: string
  readonly seed: string | undefined
  readonly flags: ExploreFlags
  readonly extent: Extent
}

/** Runs where only the time says when to stop. */
const RUNS_WITHOUT_END = 1_000_000

export async function exploreCommand(session: Session, asked: Asked): Promise<number> {
  const { flags, extent } = asked
  const report = reportOf(flags)
  const json = wantsJson(flags)
  const { scenario, configuration } = await scenarioInput(asked.scenario, flags)
  if (json) for (const notice of configuration.notices) session.terminal.err(`${notice}\n`)
  const seed = seedOf(asked.seed, session.terminal.environment, scenario.seed)
  const runs = extent.runs === null ? ['--time', flags.time ?? ''] : ['--runs', String(extent.runs)]
  const again = commandLine(['explore', asked.scenario, String(seed), ...runs], flags)
  session.again = again

  const progress = new ProgressLine(session.terminal, flags.quiet === true)
  const found = await exploredBy(session, { scenario, seed, extent, progress })
  const folder = new Folder(scenario.name, seed, flags.out)
  folder.clear('failures')
  const kept = keepFailures(found.exploration, {
    folder,
    shrinks: flags.shrink && found.stopped !== 'interrupt',
    now: session.terminal.now,
    tell: (line) => progress.show(() => line),
  })
  progress.end()
  const answer = answerOf(session, { found, kept, configuration, again, folder, asked })
  folder.write('result.json', `${JSON.stringify(exploreJson(answer), null, 2)}\n`)
  folder.link()
  if (report !== undefined) writeReport(report, answer, session)
  const code = gravest(codesOf(answer, extent))
  const [first] = answer.failures
  const replay = first === undefined ? again : commandLine(['replay', first.file ?? first.token])
  speak(session.terminal, flags, {
    json: () => exploreJson(answer),
    text: (page) => exploreText(answer, page),
    sentence: () => explorationSentence(answer.exploration),
    again: code === ExitCode.asExpected ? null : replay,
  })
  return code
}

type Stopped = ExploreAnswer['stopped']

interface Found {
  readonly exploration: Exploration
  readonly stopped: Stopped
  readonly exploredMs: number
}

interface Explored {
  readonly scenario: Scenario
  readonly seed: number
  readonly extent: Extent
  readonly progress: ProgressLine
}

async function exploredBy(
  { terminal }: Session,
  { scenario, seed, extent, progress }: Explored,
): Promise<Found> {
  const startedMs = terminal.now()
  let stopped: Stopped = null
  const release = terminal.onInterrupt(() => {
    stopped = 'interrupt'
  })
  const enough = ({ failures }: Progress): boolean => {
    if (stopped !== null) return true
    if (extent.bail !== null && failures >= extent.bail) stopped = 'bail'
    else if (extent.timeMs !== null && terminal.now() - startedMs >= extent.timeMs) stopped = 'time'
    return stopped !== null
  }
  try {
    const exploration = await explore({
      scenario,
      seed,
      runs: extent.runs ?? RUNS_WITHOUT_END,
      enough,
      recheckEvery: extent.recheckEvery,
      progress: (soFar) =>
        progress.show(() => progressText(soFar, terminal.now() - startedMs, extent)),
      ...(extent.jobs === undefined ? {} : { jobs: extent.jobs }),
    })
    const exploredMs = Math.round(terminal.now() - startedMs)
    return { exploration, stopped: cutShort(exploration, stopped, extent), exploredMs }
  } finally {
    release()
  }
}

/** Time that ran out at the very last run cut nothing short. */
function cutShort({ runs }: Exploration, stopped: Stopped, extent: Extent): Stopped {
  return extent.runs !== null && runs.length >= extent.runs ? null : stopped
}

export function progressText(
  { done, of, failures }: Progress,
  elapsedMs: number,
  { runs, timeMs }: Extent,
): string {
  const rate = done / Math.max(1, elapsedMs)
  const leftByRuns = runs === null ? Infinity : (of - done) / rate
  const left = Math.min(leftByRuns, timeMs === null ? Infinity : Math.max(0, timeMs - elapsedMs))
  const total = runs === null ? '' : ` of ${of}`
  const broken = failures === 1 ? '1 run broke something' : `${failures} runs broke something`
  const eta = left === Infinity ? '' : `, ${roughly(left)} left`
  return `${done}${total} runs, ${(rate * 1_000).toFixed(1)} a second${eta}, ${broken}`
}

interface Parts {
  readonly found: Found
  readonly kept: Kept
  readonly configuration: Configuration
  readonly again: string
  readonly folder: Folder
  readonly asked: Asked
}

function answerOf(session: Session, parts: Parts): ExploreAnswer {
  const { found, kept, configuration, again, folder, asked } = parts
  const { determinism } = found.exploration
  const different = [...new Set([...determinism.different, ...kept.different])]
  const exploration: Exploration = {
    ...found.exploration,
    determinism: { ...determinism, different: different.sort((a, b) => a - b) },
  }
  return {
    head: session.head('explore', exploration.seed),
    exploration,
    failures: kept.failures,
    configuration,
    again,
    folder: folder.path,
    hashes: asked.flags.hashes === true,
    exploredMs: found.exploredMs,
    stopped: found.stopped,
    runsAsked: asked.extent.runs,
  }
}

/** An exploration has no time axis of its own: the report is that of its first failure. */
function writeReport(file: string, answer: ExploreAnswer, { terminal }: Session): void {
  const [first] = answer.failures
  if (first === undefined) {
    terminal.err(`${file}: not written: nothing broke, and a report shows one run\n`)
    return
  }
  const again = commandLine(['replay', first.file ?? first.token])
  const judged = judge(run(first.failure.case))
  const { head, configuration, folder } = answer
  writeWhole(file, htmlOf({ head, judged, configuration, again, folder, determinism: null }))
}

function codesOf({ exploration, stopped }: ExploreAnswer, { runs }: Extent): number[] {
  const codes = exitCodesOf(explorationFindings(exploration))
  if (stopped === 'interrupt') codes.push(ExitCode.interrupted)
  // With --time alone there was no number of runs to miss.
  if (stopped === 'time' && runs !== null) codes.push(ExitCode.timeLimit)
  return codes
}
