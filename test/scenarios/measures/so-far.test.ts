import { beforeAll, describe, expect, test } from 'vitest'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { exitCodeOf, judge } from '../../../scenarios/judge.ts'
import type { Judged } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'
import type { Scenario } from '../../../scenarios/schema/scenario.ts'
import { parseThreshold } from '../../../scenarios/schema/threshold.ts'
import type { TraceEvent } from '../../../sim/trace.ts'
import { tenSeconds } from '../../ten-seconds.ts'

interface Rule {
  readonly measure: string
  readonly threshold: string
  readonly delayAbortEval?: string
}

let scenario: Scenario

beforeAll(async () => {
  const own = await tenSeconds()
  // No member for a second: backlog grows, and is worked off later.
  const timeline = own.timeline.filter(({ kind }) => kind === 'pause')
  scenario = { ...own, timeline, checks: ['no-loss', 'backlog-drains', 'order-by-key', 'truth'] }
})

function judged(rules: readonly Rule[], abortOnFail: boolean): Judged {
  const thresholds = rules.map(({ measure, threshold, delayAbortEval }) => {
    if (!abortOnFail) return parseThreshold(measure, threshold)
    const delay = delayAbortEval === undefined ? {} : { delayAbortEval }
    return parseThreshold(measure, { threshold, abortOnFail, ...delay })
  })
  return judge(run(plainCase({ ...scenario, thresholds }, 1)))
}

const late: Rule = { measure: 'lateness{group:payment}', threshold: 'max<1s' }

describe('a threshold with abortOnFail', () => {
  test('ends the run where it breaks, and is missed as it is without', () => {
    const ended = judged([late], true)
    const whole = judged([late], false)

    expect(ended.result.ended).toBe('aborted')
    expect(whole.result.ended).toBe('drained')
    const { atUs = 0, value = 0 } = ended.result.aborted ?? {}
    expect(atUs).toBeLessThan(scenario.durationUs)
    expect(atUs % 1_000_000).toBe(0)
    expect(value).toBeGreaterThanOrEqual(1_000_000)
    expect(ended.result.phases.healUs).toBe(atUs)
    expect([ended.thresholds[0]?.met, whole.thresholds[0]?.met]).toEqual([false, false])
    expect([exitCodeOf(ended), exitCodeOf(whole)]).toEqual([99, 99])
    expect(ended.sentence).toContain('lateness{group:payment} max<1s was broken at')
  })

  test('leaves open what needs a drain, and judges the rest', () => {
    const { measures, verdicts } = judged([late], true)

    expect(measures.magnitudes.lost).toBeNull()
    expect(judged([late], false).measures.magnitudes.lost).toBe(0)
    const words = new Map(verdicts.map(({ check, verdict }) => [check, verdict]))
    expect(words.get('no-loss')).toBe('unknown')
    expect(words.get('backlog-drains')).toBe('unknown')
    expect(words.get('order-by-key')).toBe('kept')
    const open = verdicts.find(({ check }) => check === 'backlog-drains')
    expect(open?.sentence).toMatch(/^Not judged: a threshold ended the run early, at \d/)
  })

  test('is not looked at before its delay', () => {
    const { result } = judged([{ ...late, delayAbortEval: '9s' }], true)

    expect(result.aborted?.atUs).toBe(9_000_000)
  })

  test('changes nothing of the run until then', () => {
    const traceOf = (abort: boolean): string[] => {
      const events: string[] = []
      const sink = {
        event: (one: TraceEvent): void => void events.push(JSON.stringify(one)),
        probe: () => {},
      }
      const rule = parseThreshold(late.measure, 'max<1s')
      const thresholds = [abort ? { ...rule, abort: { delayUs: 0 } } : rule]
      const { phases } = run(plainCase({ ...scenario, thresholds }, 1), { sink })
      untilUs = Math.min(untilUs, phases.originUs + phases.healUs)
      return events
    }
    let untilUs = Infinity
    const [whole, ended] = [traceOf(false), traceOf(true)]

    const before = (events: string[]): string[] =>
      events.filter((text) => (JSON.parse(text) as TraceEvent).atUs < untilUs)
    expect(before(ended).length).toBeGreaterThan(100)
    expect(before(ended)).toEqual(before(whole))
  })

  test('finds what is found at the end, and changes no run that keeps it', () => {
    const rules: readonly Rule[] = [
      { measure: 'latency{phase:produce}', threshold: 'p(99)<60s' },
      { measure: 'latency', threshold: 'p(99)<60s' },
      { measure: 'lateness', threshold: 'max<60s' },
      { measure: 'backlog{topic:orders}', threshold: 'max<100000' },
    ]
    const watched = judged(rules, true)

    expect(watched.result.ended).toBe('drained')
    expect(watched.result.traceHash).toBe(judged([], true).result.traceHash)
    expect(exitCodeOf(watched)).toBe(0)
  })

  test.each([
    ['backlog', 'max'],
    ['latency{phase:produce}', 'max'],
    ['latency{phase:produce}', 'p(50)'],
    ['latency{group:payment}', 'p(99)'],
    ['lateness{partition:0}', 'max'],
    ['backlog{partition:1}', 'max'],
  ])('%s is measured so far as it is at the end (%s)', (measure, aggregate) => {
    const rule: Rule = { measure, threshold: `${aggregate}<0`, delayAbortEval: '10s' }
    const [online] = judged([rule], true).thresholds
    const [whole] = judged([rule], false).thresholds

    // What came after the last look is in the second alone.
    expect(online?.value ?? 0).toBeGreaterThan(0)
    const ratio = (online?.value ?? 0) / (whole?.value ?? 1)
    expect(ratio).toBeGreaterThan(0.95)
    expect(ratio).toBeLessThan(1.05)
  })
})

test('a history that is folded is refused, with the mend', async () => {
  const file = {
    name: 'folded',
    question: 'Is it late?',
    problem: 'backlog',
    system: 'kafka',
    duration: '10s',
    history: 'folded',
    cluster: { brokers: 1, zookeeper: 1 },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 1 }],
    producers: [{ name: 'shop', topic: 'orders', load: { rate: '10/s' } }],
    thresholds: { latency: [{ threshold: 'max<1s', abortOnFail: true }] },
  }

  await expect(parseScenario(file)).rejects.toThrow('leave history: folded out, or abortOnFail')
})
