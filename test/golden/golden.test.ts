/**
 * Golden hashes: a few runs that this version of dmqsim gives on every machine.
 *
 * A change of behaviour changes them. If that is meant, rewrite them on purpose and say in the
 * commit what changed: `npm run build && node scripts/update-golden.mjs`. If it is not meant, a
 * hash that differs here names a change of the model or a nondeterminism.
 */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exploredCase, plainCase } from '../../scenarios/explore/cases.ts'
import { run } from '../../scenarios/run.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'

interface Golden {
  readonly scenario: string
  readonly seed: number
  /** Run of the exploration on that seed; null: the scenario's own timeline. */
  readonly index: number | null
  readonly traceHash: string
  readonly historyHash: string
}

const golden = JSON.parse(
  readFileSync(new URL('./hashes.json', import.meta.url), 'utf8'),
) as readonly Golden[]

test.each(golden)('$scenario on seed $seed, run $index, is as it was', async (one) => {
  const { scenario } = await loadScenario(one.scenario)
  const { seed, index } = one

  const { traceHash, historyHash } = run(
    index === null ? plainCase(scenario, seed) : exploredCase(scenario, seed, index),
  )

  expect({ ...one, traceHash, historyHash }).toEqual(one)
})

test('the golden runs are of five scenarios or so', () => {
  expect(new Set(golden.map(({ scenario }) => scenario)).size).toBeGreaterThanOrEqual(4)
})
