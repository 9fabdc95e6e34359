import { describe, expect, test } from 'vitest'
import { fuzz } from './ensemble-fuzz.ts'

const seeds = Array.from({ length: Number(process.env['FUZZ_SEEDS'] ?? 20) }, (_, seed) => seed)

describe('under random faults', () => {
  test.each(seeds)('an ensemble keeps its laws (seed %i)', (seed) => {
    const servers = seed % 4 === 3 ? 5 : seed % 7 === 6 ? 1 : 3

    const { breaches } = fuzz({ seed, servers })

    expect(breaches).toEqual([])
  })
})
