/**
 * The program: its commands, and what becomes of whatever they throw.
 */

import { Command, CommanderError } from 'commander'
import { ENGINE } from '../scenarios/engine.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import { declareBacktest } from './commands/backtest.ts'
import { declareCalibrate } from './commands/calibrate.ts'
import { declareCompare } from './commands/compare.ts'
import { declareExplore } from './commands/explore.ts'
import { declareGuards } from './commands/guards.ts'
import { declareImport } from './commands/import.ts'
import { declareLater } from './commands/later.ts'
import { declareList } from './commands/list.ts'
import { declareMerge } from './commands/merge.ts'
import { declarePlan } from './commands/plan.ts'
import { declareProbes } from './commands/probes.ts'
import { declareProtocols } from './commands/protocols.ts'
import { declareReplay } from './commands/replay.ts'
import { declareRun } from './commands/run.ts'
import { declareSchema } from './commands/schema.ts'
import { declareScore } from './commands/score.ts'
import { declareTable } from './commands/table.ts'
import { ExitCode } from './exit-code.ts'
import { type Declare, Session } from './session.ts'
import type { Terminal } from './terminal.ts'
import { UsageError, usageLine } from './usage.ts'

const commands: readonly Declare[] = [
  declareList,
  declareRun,
  declareExplore,
  declareMerge,
  declareReplay,
  declareCompare,
  declarePlan,
  declareScore,
  declareGuards,
  declareProbes,
  declareProtocols,
  declareTable,
  declareCalibrate,
  declareBacktest,
  declareSchema,
  declareImport,
  declareLater,
]

/** Runs one command line, without the name of the program; gives the exit code. */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<number> {
  const session = new Session(terminal)
  try {
    if (argv.length === 0) {
      programOf(session).outputHelp()
      return ExitCode.asExpected
    }
    await programOf(session).parseAsync([...argv], { from: 'user' })
    return session.exitCode
  } catch (error) {
    return failed(error, session)
  }
}

export function programOf(session: Session): Command {
  const { terminal } = session
  const program = new Command('dmqsim')
  program
    .description('A deterministic simulator and chaos test harness for Kafka and ZooKeeper.')
    .version(ENGINE, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: () => {},
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.colour,
      getErrHasColors: () => terminal.colour,
    })
    // Each description says itself what holds without the flag, where that is worth a word.
    // What a command takes stands in its own help: here there is room for a name and a sentence.
    .configureHelp({
      optionDescription: ({ description }) => description,
      subcommandTerm: (command) => command.name(),
    })
    .addHelpText('after', `\n${examples}`)
  for (const declare of commands) declare(program, session)
  overrideExits(program)
  for (const command of program.commands) overrideExits(command)
  return program
}

const examples = `Examples:
  dmqsim run double-eleven 7
  dmqsim explore leader-crash-acks-one --runs 200
  dmqsim run my.yaml --broker-config server.properties`

/** commander would end the process itself, and with 1 where we say 2. */
function overrideExits(command: Command): void {
  command.exitOverride((error: CommanderError) => {
    if (error.exitCode === 0) throw error
    throw new UsageError(usageLine(error, command))
  })
}

function failed(error: unknown, session: Session): number {
  const { terminal } = session
  if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.asExpected
  if (error instanceof UsageError) {
    terminal.err(`${error.message}\n`)
    return ExitCode.wrongUsage
  }
  if (error instanceof InputError) {
    terminal.err(
      inputLines(error)
        .map((line) => `${line}\n`)
        .join(''),
    )
    return ExitCode.wrongUsage
  }
  terminal.err(`internal error of dmqsim: ${shown(error)}\n`)
  if (session.again !== null) terminal.err(`again: ${session.again}\n`)
  return ExitCode.internalError
}

/** More than a page of it helps nobody. */
const LINES_MAX = 20

function inputLines({ lines }: InputError): readonly string[] {
  if (lines.length <= LINES_MAX) return lines
  return [...lines.slice(0, LINES_MAX), `and ${lines.length - LINES_MAX} more`]
}

/** What was thrown and where, short enough for a report. */
function shown(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return [error.message, ...frames.slice(0, 6)].join('\n')
}
