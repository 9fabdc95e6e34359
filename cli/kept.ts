/**
 * What a command is given to run again: a failure file, a token, a report or a JSON answer.
 */

import { existsSync, readFileSync } from 'node:fs'
import type { KeptTrace } from '../scenarios/explain/trace-words.ts'
import type { Kept } from '../scenarios/replay.ts'

/** Throws `InputError` where there is nothing to replay. */
export async function keptIn(what: string): Promise<Kept> {
  const { keptOf } = await import('../scenarios/replay.ts')
  const { isToken } = await import('../scenarios/explore/failure.ts')
  if (isToken(what)) return keptOf(what, 'token')
  const { readTextFile } = await import('../scenarios/schema/files.ts')
  const { InputError } = await import('../scenarios/schema/input-error.ts')
  if (!existsSync(what)) {
    throw new InputError([`${what}: there is no such file, and a token begins with "dmq2."`])
  }
  const kept = keptOf(readTextFile(what, what), what)
  return kept.failure === null ? kept : { ...kept, trace: await traceBeside(what) }
}

/** The case with other values; its hashes are then those of another run and are forgotten. */
export async function keptWith(what: string, sets: readonly string[]): Promise<Kept> {
  const kept = await keptIn(what)
  if (sets.length === 0) return kept
  const { withSets } = await import('../scenarios/explain/mend.ts')
  const forgotten = { traceHash: null, historyHash: null, trace: null }
  return { ...kept, ...forgotten, case: withSets(kept.case, sets) }
}

/** The trace beside a failure; null where there is none. */
async function traceBeside(file: string): Promise<KeptTrace | null> {
  const beside = file.replace(/(\.json)?$/, '.trace')
  if (!existsSync(beside)) return null
  const { InputError } = await import('../scenarios/schema/input-error.ts')
  const { traceFrom } = await import('../scenarios/explain/trace-words.ts')
  try {
    return traceFrom(readFileSync(beside), beside)
  } catch (error) {
    throw new InputError([error instanceof Error ? error.message : String(error)])
  }
}
