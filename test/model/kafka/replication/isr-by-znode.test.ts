import { beforeAll, expect, test } from 'vitest'
import { plainCase } from '../../../../scenarios/explore/cases.ts'
import { run } from '../../../../scenarios/run.ts'
import type { Result } from '../../../../scenarios/result.ts'
import type { Scenario } from '../../../../scenarios/schema/scenario.ts'
import { tenSeconds } from '../../../ten-seconds.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await tenSeconds()
})

/** Ten seconds in which a broker is paused for longer than the others wait for it. */
function churned(isrUpdate: string, more: Partial<Scenario> = {}): Result {
  const pause = {
    kind: 'pause',
    target: { of: 'broker', id: 2 },
    atUs: 2_000_000,
    forUs: 1_700_000,
  } as const
  const timeline = [pause]
  return run(plainCase({ ...scenario, protocols: { isrUpdate }, timeline, ...more }, 1))
}

test('a leader that writes its ISR itself shrinks and expands it, and the controller hears of it', () => {
  const { probes, truth, ended } = churned('zk', { durationUs: 20_000_000 })

  expect(ended).toBe('drained')
  expect(truth).toEqual([])
  expect(probes['isr.shrunk']).toBeGreaterThan(0)
  expect(probes['isr.expanded']).toBeGreaterThan(0)
  expect(probes['isr.changeHeard']).toBeGreaterThan(0)
  expect(probes['isr.alterPartitionAccepted'] ?? 0).toBe(0)
})

test('at the level of today it asks the controller', () => {
  const { probes } = churned('async')

  expect(probes['isr.shrunk']).toBeGreaterThan(0)
  expect(probes['isr.changeHeard'] ?? 0).toBe(0)
})

test('brokers of both levels work together', () => {
  const { truth, ended } = churned('zk', {
    timeline: [
      {
        kind: 'rolling-restart',
        target: { of: 'all-brokers' },
        clean: true,
        waitForIsr: true,
        downUs: 500_000,
        pauseUs: 0,
        protocols: { isrUpdate: 'async' },
        atUs: 2_000_000,
      },
    ],
  })

  expect(ended).toBe('drained')
  expect(truth).toEqual([])
})
