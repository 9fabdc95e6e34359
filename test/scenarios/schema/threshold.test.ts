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
    unit: 'us',
    text: { measure: 'latency{phase:end-to-end, group:payment}', rule: 'p(99.9) <= 1.5s' },
  })
})

test('time without a unit is milliseconds and a count has none', () => {
  expect(parseThreshold('drain', 'max<30')).toMatchObject({ aggregate: 'max', limit: 30_000 })
  expect(parseThreshold('backlog', 'max<1000')).toMatchObject({ limit: 1_000 })
})

test.each([
  ['throughput{topic:orders}', 'min>90000', 90_000, 'records/s'],
  ['throughput', 'avg>90k/s', 90_000, 'records/s'],
  ['throughput', 'avg>50MiB/s', 52_428_800, 'bytes/s'],
  ['utilisation{resource:nic-out,host:broker-3}', 'max<80%', 0.8, 'share'],
  ['utilisation', 'p(95)<0.7', 0.7, 'share'],
  ['isr-shrinks', 'count<3', 3, 'times'],
  ['rebalances{group:payment}', 'max<=1', 1, 'times'],
  ['lateness{group:payment,partition:3}', 'max<30s', 30_000_000, 'us'],
  ['latency', 'count>100', 100, 'records'],
])('%s %s has the limit %d in %s', (measure, rule, limit, unit) => {
  expect(parseThreshold(measure, rule)).toMatchObject({ limit, unit })
})

test.each([
  ['latncy', 'max<1s', 'there is no measure "latncy", did you mean "latency"?'],
  ['latency{fase:x}', 'max<1s', '"fase:x" is no tag: write group:payment, did you mean "phase"?'],
  ['latency', 'p99<1s', '"p99<1s" is no rule: write p(99)<500ms, avg<20ms or max<30s'],
  ['latency', 'p(101)<1s', '"p(101)<1s": a percentile is at most 100'],
  ['lost', 'count<1s', '"count<1s": lost is a number of records, without a unit'],
  ['rebalances', 'count<1s', '"count<1s": rebalances is a number, without a unit'],
  ['drain{producer:x}', 'max<1s', 'drain has no tag "producer": it has group, topic'],
  ['duplicated{group:x}', 'max<1', 'duplicated has no tag "group": it has none'],
  [
    'utilisation{hosts:x}',
    'max<1',
    '"hosts:x" is no tag: write group:payment, did you mean "host"?',
  ],
  ['utilization', 'max<1', 'there is no measure "utilization", did you mean "utilisation"?'],
  ['drain', 'max<soon', '"soon" is not a duration: write 20ms, 10s, 5m'],
])('%s with %s is refused', (measure, rule, sentence) => {
  expect(() => parseThreshold(measure, rule)).toThrow(sentence)
})

test("k6's longer form says when a threshold ends the run", () => {
  const entry = { threshold: 'p(99)<60s', abortOnFail: true, delayAbortEval: '1m' }

  expect(parseThreshold('lateness{group:payment}', entry)).toEqual({
    ...parseThreshold('lateness{group:payment}', 'p(99)<60s'),
    abort: { delayUs: 60_000_000 },
  })
  expect(parseThreshold('latency', { threshold: 'max<1s' })).toEqual(
    parseThreshold('latency', 'max<1s'),
  )
})

test.each([
  ['drain', { abortOnFail: true }, 'drain is known only at the end of a run: abortOnFail is for'],
  ['throughput', { abortOnFail: true }, 'throughput is known only at the end of a run'],
  ['latency', { delayAbortEval: '1m' }, 'delayAbortEval is of abortOnFail alone'],
  ['latency', { abortOnFail: true, delayAbortEval: '1' }, 'needs a unit'],
])('%s with %j is refused', (measure, options, sentence) => {
  const read = (): unknown => parseThreshold(measure, { threshold: 'max<10', ...options })

  expect(read).toThrow(sentence)
})
