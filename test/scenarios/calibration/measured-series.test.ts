import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readMeasured } from '../../../scenarios/calibration/measured-series.ts'
import { temporaryFolder } from '../../cli/recording-terminal.ts'

test('series of one file keep in step, though one of them begins later', () => {
  const file = join(temporaryFolder(), 'june.csv')
  const minutes = [0, 1, 2, 3, 4, 5]
  const rows = minutes.map((at) => `2026-11-01 12:0${at}:00,1500,${at < 2 ? '' : at}`)
  writeFileSync(file, ['Time,produced,late', ...rows].join('\n'))

  const [produced, late] = readMeasured(file)

  expect(produced?.samples.map(({ atUs }) => atUs / 60e6)).toEqual(minutes)
  expect(late?.samples.map(({ atUs, value }) => [atUs / 60e6, value])).toEqual([
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
  ])
})
