import { expect, test } from 'vitest'
import {
  counted,
  duration,
  grouped,
  moment,
  percent,
  virtualTime,
} from '../../../reports/text/numbers.ts'

test.each([
  [0, '0 s'],
  [400, '400 µs'],
  [4_100, '4.1 ms'],
  [9_960, '10 ms'],
  [999_400, '999 ms'],
  [999_600, '1 s'],
  [4_100_000, '4.1 s'],
  [131_000_000, '131 s'],
  [900_000_000, '15 min'],
])('a duration of %d µs is written %s', (us, text) => {
  expect(duration(us)).toBe(text)
})

test('digits are grouped by threes, and a fraction is left alone', () => {
  expect([0, 999, 1_000, 61_012, 1_234_567.25].map(grouped)).toEqual([
    '0',
    '999',
    '1,000',
    '61,012',
    '1,234,567.25',
  ])
})

test('one of a thing is not several', () => {
  expect([counted(1, 'record'), counted(0, 'record'), counted(2, 'entry', 'entries')]).toEqual([
    '1 record',
    '0 records',
    '2 entries',
  ])
})

test('a share is never rounded down to nothing', () => {
  expect([0, 0.00001, 0.003, 0.05, 0.967].map(percent)).toEqual([
    '0 %',
    '< 0.01 %',
    '0.3 %',
    '5 %',
    '97 %',
  ])
})

test('a moment of a day is as on a clock', () => {
  expect([3_599_000_000, 3_600_000_000, 86_366_400_000].map(moment)).toEqual([
    '3599 s',
    '01:00:00',
    '23:59:26',
  ])
})

test('a moment is in seconds without idle zeros', () => {
  expect([19_600_000, 240_000_000, 12_431_000].map(moment)).toEqual(['19.6 s', '240 s', '12.43 s'])
})

test('virtual time grows from seconds to hours', () => {
  expect([47_500_000, 2_400_000_000, 60_000_000_000].map(virtualTime)).toEqual([
    '47.5 virtual seconds',
    '40 virtual minutes',
    '16.7 virtual hours',
  ])
})
