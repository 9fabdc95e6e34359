import { expect, test } from 'vitest'
import { expandLoad } from '../../../scenarios/schema/expand-load.ts'
import { createExpansion } from '../../../scenarios/schema/expansion.ts'
import type { Load } from '../../../scenarios/schema/scenario.ts'
import type { LoadEntry } from '../../../scenarios/schema/surface.ts'

const csv = '# orders of one evening\nseconds,perSecond\n-10,100\n\n0,400\n60,50\n'

function expand(entry: LoadEntry): { load: Load; findings: readonly string[] } {
  const file = { system: 'kafka', duration: '1s', topics: [] } as const
  const expansion = createExpansion({ ...file, topics: [] }, { readText: () => csv })
  const load = expandLoad(entry, ['load'], expansion)
  return { load, findings: expansion.findings.list.map((finding) => finding.message) }
}

test('a rate is one point that holds for ever', () => {
  expect(expand({ rate: '200/s' }).load).toEqual({
    arrival: 'poisson',
    points: [{ atUs: 0, perSecond: 200 }],
  })
})

test('stages rise in a line or jump', () => {
  const { load } = expand({
    stages: [
      { for: '10s', to: '100/s' },
      { for: '5s', rate: '500/s' },
      { for: '5s', to: '0/s' },
    ],
    arrival: 'steady',
  })

  expect(load.arrival).toBe('steady')
  expect(load.points).toEqual([
    { atUs: 0, perSecond: 0 },
    { atUs: 10_000_000, perSecond: 100 },
    { atUs: 10_000_000, perSecond: 500 },
    { atUs: 15_000_000, perSecond: 500 },
    { atUs: 15_000_000, perSecond: 500 },
    { atUs: 20_000_000, perSecond: 0 },
  ])
})

test('a curve begins with its first row, is compressed in time and scaled in rate', () => {
  expect(expand({ csv: 'x.csv', compress: 10, scale: '50%' }).load.points).toEqual([
    { atUs: 0, perSecond: 50 },
    { atUs: 1_000_000, perSecond: 200 },
    { atUs: 7_000_000, perSecond: 25 },
  ])
})

test.each<[LoadEntry, string]>([
  [{}, 'needs one of rate, stages, csv, preset and users, and has none'],
  [
    { rate: '1/s', csv: 'x.csv' },
    'needs one of rate, stages, csv, preset and users, and has rate and csv',
  ],
  [{ rate: '1/s', compress: 2 }, 'means nothing with rate: it goes with one of csv, preset'],
  [{ stages: [{ for: '1s' }] }, 'needs either "to" (in a line) or "rate" (at once)'],
  [{ rate: '1/s', think: '1s' }, 'means nothing with rate: it goes with users:'],
  [
    { users: 5, arrival: 'steady' },
    'means nothing with users: it goes with one of rate, stages, csv, preset',
  ],
  [{ rate: '1/s', burst: { factor: 2 } }, 'needs arrival: bursty beside it'],
  [
    { rate: '1/s', arrival: 'bursty', burst: { factor: 4, share: '30%' } },
    'is too much to keep the mean: at most 25%',
  ],
  [{ rate: '-5/s' }, '"-5/s" is negative: a rate is at least 0'],
  [
    { rate: '30M/s' },
    'makes 30 million arrivals: a run takes 20 million, set records: counted or scale: 1%',
  ],
  [
    { preset: 'double-eleven', year: 2016 },
    'there is no figure of 2016: there are 2015, 2017, 2019, 2020',
  ],
  [
    { preset: 'double-eleven', from: '-11m', scale: '1%' },
    'lies outside of the curve, which goes from -600 s to 86400 s',
  ],
  [{ csv: 'x.csv', from: '20s', to: '10s' }, 'has to be later than from'],
])('%j is refused', (entry, sentence) => {
  expect(expand(entry).findings).toEqual([sentence])
})

test('a part of a curve begins at 0 and is played quicker', () => {
  expect(expand({ csv: 'x.csv', from: '5s', to: '40s', compress: 5 }).load.points).toEqual([
    { atUs: 0, perSecond: 250 },
    { atUs: 1_000_000, perSecond: 400 },
    { atUs: 7_000_000, perSecond: 225 },
  ])
})

test.each([
  [2015, 140_000],
  [2017, 325_000],
  [2019, 544_000],
  [2020, 583_000],
])('the preset of %i peaks 26 s after midnight at %i orders a second', (year, peak) => {
  const { load, findings } = expand({ preset: 'double-eleven', year, from: '0s', to: '30s' })

  expect(findings).toEqual([])
  const most = load.points.reduce((best, one) => (one.perSecond > best.perSecond ? one : best))
  expect(most.atUs).toBe(26_000_000)
  expect(most.perSecond).toBeCloseTo(peak, 6)
})

test('the preset without a year is the newest, and its times count from midnight', () => {
  const { load } = expand({ preset: 'double-eleven', from: '-1m', to: '1m', scale: '1%' })

  expect(load.points[0]).toEqual({ atUs: 0, perSecond: 60 })
  expect(load.points.find(({ perSecond }) => perSecond > 5_829)?.atUs).toBe(86_000_000)
})

test('bursts are five times the rate for a fifth of the time, a second long, unless said', () => {
  expect(expand({ rate: '10/s', arrival: 'bursty' }).load).toEqual({
    arrival: 'bursty',
    points: [{ atUs: 0, perSecond: 10 }],
    bursts: { factor: 5, lengthUs: 1_000_000, share: 0.2 },
  })
  const burst = { factor: 3, length: '250ms', share: '10%' }
  expect(expand({ rate: '10/s', arrival: 'bursty', burst }).load.bursts).toEqual({
    factor: 3,
    lengthUs: 250_000,
    share: 0.1,
  })
})

test('users have no curve', () => {
  expect(expand({ users: 50, think: '100ms' }).load).toEqual({
    arrival: 'poisson',
    points: [],
    closed: { users: 50, think: { p50Us: 100_000, p99Us: 100_000 } },
  })
})
