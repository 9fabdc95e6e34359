import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RunJson, runSchema } from '../../reports/json/run.ts'
import { said, scenarioFile, temporaryFolder } from './recording-terminal.ts'

test('a run answers with its sentence first and the command that does it again last', async () => {
  const folder = temporaryFolder()
  const file = scenarioFile(folder)

  const { code, out, err } = await said(['run', file, '7', '--out', join(folder, 'out')])

  expect([code, err]).toEqual([0, ''])
  const lines = out.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^Every record of orders that was acknowledged is stored/)
  expect(lines.at(-1)).toBe(`Again   npx dmqsim run ${file} 7`)
  const paths = /^(Report|Again) /
  expect(lines.filter((line) => line.length > 80 && !paths.test(line))).toEqual([])
})

test('a run as JSON holds nothing but what its schema says, and the same is kept as a file', async () => {
  const folder = temporaryFolder()
  const out = join(folder, 'out')

  const answer = await said(['run', scenarioFile(folder), '7', '--json', '--out', out])

  const json = JSON.parse(answer.out) as RunJson
  expect(runSchema.safeParse(json).error).toBeUndefined()
  expect(json).toMatchObject({ command: 'run', seed: 7, scenario: 'small', ended: 'drained' })
  const kept = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunJson
  expect(kept.traceHash).toBe(json.traceHash)
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('id="dmqsim-case"')
})

test('the same seed gives the same hash, and another seed another', async () => {
  const folder = temporaryFolder()
  const file = scenarioFile(folder)
  const hashOf = async (seed: string): Promise<string> => {
    const { out } = await said(['run', file, seed, '--json', '--out', join(folder, 'out')])
    return (JSON.parse(out) as RunJson).traceHash
  }

  const hashes = [await hashOf('7'), await hashOf('7'), await hashOf('8')]

  expect(hashes[1]).toBe(hashes[0])
  expect(hashes[2]).not.toBe(hashes[0])
})

test('a missed threshold is exit code 99, and a quiet answer says no more than how to see it', async () => {
  const folder = temporaryFolder()
  const file = scenarioFile(folder, "thresholds: { 'latency{phase:produce}': ['max<1us'] }\n")

  const { code, out } = await said(['run', file, '--quiet', '--out', join(folder, 'out')])

  expect(code).toBe(99)
  expect(out.split('\n')).toHaveLength(3)
  expect(out).toContain(`npx dmqsim run ${file} 1\n`)
})

test('a run is traced where that is asked for, and a failing one if it is to be retained', async () => {
  const folder = temporaryFolder()
  const fine = scenarioFile(folder)
  const out = join(folder, 'out')
  const trace = join(out, 'trace.jsonl')

  await said(['run', fine, '--trace', 'retain-on-failure', '--out', out])
  const afterFine = existsSync(trace)
  await said(['run', fine, '--trace', 'on', '--out', out])

  expect(afterFine).toBe(false)
  const [first = ''] = readFileSync(trace, 'utf8').split('\n')
  expect(JSON.parse(first)).toMatchObject({ atUs: 0, kind: 'start' })
})

test('what the command line lays over a scenario is in the case', async () => {
  const folder = temporaryFolder()
  const argv = ['run', scenarioFile(folder), '--json', '--out', join(folder, 'out')]
  const guards = ['--without', 'isr.eligibility']
  const levels = ['--protocol', 'truncation=kip279']
  const sets = ['--set', 'topics.orders.partitions=3']

  const { out } = await said([...argv, ...guards, ...levels, ...sets])

  expect(JSON.parse(out)).toMatchObject({
    case: {
      guardsOff: ['isr.eligibility'],
      protocols: { truncation: 'kip279' },
      scenario: { topics: [{ name: 'orders', partitions: 3 }] },
    },
  })
})

test('properties without effect are counted, and --strict refuses them', async () => {
  const folder = temporaryFolder()
  const file = scenarioFile(folder, 'cluster: { config: { log.dirs: /tmp/kafka-logs } }\n')
  const argv = ['run', file, '--out', join(folder, 'out')]

  const lenient = await said([...argv, '--json'])
  const strict = await said([...argv, '--strict'])

  expect((JSON.parse(lenient.out) as RunJson).ignoredConfig).toEqual(['log.dirs'])
  expect(lenient.err).toBe('1 property has no effect here: log.dirs (--strict makes it an error)\n')
  expect(strict.code).toBe(2)
  expect(strict.err).toMatch(/log\.dirs has no effect/)
})
