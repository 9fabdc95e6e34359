import { expect, test } from 'vitest'
import { parseThreshold } from '../../../scenarios/schema/threshold.ts'

test('a threshold is taken apart', () => {
  expect(parseThreshold('latency{phase:end-to-end, group:payment}', 'p(99.9) <= 1.5s')).toEqual({
    measure: 'latency',
    tags: { phase: 'end-to-end', group: 'payment' },
    aggregate: 'p',
    percentile: 99.9,
    operator: '<=',
    limit: 1_500_000,
    text: { measure: 'latency{phase:end-to-end, group:payment}', rule: 'p(99.9) <= 1.5s' },
  })
})

test('time without a unit is milliseconds and a count has none', () => {
  expect(parseThreshold('drain', 'max<30')).toMatchObject({ aggregate: 'max', limit: 30_000 })
  expect(parseThreshold('backlog', 'max<1000')).toMatchObject({ limit: 1_000 })
})

test.each([
  ['latncy', 'max<1s', 'there is no measure "latncy", did you mean "latency"?'],
  ['latency{fase:x}', 'max<1s', '"fase:x" is no tag: write group:payment, did you mean "phase"?'],
  ['latency', 'p99<1s', '"p99<1s" is no rule: write p(99)<500ms, avg<20ms or max<30s'],
  ['latency', 'p(101)<1s', '"p(101)<1s": a percentile is at most 100'],
  ['lost', 'count<1s', '"count<1s": lost is a number of records, without a unit'],
  ['drain', 'max<soon', '"soon" is not a duration: write 20ms, 10s, 5m'],
])('%s with %s is refused', (measure, rule, sentence) => {
  expect(() => parseThreshold(measure, rule)).toThrow(sentence)
})
