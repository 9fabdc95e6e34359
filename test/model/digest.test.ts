import { describe, expect, it } from 'vitest'
import { FNV_OFFSET, foldColumn, foldNumber } from '../../model/digest.ts'

describe('foldColumn', () => {
  it('folds each number as foldNumber does, the first digest into the second', () => {
    const column = Float64Array.of(0, -1, 1.5, 2 ** 40, Infinity)
    let high = FNV_OFFSET
    let low = 7
    for (const value of column) {
      high = foldNumber(high, value)
      low = foldNumber(low ^ high, value)
    }

    const digests = Int32Array.of(FNV_OFFSET, 7)
    foldColumn(digests, column)

    expect([...digests]).toEqual([high | 0, low | 0])
  })

  it('reads only its part of a longer block', () => {
    const block = Float64Array.of(9, 1, 2, 9)
    const whole = Int32Array.of(1, 2)
    const part = Int32Array.of(1, 2)

    foldColumn(whole, Float64Array.of(1, 2))
    foldColumn(part, block.subarray(1, 3))

    expect(part).toEqual(whole)
  })
})
