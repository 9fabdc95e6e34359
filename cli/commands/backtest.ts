/**
 * `dmqsim backtest <scenario> <measured>`: measured series against the simulation.
 */

import type { Command } from 'commander'
import { type AnswerFlags, collect, refuseTests, withJsonFlag } from '../flags.ts'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

export interface BacktestFlags extends AnswerFlags {
  readonly set: readonly string[]
  readonly series: readonly string[]
  readonly fit?: string
  readonly out?: string
}

export function declareBacktest(program: Command, session: Session): void {
  const command = program
    .command('backtest')
    .description('measured series against the simulation: fit on one half, judge on the other')
    .argument('[scenario]', 'a name or a file')
    .argument('[measured]', 'Grafana’s CSV, or the JSON of Prometheus’ query_range')
    .argument('[seed]', 'a whole number; that of the scenario without')
    .option(
      '--series <name=what>',
      'a series is produced, consumed:<group>, backlog:<group> or lateness:<group> (repeatable)',
      collect,
      [],
    )
    .option('--fit <constants>', 'constants to fit on the first half, with commas between; none')
    .option('--set <path=value>', 'change a value of the scenario (repeatable)', collect, [])
    .option(
      '--out <dir>',
      'folder for report.html, report.md and result.json (.dmqsim/backtest-<scenario>-<seed>)',
    )
    .option('--quiet', 'print the first sentence alone')
  withJsonFlag(command).action(
    async (
      scenario: string | undefined,
      measured: string | undefined,
      seed: string | undefined,
      flags: BacktestFlags,
    ) => {
      refuseTests(flags)
      if (scenario === undefined || measured === undefined) {
        throw new UsageError('backtest: what against what? Give a scenario and a file of series')
      }
      const { backtestCommand } = await import('../backtesting.ts')
      session.exitCode = await backtestCommand(session, { scenario, measured, seed, flags })
    },
  )
}
