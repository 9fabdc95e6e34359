import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placesIn } from '../../../cli/reporters/places.ts'
import type { About } from '../../../reports/ci/suite.ts'
import { xml } from '../../reports/ci/xml.ts'
import { said, scenarioFile, temporaryFolder } from '../recording-terminal.ts'

function located(text: string, about: About | null): number | undefined {
  const folder = temporaryFolder()
  const file = join(folder, 'a.yaml')
  writeFileSync(file, text)
  const one = { name: '', outcome: 'failed', message: '', details: [], about } as const
  return placesIn(file, { GITHUB_WORKSPACE: folder })(one)?.line
}

test('one call answers in words, in XML and in JSON', async () => {
  const folder = temporaryFolder()
  const to = (name: string): string => join(folder, name)
  const words = ['--reporter', `junit=${to('a.xml')}`, '--reporter', `json=${to('a.json')}`]

  const run = ['run', scenarioFile(folder), '7', '--quiet', '--out', to('out')]
  const { code, out } = await said([...run, ...words])

  expect(code).toBe(0)
  expect(out.split('\n')).toHaveLength(2)
  expect(xml(readFileSync(to('a.xml'), 'utf8')).attributes['failures']).toBe('0')
  expect(JSON.parse(readFileSync(to('a.json'), 'utf8'))).toMatchObject({ command: 'run', seed: 7 })
})

test('on GitHub a broken promise stands at its line, and the step has a summary', async () => {
  const folder = temporaryFolder()
  const file = scenarioFile(folder, `thresholds: { write-silence: ['max<1ms'] }\n`)
  const summary = join(folder, 'summary.md')
  writeFileSync(summary, 'before\n')
  const environment = { GITHUB_WORKSPACE: folder, GITHUB_STEP_SUMMARY: summary }

  const { code, out } = await said(
    ['run', file, '7', '--reporter', 'github', '--out', join(folder, 'out')],
    { environment },
  )

  expect(code).toBe(99)
  expect(out).toMatch(
    /^::error file=small\.yaml,line=15,title=run small%3A write-silence max<1ms::/m,
  )
  expect(readFileSync(summary, 'utf8')).toMatch(/^before\n### ✗ dmqsim run small\n/)
})

test('a check stands where it is expected, else where it is named', () => {
  const check = (name: string): About => ({ part: 'check', name })
  const text = 'name: a\nchecks:\n  - truth\n  - no-loss\nexpect:\n  no-loss:stored: kept\n'

  expect(located(text, check('no-loss'))).toBe(6)
  expect(located(text, check('truth'))).toBe(3)
  expect(located(text, check('lateness'))).toBe(2)
  expect(located(text, null)).toBe(1)
})

test('a file outside of the repository is not annotated', () => {
  const one = { name: '', outcome: 'failed', message: '', details: [], about: null } as const
  const file = scenarioFile(temporaryFolder())

  expect(placesIn(file, { GITHUB_WORKSPACE: temporaryFolder() })(one)).toBeNull()
  expect(placesIn(undefined, {})(one)).toBeNull()
})

test('a run is told in the forms of other tools, and nothing else is', async () => {
  const folder = temporaryFolder()
  const file = scenarioFile(folder)
  const to = join(folder, 'result.json')
  const out = ['--out', join(folder, 'out')]

  const line = await said(['run', file, '7', ...out, '--reporter', 'kafka-perf'])
  const both = await said([
    'run',
    file,
    '7',
    ...out,
    '--quiet',
    '--reporter',
    `openmessaging=${to}`,
  ])
  const explored = await said(['explore', file, '--runs', '1', '--reporter', 'openmessaging'])

  expect(line.out).toMatch(/^\d+ records sent, [^\n]* ms 99\.9th\.\n$/)
  expect(both.out.split('\n')).toHaveLength(2)
  expect(JSON.parse(readFileSync(to, 'utf8'))).toMatchObject({ driver: 'Kafka', workload: 'small' })
  expect([explored.code, explored.out]).toEqual([2, ''])
})
