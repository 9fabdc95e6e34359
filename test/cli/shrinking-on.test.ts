import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exploredCase } from '../../scenarios/explore/cases.ts'
import { type Failure, failureFrom } from '../../scenarios/explore/failure.ts'
import { judge } from '../../scenarios/judge.ts'
import { run } from '../../scenarios/run.ts'
import { loadScenario } from '../../scenarios/schema/load.ts'
import { said, temporaryFolder } from './recording-terminal.ts'

const { scenario } = await loadScenario('d02-unclean-election')

/** The first run that loses, as it was found. */
function kept(): Failure {
  for (let index = 0; index < 40; index += 1) {
    const judged = judge(run(exploredCase(scenario, 1, index)), { series: false })
    const found = judged.verdicts.find(
      ({ check, verdict }) => check === 'no-loss' && verdict === 'broken',
    )
    if (found === undefined) continue
    const shrunkFrom = { faults: judged.result.case.timeline.length, records: 1, brokers: 3 }
    const stopped = { shrinkRuns: 1, shrinkStopped: 'events' } as const
    return failureFrom(judged, found, { index, shrunkFrom, ...stopped })
  }
  throw new Error('none of forty runs lost anything')
}

test('replay --shrink goes on shrinking and keeps the shorter story in its place', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'no-loss-1.json')
  const before = kept()
  writeFileSync(file, JSON.stringify(before))

  const { err } = await said(['replay', file, '--shrink', '--out', folder])
  const after = JSON.parse(readFileSync(file, 'utf8')) as Failure

  expect(err).toContain(`shrunk from ${before.faults} to ${after.faults} timeline entries`)
  expect(after.shrinkRuns).toBeGreaterThan(1)
  expect(after.faults).toBeLessThanOrEqual(before.faults)
  expect(after.case.scenario.durationUs).toBeLessThanOrEqual(before.case.scenario.durationUs)
  expect([after.check, after.scope, after.signature]).toEqual([
    before.check,
    before.scope,
    before.signature,
  ])
  expect(after.shrinkStopped).toBeUndefined()
})

test.each([
  ['--at', '3s'],
  ['--set', 'duration=5s'],
])('--shrink stands alone, without %s', async (...flags) => {
  const { code, err } = await said(['replay', 'any.json', '--shrink', ...flags])

  expect(code).toBe(2)
  expect(err).toContain('stands alone')
})
