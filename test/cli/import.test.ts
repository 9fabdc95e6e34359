import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { said } from './recording-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'dmqsim-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const workload = [
  'name: one',
  'topics: 1',
  'partitionsPerTopic: 3',
  'messageSize: 100',
  'subscriptionsPerTopic: 1',
  'consumerPerSubscription: 1',
  'producersPerTopic: 1',
  'producerRate: 20',
  'testDurationMinutes: 0.1',
  'warmupDurationMinutes: 0',
].join('\n')

test('a workload becomes a file that runs', async () => {
  const out = join(folder, 'scenario.yaml')

  const imported = await said(['import', file('workload.yaml', workload), '--out', out])
  const ran = await said(['run', out, '--out', join(folder, 'run')])

  expect([imported.code, imported.err]).toEqual([0, ''])
  expect(imported.out).toBe(`${out}: npx dmqsim run ${out}\n`)
  expect(readFileSync(out, 'utf8')).toMatch(/^# Imported from workload\.yaml\.\n/)
  expect([ran.code, ran.err]).toEqual([0, ''])
})

test('without a place it goes to stdout', async () => {
  const { code, out } = await said(['import', file('workload.yaml', workload)])

  expect(code).toBe(0)
  expect(out).toContain('rate: 20/s')
})

test('a dashboard becomes a scenario that finds it', async () => {
  const csv = file('board.csv', '"Time","orders"\n1604937600000,10\n1604937605000,10')
  const out = join(folder, 'board.yaml')

  const imported = await said(['import', csv, '--out', out])

  expect([imported.code, imported.err]).toEqual([0, ''])
  expect(readFileSync(out, 'utf8')).toContain('csv: board.csv')
})

test.each([
  [['import'], /^import: which file\?/],
  [['import', 'nothing.yaml'], /^nothing\.yaml: there is no such file/],
  [['import', 'x.csv', '--out', 'x.json'], /^--out x\.json: a scenario is YAML/],
])('%j gets one line and exit code 2', async (words, says) => {
  const { code, err } = await said(words)

  expect(code).toBe(2)
  expect(err.trimEnd().split('\n').at(-1)).toMatch(says)
})
