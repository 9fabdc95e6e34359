/**
 * Every failure that was kept breaks again: the same check, at the same level, by the same
 * mechanism.
 *
 * Another hash than the one that was kept is drift, told and allowed: the engine is developed
 * between versions too, so a hash alone never fails. Two replays that differ do.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { failureOf } from '../../scenarios/explore/failure.ts'
import { signatureKey } from '../../scenarios/explore/signature.ts'
import { judge } from '../../scenarios/judge.ts'
import { run } from '../../scenarios/run.ts'

const folder = fileURLToPath(new URL('../../corpus/', import.meta.url))
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort((a, b) => (a < b ? -1 : 1))

test('the corpus holds a few failures', () => {
  expect(names.length).toBeGreaterThanOrEqual(5)
})

test.each(names)('%s breaks as it did', (name) => {
  const failure = failureOf(readFileSync(`${folder}${name}`, 'utf8'), name)

  const { result, verdicts } = judge(run(failure.case), { series: false })
  const again = run(failure.case)

  if (result.traceHash !== failure.traceHash) {
    const seen = result.historyHash === failure.historyHash ? 'the same' : 'something else'
    process.stderr.write(
      `drift: corpus/${name}: trace ${failure.traceHash} of ${failure.engine} is now ` +
        `${result.traceHash}; clients saw ${seen}\n`,
    )
  }
  expect(again.traceHash).toBe(result.traceHash)
  const broken = verdicts.filter(({ verdict }) => verdict === 'broken').map(signatureKey)
  expect(broken).toContain(signatureKey(failure))
})

test.each(names)('%s is small', (name) => {
  const failure = failureOf(readFileSync(`${folder}${name}`, 'utf8'), name)

  expect(failure.case.timeline.length).toBeLessThanOrEqual(10)
})
