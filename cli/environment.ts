/**
 * Numbers and times that a user gives: seeds, counts, durations, from the command line or from
 * the environment (`DMQSIM_SEED`, `_RUNS`, `_JOBS`, `_TIME_LIMIT`, `_CHECK_DETERMINISM`).
 *
 * The command line goes before the environment, the environment before the scenario.
 */

import { parseDuration, UnitError } from '../scenarios/schema/units.ts'
import { commitSeed } from '../scenarios/commit.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'

type Environment = Terminal['environment']

const SEED_DEFAULT = 1

/** A value that someone wrote, and how it is called in a message. */
export interface Written {
  readonly place: string
  readonly text: string
}

/** The argument if there is one, else the variable; undefined where neither is there. */
export function written(
  place: string,
  text: string | undefined,
  environment: Environment,
  variable: string,
): Written | undefined {
  if (text !== undefined) return { place, text }
  const found = environment[variable]
  return found === undefined || found === '' ? undefined : { place: variable, text: found }
}

/** 0 … 2^53 − 1; the word `commit` stands for the number of the checked-out commit. */
export function seedOf(
  argument: string | undefined,
  environment: Environment,
  ofScenario: number | undefined,
): number {
  const found = written('seed', argument, environment, 'DMQSIM_SEED')
  if (found === undefined) return ofScenario ?? SEED_DEFAULT
  if (found.text === 'commit') return commitSeed(found.place)
  const seed = Number(found.text)
  if (/^\d+$/.test(found.text) && Number.isSafeInteger(seed)) return seed
  throw new UsageError(
    `${found.place} ${found.text}: a seed is a whole number from 0 to ` +
      `${Number.MAX_SAFE_INTEGER}, or the word commit`,
  )
}

/** The seed as an argument or as `--seed`: one of the two. */
export function seedWord(
  argument: string | undefined,
  { seed }: { readonly seed?: string },
): string | undefined {
  if (argument === undefined || seed === undefined) return argument ?? seed
  throw new UsageError(`--seed ${seed}: the seed ${argument} is given already`)
}

/** A whole number of at least `least`. */
export function countOf({ place, text }: Written, least = 1): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count >= least) return count
  throw new UsageError(`${place} ${text}: needs a whole number of at least ${least}`)
}

/** Milliseconds of real time. */
export function timeOf({ place, text }: Written): number {
  try {
    return parseDuration(text) / 1_000
  } catch (error) {
    if (!(error instanceof UnitError)) throw error
    throw new UsageError(`${place} ${text}: ${error.message}`)
  }
}

/** `1`, `true`, `yes` or `on`. */
export function isOn(environment: Environment, variable: string): boolean {
  return ['1', 'true', 'yes', 'on'].includes((environment[variable] ?? '').toLowerCase())
}
