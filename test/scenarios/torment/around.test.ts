import { expect, test } from 'vitest'
import { Around } from '../../../scenarios/torment/around.ts'
import { probeEntries } from '../../../sim/registry.ts'
import '../../../scenarios/run.ts'

test('a probe belongs to the fault that struck last before it, until the heal', () => {
  const counts = new Float64Array(probeEntries().length)
  const around = new Around(counts)
  const reach = (probe: number): void => {
    counts[probe] = (counts[probe] ?? 0) + 1
  }

  reach(0)
  around.struck('crash')
  reach(1)
  around.struck('pause')
  reach(0)
  around.healed()
  reach(2)

  const names = probeEntries().map(({ name }) => name)
  expect(around.byKind()).toEqual({ crash: [names[1]], pause: [names[0]] })
})
