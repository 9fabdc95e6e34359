/**
 * Plans: hands trials to threads, tells how far it is, and writes the answer in each of its forms.
 */

import { availableParallelism } from 'node:os'
import type { Input, PlanReportAnswer } from '../reports/answer.ts'
import { planCsv } from '../reports/csv/plan.ts'
import { planReport } from '../reports/html/plan/report.ts'
import { planJson } from '../reports/json/plan.ts'
import { planMarkdown } from '../reports/markdown/plan.ts'
import { notModelledSentences } from '../reports/not-modelled.ts'
import { planSentence, planText } from '../reports/text/plan.ts'
import { crewOf } from '../scenarios/explore/crew.ts'
import { hasInlineHandlers, loadHandlers } from '../scenarios/handlers/modules.ts'
import { batched } from '../scenarios/plan/batch.ts'
import { plan, type PlanProgress } from '../scenarios/plan/plan.ts'
import type { Backtest, PlanAnswer, PlanInput } from '../scenarios/plan/plan-answer.ts'
import { planCraft } from '../scenarios/plan/plan-craft.ts'
import { drillLabels } from '../scenarios/plan/words.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { speak } from './answer.ts'
import { backtestInput } from './backtest-input.ts'
import type { PlanFlags } from './commands/plan.ts'
import { countOf, seedOf, timeOf, written } from './environment.ts'
import { ExitCode } from './exit-code.ts'
import { commandLine, refuseTests, reportOf, wantsJson } from './flags.ts'
import { Folder, readyFor, writeWhole } from './folder.ts'
import { inputsOf } from './inputs.ts'
import { planInput, type PlanInputs } from './plan-input.ts'
import { ProgressLine, roughly } from './progress.ts'
import type { Session } from './session.ts'

interface Asked {
  readonly scenario: string
  readonly seed: string | undefined
  readonly find: 'peak' | null
  readonly flags: PlanFlags
}

export async function planCommand(session: Session, asked: Asked): Promise<number> {
  const { terminal } = session
  const { flags } = asked
  refuseTests(flags)
  const report = reportOf(flags)
  const limits = limitsOf(session, flags)
  const backtest = flags.backtest === undefined ? null : backtestInput(flags.backtest)
  const given = await planInput(asked.scenario, asked.find, flags)
  const { configuration } = given
  if (wantsJson(flags)) for (const notice of configuration.notices) terminal.err(`${notice}\n`)
  const seed = seedOf(asked.seed, terminal.environment, given.seed ?? given.scenario.seed)
  const scenario = withSeeds(given.scenario, limits.seeds)
  for (const line of await loadHandlers(scenario)) terminal.err(`${line}\n`)
  const words = [
    asked.scenario,
    String(seed),
    ...(given.find === null ? [] : ['--find', 'peak']),
    ...(flags.seeds === undefined ? [] : ['--seeds', flags.seeds]),
    ...(flags.backtest === undefined ? [] : ['--backtest', flags.backtest]),
  ]
  session.again = commandLine(['plan', ...words], flags)
  const folder = new Folder(`${scenario.name}-plan`, seed, flags.out)
  folder.ready()
  if (report !== undefined) readyFor(report)
  const { answer, interrupted } = await planned(
    session,
    { ...given, scenario },
    { seed, limits, backtest },
  )
  const told: PlanReportAnswer = {
    head: session.head('plan', seed),
    plan: answer,
    again: session.again,
    report: `${folder.path}/report.html`,
  }
  writeReports(told, folder, report)
  folder.write('result.json', `${JSON.stringify(planJson(told), null, 2)}\n`)
  folder.link()
  const code = codeOf(answer, interrupted)
  speak(terminal, flags, {
    json: () => planJson(told),
    text: (page) => planText(told, page),
    sentence: () => planSentence(answer),
    again: code === ExitCode.asExpected ? null : session.again,
  })
  return code
}

/** The report with its tables and curves beside it; each file whole or not at all. */
function writeReports(told: PlanReportAnswer, folder: Folder, report: string | undefined): void {
  const { plan: answer, again } = told
  folder.write('report.html', planReport(answer, { command: again }))
  folder.write('report.md', planMarkdown(answer, again))
  for (const { name, text } of planCsv(answer)) folder.write(name, text)
  if (report === undefined) return
  writeWhole(report, planReport(answer, { command: commandLine(['plan', report]) }))
  writeWhole(report.replace(/\.html$/, '.md'), planMarkdown(answer, again))
}

interface Limits {
  readonly seeds: number | null
  readonly jobs: number
  readonly timeMs: number | null
  readonly quiet: boolean
}

function limitsOf({ terminal }: Session, { seeds, jobs, time, quiet }: PlanFlags): Limits {
  const { environment } = terminal
  const ofJobs = written('--jobs', jobs, environment, 'DMQSIM_JOBS')
  const ofTime = written('--time', time, environment, 'DMQSIM_TIME_LIMIT')
  return {
    seeds: seeds === undefined ? null : countOf({ place: '--seeds', text: seeds }),
    jobs: ofJobs === undefined ? availableParallelism() : countOf(ofJobs),
    timeMs: ofTime === undefined ? null : timeOf(ofTime),
    quiet: quiet === true,
  }
}

function withSeeds(scenario: Scenario, seeds: number | null): Scenario {
  if (seeds === null || scenario.plan === undefined) return scenario
  return { ...scenario, plan: { ...scenario.plan, seeds } }
}

interface Planning {
  readonly seed: number
  readonly limits: Limits
  readonly backtest: Backtest | null
}

interface Planned {
  readonly answer: PlanAnswer
  readonly interrupted: boolean
}

async function planned(
  { terminal }: Session,
  { scenario, find }: PlanInputs,
  { seed, limits, backtest }: Planning,
): Promise<Planned> {
  const line = new ProgressLine(terminal, limits.quiet)
  const startedMs = terminal.now()
  let interrupted = false
  const release = terminal.onInterrupt(() => {
    interrupted = true
  })
  const jobs = hasInlineHandlers(scenario) ? 1 : limits.jobs
  const crew = crewOf(planCraft, { scenario, seed }, jobs)
  let done = 0
  let last: PlanProgress | null = null
  const show = (): void => line.show(() => progressText(last, done, terminal.now() - startedMs))
  const stopped = (): boolean =>
    interrupted || (limits.timeMs !== null && terminal.now() - startedMs >= limits.timeMs)
  const simulate = batched({
    run: async (trial) => {
      const sample = await crew.run(trial)
      done += 1
      show()
      return sample
    },
    jobs: crew.jobs,
    drills: drillLabels(scenario.plan?.drills ?? []),
    seed,
    stopped,
  })
  try {
    const answer = await plan({
      scenario,
      seed,
      find,
      simulate,
      inputsOf: (one) => inputsOf(one).map(planInputOf),
      notModelled: notModelledSentences(scenario),
      backtest,
      progress: (progress) => {
        last = progress
        show()
      },
      stopped,
    })
    return { answer, interrupted }
  } finally {
    release()
    line.end()
    await crew.close()
  }
}

function planInputOf({ name, value, source, from }: Input): PlanInput {
  return { name, value, source: source === 'imported' ? 'profile' : source, from: from ?? null }
}

const phases: Readonly<Record<PlanProgress['phase'], string>> = {
  search: 'searching',
  walls: 'what gives way first',
  'what-if': 'what if',
  sensitivity: 'what moves the answer',
}

export function progressText(last: PlanProgress | null, done: number, elapsedMs: number): string {
  if (last === null) return `${done} runs`
  const { phase, candidates, decided, left, runs } = last
  const each = elapsedMs / Math.max(1, done)
  const remaining = Math.max(0, left - (done - runs)) * each
  return (
    `${phases[phase]}: ${decided} of ${candidates} candidates decided, ${done} runs, ` +
    `about ${roughly(remaining)} left`
  )
}

function codeOf({ feasible, search }: PlanAnswer, interrupted: boolean): number {
  if (interrupted) return ExitCode.interrupted
  if (!feasible && search.timeUp) return ExitCode.timeLimit
  return feasible ? ExitCode.asExpected : ExitCode.thresholdMissed
}
