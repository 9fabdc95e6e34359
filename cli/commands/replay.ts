/**
 * `dmqsim replay <failure|token|report.html>`: the same run again, and its whole story.
 */

import { existsSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { ReplayAnswer } from '../../reports/answer.ts'
import { runFindings } from '../../reports/conclusion.ts'
import type { KeptTrace } from '../../scenarios/explain/trace-words.ts'
import type { Kept, Replay } from '../../scenarios/replay.ts'
import { speak } from '../answer.ts'
import { ExitCode, exitCodesOf, gravest } from '../exit-code.ts'
import {
  type AnswerFlags,
  commandLine,
  reportOf,
  traceOf,
  wantsJson,
  withAnswerFlags,
  withTraceFlag,
} from '../flags.ts'
import type { Folder } from '../folder.ts'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

interface ReplayFlags extends AnswerFlags {
  readonly trace: string
  readonly at?: string
}

export function declareReplay(program: Command, session: Session): void {
  const command = program
    .command('replay')
    .description('the same run again, explained')
    .argument('[kept]', 'a failure file, a token, a report or a JSON answer')
    .option('--at <time>', 'the cluster at that moment')
  withTraceFlag(withAnswerFlags(command)).action(
    async (what: string | undefined, flags: ReplayFlags) => {
      if (what === undefined) {
        command.outputHelp()
        throw new UsageError('replay: which run? Give a failure file, a token or a report')
      }
      if (flags.at !== undefined) throw new UsageError('--at is not in this version')
      session.exitCode = await replayCommand(session, what, flags)
    },
  )
}

async function replayCommand(session: Session, what: string, flags: ReplayFlags): Promise<number> {
  const trace = traceOf(flags.trace)
  const report = reportOf(flags)
  wantsJson(flags)
  const { isNondeterministic, replay } = await import('../../scenarios/replay.ts')
  const { Folder } = await import('../folder.ts')
  const kept = await keptIn(what)
  session.again = commandLine(['replay', what])
  const { loadHandlers } = await import('../../scenarios/handlers/modules.ts')
  const changed = await loadHandlers(kept.case.scenario)
  for (const line of changed) session.terminal.err(`${line}\n`)
  const replayed = replay(kept)
  const { scenario, seed } = kept.case
  const folder = new Folder(scenario.name, seed, flags.out)
  const code = gravest(exitCodesOf(runFindings(replayed.judged)))
  if (trace === 'on' || (trace === 'retain-on-failure' && code !== ExitCode.asExpected)) {
    await writeTrace(kept, folder)
  }
  const answer = await answerOf(session, kept, replayed, folder)
  await write(answer, folder, report)
  await say(answer, flags, session)
  // With another handler it is another case: another hash says nothing.
  const strayed = isNondeterministic(kept, replayed) && changed.length === 0
  return gravest(strayed ? [code, ExitCode.nondeterminism] : [code])
}

/** Throws `InputError` where there is nothing to replay. */
async function keptIn(what: string): Promise<Kept> {
  const { keptOf } = await import('../../scenarios/replay.ts')
  const { isToken } = await import('../../scenarios/explore/failure.ts')
  if (isToken(what)) return keptOf(what, 'token')
  const { readTextFile } = await import('../../scenarios/schema/files.ts')
  const { InputError } = await import('../../scenarios/schema/input-error.ts')
  if (!existsSync(what)) {
    throw new InputError([`${what}: there is no such file, and a token begins with "dmq1."`])
  }
  const kept = keptOf(readTextFile(what, what), what)
  return kept.failure === null ? kept : { ...kept, trace: await traceBeside(what) }
}

/** The trace beside a failure; null where there is none. */
async function traceBeside(file: string): Promise<KeptTrace | null> {
  const beside = file.replace(/(\.json)?$/, '.trace')
  if (!existsSync(beside)) return null
  const { InputError } = await import('../../scenarios/schema/input-error.ts')
  const { traceFrom } = await import('../../scenarios/explain/trace-words.ts')
  try {
    return traceFrom(readFileSync(beside), beside)
  } catch (error) {
    throw new InputError([error instanceof Error ? error.message : String(error)])
  }
}

async function answerOf(
  session: Session,
  kept: Kept,
  replayed: Replay,
  folder: Folder,
): Promise<ReplayAnswer> {
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
  const { replayJson } = await import('../../reports/json/run.ts')
  const { writeWhole } = await import('../folder.ts')
  const html = htmlOf(answer)
  folder.write('report.html', html)
  folder.write('result.json', `${JSON.stringify(replayJson(answer), null, 2)}\n`)
  if (report !== undefined) writeWhole(report, html)
}

async function say(answer: ReplayAnswer, flags: ReplayFlags, { terminal }: Session): Promise<void> {
  const { replayJson } = await import('../../reports/json/run.ts')
  const { replayText } = await import('../../reports/text/replay.ts')
  speak(terminal, flags, {
    json: () => replayJson(answer),
    text: (page) => replayText(answer, page),
    sentence: () => answer.judged.sentence,
    again: null,
  })
}
