import { expect, test } from 'vitest'
import { extentOf } from '../../cli/commands/explore.ts'
import { isOn, seedOf } from '../../cli/environment.ts'

const flags = { set: [], topicConfig: [], without: [], protocol: [], shrink: true }

test('the argument goes before the environment, and that before the scenario', () => {
  const environment = { DMQSIM_SEED: '8' }

  expect(seedOf('7', environment, 9)).toBe(7)
  expect(seedOf(undefined, environment, 9)).toBe(8)
  expect(seedOf(undefined, {}, 9)).toBe(9)
  expect(seedOf(undefined, {}, undefined)).toBe(1)
})

test('seeds go from 0 to 2^53 − 1', () => {
  expect(seedOf('0', {}, undefined)).toBe(0)
  expect(seedOf('9007199254740991', {}, undefined)).toBe(Number.MAX_SAFE_INTEGER)
})

test('an exploration is of 200 runs and rechecks one in 20', () => {
  const extent = extentOf(flags, {})

  expect(extent).toEqual({
    runs: 200,
    timeMs: null,
    jobs: undefined,
    bail: null,
    recheckEvery: 20,
    budget: null,
    shard: null,
  })
})

test('--time alone goes on until it is over', () => {
  const extent = extentOf({ ...flags, time: '5m' }, {})

  expect(extent).toMatchObject({ runs: null, timeMs: 300_000 })
})

test('a time limit of the environment bounds the runs that were asked for', () => {
  const extent = extentOf(flags, { DMQSIM_TIME_LIMIT: '10s', DMQSIM_RUNS: '30', DMQSIM_JOBS: '2' })

  expect(extent).toMatchObject({ runs: 30, timeMs: 10_000, jobs: 2 })
})

test('checking determinism does every run twice', () => {
  expect(extentOf({ ...flags, checkDeterminism: true }, {}).recheckEvery).toBe(1)
  expect(extentOf(flags, { DMQSIM_CHECK_DETERMINISM: '1' }).recheckEvery).toBe(1)
})

test('a variable is on by a word that says so', () => {
  expect(['1', 'true', 'YES', 'on', '0', 'false', ''].map((X) => isOn({ X }, 'X'))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
