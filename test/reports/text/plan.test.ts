import { describe, expect, test } from 'vitest'
import { page } from '../../../reports/text/layout.ts'
import { planText } from '../../../reports/text/plan.ts'
import type { PlanAnswer } from '../../../scenarios/plan/plan-answer.ts'
import { examplePlan } from '../../scenarios/plan/example-plan.ts'
import { plantedHead } from '../planted.ts'

function lines(width: number, some: Partial<PlanAnswer> = {}): readonly string[] {
  const plan = { ...examplePlan, ...some }
  const again = 'npx dmqsim plan x.yaml 7'
  const answer = { head: plantedHead, plan, again, report: '.dmqsim/x/report.html' }
  return planText(answer, page(width, false)).split('\n')
}

describe('the answer of a plan', () => {
  test('begins with its sentence and ends with the command', () => {
    const told = lines(160)

    expect(told[0]).toContain('9 brokers m7g.2xlarge, 360 partitions and 120 consumers carry')
    expect(told.at(-2)).toBe('Again   npx dmqsim plan x.yaml 7')
    expect(told.at(-3)).toBe('Report  .dmqsim/x/report.html')
  })

  test.each([80, 160])('fits into %i columns', (width) => {
    expect(lines(width).filter((line) => line.length > width)).toEqual([])
  })

  test('has a row for each drill, with what is first to its limit', () => {
    const told = lines(160)

    expect(told.find((line) => line.startsWith('  one-broker-down'))).toMatch(
      /✓ +254 ms \(242 ms … 267 ms\) .* nic-out of broker 4 85 % +15 %$/,
    )
    expect(told.some((line) => line.startsWith('  consumer-outage payment'))).toBe(true)
  })

  test('says of candidates why they are not the answer', () => {
    const told = lines(160)

    expect(told.find((line) => / 6 .* ruled out /.test(line))).toContain('the network cards of 6')
    expect(told.find((line) => / 8 .* misses /.test(line))).toContain('one-broker-down: latency')
    expect(told.find((line) => / 12 .* not run /.test(line))).toContain('dearer than the answer')
  })

  test('has walls in their order, the cost and the formulas beside it', () => {
    const told = lines(160).join('\n')

    expect(told).toMatch(/1 +1\.3× +757,900\/s +simulated +With one broker down/)
    expect(told).toMatch(/2 +1\.62× +944,500\/s +extrapolated +The disk of broker 4/)
    expect(told).toContain('Cost: 5.15 USD an hour')
    expect(told).toContain('AWS       13 brokers')
    expect(told).toContain('Google    112 vCPUs (14 brokers)')
  })

  test('ranks doubted inputs, marks what is assumed, and sums up what moves nothing', () => {
    const told = lines(200)
    const at = told.indexOf('Inputs that move the nearest threshold most')

    expect(told[at + 1]).toContain('Nearest: latency{phase:end-to-end} p(99)<500ms, 56 % of its')
    expect(told[at + 3]).toMatch(
      /^  \? processor costs per byte +assumed +×0\.5 61 % +×2 −20 % ✗ +76 pt +misses latency/,
    )
    expect(told[at + 4]).toMatch(/^  record size +given +×0\.8 60 % +×1\.2 45 % +11 pt/)
    expect(told[at + 5]).toBe('  Moved by less than half a point: ? network latency ×0.5…×2.')
    expect(told[at + 6]).toContain('marked ? are assumed')
  })

  test('tells of a setting that misses what it misses', () => {
    const drills = examplePlan.drills.map((drill) => ({
      ...drill,
      met: false,
      broken: [{ check: 'no-loss', scope: 'stored', runs: 3 }],
    }))

    const told = lines(160, { answer: null, feasible: false, cost: null, drills })

    expect(told).toContain('Drills of the nearest candidate, means with 95 % intervals')
    expect(told.find((line) => line.includes('no-loss:stored'))).toMatch(/broken +17 of 20$/)
  })

  test('says that what moves less than chance moves nothing', () => {
    const { doubts } = examplePlan
    const noisy = doubts === null ? null : { ...doubts, spread: 0.05 }

    const text = lines(200, { doubts: noisy }).join('\n')

    expect(text).toContain('left in normal running, 5 pt apart from seed to seed')
    expect(text).toContain('Moved by less than seeds are apart: ? network latency')
  })

  test('has no candidates where only a peak was searched for', () => {
    const told = lines(80, { kind: 'peak' })

    expect(told.some((line) => line.startsWith('Candidates'))).toBe(false)
  })
})
