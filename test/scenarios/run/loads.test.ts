import { expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import type { Result } from '../../../scenarios/result.ts'
import { run } from '../../../scenarios/run.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import type { ProducerEntry } from '../../../scenarios/schema/surface.ts'

async function sent(producer: Partial<ProducerEntry>): Promise<Result> {
  const { scenario } = await parseScenario({
    system: 'kafka',
    duration: '20s',
    topics: [{ name: 'orders', partitions: 3 }],
    producers: [{ name: 'shop', topic: 'orders', ...producer }],
    checks: ['no-loss'],
  })
  return run(plainCase(scenario, 1))
}

/** Sends in each tenth of a second, by process. */
function counts({ history, phases }: Result): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>()
  for (let row = 0; row < history.sends.length; row += 1) {
    const process = history.sends.get('process', row)
    const tenth = Math.floor((history.sends.get('invokedUs', row) - phases.originUs) / 100_000)
    const of = found.get(process) ?? Array.from({ length: 201 }, () => 0)
    of[tenth] = (of[tenth] ?? 0) + 1
    found.set(process, of)
  }
  return found
}

test('instances of a service have their bursts at the same time', async () => {
  const burst = { factor: 5, length: '500ms' }
  const result = await sent({ count: 2, load: { rate: '200/s', arrival: 'bursty', burst } })
  const [one = [], other = []] = [...counts(result).values()]

  const quiet = (of: readonly number[]): readonly number[] =>
    of.flatMap((count, tenth) => (count === 0 && of[tenth - 1] === 0 ? [tenth] : []))

  // Four fifths of the time nothing comes, to neither of them.
  expect(quiet(one).length).toBeGreaterThan(80)
  expect(quiet(one).filter((tenth) => (other[tenth] ?? 0) > 1)).toEqual([])
})

test('users are divided over the instances', async () => {
  const result = await sent({ count: 2, load: { users: 5, think: '1s' } })
  const [one = [], other = []] = [...counts(result).values()].map((of) =>
    of.reduce((sum, count) => sum + count, 0),
  )

  expect(Number(one) / Number(other)).toBeGreaterThan(1.3)
  expect(Number(one) / Number(other)).toBeLessThan(1.7)
  expect(Number(one) + Number(other)).toBeGreaterThan(90)
})

test('by Zipf’s law the first of a thousand keys has a sixth of the records', async () => {
  const keys = { count: 1_000, zipf: 1.1 }
  const { history } = await sent({ keys, load: { rate: '500/s' } })
  const hottest = history.streams.findIndex(({ key }) => key === 'key-0')

  const share = (history.streamLengths[hottest] ?? 0) / history.sends.length
  expect(share).toBeGreaterThan(0.16)
  expect(share).toBeLessThan(0.2)
})
