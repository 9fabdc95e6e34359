import { expect, test } from 'vitest'
import { plainCase } from '../../../scenarios/explore/cases.ts'
import { judge } from '../../../scenarios/judge.ts'
import { run } from '../../../scenarios/run.ts'
import { parseScenario } from '../../../scenarios/schema/load.ts'

test('a paused service’s records are late from when they were due', async () => {
  const { scenario } = await parseScenario({
    system: 'kafka',
    duration: '20s',
    topics: [{ name: 'orders', partitions: 3 }],
    producers: [{ name: 'shop', topic: 'orders', load: { rate: '50/s', arrival: 'steady' } }],
    consumers: [{ group: 'payment', topics: ['orders'] }],
    timeline: [{ at: '5s', pause: 'shop-1', for: '4s' }],
    checks: ['no-loss'],
  })

  const result = run(plainCase(scenario, 1))
  const { latency, operations } = judge(result).measures
  const { sends } = result.history
  const naive = [...sends.column('endedUs')].map((us, row) => us - sends.get('invokedUs', row))

  // All that came in the pause was sent at its end, within a moment.
  expect(operations.invoked).toBe(1_000)
  expect(naive.filter((us) => us > 1_000_000).length).toBeLessThan(5)
  expect(latency.produce?.max).toBeGreaterThan(3_900_000)
  expect(latency.endToEnd?.max).toBeGreaterThan(3_900_000)
  expect(latency.produce?.p95).toBeGreaterThan(2_500_000)
})
