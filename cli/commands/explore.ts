/**
 * `dmqsim explore <scenario|file> [seed]`: many runs, each tormented in its own way, counted.
 *
 * The work is done in `../exploring.ts`; here are its flags and what they mean.
 */

import type { Command } from 'commander'
import { countOf, isOn, seedOf, seedWord, timeOf, written } from '../environment.ts'
import { type Shard, shardOf } from '../../scenarios/explore/shard.ts'
import type { Budget } from '../../scenarios/schema/scenario.ts'
import { budgets } from '../../scenarios/schema/swarm-words.ts'
import { type AnswerFlags, type CaseFlags, withAnswerFlags, withCaseFlags } from '../flags.ts'
import type { Session } from '../session.ts'
import { oneOf, UsageError } from '../usage.ts'

export interface ExploreFlags extends CaseFlags, AnswerFlags {
  readonly seed?: string
  readonly baseline?: string
  readonly runs?: string
  readonly time?: string
  readonly jobs?: string
  readonly bail?: string
  readonly shard?: string
  readonly budget?: string
  readonly resume?: boolean
  readonly hashes?: boolean
  /** False with `--no-shrink`. */
  readonly shrink: boolean
  readonly checkDeterminism?: boolean
}

/** How far an exploration goes. */
export interface Extent {
  /** Null: until the time is over. */
  readonly runs: number | null
  /** Real time, null: as long as it takes. */
  readonly timeMs: number | null
  readonly jobs: number | undefined
  readonly bail: number | null
  readonly shard: Shard | null
  /** Null: as the scenario says. */
  readonly budget: Budget | null
  /** One run in so many is done twice. */
  readonly recheckEvery: number
}

const RUNS_DEFAULT = 200
const RECHECK_EVERY = 20

export function declareExplore(program: Command, session: Session): void {
  const command = program
    .command('explore')
    .description('many runs of a scenario, each with its own torment')
    .argument('[scenario]', 'a name from dmqsim list, or a file')
    .argument('[seed]', 'a whole number, or commit; the scenario’s or 1 without')
    .option('--seed <n>', 'the seed, as a flag')
    .option('--runs <n>', `how many (${RUNS_DEFAULT})`)
    .option('--time <duration>', 'no longer than that, as 5m; shrinking, a minute more')
    .option('--jobs <n>', 'threads (all cores)')
    .option('--bail <n>', 'stop at the n-th run that broke a promise or what was to break')
    .option('--budget <campaign>', 'how far faults go: within, edge or beyond')
    .option('--hashes', 'put the trace hash of every run into the JSON answer')
    .option('--no-shrink', 'keep failures as they were found')
    .option('--shard <i/n>', 'part i of n of the runs; dmqsim merge puts the parts together')
    .option('--baseline <result.json>', 'only what this earlier answer does not know fails')
    .option('--resume', 'go on where it ended, also if it came to its end')
  withAnswerFlags(withCaseFlags(command))
    .option('--check-determinism', 'do every run twice, not one in 20')
    .action(async (scenario: string | undefined, seed: string | undefined, flags: ExploreFlags) => {
      if (scenario === undefined) {
        command.outputHelp({ error: true })
        throw new UsageError('explore: which scenario? dmqsim list shows them')
      }
      const { environment } = session.terminal
      const extent = extentOf(flags, environment)
      seedOf(seedWord(seed, flags), environment, undefined)
      const { exploreCommand } = await import('../exploring.ts')
      session.exitCode = await exploreCommand(session, {
        scenario,
        seed: seedWord(seed, flags),
        flags,
        extent,
      })
    })
}

export function extentOf(
  flags: ExploreFlags,
  environment: Session['terminal']['environment'],
): Extent {
  const runs = written('--runs', flags.runs, environment, 'DMQSIM_RUNS')
  const time = written('--time', flags.time, environment, 'DMQSIM_TIME_LIMIT')
  const jobs = written('--jobs', flags.jobs, environment, 'DMQSIM_JOBS')
  const everyRun = flags.checkDeterminism === true || isOn(environment, 'DMQSIM_CHECK_DETERMINISM')
  const runsAsked = runs === undefined ? null : countOf(runs)
  // The variable limits what was asked for anyway; the flag alone says how long to go on.
  const forTime = flags.time !== undefined && runsAsked === null
  return {
    runs: forTime ? null : (runsAsked ?? RUNS_DEFAULT),
    timeMs: time === undefined ? null : timeOf(time),
    jobs: jobs === undefined ? undefined : countOf(jobs),
    bail: flags.bail === undefined ? null : countOf({ place: '--bail', text: flags.bail }),
    shard: flags.shard === undefined ? null : readShard(flags.shard),
    budget: flags.budget === undefined ? null : readBudget(flags.budget),
    recheckEvery: everyRun ? 1 : RECHECK_EVERY,
  }
}

function readShard(text: string): Shard {
  const shard = shardOf(text)
  if (shard !== null) return shard
  throw new UsageError(`--shard ${text}: needs a part and a number of parts up to 16, as 1/4`)
}

function readBudget(text: string): Budget {
  return oneOf({ flag: '--budget', now: budgets }, text) as Budget
}
