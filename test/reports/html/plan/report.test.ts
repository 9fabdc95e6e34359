import { describe, expect, test } from 'vitest'
import { planReport } from '../../../../reports/html/plan/report.ts'
import type { PlanAnswer } from '../../../../scenarios/plan/plan-answer.ts'
import { examplePlan } from '../../../scenarios/plan/example-plan.ts'

const hostile = `</script><img src=x onerror="alert('1')"><!-- & -->`

/** The page without what it carries in scripts and sheets. */
function visible(page: string): string {
  return page.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
}

function embedded(page: string, id: string): unknown {
  const found = new RegExp(`<script type="application/json" id="${id}">([^<]*)</script>`).exec(page)
  return JSON.parse(found?.[1] ?? 'null')
}

/** Every text of it is another's. */
function poisoned<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(poisoned) as Value
  if (typeof value !== 'object' || value === null) return value
  const kept = new Set(['state', 'source', 'kind', 'unit', 'phase', 'how', 'name'])
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    typeof inner === 'string' && !kept.has(key) ? hostile : poisoned(inner as unknown),
  ])
  return Object.fromEntries(entries) as Value
}

const page = planReport(examplePlan)

describe('the capacity report', () => {
  test('answers before anything else', () => {
    const text = visible(page)

    expect(text.indexOf('9 brokers m7g.2xlarge, 360 partitions')).toBeLessThan(text.indexOf('<nav'))
    expect(text).toContain('Holds in 4 drills')
    expect(text).toContain('5.15 USD/h')
    expect(text).toMatch(/First wall<\/dt><dd>1.3× the peak<small>latency\{phase:end-to-end\}/)
    // What is left while everybody catches up stands beside it, not in its place.
    expect(text).toMatch(/Headroom<\/dt><dd>29 %<small>normal running; /)
    expect([...text.matchAll(/<section id="([\w-]+)"/g)].map((match) => match[1])).toEqual([
      'why',
      'walls',
      'drills',
      'curves',
      'sensitivity',
      'believe',
      'inputs',
      'again',
    ])
  })

  test('says on top that nothing was held against a cluster, and only then', () => {
    const backtest = { source: 'metrics.csv', rows: [{ series: 'lag', fitted: 0.1, judged: 0.2 }] }
    const belief = { ...examplePlan.belief, backtest, extrapolates: [] }

    const held = visible(planReport({ ...examplePlan, belief }))

    expect(visible(page)).toContain('Not held against a measured cluster.')
    expect(visible(page)).toContain('9 brokers: validated with 3')
    expect(held).not.toContain('class="note warn"')
    expect(held).toContain('Held against metrics.csv')
  })

  test('names what each cheaper candidate misses, and folds what was not simulated', () => {
    const text = visible(page)

    expect(text).toContain('The next cheaper one, 8 × m7g.2xlarge at 4.60 USD/h, misses')
    expect(text).toContain('2 more candidates')
    expect(text).toContain('the network cards of 6 brokers send 1.4 GB/s')
  })

  test('shows a drill that misses a threshold as missed, with the runs that met it', () => {
    const drills = examplePlan.drills.map((drill) => ({
      ...drill,
      met: false,
      thresholds: drill.thresholds.map((one) => ({ ...one, met: false, runsMet: 3 })),
    }))

    const text = visible(planReport({ ...examplePlan, drills }))

    expect(text).toContain('aria-label="misses">✗')
    expect(text).toContain('3 of 20 runs met it')
  })

  test('says what was not judged because a threshold ended the runs', () => {
    const drills = examplePlan.drills.map((drill) => ({
      ...drill,
      met: false,
      endedEarly: 20,
      headroom: null,
      bottleneck: null,
      thresholds: drill.thresholds.map((one, at) =>
        at === 0 ? { ...one, value: null, met: null, runsMet: 0, runsJudged: 0 } : one,
      ),
    }))

    const text = visible(planReport({ ...examplePlan, drills }))

    expect(text).toContain('20 of 20 runs ended early by a threshold')
    expect(text).toContain('>not judged<')
  })

  test('says of each group its own p99, and which of them waits by its own wish', () => {
    const { embedded: own } = examplePlan
    const consumers = [{ group: 'payment', config: { 'fetch.min.bytes': 2_000_000 } }]
    const scenario = { ...own.scenario, consumers } as unknown as typeof own.scenario

    const text = visible(planReport({ ...examplePlan, embedded: { ...own, scenario } }))

    expect(text).toContain('payment waits for its fetch.min.bytes of 2,000,000, up to 500 ms.')
    expect(visible(page)).not.toContain('fetch.min.bytes')
    expect(text).toContain('End-to-end p99')
  })

  test('carries its plan and the charts of each drill', () => {
    const models = embedded(page, 'dmqsim-charts') as readonly { readonly id: string }[]

    expect(embedded(page, 'dmqsim-plan')).toEqual(JSON.parse(JSON.stringify(examplePlan.embedded)))
    expect(models.map(({ id }) => id)).toEqual([
      'normal',
      'one-broker-down',
      'rack-down',
      'consumer-outage-payment',
    ])
  })

  test('refers to nothing outside itself', () => {
    const targets = [...page.matchAll(/\s(?:src|href|action|data|poster)="([^"]*)"/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^(?:#|data:,$|data:text\/csv;)/.test(target))

    expect(targets).toEqual([])
    expect(planReport(examplePlan)).toBe(page)
  })

  test('escapes every text', () => {
    const text = planReport(poisoned<PlanAnswer>(examplePlan), { command: hostile })

    expect(text).not.toContain('<img')
    expect(text).not.toContain('<!-- &')
    expect([...text.matchAll(/<\/script>/g)]).toHaveLength(4)
  })

  test('says so where there is nothing', () => {
    const bare: PlanAnswer = {
      ...examplePlan,
      feasible: false,
      answer: null,
      cost: null,
      drills: [],
      candidates: [],
      nextCheaper: null,
      walls: [],
      whatIf: [],
      sensitivity: [],
      doubts: null,
      formulas: [],
      inputs: [],
    }

    const text = visible(planReport(bare))

    expect(text).toContain('Nothing in the search space holds')
    expect(text).not.toContain('data-chart')
    expect(text.match(/class="empty"/g)?.length).toBeGreaterThan(4)
  })

  test('of a given cluster says up to which peak it holds', () => {
    const peak = { factor: 1.25, recordsPerSecond: 728_750, triedFrom: 0.5, triedTo: 4 }

    const text = visible(
      planReport({ ...examplePlan, kind: 'peak', peak: { ...peak, resolution: 0.05 } }),
    )

    expect(text).toContain('Holds up to 1.25× the peak')
    expect(text).toContain('728,750 records/s')
  })

  test('shows both ends of a doubted input, and marks what is assumed', () => {
    const text = visible(page)

    expect(text).toContain('<b class="warn-text">? processor costs per byte</b>')
    expect(text).toContain('×2 −20 % ✗')
    expect(text).toContain('Moved by less than half a point: ? network latency ×0.5…×2.')
  })

  test('folds what is behind the answer, under a line that says what it comes to', () => {
    const folds = [...visible(page).matchAll(/<details class="more"><summary>(.*?)<\/summary>/g)]
    const lines = folds.map(([, line = '']) => line.replaceAll(/<[^>]+>/g, ''))

    expect(lines).toContainEqual(expect.stringMatching(/^What it costs: 5\.15 USD\/h /))
    expect(lines).toContainEqual(expect.stringMatching(/^Public formulas .* brokers by AWS /))
    expect(lines).toContain('5 inputs 2 given · 1 by default · 1 hardware profile · 1 fitted')
  })
})
