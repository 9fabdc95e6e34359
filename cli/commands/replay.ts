/**
 * `dmqsim replay <failure|token|report.html>`: the same run again, and its whole story.
 */

import type { Command } from 'commander'
import type { ReplayAnswer } from '../../reports/answer.ts'
import { runFindings } from '../../reports/conclusion.ts'
import type { Explanation } from '../../scenarios/explain/explain.ts'
import type { Kept, Replay } from '../../scenarios/replay.ts'
import { speak } from '../answer.ts'
import { ExitCode, exitCodesOf, gravest } from '../exit-code.ts'
import {
  type AnswerFlags,
  collect,
  commandLine,
  reportOf,
  traceOf,
  wantsJson,
  withAnswerFlags,
  withTraceFlag,
} from '../flags.ts'
import type { Folder } from '../folder.ts'
import { keptWith } from '../kept.ts'
import type { Session } from '../session.ts'
import type { TraceFormat } from '../trace-formats.ts'
import { oneOf, UsageError } from '../usage.ts'

interface ReplayFlags extends AnswerFlags {
  readonly trace: string
  readonly at?: string
  readonly explain?: boolean
  readonly shrink?: boolean
  readonly set: readonly string[]
  readonly traceFormat?: string
}

export function declareReplay(program: Command, session: Session): void {
  const command = program
    .command('replay')
    .description('the same run again, explained')
    .argument('[kept]', 'a failure file, a token, a report or a JSON answer')
    .option(
      '--explain',
      'also what it turned on and what mends it: up to 200 runs more, each shown',
    )
    .option('--shrink', 'first go on shrinking a failure file, which is then rewritten')
    .option('--at <time>', 'the cluster at that moment, as the tools of Kafka show it: one run')
    .option('--set <path=value>', 'change a value of the case (repeatable)', collect, [])
    .option(
      '--trace-format <name>',
      'write the trace for chrome or shiviz; --trace then names the file',
    )
  withTraceFlag(withAnswerFlags(command)).action(
    async (what: string | undefined, flags: ReplayFlags) => {
      if (what === undefined) {
        command.outputHelp({ error: true })
        throw new UsageError('replay: which run? Give a failure file, a token or a report')
      }
      if (flags.shrink === true && (flags.at !== undefined || flags.set.length > 0)) {
        throw new UsageError('replay --shrink: stands alone, without --at and --set')
      }
      session.exitCode =
        flags.at === undefined
          ? await replayCommand(session, what, flags)
          : await atCommand(session, what, { ...flags, at: flags.at })
    },
  )
}

async function replayCommand(session: Session, what: string, flags: ReplayFlags): Promise<number> {
  const format = formatOf(flags.traceFormat)
  const trace = format === null ? traceOf(flags.trace) : 'off'
  const report = reportOf(flags)
  wantsJson(flags)
  const { isNondeterministic, replay } = await import('../../scenarios/replay.ts')
  const { Folder, readyFor } = await import('../folder.ts')
  if (flags.shrink === true) await shrinkFirst(session, what)
  const kept = await keptWith(what, flags.set)
  session.again = commandLine(['replay', what], { set: flags.set })
  const changed = await loadedHandlers(kept, session)
  const { scenario, seed } = kept.case
  const folder = new Folder(scenario.name, seed, flags.out)
  folder.ready()
  if (report !== undefined) readyFor(report)
  const replayed = replay(kept)
  const code = gravest(exitCodesOf(runFindings(replayed.judged)))
  if (trace === 'on' || (trace === 'retain-on-failure' && code !== ExitCode.asExpected)) {
    await writeTrace(kept, folder)
  }
  if (format !== null) await exportTrace(kept, format, exportFile(flags.trace, format, folder))
  const explanation = await explanationOf(kept, replayed, flags)
  const best = explanation?.mend?.best ?? null
  const answer = {
    ...(await answerOf(session, kept, replayed, folder)),
    explanation,
    mendCommand:
      best === null ? null : commandLine(['replay', what], { set: [...flags.set, ...best.sets] }),
  }
  await write(answer, folder, report)
  await say(answer, flags, session)
  // With another handler it is another case: another hash says nothing.
  const strayed = isNondeterministic(kept, replayed) && changed.length === 0
  return gravest(strayed ? [code, ExitCode.nondeterminism] : [code])
}

async function shrinkFirst({ terminal }: Session, what: string): Promise<void> {
  const { keptIn } = await import('../kept.ts')
  const { shrinkOn } = await import('../shrinking-on.ts')
  const kept = await keptIn(what)
  const { loadHandlers } = await import('../../scenarios/handlers/modules.ts')
  await loadHandlers(kept.case.scenario)
  terminal.err(`${shrinkOn(what, kept)}\n`)
}

function formatOf(name: string | undefined): TraceFormat | null {
  if (name === undefined) return null
  return oneOf({ flag: '--trace-format', now: ['chrome', 'shiviz'] }, name) as TraceFormat
}

/** The file that `--trace` names, else one in the folder of results. */
function exportFile(trace: string, format: TraceFormat, folder: Folder): string {
  const named = trace !== 'off' && trace !== 'on' && trace !== 'retain-on-failure'
  return named ? trace : folder.file(format === 'chrome' ? 'trace.chrome.json' : 'trace.shiviz.log')
}

async function exportTrace(kept: Kept, format: TraceFormat, file: string): Promise<void> {
  const { run } = await import('../../scenarios/run.ts')
  const { traceIn } = await import('../trace-formats.ts')
  const sink = traceIn(format, file)
  try {
    run(kept.case, { sink })
  } catch (error) {
    sink.abandon()
    throw error
  }
  sink.close()
}

/** Accounts of what broke: one run; with `--explain` the pivot and the mend as well. */
async function explanationOf(
  kept: Kept,
  { judged }: Replay,
  flags: ReplayFlags,
): Promise<Explanation | null> {
  if (judged.verdicts.every(({ verdict }) => verdict !== 'broken')) return null
  const { explain } = await import('../../scenarios/explain/explain.ts')
  const of = kept.failure === null ? {} : { of: kept.failure }
  return explain(kept.case, { ...of, deep: flags.explain === true })
}

/** Loads the handlers of the user's own; tells which are not as they were. */
async function loadedHandlers(kept: Kept, { terminal }: Session): Promise<readonly string[]> {
  const { loadHandlers } = await import('../../scenarios/handlers/modules.ts')
  const changed = await loadHandlers(kept.case.scenario)
  for (const line of changed) terminal.err(`${line}\n`)
  return changed
}

function momentOf(text: string, parse: (text: unknown) => number): number {
  try {
    return parse(text)
  } catch (error) {
    throw new UsageError(`--at ${text}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function atCommand(
  session: Session,
  what: string,
  flags: ReplayFlags & { readonly at: string },
): Promise<number> {
  const { clusterAt } = await import('../../scenarios/explain/at.ts')
  const { atText } = await import('../../reports/text/at.ts')
  const { parseDuration } = await import('../../scenarios/schema/units.ts')
  const { InputError } = await import('../../scenarios/schema/input-error.ts')
  const kept = await keptWith(what, flags.set)
  await loadedHandlers(kept, session)
  const atUs = momentOf(flags.at, parseDuration)
  const at = clusterAt(kept.case, atUs)
  if (at === null) {
    throw new InputError([`--at ${flags.at}: the run is over before; it ends with its drain`])
  }
  session.again = commandLine(['replay', what, '--at', flags.at], { set: flags.set })
  const { scenario, seed } = kept.case
  const again = session.again
  speak(session.terminal, flags, {
    json: () => at,
    text: (page) => atText({ scenario: scenario.name, seed, at, again }, page),
  })
  return ExitCode.asExpected
}

async function answerOf(
  session: Session,
  kept: Kept,
  replayed: Replay,
  folder: Folder,
): Promise<Omit<ReplayAnswer, 'explanation' | 'mendCommand'>> {
  const { inputsOf } = await import('../inputs.ts')
  const { judged, same, repeatable, firstDifference } = replayed
  return {
    head: session.head('replay', kept.case.seed),
    judged,
    configuration: { inputs: inputsOf(kept.case.scenario), ignored: [], notices: [] },
    again: session.again ?? '',
    folder: folder.path,
    determinism: null,
    failure: kept.failure,
    recordedHash: kept.traceHash,
    recordedEngine: kept.case.engine,
    same,
    repeatable,
    firstDifference:
      firstDifference === null
        ? null
        : {
            event: firstDifference.event,
            atMs: firstDifference.atUs === null ? null : firstDifference.atUs / 1_000,
            was: firstDifference.was,
            is: firstDifference.is,
          },
  }
}

async function writeTrace(kept: Kept, folder: Folder): Promise<void> {
  const { run } = await import('../../scenarios/run.ts')
  const { TraceFile } = await import('../trace-file.ts')
  const sink = new TraceFile(folder.file('trace.jsonl'))
  run(kept.case, { sink })
  sink.close()
}

async function write(
  answer: ReplayAnswer,
  folder: Folder,
  report: string | undefined,
): Promise<void> {
  const { htmlOf } = await import('../html.ts')
  const { replayJson } = await import('../../reports/json/replay.ts')
  const { writeWhole } = await import('../folder.ts')
  const html = htmlOf(answer)
  folder.write('report.html', html)
  folder.write('result.json', `${JSON.stringify(replayJson(answer), null, 2)}\n`)
  if (report !== undefined) writeWhole(report, html)
}

async function say(answer: ReplayAnswer, flags: ReplayFlags, { terminal }: Session): Promise<void> {
  const { replayJson } = await import('../../reports/json/replay.ts')
  const { replayText } = await import('../../reports/text/replay.ts')
  const { runSuite } = await import('../../reports/ci/run.ts')
  speak(terminal, flags, {
    json: () => replayJson(answer),
    text: (page) => replayText(answer, page),
    sentence: () => answer.judged.sentence,
    again: null,
    suite: () => runSuite(answer),
  })
}
