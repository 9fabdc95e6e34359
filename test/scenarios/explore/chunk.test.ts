import { expect, test } from 'vitest'
import { exploredCase } from '../../../scenarios/explore/cases.ts'
import { summaryOf } from '../../../scenarios/explore/chunk.ts'
import { loadScenario } from '../../../scenarios/schema/load.ts'

test('a run that throws is one internal error among the runs, with what was thrown', async () => {
  const { scenario } = await loadScenario('leader-crash-acks-all')
  const one = exploredCase(scenario, 1, 0)

  const summary = summaryOf(3, { ...one, guardsOff: ['no.such'] })

  expect(summary.index).toBe(3)
  expect(summary.ended).toBe('internal-error')
  expect(summary.reason).toContain('no.such')
})
