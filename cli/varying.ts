/**
 * `dmqsim compare <scenario> --vary key=a,b,c`: the same runs with each value, side by side.
 *
 * Runs are done index by index for all values, so that what an interrupt leaves is whole rows.
 */

import { availableParallelism } from 'node:os'
import type { VaryAnswer } from '../reports/answer.ts'
import { varyJson } from '../reports/json/vary.ts'
import { varySentence, varyText } from '../reports/text/vary.ts'
import { errorsOf } from '../reports/vary.ts'
import { type Crew, crewOf } from '../scenarios/explore/crew.ts'
import { varyCraft, type VaryErrand, type VarySample } from '../scenarios/explore/vary.ts'
import { hasInlineHandlers } from '../scenarios/handlers/modules.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'
import { speak } from './answer.ts'
import type { CompareFlags } from './commands/compare.ts'
import { countOf, seedOf, written } from './environment.ts'
import { ExitCode } from './exit-code.ts'
import { commandLine } from './flags.ts'
import { ProgressLine } from './progress.ts'
import { scenarioInput } from './scenario-input.ts'
import type { Session } from './session.ts'
import { UsageError } from './usage.ts'

const RUNS_DEFAULT = 50
/** Runs of one value between two looks at the clock. */
const CHUNK = 5

interface Varied {
  readonly key: string
  readonly values: readonly string[]
}

export interface VaryAsked {
  readonly scenario: string
  readonly seed: string | undefined
  /** Over values; null: with another scenario. */
  readonly vary: string | null
  readonly other: string | null
  readonly flags: CompareFlags
}

export async function varyCommand(session: Session, asked: VaryAsked): Promise<number> {
  const { terminal } = session
  const { flags } = asked
  const varied = asked.vary === null ? null : variedIn(asked.vary)
  const runs = written('--runs', flags.runs, terminal.environment, 'DMQSIM_RUNS')
  const jobs = written('--jobs', flags.jobs, terminal.environment, 'DMQSIM_JOBS')
  const count = runs === undefined ? RUNS_DEFAULT : countOf(runs)
  const scenarios = varied === null ? await bothScenarios(asked) : await scenariosOf(asked, varied)
  const [first] = scenarios as [Scenario, ...Scenario[]]
  const seed = seedOf(asked.seed, terminal.environment, first.seed)
  const over = asked.vary === null ? [asked.other ?? ''] : [String(seed), '--vary', asked.vary]
  const words = [asked.scenario, ...over, '--runs', String(count)]
  session.again = commandLine(['compare', ...words], { set: flags.set })
  const samples = await sampled(session, {
    scenarios,
    seed,
    runs: count,
    jobs: jobs === undefined ? availableParallelism() : countOf(jobs),
    quiet: flags.quiet === true,
  })
  const answer: VaryAnswer = {
    head: session.head('compare', seed),
    scenario: varied === null ? scenarios.map(({ name }) => name).join(' and ') : first.name,
    key: varied?.key ?? 'scenario',
    rows: (varied?.values ?? [asked.scenario, asked.other ?? '']).map((value, at) => ({
      value,
      samples: samples.rows[at] ?? [],
    })),
    again: session.again,
  }
  speak(terminal, flags, {
    json: () => varyJson(answer),
    text: (page) => varyText(answer, page),
    sentence: () => varySentence(answer),
    again: null,
  })
  if (samples.interrupted) return ExitCode.interrupted
  const failed = answer.rows.some((row) => errorsOf(row) > 0)
  return failed ? ExitCode.internalError : ExitCode.asExpected
}

function variedIn(text: string): Varied {
  const equals = text.indexOf('=')
  const values = text.slice(equals + 1).split(',')
  if (equals < 1 || values.length < 2 || values.includes('')) {
    throw new UsageError(
      `--vary ${text}: write a path and its values: topics.orders.partitions=3,6`,
    )
  }
  const twice = values.find((value, at) => values.indexOf(value) !== at)
  if (twice !== undefined) throw new UsageError(`--vary ${text}: ${twice} stands there twice`)
  return { key: text.slice(0, equals), values }
}

/** Both with what `--set` lays over them. */
async function bothScenarios({ scenario, other, flags }: VaryAsked): Promise<readonly Scenario[]> {
  const caseFlags = { set: flags.set, topicConfig: [], without: [], protocol: [] }
  const found: Scenario[] = []
  for (const name of [scenario, other ?? '']) {
    found.push((await scenarioInput(name, caseFlags)).scenario)
  }
  return found
}

async function scenariosOf(
  { scenario, flags }: VaryAsked,
  { key, values }: Varied,
): Promise<readonly Scenario[]> {
  const found: Scenario[] = []
  for (const value of values) {
    const set = [...flags.set, `${key}=${value}`]
    const caseFlags = { set, topicConfig: [], without: [], protocol: [] }
    try {
      found.push((await scenarioInput(scenario, caseFlags)).scenario)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const asked = `--set ${key}=${value}`
      throw new InputError(error.lines.map((line) => line.replace(asked, `--vary ${key}=${value}`)))
    }
  }
  return found
}

interface Work {
  readonly scenarios: readonly Scenario[]
  readonly seed: number
  readonly runs: number
  readonly jobs: number
  readonly quiet: boolean
}

interface Sampled {
  /** By value. */
  readonly rows: readonly (readonly VarySample[])[]
  readonly interrupted: boolean
}

async function sampled({ terminal }: Session, work: Work): Promise<Sampled> {
  const { scenarios, seed, runs } = work
  const progress = new ProgressLine(terminal, work.quiet)
  let interrupted = false
  const release = terminal.onInterrupt(() => {
    interrupted = true
  })
  const crew = crewFor(work)
  const rows: VarySample[][] = scenarios.map(() => [])
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < runs && !interrupted) {
      const first = next
      next = Math.min(runs, next + CHUNK)
      const indexes = Array.from({ length: next - first }, (_none, at) => first + at)
      const done = scenarios.map((scenario) => crew.run({ scenario, seed, indexes }))
      for (const [at, samples] of (await Promise.all(done)).entries()) rows[at]?.push(...samples)
      progress.show(() => `${rows[0]?.length ?? 0} of ${runs} runs of ${scenarios.length} values`)
    }
  }
  try {
    await Promise.all(Array.from({ length: crew.jobs }, lane))
  } finally {
    release()
    progress.end()
    await crew.close()
  }
  for (const samples of rows) samples.sort((a, b) => a.index - b.index)
  return { rows, interrupted }
}

/** This thread, or a pool where that is worth its warming up. */
function crewFor({ jobs, runs, scenarios }: Work): Crew<VaryErrand, readonly VarySample[]> {
  const few = runs * scenarios.length < 50
  return crewOf(varyCraft, null, few || scenarios.some(hasInlineHandlers) ? 1 : jobs)
}
