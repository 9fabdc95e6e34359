import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type ExploreJson, exploreSchema } from '../../reports/json/explore.ts'
import { said, scenarioFile, temporaryFolder } from './recording-terminal.ts'

let folder: string
let file: string
let base: string

/** Loses records in some of its runs, although it should not. */
function explored(...more: readonly string[]): ReturnType<typeof said> {
  const acksOne = ['--set', 'producers.order-service.config.acks=1', '--set', 'duration=6s']
  const words = ['explore', file, '7', '--runs', '24', '--jobs', '1', '--no-shrink', '--json']
  return said([...words, ...acksOne, '--out', join(folder, 'out'), ...more])
}

beforeAll(async () => {
  folder = temporaryFolder()
  file = scenarioFile(folder)
  base = join(folder, 'base.json')
  writeFileSync(base, (await explored()).out)
})

test('the same failures as in the baseline are known and make no failure', async () => {
  const { code, out } = await explored('--baseline', base)

  const answer = JSON.parse(out) as ExploreJson
  expect(exploreSchema.safeParse(answer).error).toBeUndefined()
  expect(answer.unexpected.length).toBeGreaterThan(0)
  expect(answer.baseline).toMatchObject({ file: base, seed: 7, runs: 24, new: [], gone: [] })
  expect(answer.baseline?.known).toEqual(answer.unexpected)
  expect(code).toBe(0)
})

test('one that the baseline does not have fails', async () => {
  const before = JSON.parse(readFileSync(base, 'utf8')) as ExploreJson
  const empty = join(folder, 'empty.json')
  writeFileSync(empty, JSON.stringify({ ...before, unexpected: [] }))

  const { code, out } = await explored('--baseline', empty)

  expect((JSON.parse(out) as ExploreJson).baseline?.new).toEqual(before.unexpected)
  expect(code).toBe(1)
})

test.each([
  ['{', /is not JSON/],
  ['[]', /is no answer of dmqsim/],
  ['{"command":"run"}', /is an answer of dmqsim run/],
  ['{"command":"explore"}', /is damaged at "version"/],
  [
    '{"command":"merge","version":"1","seed":1,"scenario":"other","runs":1,"unexpected":[]}',
    /is of scenario other, and this is small/,
  ],
])('the baseline %s is refused with one line', async (text, why) => {
  const wrong = join(folder, 'wrong.json')
  writeFileSync(wrong, text)

  const { code, out, err } = await explored('--baseline', wrong)

  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err).toMatch(why)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
})
