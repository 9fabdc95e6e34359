import { expect, test } from 'vitest'
import type { Result } from '../../../../../scenarios/result.ts'
import { plainCase } from '../../../../../scenarios/explore/cases.ts'
import type { Config } from '../../../../../scenarios/schema/scenario.ts'
import { run } from '../../../../../scenarios/run.ts'
import { parseScenario } from '../../../../../scenarios/schema/load.ts'

async function runOf(records: 'explicit' | 'counted', config: Config = {}): Promise<Result> {
  const { scenario } = await parseScenario({
    name: 'small-fleet',
    system: 'kafka',
    duration: '4s',
    timeouts: 'brisk',
    cluster: { brokers: 3, zookeeper: 1, config: { 'min.insync.replicas': 2 } },
    topics: [{ name: 'orders', partitions: 6, replicationFactor: 3 }],
    producers: [
      {
        name: 'shops',
        topic: 'orders',
        clients: 50,
        records,
        keys: 200,
        load: { rate: '2k/s' },
        config: { 'linger.ms': 20 },
      },
    ],
    consumers: [
      {
        group: 'payment',
        members: 2,
        topics: ['orders'],
        work: '10us',
        config: { 'auto.offset.reset': 'earliest', ...config },
      },
    ],
  })
  return run(plainCase(scenario, 7))
}

/** Records by stream, of one table of the history. */
function totals({ history }: Result, table: 'sends' | 'deliveries' | 'processings'): number[] {
  const found = history.streams.map(() => 0)
  const { stream, count } = history[table].data
  for (let row = 0; row < history[table].length; row += 1) {
    const of = stream[row] as number
    found[of] = (found[of] as number) + (count[row] as number)
  }
  return found
}

test('a fleet sends the same records counted and explicit', async () => {
  const counted = await runOf('counted')
  const explicit = await runOf('explicit')

  expect(counted.history.streams).toEqual(explicit.history.streams)
  expect(totals(counted, 'sends')).toEqual(totals(explicit, 'sends'))
  expect(totals(counted, 'sends').reduce((sum, one) => sum + one)).toBeGreaterThan(7_500)
})

test('counted batches are stored with their ranges, batches and requests', async () => {
  const { logs } = await runOf('counted')

  const batches = logs.uncommitted.flatMap(({ entries }) => entries.map(({ batch }) => batch))
  const counted = batches.filter(({ content }) => content.kind === 'counted')
  expect(counted.length).toBeGreaterThan(100)
  for (const { content, count } of counted) {
    if (content.kind !== 'counted') continue
    expect(content.ranges.reduce((sum, range) => sum + range.count, 0)).toBe(count)
    expect(content.batches).toBeGreaterThan(0)
    expect(content.batches).toBeLessThanOrEqual(count)
    expect(content.requests).toBeLessThanOrEqual(content.batches)
  }
})

test('what was counted is delivered and processed record for record', async () => {
  const result = await runOf('counted')

  expect(totals(result, 'deliveries')).toEqual(totals(result, 'sends'))
  expect(totals(result, 'processings')).toEqual(totals(result, 'sends'))
})

test('a poll cuts a range where max.poll.records ends', async () => {
  const result = await runOf('counted', { 'max.poll.records': 7 })

  const { deliveries } = result.history
  const ofPoll = new Map<string, number>()
  for (let row = 0; row < deliveries.length; row += 1) {
    const poll = `${deliveries.get('process', row)}/${deliveries.get('poll', row)}`
    ofPoll.set(poll, (ofPoll.get(poll) ?? 0) + deliveries.get('count', row))
  }
  expect(Math.max(...ofPoll.values())).toBe(7)
  expect(totals(result, 'processings')).toEqual(totals(result, 'sends'))
})
