import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ExploreJson, exploreSchema } from '../../reports/json/explore.ts'
import type { Failure } from '../../scenarios/explore/failure.ts'
import { said, scenarioFile, temporaryFolder } from './recording-terminal.ts'

async function explored(
  file: string,
  argv: readonly string[],
  terminal: Parameters<typeof said>[1] = {},
): Promise<{ readonly code: number; readonly json: ExploreJson }> {
  const out = join(temporaryFolder(), 'out')
  const answer = await said(['explore', file, ...argv, '--json', '--out', out], terminal)
  if (answer.out === '') throw new Error(answer.err)
  return { code: answer.code, json: JSON.parse(answer.out) as ExploreJson }
}

test('an exploration counts every run and rechecks a share of them', async () => {
  const file = scenarioFile(temporaryFolder())

  const { code, json } = await explored(file, ['7', '--runs', '6', '--hashes'])

  expect(code).toBe(0)
  expect(exploreSchema.safeParse(json).error).toBeUndefined()
  expect(json).toMatchObject({ command: 'explore', seed: 7, runs: 6 })
  expect(json.determinism).toEqual({ checked: 1, different: [] })
  expect(new Set(json.hashes).size).toBe(6)
  const bound = json.verdicts.find((one) => one.check === 'no-loss')?.upperBound
  expect(bound).toBe(0.5)
})

test('an expected break that is not found is exit code 1', async () => {
  const file = scenarioFile(temporaryFolder())

  const { code, json } = await explored(file, ['--runs', '1', '--set', 'expect.no-loss=breaks'])

  expect(code).toBe(1)
  expect(json.sentence).toMatch(/^no-loss was expected to break and did not/)
})

test('a required probe that was never reached is exit code 4', async () => {
  const more = 'requiredProbes: [consumer.rebalanced]\n'
  const file = scenarioFile(temporaryFolder(), more)

  const { code, json } = await explored(file, ['--runs', '1'])

  expect(code).toBe(4)
  expect(json.probesMissing).toEqual(['consumer.rebalanced'])
})

test('an interrupt ends it with what was found so far, and exit code 130', async () => {
  const file = scenarioFile(temporaryFolder())
  const onInterrupt = (stop: () => void): (() => void) => {
    stop()
    return () => {}
  }

  const { code, json } = await explored(file, ['--runs', '40'], { onInterrupt })

  expect(code).toBe(130)
  expect(json.runs).toBeLessThan(40)
})

test('a time limit before the runs are done is exit code 124', async () => {
  const file = scenarioFile(temporaryFolder())

  const { code, json } = await explored(file, ['--runs', '40', '--time', '1ms'])

  expect(code).toBe(124)
  expect(json.runs).toBeLessThan(40)
})

test('--bail stops at the run that was asked for and says so, without failing', async () => {
  const sets = ['--set', 'cluster.config.min.insync.replicas=1', '--set', 'expect.no-loss=breaks']
  const acksOne = ['--set', 'producers.order-service.config.acks=1']
  const argv = ['3', '--runs', '40', '--bail', '2', '--no-shrink', ...sets, ...acksOne]

  const { code, json } = await explored(scenarioFile(temporaryFolder()), argv)

  const broken = json.verdicts.find(({ check }) => check === 'no-loss')?.broken
  expect(code).toBe(0)
  expect(json.stopped).toBe('bail')
  expect(broken).toBe(2)
  expect(json.runs).toBeLessThan(40)
})

test('what broke is shrunk, kept as a file, and replays', async () => {
  const out = join(temporaryFolder(), 'out')
  const argv = ['leader-crash-acks-one', '1', '--runs', '30', '--bail', '1', '--out', out]
  // Shorter and slower than it comes, because shrinking runs it many times.
  const sets = ['--set', 'duration=15s', '--set', 'producers.order-service.load.rate=40/s']

  const found = await said(['explore', ...argv, ...sets])
  const file = join(out, 'failures', 'no-loss-1.json')
  const failure = JSON.parse(readFileSync(file, 'utf8')) as Failure
  const again = await said(['replay', file, '--out', join(out, 'again')])

  expect(found.out).toContain(`npx dmqsim replay ${file}`)
  expect(failure.faults).toBeLessThanOrEqual(3)
  expect(failure.shrinkRuns).toBeGreaterThan(0)
  expect(again.code).toBe(0)
  expect(again.out).toContain('✓ the same run')
  expect(again.out).toContain('no-loss stored')
})
