/**
 * The flags that commands share, as commander reads them, and what they mean.
 */

import type { Command } from 'commander'
import { type Reporters, reportersOf, type ToolForm } from './reporters/reporters.ts'
import { oneOf, UsageError } from './usage.ts'

/** Flags that decide what is run. */
export interface CaseFlags {
  readonly set: readonly string[]
  readonly brokerConfig?: string
  readonly producerConfig?: string
  readonly consumerConfig?: string
  readonly topicConfig: readonly string[]
  readonly without: readonly string[]
  readonly protocol: readonly string[]
  readonly strict?: boolean
}

/** Flags that decide what is said of it, and where. */
export interface AnswerFlags {
  readonly json?: boolean
  readonly reporter?: readonly string[]
  readonly quiet?: boolean
  readonly report?: string
  readonly out?: string
}

export type Trace = 'off' | 'retain-on-failure' | 'on'

export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

export function withCaseFlags(command: Command): Command {
  return command
    .option('--set <path=value>', 'change a value of the scenario (repeatable)', collect, [])
    .option('--broker-config <file>', 'a server.properties for every broker')
    .option('--producer-config <file>', 'properties for every producer')
    .option('--consumer-config <file>', 'properties for every consumer')
    .option('--topic-config <key=value>', 'a property of every topic (repeatable)', collect, [])
    .option('--without <guard>', 'turn a guard off (repeatable)', collect, [])
    .option('--protocol <name=value>', 'choose a protocol level (repeatable)', collect, [])
    .option('--strict', 'properties without effect here are errors')
}

export function withAnswerFlags(command: Command): Command {
  return withJsonFlag(command)
    .option('--report <file.html>', 'write the report there as well')
    .option('--out <dir>', 'folder for report and results (.dmqsim/<scenario>-<seed>)')
    .option('--quiet', 'print the first sentence alone')
}

export function withJsonFlag(command: Command): Command {
  return command
    .option('--json', 'print the answer as JSON and nothing else on stdout')
    .option(
      '--reporter <name[=file]>',
      'default, json, junit or github; to a file with = (repeatable)',
      collect,
      [],
    )
}

export function withTraceFlag(command: Command): Command {
  return command.option(
    '--trace <when>',
    'write every event: off, retain-on-failure or on (off)',
    'off',
  )
}

/** In which forms the answer is given, and where; refuses what is not there. */
export function reporters(
  { json, reporter = [] }: AnswerFlags,
  more: readonly ToolForm[] = [],
): Reporters {
  return reportersOf(reporter, json === true, more)
}

/** For answers that have no tests: says so before the work, not after it. */
export function refuseTests(flags: AnswerFlags): void {
  const { stdout, files } = reporters(flags)
  const form = [stdout, ...files.map((one) => one.form)].find(
    (one) => one === 'junit' || one === 'github',
  )
  if (form !== undefined) throw withoutTests(form)
}

export function withoutTests(form: string): UsageError {
  return new UsageError(`--reporter ${form}: this answer has no tests, use default or json`)
}

/** Whether stdout holds JSON. */
export function wantsJson(flags: AnswerFlags, more: readonly ToolForm[] = []): boolean {
  return reporters(flags, more).stdout === 'json'
}

export function traceOf(value: string): Trace {
  const now = ['off', 'retain-on-failure', 'on']
  return oneOf({ flag: '--trace', now }, value) as Trace
}

/** The file of `--report`, which is always HTML. */
export function reportOf({ report }: AnswerFlags): string | undefined {
  if (report === undefined || report.endsWith('.html')) return report
  throw new UsageError(`--report ${report}: a report is HTML, call it ${report}.html`)
}

/**
 * `npx dmqsim <words> <flags>` that a shell reads back; leaves out what only changes the answer.
 */
export function commandLine(words: readonly string[], flags?: Partial<CaseFlags>): string {
  const parts = ['npx', 'dmqsim', ...words, ...(flags === undefined ? [] : caseWords(flags))]
  return parts.map(quoted).join(' ')
}

function caseWords(flags: Partial<CaseFlags>): string[] {
  const one = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [name, value]
  const many = (name: string, values: readonly string[] = []): string[] =>
    values.flatMap((value) => [name, value])
  return [
    ...many('--set', flags.set),
    ...one('--broker-config', flags.brokerConfig),
    ...one('--producer-config', flags.producerConfig),
    ...one('--consumer-config', flags.consumerConfig),
    ...many('--topic-config', flags.topicConfig),
    ...many('--without', flags.without),
    ...many('--protocol', flags.protocol),
  ]
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", "'\\''")}'`
}
