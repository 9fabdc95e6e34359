/**
 * `dmqsim plan <file>`: the cheapest cluster that meets every threshold in every drill, and what
 * breaks first; with `--find peak` up to which peak the cluster of the file holds
 * (`../planning.ts`).
 */

import type { Command } from 'commander'
import { seedWord } from '../environment.ts'
import { type AnswerFlags, type CaseFlags, withAnswerFlags, withCaseFlags } from '../flags.ts'
import type { Session } from '../session.ts'
import { oneOf, UsageError } from '../usage.ts'

export interface PlanFlags extends CaseFlags, AnswerFlags {
  readonly seed?: string
  readonly find?: string
  readonly seeds?: string
  readonly jobs?: string
  readonly time?: string
  readonly backtest?: string
}

export function declarePlan(program: Command, session: Session): void {
  const command = program
    .command('plan')
    .description('the cheapest cluster that holds, and what breaks first')
    .argument('[scenario]', 'a name, a file with plan:, or a report or JSON answer of a plan')
    .argument('[seed]', 'a whole number, or commit; the scenario’s or 1 without')
  withAnswerFlags(withCaseFlags(command))
    .option('--seed <n>', 'the seed, as a flag')
    .option('--find <what>', 'peak: how much traffic the cluster of the file carries')
    .option('--seeds <n>', 'runs of each drill of the answer (those of the plan, or 10)')
    .option('--jobs <n>', 'threads (all cores)')
    .option('--time <duration>', 'answer with what is known by then')
    .option('--backtest <file>', 'a JSON answer of backtest, to say how far to believe')
    .action(async (scenario: string | undefined, seed: string | undefined, flags: PlanFlags) => {
      if (scenario === undefined) {
        command.outputHelp({ error: true })
        throw new UsageError('plan: of which scenario? Give a file with plan: in it')
      }
      if (flags.find !== undefined) oneOf({ flag: '--find', now: ['peak'] }, flags.find)
      const { planCommand } = await import('../planning.ts')
      session.exitCode = await planCommand(session, {
        scenario,
        seed: seedWord(seed, flags),
        find: flags.find === undefined ? null : 'peak',
        flags,
      })
    })
}
