import { expect, test } from 'vitest'
import { page } from '../../../reports/text/layout.ts'
import { volumeLines } from '../../../reports/text/volume.ts'
import type { Volume } from '../../../scenarios/result.ts'

const volume: Volume = {
  batches: 1_234,
  records: 1_000_000,
  largest: 1_000,
  longestGapUs: 27_000_000,
  longestTurnUs: 9_200_000,
  slotAtPeakUs: 10_000,
  folded: 1_000,
}

test('a run of counted batches says how much went through it', () => {
  const lines = volumeLines(volume, page(80, false)).join(' ').replaceAll(/\s+/g, ' ')

  expect(lines).toContain('1,000,000 records in 1,234 batches')
  expect(lines).toContain('at most 1,000 records in one')
  expect(lines).toContain('sent nothing for longer than 9.2 s')
  expect(lines).toContain('arrivals in slots of')
})

test('a run of single records says nothing of it', () => {
  expect(volumeLines({ ...volume, slotAtPeakUs: null }, page(80, false))).toEqual([])
  expect(volumeLines(undefined, page(80, false))).toEqual([])
})
