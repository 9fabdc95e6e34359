import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { SHIVIZ_EXPRESSION } from '../../cli/trace-formats.ts'
import { said, scenarioFile, temporaryFolder } from './recording-terminal.ts'

const folder = temporaryFolder()
const result = join(folder, 'out', 'result.json')

beforeAll(async () => {
  await said(['run', scenarioFile(folder), '7', '--out', join(folder, 'out')])
})

async function traced(format: string): Promise<string> {
  const file = join(folder, `trace-${format}`)
  const words = ['replay', result, '--trace-format', format, '--trace', file]
  const { code } = await said([...words, '--out', join(folder, 'again')])
  expect(code).toBe(0)
  return readFileSync(file, 'utf8')
}

interface Entry {
  readonly ph: string
  readonly pid: number
  readonly ts?: number
  readonly id?: number
  readonly args?: { readonly name?: string }
}

test('the Chrome trace is JSON in which every event has a named process and each arrow two ends', async () => {
  const { traceEvents } = JSON.parse(await traced('chrome')) as { traceEvents: readonly Entry[] }

  const named = new Set(traceEvents.filter(({ ph }) => ph === 'M').map(({ pid }) => pid))
  const starts = traceEvents.filter(({ ph }) => ph === 's')
  const ends = new Map(traceEvents.filter(({ ph }) => ph === 'f').map((one) => [one.id, one]))
  expect(traceEvents.every(({ pid }) => named.has(pid))).toBe(true)
  expect(starts.length).toBeGreaterThan(100)
  expect(starts.every(({ id, ts = 0 }) => (ends.get(id)?.ts ?? -1) >= ts)).toBe(true)
})

test('each line of the ShiViz log is read by the expression in its first line', async () => {
  const [first = '', blank, ...lines] = (await traced('shiviz')).trimEnd().split('\n')

  const expression = new RegExp(`^${first}$`)
  expect([first, blank]).toEqual([SHIVIZ_EXPRESSION, ''])
  expect(lines.length).toBeGreaterThan(100)
  expect(lines.filter((line) => !expression.test(line))).toEqual([])
})

test('a vector clock counts its own process one on, and knows what a message brought', async () => {
  const [, , ...lines] = (await traced('shiviz')).trimEnd().split('\n')
  const expression = new RegExp(`^${SHIVIZ_EXPRESSION}$`)
  const own = new Map<string, number>()

  const wrong = lines.filter((line) => {
    const { host = '', clock = '{}' } = expression.exec(line)?.groups ?? {}
    const count = (JSON.parse(clock) as Record<string, number>)[host] ?? 0
    const expected = (own.get(host) ?? 0) + 1
    own.set(host, count)
    return count !== expected
  })
  const widest = lines.map((line) => Object.keys(JSON.parse(/{.*}/.exec(line)?.[0] ?? '{}')).length)

  expect(wrong).toEqual([])
  expect(Math.max(...widest)).toBeGreaterThan(3)
})

test('an unknown format is one line and exit code 2, and nothing is left behind', async () => {
  const { code, err } = await said(['replay', result, '--trace-format', 'chrom'])

  expect(code).toBe(2)
  expect(err).toMatch(/^--trace-format chrom: there is no such choice/)
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
})
