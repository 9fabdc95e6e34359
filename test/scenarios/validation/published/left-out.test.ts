import { expect, test } from 'vitest'
import { leftOut } from '../../../../scenarios/validation/published/left-out.ts'

test('a row that was fitted exactly is as far off, left out, as the others are from it', () => {
  const rows = [
    { off: 0, answers: [-1, 0] },
    { off: 0.1, answers: [-1, 0] },
    { off: 0.1, answers: [-1, 0] },
  ]

  // The others want the constant to be a tenth higher, and then the first is a tenth too low.
  expect(leftOut(rows, 0)).toBeCloseTo(-0.1, 4)
  expect(leftOut(rows, 1)).toBeCloseTo(0.05, 4)
})

test('a row whose constant no other row knows of stays as far off as it is', () => {
  const rows = [
    { off: 0.2, answers: [0, -1] },
    { off: 0, answers: [-1, 0] },
  ]

  expect(leftOut(rows, 0)).toBeCloseTo(0.2, 4)
})

test('a row that depends on no constant cannot be left out', () => {
  expect(leftOut([{ off: 1, answers: [0, 0] }], 0)).toBeNull()
})
