import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type ReplayJson, replaySchema } from '../../reports/json/replay.ts'
import type { RunJson } from '../../reports/json/run.ts'
import type { Case } from '../../scenarios/case.ts'
import { tokenOf } from '../../scenarios/explore/failure.ts'
import { ENGINE } from '../../scenarios/engine.ts'
import { traceOfCase } from '../../scenarios/replay.ts'
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

test('with the trace beside a failure the first event that differs has a name', async () => {
  const file = join(folder, 'no-loss-1.json')
  const one = result.case as Case
  const { bytes, traceHash } = traceOfCase(one)
  const { network } = one.scenario
  const slower = { ...network.toClients, baseUs: network.toClients.baseUs + 1 }
  const changed = {
    ...one,
    scenario: { ...one.scenario, network: { ...network, toClients: slower } },
  }
  const found = {
    check: 'no-loss',
    scope: 'stored',
    signature: 's',
    sentence: 'lost',
    expected: true,
  }
  const kept = { format: 'dmqsim-failure/1', engine: ENGINE, scenario: 'x', ...found, index: 0 }
  const rest = { historyHash: result.historyHash, evidence: [], faults: 0, shrinkRuns: 0 }
  writeFileSync(file, JSON.stringify({ ...kept, ...rest, traceHash, case: changed }))
  writeFileSync(file.replace('json', 'trace'), bytes)

  const { code, json } = await replayed(file)

  expect(code).toBe(3)
  expect(json.firstDifference?.event).toBeGreaterThan(1)
  expect(json.firstDifference?.is).toMatch(/admin-1 at \d+ µs$/)
})

test('a damaged trace is one clear line, exit code 2', async () => {
  writeFileSync(join(folder, 'no-loss-1.trace'), 'dmqsim-trace/1\nrubbish')

  const { code, err } = await said(['replay', join(folder, 'no-loss-1.json')])

  expect(code).toBe(2)
  expect(err).toMatch(/no-loss-1\.trace: the trace is damaged/)
})

test('--at shows topics in the layout of Kafka’s tools', async () => {
  const { code, out: text } = await said(['replay', join(out, 'result.json'), '--at', '2s'])

  expect(code).toBe(0)
  expect(text).toMatch(/\tTopic: \w+\tPartition: 0\tLeader: \d\tReplicas: [\d,]+\tIsr: [\d,]+/)
  expect(text).toMatch(/controller +broker \d/)
})

test('--at beyond the end of the run, and no time at all, are one line each, exit code 2', async () => {
  const late = await said(['replay', join(out, 'result.json'), '--at', '9h'])
  const rubbish = await said(['replay', join(out, 'result.json'), '--at', 'noon'])

  expect([late.code, rubbish.code]).toEqual([2, 2])
  expect(late.err).toMatch(/^--at 9h: the run is over before/)
  expect(rubbish.err).toMatch(/^--at noon: /)
})

test('--set replays the case with another value', async () => {
  const answer = await said(['replay', join(out, 'result.json'), '--set', 'name=other', '--json'])

  expect((JSON.parse(answer.out) as ReplayJson).scenario).toBe('other')
})
