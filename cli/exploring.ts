/**
 * Explores, keeps what broke, and says what was found.
 */

import type { Configuration, ExploreAnswer } from '../reports/answer.ts'
import { againstBaseline, type Baseline } from '../reports/baseline.ts'
import { exploreSuite } from '../reports/ci/explore.ts'
import { explorationFindings } from '../reports/conclusion.ts'
import { exploreJson } from '../reports/json/explore.ts'
import { exploreText } from '../reports/text/explore.ts'
import { explorationSentence } from '../reports/text/phrases.ts'
import { exploredCase } from '../scenarios/explore/cases.ts'
import { summaryOf } from '../scenarios/explore/chunk.ts'
import { type Exploration, explore, type Progress } from '../scenarios/explore/explore.ts'
import { shardText } from '../scenarios/explore/shard.ts'
import type { RunSummary } from '../scenarios/explore/summary.ts'
import { judge } from '../scenarios/judge.ts'
import { run } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { probeEntries } from '../sim/registry.ts'
import { speak } from './answer.ts'
import { readBaseline } from './baseline.ts'
import type { ExploreFlags, Extent } from './commands/explore.ts'
import { seedOf } from './environment.ts'
import { ExitCode, exitCodesOf, gravest } from './exit-code.ts'
import { commandLine, reportOf, wantsJson } from './flags.ts'
import { Folder, readyFor, writeWhole } from './folder.ts'
import { continues, Journal, type JournalHead, readJournal } from './journal.ts'
import { type Kept, keepFailures } from './kept-failures.ts'
import { htmlOf } from './html.ts'
import { ProgressLine, roughly } from './progress.ts'
import { placesIn } from './reporters/places.ts'
import { scenarioInput } from './scenario-input.ts'
import type { Session } from './session.ts'
import { UsageError } from './usage.ts'

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
  const loaded = await scenarioInput(asked.scenario, flags)
  const { configuration, file } = loaded
  const scenario = withBudget(loaded.scenario, extent)
  const baseline = flags.baseline === undefined ? null : readBaseline(flags.baseline, scenario)
  if (json) for (const notice of configuration.notices) session.terminal.err(`${notice}\n`)
  const seed = seedOf(asked.seed, session.terminal.environment, scenario.seed)
  const words = ['explore', asked.scenario, String(seed), ...extentWords(flags, extent)]
  const again = commandLine(words, flags)
  session.again = again

  const progress = new ProgressLine(session.terminal, flags.quiet === true)
  const folder = folderOf(scenario, seed, asked)
  if (report !== undefined) readyFor(report)
  const head: JournalHead = { scenario, seed, shard: extent.shard }
  const known = knownRuns(session, folder, head, flags.resume === true)
  const journal = new Journal(folder, head, known)
  const found = await exploredBy(session, { scenario, seed, extent, progress, known, journal })
  folder.clear('failures')
  const kept = keepFailures(found.exploration, {
    folder,
    shrinks: flags.shrink && found.stopped !== 'interrupt',
    now: session.terminal.now,
    ...(extent.timeMs === null ? {} : { untilMs: found.startedMs + extent.timeMs }),
    tell: (line) => progress.show(() => line),
  })
  progress.end()
  const answer = answerOf(session, { found, kept, configuration, again, folder, asked, baseline })
  folder.write('result.json', `${JSON.stringify(exploreJson(answer), null, 2)}\n`)
  folder.link()
  // An exploration that was interrupted goes on with the same command.
  const { jobs, determinism, spent } = answer.exploration
  const end = { jobs, determinism, spent, exploredMs: found.exploredMs }
  if (found.stopped !== 'interrupt') journal.end(end)
  if (report !== undefined) writeReport(report, answer, session)
  const code = gravest(codesOf(answer, extent))
  const [first] = answer.failures
  const replay = first === undefined ? again : commandLine(['replay', first.file ?? first.token])
  speak(session.terminal, flags, {
    json: () => exploreJson(answer),
    text: (page) => exploreText(answer, page),
    sentence: () => explorationSentence(answer.exploration),
    again: code === ExitCode.asExpected ? null : replay,
    suite: () => exploreSuite(answer),
    locate: placesIn(file, session.terminal.environment),
  })
  return code
}

type Stopped = ExploreAnswer['stopped']

interface Found {
  readonly exploration: Exploration
  readonly stopped: Stopped
  readonly startedMs: number
  readonly exploredMs: number
}

interface Explored {
  readonly scenario: Scenario
  readonly seed: number
  readonly extent: Extent
  readonly progress: ProgressLine
  readonly known: readonly RunSummary[]
  readonly journal: Journal
}

async function exploredBy(
  { terminal }: Session,
  { scenario, seed, extent, progress, known, journal }: Explored,
): Promise<Found> {
  const startedMs = terminal.now()
  let stopped: Stopped = null
  const release = terminal.onInterrupt(() => {
    stopped = 'interrupt'
  })
  let bailed = false
  let of = Infinity
  const enough = ({ failures, breaks }: Progress): boolean => {
    bailed = extent.bail !== null && failures + breaks >= extent.bail
    return bailed
  }
  const timeIsUp = (): boolean =>
    extent.timeMs !== null && terminal.now() - startedMs >= extent.timeMs
  const halted = (): boolean => {
    if (stopped === null && timeIsUp()) stopped = 'time'
    return stopped !== null
  }
  try {
    const exploration = await explore({
      scenario,
      seed,
      runs: extent.runs ?? RUNS_WITHOUT_END,
      enough,
      stopped: halted,
      known,
      keep: (run) => journal.keep(run),
      recheckEvery: extent.recheckEvery,
      progress: (soFar) => {
        of = soFar.of
        progress.show(() => progressText(soFar, terminal.now() - startedMs, extent))
      },
      ...(extent.jobs === undefined ? {} : { jobs: extent.jobs }),
      ...(extent.shard === null ? {} : { shard: extent.shard }),
    })
    const exploredMs = Math.round(terminal.now() - startedMs)
    if (bailed && stopped === null) stopped = 'bail'
    return { exploration, stopped: cutShort(exploration, stopped, of), startedMs, exploredMs }
  } finally {
    release()
  }
}

/** Time that ran out at the very last run cut nothing short. */
function cutShort({ runs }: Exploration, stopped: Stopped, of: number): Stopped {
  return runs.length >= of && stopped !== 'bail' ? null : stopped
}

function withBudget(scenario: Scenario, { budget }: Extent): Scenario {
  if (budget === null) return scenario
  if (scenario.swarm === undefined) {
    throw new UsageError(`--budget ${budget}: ${scenario.name} has no swarm, nothing is drawn`)
  }
  return { ...scenario, swarm: { ...scenario.swarm, budget } }
}

/** What decides which runs there are, as words of the command. */
function extentWords(flags: ExploreFlags, { runs, bail, budget, shard }: Extent): string[] {
  return [
    ...(runs === null ? ['--time', flags.time ?? ''] : ['--runs', String(runs)]),
    ...(bail === null ? [] : ['--bail', String(bail)]),
    ...(budget === null ? [] : ['--budget', budget]),
    ...(shard === null ? [] : ['--shard', shardText(shard)]),
    ...(flags.baseline === undefined ? [] : ['--baseline', flags.baseline]),
  ]
}

/** Each shard has a folder of its own. */
function folderOf(scenario: Scenario, seed: number, { flags, extent }: Asked): Folder {
  const { shard } = extent
  if (shard === null || flags.out !== undefined) return new Folder(scenario.name, seed, flags.out)
  const whole = new Folder(scenario.name, seed).path
  return new Folder(scenario.name, seed, `${whole}-shard-${shard.index + 1}-of-${shard.of}`)
}

/**
 * Runs of an earlier try that did not come to its end, or with `--resume` of any. The first is run
 * again: another hash means that the sources have changed since.
 */
function knownRuns(
  { terminal }: Session,
  folder: Folder,
  head: JournalHead,
  resume: boolean,
): readonly RunSummary[] {
  const journal = readJournal(folder.path)
  const fits = journal !== null && continues(journal, head)
  if (resume && !fits) throw new UsageError(`--resume: ${folder.path} holds nothing of this kind`)
  if (!fits || (journal.end !== null && !resume)) return []
  const [first] = journal.runs
  if (first === undefined) return []
  const one = exploredCase(head.scenario, head.seed, first.index, first.given)
  if (summaryOf(first.index, one).traceHash !== first.traceHash) {
    terminal.err(`${folder.path}: of another build of dmqsim; starting over\n`)
    return []
  }
  terminal.err(`${folder.path}: going on after ${journal.runs.length} runs\n`)
  return journal.runs
}

export function progressText(
  { done, of, failures, breaks }: Progress,
  elapsedMs: number,
  { runs, timeMs }: Extent,
): string {
  const rate = done / Math.max(1, elapsedMs)
  const leftByRuns = runs === null ? Infinity : (of - done) / rate
  const left = Math.min(leftByRuns, timeMs === null ? Infinity : Math.max(0, timeMs - elapsedMs))
  const total = runs === null ? '' : ` of ${of}`
  const broken = failures === 1 ? '1 run broke a promise' : `${failures} runs broke a promise`
  const asAsked = breaks === 0 ? '' : `, ${breaks} what was to break`
  const eta = left === Infinity ? '' : `, ${roughly(left)} left`
  return `${done}${total} runs, ${(rate * 1_000).toFixed(1)} a second${eta}, ${broken}${asAsked}`
}

interface Parts {
  readonly found: Found
  readonly kept: Kept
  readonly configuration: Configuration
  readonly again: string
  readonly folder: Folder
  readonly asked: Asked
  readonly baseline: Baseline | null
}

function answerOf(session: Session, parts: Parts): ExploreAnswer {
  const { found, kept, configuration, again, folder, asked, baseline } = parts
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
    probesKnown: probeEntries().map(({ name }) => name),
    shards: null,
    baseline: baseline === null ? null : againstBaseline(exploration, baseline),
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

function codesOf(answer: ExploreAnswer, { runs }: Extent): number[] {
  const { exploration, stopped, baseline } = answer
  const codes = exitCodesOf(explorationFindings(exploration, baseline))
  if (stopped === 'interrupt') codes.push(ExitCode.interrupted)
  // With --time alone there was no number of runs to miss.
  if (stopped === 'time' && runs !== null) codes.push(ExitCode.timeLimit)
  return codes
}
