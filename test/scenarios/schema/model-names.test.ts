import { expect, test } from 'vitest'
import { parseScenario } from '../../../scenarios/schema/load.ts'
import { strangeNames } from '../../../scenarios/schema/model-names.ts'
import { pathText } from '../../../scenarios/schema/findings.ts'
// For its registrations of guards and probes.
import '../../../scenarios/run.ts'

const base = { system: 'kafka', duration: '10s', topics: [{ name: 'orders' }] }

async function strangersOf(more: object): Promise<readonly string[]> {
  const { scenario } = await parseScenario({ ...base, ...more })
  return strangeNames(scenario).map(({ path, message }) => `${pathText(path)}: ${message}`)
}

test('names that the model has are no strangers', async () => {
  const on = { probe: 'isr.shrinkSent' }
  const guardsOff = ['isr.eligibility']

  expect(await strangersOf({ guardsOff, timeline: [{ on, crash: 'broker 1' }] })).toEqual([])
})

test.each([
  [{ guardsOff: ['isr.eligibilty'] }, /^guardsOff\[0\]: there is no guard .*did you mean/],
  [{ requiredProbes: ['nothing'] }, /^requiredProbes\[0\]: there is no probe "nothing"/],
  [{ protocols: { truncation: 'kip999' } }, /^protocols\.truncation: .*known levels are hw/],
  [{ protocols: { trunkation: 'hw' } }, /^protocols\.trunkation: .*did you mean "truncation"/],
  [
    { timeline: [{ on: { probe: 'isr.shrunkSent' }, crash: 'broker 1' }] },
    /^timeline\[0\]\.on\.probe: .*did you mean "isr\.shrinkSent"/,
  ],
  [
    { timeline: [{ at: '1s', restart: { target: 'broker 1', protocols: { truncation: 'x' } } }] },
    /^timeline\[0\]\.restart\.protocols\.truncation: /,
  ],
])('%j names a stranger', async (more, line) => {
  expect(await strangersOf(more)).toEqual([expect.stringMatching(line)])
})
