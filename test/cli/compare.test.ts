import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type CompareJson, compareSchema } from '../../reports/json/compare.ts'
import { said, scenarioFile, temporaryFolder } from './recording-terminal.ts'

const folder = temporaryFolder()
const first = join(folder, 'first', 'result.json')
const second = join(folder, 'second', 'result.json')

beforeAll(async () => {
  const file = scenarioFile(folder)
  await said(['run', file, '7', '--out', join(folder, 'first')])
  await said(['run', file, '8', '--out', join(folder, 'second')])
})

async function compared(words: readonly string[]): Promise<CompareJson> {
  const { code, out } = await said(['compare', ...words, '--json'])
  expect(code).toBe(0)
  const json = JSON.parse(out) as CompareJson
  expect(compareSchema.safeParse(json).error).toBeUndefined()
  return json
}

test('a case beside itself is the same, event for event', async () => {
  const { divergence, sentence } = await compared([first, first])

  expect(divergence).toBeNull()
  expect(sentence).toBe('The two runs are the same, event for event.')
})

test('two seeds part in an event that is told from both', async () => {
  const { divergence, first: one, second: other } = await compared([first, second])

  expect([one.seed, other.seed]).toEqual([7, 8])
  expect(divergence?.event).toBeGreaterThan(0)
  expect(divergence?.first).not.toBe(divergence?.second)
})

test('one case and a setting are compared with each other', async () => {
  const { divergence } = await compared([first, '--set', 'network.toClients.baseUs=900'])

  expect(divergence?.event).toBeGreaterThan(1)
})

test('the text shows promises and measures side by side', async () => {
  const { out } = await said(['compare', first, second])

  expect(out).toMatch(/^Where they part$/m)
  expect(out).toMatch(/^ {2}Promise +First +Second$/m)
  expect(out).toMatch(/send to acknowledgement p99 +[\d.]+ m?s +[\d.]+ m?s/)
})

test('one case alone is wrong usage', async () => {
  const { code, err } = await said(['compare', first])

  expect(code).toBe(2)
  expect(err).toContain('Usage: dmqsim compare')
  expect(err.endsWith('compare: which two cases? Give two, or one and --set\n')).toBe(true)
})

test.each([
  [scenarioFile(folder), 'network.toClients.baseUs=900'],
  ['double-eleven', 'topics.orders.partitions=3'],
])(
  'a scenario and a setting are wrong usage, told with the flag that does it',
  async (name, set) => {
    const { code, err } = await said(['compare', name, '--set', set])

    expect(code).toBe(2)
    const [path, value] = set.split('=')
    expect(err).toBe(
      `compare ${name} --set ${set}: the values of a scenario are compared by --vary ${path}=<other>,${value}\n`,
    )
  },
)
