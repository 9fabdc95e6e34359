import { expect, test } from 'vitest'
import { scoreCode } from '../../cli/commands/score.ts'
import type { GuardScore, ScoreAnswer } from '../../reports/answer.ts'
import { type ScoreJson, scoreSchema } from '../../reports/json/score.ts'
import { plantedScore } from '../reports/planted-exploration.ts'
import { said } from './recording-terminal.ts'

const short = ['--scenario', 'r01-high-watermark-truncation', '--runs', '8', '--jobs', '1']

test('the answer as JSON has its shape and names the guards and levels asked for', async () => {
  const { code, out } = await said(['score', '3', '--guard', 'hw.m', ...short, '--json'])
  const answer = JSON.parse(out) as ScoreJson

  expect(scoreSchema.parse(answer)).toEqual(answer)
  expect(answer).toMatchObject({ seed: 3, protocols: [], stopped: null, internalErrors: 0 })
  expect(answer.guards.map(({ name }) => name)).toEqual(['hw.monotonic'])
  expect(answer.target.met).toBeNull()
  expect([0, 4]).toContain(code)
})

test('levels alone are asked for by their feature', async () => {
  const { code, out } = await said(['score', '--level', 'truncation', ...short, '--json'])
  const answer = JSON.parse(out) as ScoreJson

  expect(code).toBe(0)
  expect(answer.guards).toEqual([])
  expect(answer.protocols.map(({ level }) => level)).toContain('hw')
})

test.each([
  [['--guard', 'nobody'], '--guard nobody: no guard begins so'],
  [['--level', 'nothing'], '--level nothing: no level with a published defect begins so'],
])('%s is one clear line', async (flags, line) => {
  const { code, err } = await said(['score', ...flags])

  expect(code).toBe(2)
  expect(err).toContain(line)
})

function scored(noticed: number, silent: number, changes: Partial<ScoreAnswer> = {}): ScoreAnswer {
  const [first] = plantedScore().guards as [GuardScore]
  const guards = Array.from({ length: noticed + silent }, (_none, at) => ({
    ...first,
    noticed: at < noticed,
  }))
  return { ...plantedScore(), guards, ...changes }
}

test.each([
  ['is met', scored(95, 5), 0],
  ['is missed', scored(94, 6), 99],
  ['is missed in a part', scored(1, 9, { partial: true }), 0],
  ['is missed for want of time', scored(1, 9, { stopped: 'time' }), 99],
  ['is met in time', scored(10, 0, { stopped: 'time' }), 124],
  ['is missed and someone interrupted', scored(1, 9, { stopped: 'interrupt' }), 130],
  ['is met though a run broke the model', scored(10, 0, { errors: 1 }), 70],
  ['has nothing to go by', scored(0, 0, { levels: [] }), 4],
])('a score whose target %s has its exit code', (_what, answer, code) => {
  expect(scoreCode(answer)).toBe(code)
})
