import { expect, test } from 'vitest'
import { overridesOf } from '../../scenarios/overrides.ts'

test('what the environment does not say is left to the test', () => {
  expect(overridesOf({ DMQSIM_SEED: '' })).toEqual({
    seed: null,
    runs: null,
    jobs: null,
    timeMs: null,
    checkDeterminism: false,
  })
})

test('each variable is read', () => {
  const said = overridesOf({
    DMQSIM_SEED: '7',
    DMQSIM_RUNS: '30',
    DMQSIM_JOBS: '2',
    DMQSIM_TIME_LIMIT: '5m',
    DMQSIM_CHECK_DETERMINISM: 'on',
  })

  expect(said).toEqual({ seed: 7, runs: 30, jobs: 2, timeMs: 300_000, checkDeterminism: true })
})

test('the seed may be the commit', () => {
  expect(overridesOf({ DMQSIM_SEED: 'commit' }).seed).toBeGreaterThan(0)
})

test.each([
  ['DMQSIM_SEED', '-1', /^DMQSIM_SEED -1: needs a whole number of at least 0$/],
  ['DMQSIM_RUNS', '0', /^DMQSIM_RUNS 0: needs a whole number of at least 1$/],
  ['DMQSIM_TIME_LIMIT', '5', /^DMQSIM_TIME_LIMIT 5: .* needs a unit/],
])('%s=%s is refused with one line', (variable, text, why) => {
  expect(() => overridesOf({ [variable]: text })).toThrow(why)
})
