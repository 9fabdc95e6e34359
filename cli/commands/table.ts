/**
 * `dmqsim table <name>`: a question that takes many explorations, and its answer as rows.
 *
 * What a table asks is its own matter (`../tables/`); here are the flags they share, the folder
 * that keeps the answer, and what an unknown name is told.
 */

import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { didYouMean } from '../../scenarios/schema/nearest.ts'
import { speak } from '../answer.ts'
import { countOf, seedOf, written } from '../environment.ts'
import { ExitCode } from '../exit-code.ts'
import { type AnswerFlags, commandLine, wantsJson, withJsonFlag } from '../flags.ts'
import { Folder } from '../folder.ts'
import { ProgressLine } from '../progress.ts'
import type { Session } from '../session.ts'
import type { Table, TableAnswer, TableOptions } from '../tables/table.ts'
import { tables as every, type Tables } from '../tables/tables.ts'
import { UsageError } from '../usage.ts'

interface TableFlags extends AnswerFlags {
  readonly runs?: string
  readonly jobs?: string
  readonly only?: string
}

export function declareTable(program: Command, session: Session, tables: Tables = every): void {
  const command = program
    .command('table')
    .description(`many explorations as rows: ${Object.keys(tables).join(', ')}`)
    .argument('[name]', 'which table')
    .argument('[seed]', 'a whole number; 1 without')
    .option('--runs <n>', 'runs of each row; the table’s own number without')
    .option('--jobs <n>', 'threads (all cores)')
    .option('--only <ids>', 'rows alone that have one of these ids, with commas between')
    .option('--out <dir>', 'folder for the answer, and for a report (.dmqsim/table-<name>-<seed>)')
    .option('--quiet', 'print the first sentence alone')
  withJsonFlag(command).action(
    async (name: string | undefined, seed: string | undefined, flags: TableFlags) => {
      wantsJson(flags)
      session.exitCode = await tableCommand(session, { name, seed, flags, tables })
    },
  )
}

interface Asked {
  readonly name: string | undefined
  readonly seed: string | undefined
  readonly flags: TableFlags
  readonly tables: Tables
}

async function tableCommand(session: Session, asked: Asked): Promise<number> {
  const { flags } = asked
  const { terminal } = session
  const { name, load } = tableNamed(asked)
  const limits = limitsOf(asked, terminal.environment)
  const table = await load()
  await table.check(limits)
  const rest = flags.only === undefined ? [] : ['--only', flags.only]
  session.again = commandLine(['table', name, String(limits.seed), ...rest])
  const progress = new ProgressLine(terminal, flags.quiet === true)
  let interrupted = false
  const release = terminal.onInterrupt(() => {
    interrupted = true
  })
  const folder = new Folder(`table-${name}`, limits.seed, flags.out)
  folder.ready()
  folder.clear('failures')
  const options = { session, ...limits, progress, folder, stopped: () => interrupted }
  const answer = await table.run(options).finally(() => {
    release()
    progress.end()
  })
  folder.write('result.json', `${JSON.stringify(answer.json(), null, 2)}\n`)
  for (const { name: file, text } of answer.files?.() ?? []) folder.write(file, text)
  folder.link()
  speak(terminal, flags, { ...answer, text: (page) => answer.text(page) + keptIn(answer, folder) })
  return interrupted ? ExitCode.interrupted : answer.exitCode
}

/** Where people find what is beside the answer. */
function keptIn({ files }: TableAnswer, folder: Folder): string {
  const report = files?.().find(({ name }) => name.endsWith('.html'))
  return report === undefined ? '' : `\nReport  ${folder.file(report.name)}\n`
}

interface Named {
  readonly name: string
  readonly load: () => Promise<Table>
}

function tableNamed({ name, tables }: Asked): Named {
  const known = Object.keys(tables)
  const there = `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}`
  if (name === undefined) throw new UsageError(`table: which one? ${there}`)
  const load = Object.hasOwn(tables, name) ? tables[name] : undefined
  if (load !== undefined) return { name, load }
  if (later.includes(name)) {
    throw new UsageError(`table ${name} is not in this version; ${there}`)
  }
  const hint = didYouMean(name, known)
  throw new UsageError(`table ${name}: there is no such table${hint}; ${there}`)
}

/** Known by name, so that nobody wonders about a slip. */
const later: readonly string[] = ['truncation']

type Limits = Pick<TableOptions, 'seed' | 'runs' | 'jobs' | 'only'>

function limitsOf({ seed, flags }: Asked, environment: Session['terminal']['environment']): Limits {
  const runs = written('--runs', flags.runs, environment, 'DMQSIM_RUNS')
  const jobs = written('--jobs', flags.jobs, environment, 'DMQSIM_JOBS')
  return {
    seed: seedOf(seed, environment, undefined),
    runs: runs === undefined ? null : countOf(runs),
    jobs: jobs === undefined ? availableParallelism() : countOf(jobs),
    only: (flags.only ?? '').split(',').filter((id) => id !== ''),
  }
}
