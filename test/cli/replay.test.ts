import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type ReplayJson, replaySchema, type RunJson } from '../../reports/json/run.ts'
import type { Case } from '../../scenarios/case.ts'
import { tokenOf } from '../../scenarios/explore/failure.ts'
import { said, scenarioFile, temporaryFolder } from './recording-terminal.ts'

const folder = temporaryFolder()
const out = join(folder, 'out')
let result: RunJson

beforeAll(async () => {
  await said(['run', scenarioFile(folder), '7', '--out', out])
  result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunJson
})

async function replayed(
  what: string,
): Promise<{ readonly code: number; readonly json: ReplayJson }> {
  const answer = await said(['replay', what, '--json', '--out', join(folder, 'again')])
  return { code: answer.code, json: JSON.parse(answer.out) as ReplayJson }
}

test('the JSON answer of a run replays to the same hash', async () => {
  const { code, json } = await replayed(join(out, 'result.json'))

  expect(code).toBe(0)
  expect(replaySchema.safeParse(json).error).toBeUndefined()
  expect(json).toMatchObject({ same: true, recordedHash: result.traceHash, firstDifference: null })
})

test('a report replays from the case that it carries', async () => {
  const { code, json } = await replayed(join(out, 'report.html'))

  expect(code).toBe(0)
  expect(json.traceHash).toBe(result.traceHash)
})

test('a token replays, and two runs of it agree', async () => {
  const { code, json } = await replayed(tokenOf(result.case as Case))

  expect(code).toBe(0)
  expect(json).toMatchObject({ same: true, recordedHash: null, traceHash: result.traceHash })
})

test('another hash on the same version is nondeterminism, exit code 3', async () => {
  const file = join(folder, 'other.json')
  writeFileSync(file, JSON.stringify({ ...result, traceHash: 'ffffffffffffffff' }))

  const { code, json } = await replayed(file)

  expect(code).toBe(3)
  expect(json.same).toBe(false)
  expect(json.firstDifference?.is).toMatch(/events; clients saw exactly the same$/)
})

test('another hash from another version is drift, and the verdicts decide', async () => {
  const file = join(folder, 'older.json')
  const older = { ...(result.case as Case), engine: '0.0.9' }
  writeFileSync(file, JSON.stringify({ ...result, case: older, traceHash: 'ffffffffffffffff' }))

  const text = await said(['replay', file, '--out', join(folder, 'again')])

  expect(text.code).toBe(0)
  expect(text.out).toContain('kept by dmqsim 0.0.9')
  expect(text.out).toContain('the model has changed between the versions')
})
