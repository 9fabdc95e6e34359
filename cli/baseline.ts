/**
 * Reads `--baseline`: the JSON answer of an earlier `explore` or `merge` of the same scenario.
 *
 * Only what is compared is looked at, so that an answer of another version will do.
 */

import { z } from 'zod'
import type { Baseline, Standing } from '../reports/baseline.ts'
import { InputError } from '../scenarios/schema/input-error.ts'
import { readTextFile } from '../scenarios/schema/files.ts'
import type { Scenario } from '../scenarios/schema/scenario.ts'

const standing = z.object({
  check: z.string(),
  scope: z.string(),
  signature: z.string(),
  key: z.string(),
  runs: z.int(),
})

const answer = z.object({
  version: z.string(),
  command: z.string(),
  seed: z.int().nullable(),
  scenario: z.string(),
  runs: z.int(),
  unexpected: z.array(standing),
})

/** Throws `InputError`, one line, where it is damaged or the answer to something else. */
export function readBaseline(file: string, { name }: Scenario): Baseline {
  const value = parsed(file)
  const command = commandOf(value)
  if (command !== 'explore' && command !== 'merge') {
    const is = command === null ? 'no answer of dmqsim' : `an answer of dmqsim ${command}`
    throw refusal(file, `is ${is}; a baseline is what explore --json or merge --json printed`)
  }
  const read = answer.safeParse(value)
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') ?? ''
    throw refusal(file, `is damaged at "${where}": make it anew with explore --json`)
  }
  const { version, seed, runs, unexpected, scenario } = read.data
  if (scenario !== name) throw refusal(file, `is of scenario ${scenario}, and this is ${name}`)
  return { file, version, seed, runs, failures: unexpected satisfies readonly Standing[] }
}

function parsed(file: string): unknown {
  const text = readTextFile(file, file)
  try {
    return JSON.parse(text)
  } catch {
    throw refusal(file, 'is not JSON: make it anew with explore --json')
  }
}

function commandOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('command' in value)) return null
  return typeof value.command === 'string' ? value.command : null
}

function refusal(file: string, why: string): InputError {
  return new InputError([`--baseline ${file}: ${why}`])
}
