import { expect, test } from 'vitest'
import { moments } from '../../../scenarios/explore/moments.ts'
import '../../../scenarios/run.ts'
import { probeNamed } from '../../../sim/registry.ts'

test.each(moments.map(({ probe }) => probe))('the moment %s is a registered probe', (name) => {
  expect(probeNamed(name)).toBeDefined()
})
