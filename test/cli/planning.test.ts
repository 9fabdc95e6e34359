import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { progressText } from '../../cli/planning.ts'
import { type PlanJson, planSchema } from '../../reports/json/plan.ts'
import { said, scenarioFile, smallScenario, temporaryFolder } from './recording-terminal.ts'

const folder = temporaryFolder()
const file = join(folder, 'planned.yaml')
writeFileSync(
  file,
  `${smallScenario.replace('loss', 'backlog')}consumers:
  - { group: payment, topics: [orders], members: 2, work: 1ms, config: { auto.offset.reset: earliest } }
plan:
  search: { brokers: [3, 4] }
  thresholds: { 'lateness{group:payment}': ['max<20s'] }
  drills: [normal]
  window: { before: 1s, after: 2s }
  seeds: 1
`,
)

function planned(what: string, ...words: readonly string[]): ReturnType<typeof said> {
  return said(['plan', what, ...words, '--jobs', '1'])
}

test(
  'the cheapest is answered, and its report plans the same again',
  { timeout: 60_000 },
  async () => {
    const report = join(folder, 'plan.html')

    const first = await planned(file, '7', '--json', '--report', report, '--out', folder)
    const again = await planned(report, '--json', '--out', join(folder, 'again'))

    const answer = JSON.parse(first.out) as PlanJson
    expect(planSchema.safeParse(answer).error).toBeUndefined()
    expect(answer).toMatchObject({ command: 'plan', seed: 7, feasible: true, kind: 'smallest' })
    expect(answer.answer?.brokers).toBe(3)
    const { wallMs: _wallMs, ...known } = answer
    expect(JSON.parse(again.out)).toMatchObject(known)
    expect([first.code, again.code]).toEqual([0, 0])
    for (const name of ['report.html', 'report.md', 'result.json', 'candidates.csv']) {
      expect(existsSync(join(folder, name))).toBe(true)
    }
  },
)

test('a cluster that misses exits with 99', { timeout: 60_000 }, async () => {
  const more = ['--set', 'consumers.payment.work=500ms', '--quiet', '--out', join(folder, 'misses')]

  const { code, out } = await planned(file, ...more, '--set', 'plan.window.after=8s')

  expect(out).toMatch(/^No setting of the search space carries the peak of 20 records\/s: /)
  expect(code).toBe(99)
})

test('a run that dmqsim itself fails in ends the plan with 70, and says which', async () => {
  // Nobody hands out partitions, so that the group never becomes stable.
  const without = ['--without', 'group.assignmentByLeader', '--out', join(folder, 'fails')]
  const more = ['--set', 'consumers.payment.members=4', '--set', 'topics.orders.partitions=8']

  const { code, out, err } = await planned(file, '7', ...without, ...more)

  expect(code).toBe(70)
  expect(out).toBe('')
  expect(err).toMatch(
    /internal error of dmqsim: \d brokers, .* drill normal, run 1 \(seed \d+\): the groups did not become stable/,
  )
  expect(err).toContain('again: npx dmqsim plan')
})

test.each([
  [['plan', scenarioFile(temporaryFolder())], /has no plan: write one/],
  [['plan', file, '--find', 'through'], /^--find through: there is no such choice/],
  [['plan', file, '--backtest', file], /^--backtest .*: is no JSON/],
  [['plan', file, '--seeds', '0'], /^--seeds 0: needs a whole number of at least 1/],
  [['plan', file, '--reporter', 'junit'], /has no tests/],
  [['plan', file, '--set', 'plan.search.brokers=0'], /needs a number of at least 1/],
])('%j is refused with one line', async (words, why) => {
  const { code, err } = await said(words)

  expect(code).toBe(2)
  expect(err.trimEnd()).toMatch(why)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
})

test('progress says how many candidates are decided and what is left', () => {
  const progress = { phase: 'search', candidates: 54, decided: 20, runs: 10, left: 30 } as const

  expect(progressText(progress, 10, 10_000)).toBe(
    'searching: 20 of 54 candidates decided, 10 runs, about 30 s left',
  )
})
