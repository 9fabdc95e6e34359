import { expect, test } from 'vitest'
import { gravest } from '../../cli/exit-code.ts'

test('of several exit codes the gravest is given', () => {
  const falling = [130, 3, 70, 1, 4, 99, 124]

  const gravestOfRest = falling.map((_code, at) => gravest(falling.slice(at).toReversed()))

  expect(gravestOfRest).toEqual(falling)
})

test('without any it is as expected', () => {
  expect(gravest([])).toBe(0)
})
