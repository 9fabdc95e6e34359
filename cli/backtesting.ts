/**
 * What `dmqsim backtest` does: reads series, says which simulated one each is, fits, judges.
 */

import type { BacktestAnswer } from '../reports/answer.ts'
import { backtestReport } from '../reports/html/backtest.ts'
import { backtestJson } from '../reports/json/backtest.ts'
import { backtestMarkdown } from '../reports/markdown/backtest.ts'
import { backtestSentence, backtestText, isWithin } from '../reports/text/backtest.ts'
import {
  backtest,
  type Pair,
  type SimulatedName,
  wordsOf,
} from '../scenarios/calibration/backtest.ts'
import { constantsOf, FITTED_MAX, isConstant } from '../scenarios/calibration/constants.ts'
import { type MeasuredSeries, readMeasured } from '../scenarios/calibration/measured-series.ts'
import { CALIBRATED, type CalibratedConstant } from '../scenarios/schema/hardware-files.ts'
import { loadScenario } from '../scenarios/schema/load.ts'
import { didYouMeanOf } from '../scenarios/schema/nearest.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { speak } from './answer.ts'
import type { BacktestFlags } from './commands/backtest.ts'
import { seedOf } from './environment.ts'
import { ExitCode } from './exit-code.ts'
import { commandLine } from './flags.ts'
import { Folder } from './folder.ts'
import { ProgressLine } from './progress.ts'
import type { Session } from './session.ts'
import { UsageError } from './usage.ts'

/** A simulation that is off by more on the half it has not seen is no forecast. */
const TOLERANCE = 0.2

interface Asked {
  readonly scenario: string
  readonly measured: string
  readonly seed: string | undefined
  readonly flags: BacktestFlags
}

export async function backtestCommand(session: Session, asked: Asked): Promise<number> {
  const { terminal } = session
  const { flags } = asked
  const { scenario } = await loadScenario(asked.scenario, { sets: flags.set })
  const pairs = pairsOf(readMeasured(asked.measured), scenario, asked)
  const fit = fitOf(flags.fit, scenario)
  const seed = seedOf(asked.seed, terminal.environment, scenario.seed)
  session.again = againOf(asked, seed)
  const folder = new Folder(`backtest-${scenario.name}`, seed, flags.out)
  folder.ready()
  const progress = new ProgressLine(terminal, flags.quiet === true)
  const trying = progress.counting('simulations')
  const found = await backtest({ scenario, seed, pairs, fit, trying }).finally(() => progress.end())
  const answer: BacktestAnswer = {
    head: session.head('backtest', seed),
    scenario: scenario.name,
    measured: asked.measured,
    backtest: found,
    tolerance: TOLERANCE,
  }
  folder.write('result.json', `${JSON.stringify(backtestJson(answer), null, 2)}\n`)
  folder.write('report.html', backtestReport(answer, session.again))
  folder.write('report.md', backtestMarkdown(answer, session.again))
  folder.link()
  speak(terminal, flags, {
    json: () => backtestJson(answer),
    text: (page) => `${backtestText(answer, page)}\nReport  ${folder.file('report.html')}\n`,
    sentence: () => backtestSentence(answer),
    again: null,
  })
  const isClose = found.rows.every((row) => isWithin(row, TOLERANCE))
  return isClose ? ExitCode.asExpected : ExitCode.thresholdMissed
}

function againOf({ scenario, measured, flags }: Asked, seed: number): string {
  const series = flags.series.flatMap((one) => ['--series', one])
  const fit = flags.fit === undefined ? [] : ['--fit', flags.fit]
  const words = ['backtest', scenario, measured, String(seed), ...series, ...fit]
  return commandLine(words, { set: flags.set })
}

/** Series that are named, and those whose own names say what they are. */
function pairsOf(
  series: readonly MeasuredSeries[],
  scenario: Scenario,
  { measured, flags }: Asked,
): readonly Pair[] {
  const known = simulatedIn(scenario)
  const given = flags.series.map((text): readonly [string, string] => {
    const equals = text.lastIndexOf('=')
    if (equals < 1)
      throw new UsageError(`--series ${text}: write a name and what it is: lag=backlog:payment`)
    return [text.slice(0, equals), text.slice(equals + 1)]
  })
  const names = series.map(({ name }) => name)
  for (const [name, what] of given) {
    if (!names.includes(name)) {
      throw new UsageError(
        `--series ${name}: ${measured} has no such series${didYouMeanOf(name, names)}`,
      )
    }
    const words = known.map(wordsOf)
    if (!words.includes(what)) {
      throw new UsageError(
        `--series ${name}=${what}: nothing simulated is called so${didYouMeanOf(what, words)}`,
      )
    }
  }
  const pairs = series.flatMap((one): readonly Pair[] => {
    const what = given.find(([name]) => name === one.name)?.[1] ?? one.name
    const simulated = known.find((name) => wordsOf(name) === what)
    return simulated === undefined ? [] : [{ measured: one, simulated }]
  })
  if (pairs.length > 0) return pairs
  throw new UsageError(
    `backtest: which series is which? --series "${names[0] ?? ''}=…" with one of ${known.map(wordsOf).join(', ')}`,
  )
}

function simulatedIn({ consumers }: Scenario): readonly SimulatedName[] {
  const kinds = ['consumed', 'backlog', 'lateness'] as const
  const ofGroups = consumers.flatMap(({ group }) => kinds.map((kind) => ({ kind, group })))
  return [{ kind: 'produced', group: null }, ...ofGroups]
}

function fitOf(text: string | undefined, scenario: Scenario): readonly CalibratedConstant[] {
  const names = (text ?? '').split(',').filter((name) => name !== '')
  if (names.length > FITTED_MAX) {
    throw new UsageError(`--fit ${text}: more than ${FITTED_MAX} constants fit anything`)
  }
  if (names.length > 0 && constantsOf(scenario) === undefined) {
    throw new UsageError(`--fit ${text}: ${scenario.name} runs on ideal hardware: name a profile`)
  }
  return names.map((name) => {
    if (isConstant(name)) return name
    throw new UsageError(
      `--fit ${name}: there is no such constant${didYouMeanOf(name, CALIBRATED)}`,
    )
  })
}
