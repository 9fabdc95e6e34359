/**
 * `--check-determinism` of a run: the same case once more, in another thread and after others.
 *
 * The others are short runs of one small scenario: what they leave behind in a thread (warm code,
 * module state, identities) is what must not matter, and large ones would leave no more of it. They
 * do not touch a handler of the user's, so a case that has one is run once more again: what the
 * handler keeps outside of its application shows only then.
 */

import type { Determinism } from '../reports/answer.ts'
import type { Case } from '../scenarios/case.ts'
import { exploredCase } from '../scenarios/explore/cases.ts'
import { type Chunk, chunkCraft, type Done } from '../scenarios/explore/chunk.ts'
import { Pool } from '../scenarios/explore/pool.ts'
import { loadScenario } from '../scenarios/schema/load.ts'

/** Runs in between. */
const OTHERS = 50
const OTHER_SCENARIO = 'leader-crash-acks-all'
/** Virtual time of each of them. */
const OTHER_SECONDS = 10

export async function checkDeterminism(one: Case, hash: string): Promise<Determinism> {
  const sets = [`duration=${OTHER_SECONDS}s`]
  const { scenario } = await loadScenario(OTHER_SCENARIO, { sets })
  const others = Array.from({ length: OTHERS }, (_, at) => exploredCase(scenario, one.seed, at))
  const pool = new Pool<Chunk, Done>(chunkCraft.script, 1, null)
  try {
    await pool.run({ kind: 'cases', cases: others })
    const ownHandler = one.scenario.consumers.some(({ handler }) => handler !== undefined)
    const cases = ownHandler ? [one, one] : [one]
    const { summaries } = await pool.run({ kind: 'cases', cases })
    const there = [`another thread, after ${OTHERS} other runs`, 'there, once more']
    const hashes = [
      { where: 'here', hash },
      ...summaries.map(({ traceHash }, at) => ({ where: there[at] ?? '', hash: traceHash })),
    ]
    return { others: OTHERS, hashes, same: hashes.every((other) => other.hash === hash) }
  } finally {
    await pool.close()
  }
}
