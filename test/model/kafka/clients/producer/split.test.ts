import { beforeAll, expect, test } from 'vitest'
import { plainCase } from '../../../../../scenarios/explore/cases.ts'
import { run } from '../../../../../scenarios/run.ts'
import type { Scenario } from '../../../../../scenarios/schema/scenario.ts'
import { Outcome } from '../../../../../model/history.ts'
import { tenSeconds } from '../../../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  const base = await tenSeconds()
  // Records that pass one by one, and not two together, although both fit a batch.
  const topics = base.topics.map((topic) => ({
    ...topic,
    config: { ...topic.config, 'max.message.bytes': 300 },
  }))
  const producers = base.producers.map((producer) => ({
    ...producer,
    recordBytes: 150,
    config: { ...producer.config, 'linger.ms': 400 },
  }))
  scenario = { ...base, topics, producers, timeline: [] }
})

/** How many sends ended well, and how many did not. */
function outcomes(split: string): { readonly ok: number; readonly failed: number } {
  const protocols = { 'producer.split': split }
  const { history } = run(plainCase({ ...scenario, protocols }, 1))
  const ended = [...history.sends.column('outcome')]
  const ok = ended.filter((outcome) => outcome === Outcome.ok).length
  return { ok, failed: ended.length - ok }
}

test('a batch that fits batch.size and is too large for the broker is cut in vain by Kafka 3.9', () => {
  expect(outcomes('batch-size').failed).toBeGreaterThan(0)
})

test('where what was cut before is cut in half, every record arrives', () => {
  const { ok, failed } = outcomes('halves')

  expect(ok).toBeGreaterThan(100)
  expect(failed).toBe(0)
})
