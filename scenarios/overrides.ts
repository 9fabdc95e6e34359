/**
 * What the environment says instead of the code of a test: `DMQSIM_SEED`, `_RUNS`, `_JOBS`,
 * `_TIME_LIMIT`, `_CHECK_DETERMINISM`. In tests they go before what is written, so that a failure
 * is run again, or a nightly job runs more, without an edit.
 */

import { commitSeed } from './commit.ts'
import { InputError } from './schema/input-error.ts'
import { parseDuration, UnitError } from './schema/units.ts'

export interface Overrides {
  readonly seed: number | null
  readonly runs: number | null
  readonly jobs: number | null
  /** Real time, in ms. */
  readonly timeMs: number | null
  /** Every run twice. */
  readonly checkDeterminism: boolean
}

export function overridesOf(environment: Readonly<Record<string, string | undefined>>): Overrides {
  const whole = (variable: string, least: number): number | null => {
    const text = environment[variable] ?? ''
    if (text === '') return null
    if (variable === 'DMQSIM_SEED' && text === 'commit') return commitSeed(variable)
    const value = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
    throw new InputError([`${variable} ${text}: needs a whole number of at least ${least}`])
  }
  return {
    seed: whole('DMQSIM_SEED', 0),
    runs: whole('DMQSIM_RUNS', 1),
    jobs: whole('DMQSIM_JOBS', 1),
    timeMs: timeOf(environment['DMQSIM_TIME_LIMIT'] ?? ''),
    checkDeterminism: /^(1|true|yes|on)$/i.test(environment['DMQSIM_CHECK_DETERMINISM'] ?? ''),
  }
}

function timeOf(text: string): number | null {
  if (text === '') return null
  try {
    return parseDuration(text) / 1_000
  } catch (error) {
    if (!(error instanceof UnitError)) throw error
    throw new InputError([`DMQSIM_TIME_LIMIT ${text}: ${error.message}`])
  }
}
