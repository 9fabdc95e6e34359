/**
 * `dmqsim compare <case> <case>`: where two runs part, and what each came to; of two scenarios, or
 * with `--vary` of one with each of some values, many runs on the same seeds (`../varying.ts`).
 */

import type { Command } from 'commander'
import type { CompareAnswer } from '../../reports/answer.ts'
import { speak } from '../answer.ts'
import { ExitCode } from '../exit-code.ts'
import { type AnswerFlags, collect, commandLine, refuseTests, withJsonFlag } from '../flags.ts'
import { keptIn, keptWith } from '../kept.ts'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

export interface CompareFlags extends AnswerFlags {
  readonly set: readonly string[]
  readonly vary?: string
  readonly runs?: string
  readonly jobs?: string
}

export function declareCompare(program: Command, session: Session): void {
  const command = program
    .command('compare')
    .description('two cases side by side, and where they part')
    .argument('[first]', 'a failure file, a token, a report or a JSON answer; a scenario')
    .argument(
      '[second]',
      'another; left out with --set: the first with these values; with --vary a seed',
    )
    .option('--set <path=value>', 'change a value of the second case (repeatable)', collect, [])
    .option('--vary <path=a,b,c>', 'one row for each value, on the same seeds')
    .option('--runs <n>', 'of each value (50)')
    .option('--jobs <n>', 'threads (all cores)')
  withJsonFlag(command).action(
    async (first: string | undefined, second: string | undefined, flags: CompareFlags) => {
      if (first !== undefined && flags.vary !== undefined) {
        refuseTests(flags)
        const { varyCommand } = await import('../varying.ts')
        const asked = { scenario: first, seed: second, vary: flags.vary, other: null, flags }
        session.exitCode = await varyCommand(session, asked)
        return
      }
      if (first !== undefined && second !== undefined && isScenario(first) && isScenario(second)) {
        refuseTests(flags)
        const { varyCommand } = await import('../varying.ts')
        const asked = { scenario: first, seed: undefined, vary: null, other: second, flags }
        session.exitCode = await varyCommand(session, asked)
        return
      }
      if (first !== undefined && second === undefined && isScenario(first) && hasSets(flags)) {
        throw new UsageError(needsVary(first, flags.set))
      }
      if (first === undefined || (second === undefined && !hasSets(flags))) {
        command.outputHelp({ error: true })
        throw new UsageError('compare: which two cases? Give two, or one and --set')
      }
      await compareCommand(session, [first, second ?? first], flags)
    },
  )
}

async function compareCommand(
  session: Session,
  [first, second]: readonly [string, string],
  flags: CompareFlags,
): Promise<void> {
  refuseTests(flags)
  const one = await keptIn(first)
  const other = await keptWith(second, flags.set)
  session.again = commandLine(['compare', first, second], { set: flags.set })
  const { loadHandlers } = await import('../../scenarios/handlers/modules.ts')
  for (const kept of [one, other]) {
    for (const line of await loadHandlers(kept.case.scenario)) session.terminal.err(`${line}\n`)
  }
  const { compare } = await import('../../scenarios/explain/compare.ts')
  const { compareSentence, compareText } = await import('../../reports/text/compare.ts')
  const { compareJson } = await import('../../reports/json/compare.ts')
  const comparison = compare(one.case, other.case)
  const changed = flags.set.length === 0 ? second : `${second} with ${flags.set.join(' ')}`
  const answer: CompareAnswer = {
    head: session.head('compare', one.case.seed),
    names: [short(first), short(changed)],
    comparison,
    again: session.again,
  }
  speak(session.terminal, flags, {
    json: () => compareJson(answer),
    text: (page) => compareText(answer, page),
    sentence: () => compareSentence(comparison),
    again: null,
  })
  session.exitCode = ExitCode.asExpected
}

/** A scenario's file or name, and no case that was kept of a run. */
function isScenario(what: string): boolean {
  if (/\.(ya?ml|[cm]?[jt]s)$/.test(what)) return true
  return /^[a-z][\w-]*$/.test(what)
}

function hasSets({ set }: CompareFlags): boolean {
  return set.length > 0
}

/** One run of each would be chance: a scenario is run many times with either value. */
function needsVary(scenario: string, [first = '']: readonly string[]): string {
  const [path = '', value = ''] = first.split(/=(.*)/s)
  return `compare ${scenario} --set ${first}: the values of a scenario are compared by --vary ${path}=<other>,${value}`
}

/** A token is too long for a name. */
function short(what: string): string {
  return /^dmq\d+\./.test(what) ? `${what.slice(0, 12)}…` : what
}
