import { expect, test } from 'vitest'
import { exploreSuite } from '../../../reports/ci/explore.ts'
import { githubLog, stepSummary } from '../../../reports/ci/github.ts'
import { runSuite } from '../../../reports/ci/run.ts'
import type { Suite, SuiteCase } from '../../../reports/ci/suite.ts'
import { plantedExploreAnswer } from '../planted-exploration.ts'
import { plantedAnswer } from '../planted.ts'

function planted(changes: Partial<SuiteCase> = {}): Suite {
  const one = { name: 'a', outcome: 'failed', message: 'm', details: [], about: null } as const
  return {
    name: 'run x',
    sentence: 'It broke.',
    wallMs: 1,
    properties: [],
    cases: [{ ...one, ...changes }],
    remarks: [],
    again: 'npx dmqsim run x 7',
  }
}

test('a failure becomes an annotation, escaped as the runner reads it', () => {
  const suite = planted({ name: 'latency{a:b}, 99 %', message: '100 %\r\nof them', details: ['x'] })

  const log = githubLog(suite, 'text\n', () => ({ file: 'a,b:c.yaml', line: 3 }))

  expect(log).toBe(
    'text\n::error file=a%2Cb%3Ac.yaml,line=3,title=run x%3A latency{a%3Ab}%2C 99 %25::' +
      '100 %25%0D%0Aof them%0Ax\n',
  )
})

test('a case without a place has no file, one that passed has no annotation', () => {
  const without = githubLog(planted(), 'text\n', () => null)
  const passed = githubLog(planted({ outcome: 'passed' }), 'text\n', () => null)

  expect(without).toBe('text\n::error title=run x%3A a::m\n')
  expect(passed).toBe('text\n')
})

test('no line of an answer is a command to the runner', () => {
  const log = githubLog(planted({ outcome: 'passed' }), '  ::error::x\n##[group]\n', () => null)

  expect(log).toBe('  : :error::x\n## [group]\n')
})

test('what a handler threw is annotated at its line', () => {
  const place = { file: 'pay.js', line: 17, column: 9 }
  const suite = { ...planted(), cases: [], remarks: [{ ...place, title: 't', message: 'boom' }] }

  const log = githubLog(suite, '\n', () => null)

  expect(log).toContain('::warning file=pay.js,line=17,col=9,title=t::boom')
})

test('what the baseline knows is a notice', () => {
  const known = planted({ outcome: 'skipped', message: 'broken in 2 of 3 runs' })

  expect(githubLog(known, '\n', () => null)).toContain('::notice title=run x%3A a::broken in 2')
})

test('the token stands in the summary, not in the annotation', () => {
  const suite = exploreSuite(plantedExploreAnswer())

  expect(githubLog(suite, '\n', () => null)).not.toMatch(/replay dmq\d/)
  expect(stepSummary(suite)).toMatch(/npx dmqsim replay dmq\d/)
})

test('the summary is a table of promises and the command that does it again', () => {
  const summary = stepSummary(runSuite(plantedAnswer()))

  expect(summary).toMatch(/^### ✗ dmqsim run planted\n/)
  expect(summary).toMatch(/^\| ✗ \| no-loss stored \| 37 acknowledged/m)
  expect(summary).toContain('```sh\nnpx dmqsim run')
})

test('text of a user cannot become markup', () => {
  const nasty = 'a | <b>`c` [d](e)\n# f'

  const summary = stepSummary(planted({ name: nasty, message: nasty, details: ['```', 'x'] }))

  expect(summary).toContain('| ✗ | a \\| &lt;b>\\`c\\` \\[d\\](e) # f |')
  expect(summary).toContain('````\n```\nx\n````')
})

test('a summary that is too long for a step leaves its details out', () => {
  const summary = stepSummary(planted({ details: ['x'.repeat(1_100_000)] }))

  expect(summary.length).toBeLessThan(1_000)
  expect(summary).toContain('too long')
})
