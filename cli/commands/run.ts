/**
 * `dmqsim run <scenario|file> [seed]`: one seeded run, judged, with its report.
 */

import type { Command } from 'commander'
import type { Determinism, RunAnswer } from '../../reports/answer.ts'
import { runFindings } from '../../reports/conclusion.ts'
import type { Case } from '../../scenarios/case.ts'
import type { Judged } from '../../scenarios/result.ts'
import { speak } from '../answer.ts'
import { costSoFar } from '../cost.ts'
import { isOn, seedOf, seedWord } from '../environment.ts'
import { ExitCode, exitCodesOf, gravest } from '../exit-code.ts'
import {
  type AnswerFlags,
  type CaseFlags,
  commandLine,
  reporters,
  reportOf,
  type Trace,
  traceOf,
  wantsJson,
  withAnswerFlags,
  withCaseFlags,
  withTraceFlag,
} from '../flags.ts'
import { toolForms } from '../reporters/reporters.ts'
import { keepHeapSmall } from '../memory.ts'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

interface RunFlags extends CaseFlags, AnswerFlags {
  readonly seed?: string
  readonly trace: string
  readonly checkDeterminism?: boolean
  readonly partitions?: boolean
}

export function declareRun(program: Command, session: Session): void {
  const command = program
    .command('run')
    .description('one seeded run of a scenario, judged')
    .argument('[scenario]', 'a name from dmqsim list, or a file')
    .argument('[seed]', 'a whole number, or commit; the scenario’s or 1 without')
  withTraceFlag(withAnswerFlags(withCaseFlags(command)))
    .addHelpText('after', `\n${tools}`)
    .option('--seed <n>', 'the seed, as a flag')
    .option('--partitions', 'add peaks of each partition to the groups of the JSON answer')
    .option('--check-determinism', 'run it again in another thread after 50 others, and compare')
    .action(async (scenario: string | undefined, seed: string | undefined, flags: RunFlags) => {
      if (scenario === undefined) {
        command.outputHelp({ error: true })
        throw new UsageError('run: which scenario? dmqsim list shows them')
      }
      session.exitCode = await runCommand(session, {
        scenario,
        seed: seedWord(seed, flags),
        flags,
      })
    })
}

const tools = `Reporters of run beside those above:
  kafka-perf     one line, as Kafka's producer performance tool prints it
  openmessaging  the result file of the OpenMessaging Benchmark`

interface Asked {
  readonly scenario: string
  readonly seed: string | undefined
  readonly flags: RunFlags
}

async function runCommand(
  session: Session,
  { scenario: name, seed: text, flags }: Asked,
): Promise<number> {
  const { terminal } = session
  const trace = traceOf(flags.trace)
  const report = reportOf(flags)
  const json = wantsJson(flags, toolForms)
  // Whoever mistypes a seed should not wait for the scenario to load first.
  seedOf(text, terminal.environment, undefined)
  const { scenarioInput } = await import('../scenario-input.ts')
  const { scenario, configuration, file } = await scenarioInput(name, flags)
  // In the text they stand under "How far to believe".
  if (json) for (const notice of configuration.notices) terminal.err(`${notice}\n`)
  refuseFolded(scenario, flags)
  const seed = seedOf(text, terminal.environment, scenario.seed)
  const again = commandLine(['run', name, String(seed)], flags)
  session.again = again

  if (scenario.history === 'folded') keepHeapSmall()
  const { plainCase } = await import('../../scenarios/explore/cases.ts')
  const { Folder, readyFor } = await import('../folder.ts')
  const one = plainCase(scenario, seed)
  const folder = new Folder(scenario.name, seed, flags.out)
  folder.ready()
  if (report !== undefined) readyFor(report)
  const { judged, exitCode } = await judgedRun(one, {
    trace,
    file: folder.file('trace.jsonl'),
    partitions: flags.partitions === true,
  })
  const determinism = await determinismOf(judged, flags, session)
  const answer: RunAnswer = {
    head: session.head('run', seed),
    cost: costSoFar(),
    judged,
    configuration,
    again,
    folder: folder.path,
    determinism,
  }
  await write(answer, folder, report)
  const codes = determinism?.same === false ? [exitCode, ExitCode.nondeterminism] : [exitCode]
  const code = gravest(codes)
  await say({ answer, code, file }, flags, session)
  return code
}

/** Figures of single periods are no longer known of a history that was folded. */
function refuseFolded({ history }: Case['scenario'], flags: RunFlags): void {
  const { stdout, files } = reporters(flags, toolForms)
  const asked = [stdout, ...files.map(({ form }) => form)].includes('openmessaging')
  if (!asked || history !== 'folded') return
  throw new UsageError('--reporter openmessaging: needs every row, leave "history: folded" out')
}

interface How {
  readonly trace: Trace
  /** Of the trace. */
  readonly file: string
  readonly partitions: boolean
}

interface JudgedRun {
  readonly judged: Judged
  readonly exitCode: number
}

/** Traced where that was asked for; a failing run is traced by running it again. */
async function judgedRun(one: Case, { trace, file, partitions }: How): Promise<JudgedRun> {
  const { run } = await import('../../scenarios/run.ts')
  const { judge } = await import('../../scenarios/judge.ts')
  if (trace === 'on') {
    const judged = judge(await traced(one, file), { partitions })
    return { judged, exitCode: exitCodeOf(judged) }
  }
  const judged = judge(run(one), { partitions })
  const exitCode = exitCodeOf(judged)
  if (trace === 'off' || exitCode === ExitCode.asExpected) return { judged, exitCode }
  const again = await traced(one, file)
  const same = again.traceHash === judged.result.traceHash
  return { judged, exitCode: same ? exitCode : ExitCode.nondeterminism }
}

async function traced(one: Case, file: string): Promise<Judged['result']> {
  const { run } = await import('../../scenarios/run.ts')
  const { TraceFile } = await import('../trace-file.ts')
  const sink = new TraceFile(file)
  const result = run(one, { sink })
  sink.close()
  return result
}

async function determinismOf(
  { result }: Judged,
  flags: RunFlags,
  { terminal }: Session,
): Promise<Determinism | null> {
  const asked =
    flags.checkDeterminism === true || isOn(terminal.environment, 'DMQSIM_CHECK_DETERMINISM')
  if (!asked) return null
  const { checkDeterminism } = await import('../determinism.ts')
  return await checkDeterminism(result.case, result.traceHash)
}

function exitCodeOf(judged: Judged): number {
  return gravest(exitCodesOf(runFindings(judged)))
}

/** The report and the JSON answer, each whole or not at all. */
async function write(
  answer: RunAnswer,
  folder: import('../folder.ts').Folder,
  report: string | undefined,
): Promise<void> {
  const { htmlOf } = await import('../html.ts')
  const { runJson } = await import('../../reports/json/run.ts')
  const { writeWhole } = await import('../folder.ts')
  const html = htmlOf(answer)
  folder.write('report.html', html)
  folder.write('result.json', `${JSON.stringify(runJson(answer), null, 2)}\n`)
  folder.link()
  if (report !== undefined) writeWhole(report, html)
}

interface Said {
  readonly answer: RunAnswer
  readonly code: number
  /** Of the scenario. */
  readonly file: string | undefined
}

async function say(
  { answer, code, file }: Said,
  flags: RunFlags,
  { terminal }: Session,
): Promise<void> {
  const { runSuite } = await import('../../reports/ci/run.ts')
  const { placesIn } = await import('../reporters/places.ts')
  const { runJson } = await import('../../reports/json/run.ts')
  const { runText } = await import('../../reports/text/run.ts')
  const { kafkaPerfLine } = await import('../../reports/text/kafka-perf.ts')
  const { openMessagingJson } = await import('../../reports/json/openmessaging.ts')
  const { periodsOf } = await import('../../scenarios/measures/periods.ts')
  speak(terminal, flags, {
    json: () => runJson(answer),
    text: (page) => runText(answer, page),
    sentence: () => answer.judged.sentence,
    again: code === ExitCode.asExpected ? null : answer.again,
    suite: () => runSuite(answer),
    locate: placesIn(file, terminal.environment),
    tools: {
      'kafka-perf': () => kafkaPerfLine(answer.judged),
      openmessaging: () =>
        JSON.stringify(openMessagingJson(answer.judged, periodsOf(answer.judged.result)), null, 2),
    },
  })
}
