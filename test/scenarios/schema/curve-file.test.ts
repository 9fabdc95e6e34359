import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CurveOptions, parseCurve } from '../../../scenarios/schema/curve-file.ts'

const grafana = [
  '"Time","orders","payments, ""all"""',
  '2020-11-11 00:00:00,100,10',
  '2020-11-11 00:00:15,200,20',
  '2020-11-11 00:00:30,400.5,40',
].join('\n')

test.each([
  ['when,rate\n1,2', 'x.csv:1:1: the header has to be seconds,perSecond'],
  [
    'time,rate\n1,2',
    'x.csv:2:1: 1 is not in milliseconds since 1970: for seconds from the start write the header seconds,perSecond',
  ],
  [
    'second,perSecond\n',
    'x.csv:1:1: the header has to be seconds,perSecond, did you mean "seconds"?',
  ],
  ['', 'x.csv:1:1: is empty: write seconds,perSecond and a row for each time'],
  ['seconds,perSecond\n', 'x.csv:1:1: has no rows: each is a time and a rate'],
  [
    'seconds,perSecond\n0,1\n5,many',
    'x.csv:3:3: "many" is not a rate: write a plain number, such as 1200.5',
  ],
  ['seconds,perSecond\n0,1\n5,-1', 'x.csv:3:3: -1 is negative: a rate is at least 0'],
  [
    'seconds,perSecond\n0,1\n5, NaN',
    'x.csv:3:4: NaN is no rate: fill it, or say gaps: line or gaps: zero',
  ],
  ['seconds,perSecond\n0,1\n5,', 'x.csv:3:3: is empty: fill it, or say gaps: line or gaps: zero'],
  [
    'seconds,perSecond\n0,Infinity',
    'x.csv:2:3: "Infinity" is not a rate: write a plain number, such as 1200.5',
  ],
  [
    'seconds,perSecond\n5,1\n0,1',
    'x.csv:3:1: goes back in time: sort the rows by their first column',
  ],
  ['seconds,perSecond\n5,1,2', 'x.csv:2:1: has 3 cells where the header has 2: mend the row'],
  [
    'seconds,perSecond\n0,1\n1,1\n2,1\n3,1\n4,1\n90,1',
    'x.csv:7:1: 86 s without a row where steps are 1 s: fill them in, or say gaps: line or gaps: zero',
  ],
  [
    'seconds,perSecond\n0,1\n10,1\n50,1\n60,1\n70,1\n170,1\n180,1\n190,1',
    'x.csv:4:1: 40 s without a row where steps are 10 s: fill them in, or say gaps: line or gaps: zero',
  ],
  [
    'ms,perSecond\n0,1\n9900,1\n20100,1\n30000,1\n95000,1\n105100,1\n115200,1',
    'x.csv:6:1: 65 s without a row where steps are 10.1 s: fill them in, or say gaps: line or gaps: zero',
  ],
  [grafana, 'x.csv:1:1: has 2 series: say column: one of "orders", "payments, "all""'],
  [
    '"Time","orders"\n2020-11-11 00:00,1.2 K',
    'x.csv:2:18: "1.2 K" is not a rate: turn “Formatted data” off in Grafana, so that it is a plain number',
  ],
  [
    '"Time","orders"\nmidnight,1',
    'x.csv:2:1: "midnight" is not a time: write 2020-11-11 00:00:26 or ms',
  ],
])('the curve %j is refused at its place', (text, sentence) => {
  expect(() => parseCurve(text, 'x.csv')).toThrow(new Error(sentence))
})

test('a column that is not there is told with the one that is', () => {
  expect(() => parseCurve(grafana, 'x.csv', { columns: ['order'] })).toThrow(
    new Error('x.csv:1:1: there is no column "order", did you mean "orders"?'),
  )
})

test('series joined by time are a curve by their column, or the sum of several', () => {
  expect(parseCurve(grafana, 'x.csv', { columns: ['orders'] })).toEqual([
    { atUs: 0, perSecond: 100 },
    { atUs: 15_000_000, perSecond: 200 },
    { atUs: 30_000_000, perSecond: 400.5 },
  ])
  const both = parseCurve(grafana, 'x.csv', { columns: ['orders', 'payments, "all"'] })
  expect(both.map(({ perSecond }) => perSecond)).toEqual([110, 220, 440.5])
})

test.each([
  ['"Time","up"\n1704067200000,1\n1704067215000,2', 15_000_000],
  ['sep=,\n"Time","up"\n2024-02-28T23:59:59.5Z,1\n2024-03-01T00:00:00.5Z,2', 86_401_000_000],
  ['Time;up\n2023/12/31 23:59;1\n2024/01/01 00:01;2', 120_000_000],
])('the times of %j are told apart', (text, us) => {
  expect(parseCurve(text, 'x.csv').at(-1)).toEqual({ atUs: us, perSecond: 2 })
})

const holes = 'seconds,perSecond\n0,10\n10,10\n20,\n30,40\n40,40\n50,40\n60,40\n120,40\n130,40'

test.each<[CurveOptions['gaps'], readonly (readonly [number, number])[]]>([
  [
    'line',
    [
      [0, 10],
      [10, 10],
      [30, 40],
      [40, 40],
      [50, 40],
      [60, 40],
      [120, 40],
      [130, 40],
    ],
  ],
  [
    'zero',
    [
      [0, 10],
      [10, 10],
      [20, 0],
      [30, 40],
      [40, 40],
      [50, 40],
      [60, 40],
      [70, 40],
      [70, 0],
      [120, 0],
      [120, 40],
      [130, 40],
    ],
  ],
])('with gaps: %s what is missing is meant so', (gaps, rows) => {
  const points = parseCurve(holes, 'x.csv', gaps === undefined ? {} : { gaps })

  expect(points.map(({ atUs, perSecond }) => [atUs / 1e6, perSecond])).toEqual(rows)
})

test.each([
  ['that differ', [0, 1, 2, 60, 120, 3600]],
  ['too few to tell', [0, 10, 20, 30, 600]],
])('steps %s are no gaps', (_how, seconds) => {
  const text = ['seconds,perSecond', ...seconds.map((at) => `${at},1`)].join('\n')

  expect(parseCurve(text, 'x.csv').length).toBe(seconds.length)
})

test('compressing a curve changes its times and nothing else', () => {
  const rows = fc.array(fc.tuple(fc.nat({ max: 100_000 }), fc.nat()), { minLength: 1 })

  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 1_000 }), (drawn, compress) => {
      const sorted = drawn.toSorted(([left], [right]) => left - right)
      const text = ['ms,perSecond', ...sorted.map((row) => row.join(','))].join('\n')
      const plain = parseCurve(text, 'x.csv', { gaps: 'line' })
      const compressed = parseCurve(text, 'x.csv', { gaps: 'line', compress })
      expect(compressed).toEqual(
        plain.map(({ atUs, perSecond }) => ({ atUs: Math.round(atUs / compress), perSecond })),
      )
    }),
    { seed: 1 },
  )
})
