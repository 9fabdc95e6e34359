import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { said, temporaryFolder } from './recording-terminal.ts'

const scenario = `
system: kafka
duration: 20s
topics: [{ name: orders, partitions: 2 }]
producers:
  - { name: shop, topic: orders, load: { rate: 200/s, arrival: steady } }
consumers: [{ group: payment, topics: [orders], work: 0ms }]
`

function files(measured: string, name: string): readonly [string, string] {
  const folder = temporaryFolder()
  const file = join(folder, 'shop.yaml')
  writeFileSync(file, scenario)
  writeFileSync(join(folder, name), measured)
  return [file, join(folder, name)]
}

/** A dashboard's export: what came in, and what a group read; the latter `share` of it. */
function csv(share: number): string {
  const start = 1_718_000_000_000
  const rows = Array.from(
    { length: 11 },
    (_, at) => `${start + at * 2_000},${at === 0 ? 100 : 200},${200 * share}`,
  )
  return ['Time,produced,read by payment', ...rows].join('\n')
}

function prometheus(): string {
  const values = Array.from({ length: 11 }, (_, at) => [1_718_000_000 + at * 2, '200'])
  const result = [{ metric: { __name__: 'in', topic: 'orders' }, values }]
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })
}

describe('dmqsim backtest', () => {
  test('is close where the measurements are those of the load', async () => {
    const [file, measured] = files(csv(1), 'june.csv')
    const named = ['--series', 'read by payment=consumed:payment']

    const { code, out } = await said([
      'backtest',
      file,
      measured,
      ...named,
      '--out',
      temporaryFolder(),
      '--json',
    ])

    const { series } = JSON.parse(out) as { series: { judged: { mape: number } }[] }
    expect(series).toHaveLength(2)
    expect(Math.max(...series.map(({ judged }) => judged.mape))).toBeLessThan(0.1)
    expect(code).toBe(0)
  })

  test('ends with 99 where a series is far off', async () => {
    const [file, measured] = files(csv(2), 'june.csv')
    const named = ['--series', 'read by payment=consumed:payment']

    const folder = temporaryFolder()
    const { code, out } = await said(['backtest', file, measured, ...named, '--out', folder])

    expect(code).toBe(99)
    expect(out).toContain(`Report  ${join(folder, 'report.html')}`)
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(
      '1 of 2 series off by over 20 %',
    )
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toMatch(
      /\| read by payment \| consumed:payment \| \d+ \| [\d.]+ % \| [\d.]+ % \| −[\d.]+ % \|/,
    )
    expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))).toMatchObject({
      command: 'backtest',
    })
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /off by at most \d+\.\d % on average \(read by payment\)/,
    )
  })

  test('reads what Prometheus answers', async () => {
    const [file, measured] = files(prometheus(), 'in.json')

    const { code } = await said([
      'backtest',
      file,
      measured,
      '--series',
      'in{topic="orders"}=produced',
      '--out',
      temporaryFolder(),
    ])

    expect(code).toBe(0)
  })

  test.each([
    [
      'Time,in\n1718000000000,1\n',
      'a.csv',
      [],
      /"in" has too few samples \(1\): two halves need 4/,
    ],
    [
      csv(1).replace('produced', 'in'),
      'a.csv',
      [],
      /^backtest: which series is which\? --series "in=…"/,
    ],
    [csv(1), 'a.csv', ['--series', 'out=produced'], /^--series out: .* has no such series/],
    [csv(1), 'a.csv', ['--series', 'produced=made'], /^--series produced=made: nothing simulated/],
    [csv(1), 'a.csv', ['--fit', 'recordCpuNs'], /runs on ideal hardware: name a profile/],
    ['{}', 'a.json', [], /is no answer of query_range/],
    ['{', 'a.json', [], /is no JSON/],
  ])('says of a wrong input %# in one line what is wrong', async (text, name, flags, line) => {
    const [file, measured] = files(text, name)

    const { code, err } = await said(['backtest', file, measured, ...flags])

    expect(code).toBe(2)
    expect(err).toMatch(line)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })
})
