import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expandLoad, parseCurve } from '../../../scenarios/schema/expand-load.ts'
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
  [{}, 'needs one of rate, stages and csv, and has none'],
  [{ rate: '1/s', csv: 'x.csv' }, 'needs one of rate, stages and csv, and has rate and csv'],
  [{ rate: '1/s', compress: 2 }, 'compresses the time of a CSV, and there is none'],
  [{ stages: [{ for: '1s' }] }, 'needs either "to" (in a line) or "rate" (at once)'],
])('%j is refused', (entry, sentence) => {
  expect(expand(entry).findings).toEqual([sentence])
})

test.each([
  ['time,rate\n1,2', 'x.csv:1:1: the header has to be seconds,perSecond'],
  [
    'second,perSecond\n',
    'x.csv:1:1: the header has to be seconds,perSecond, did you mean "seconds"?',
  ],
  ['seconds,perSecond\n', 'x.csv:1:1: has no rows'],
  ['seconds,perSecond\n0,1\n5,many', 'x.csv:3:1: "5,many" is not a time and a rate'],
  ['seconds,perSecond\n0,1\n5,-1', 'x.csv:3:1: "5,-1" is not a time and a rate'],
  ['seconds,perSecond\n5,1\n0,1', 'x.csv:3:1: goes back in time'],
])('the curve %j is refused at its line', (text, sentence) => {
  expect(() => parseCurve(text, 'x.csv', 1)).toThrow(new Error(sentence))
})

test('compressing a curve changes its times and nothing else', () => {
  const rows = fc.array(fc.tuple(fc.nat({ max: 100_000 }), fc.nat()), { minLength: 1 })

  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 1_000 }), (drawn, compress) => {
      const sorted = drawn.toSorted(([left], [right]) => left - right)
      const text = ['ms,perSecond', ...sorted.map((row) => row.join(','))].join('\n')
      const plain = parseCurve(text, 'x.csv', 1)
      const compressed = parseCurve(text, 'x.csv', compress)
      expect(compressed).toEqual(
        plain.map(({ atUs, perSecond }) => ({ atUs: Math.round(atUs / compress), perSecond })),
      )
    }),
    { seed: 1 },
  )
})
