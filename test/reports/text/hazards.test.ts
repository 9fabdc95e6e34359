import { expect, test } from 'vitest'
import { hazardsSentence, hazardsText } from '../../../reports/text/hazards.ts'
import { page } from '../../../reports/text/layout.ts'
import { plantedHazards } from '../planted-hazards.ts'

test('the first sentence tells what was found and which fixes held', () => {
  expect(hazardsSentence(plantedHazards())).toBe(
    'Of 3 published hazards 2 were found by exploring; 1 of 2 fixes held, 1 has none in ZooKeeper mode.',
  )
})

test('a row tells of the hunt and of the fix', () => {
  const lines = hazardsText(plantedHazards(), page(160, false)).split('\n')

  expect(lines.find((line) => line.startsWith('R01'))).toMatch(
    /21 runs +6 → 2 +8 +held 1,000, ≤ 0.3 %/,
  )
  expect(lines.find((line) => line.startsWith('D01'))).toMatch(
    /not in 1,000 +– +– +broken in 2 of 1,000/,
  )
  expect(lines.find((line) => line.startsWith('P10'))).toContain('none in ZooKeeper mode')
})

test('a hazard is told with its variant, its fix and its bias, and how to see it', () => {
  const text = hazardsText(plantedHazards(), page(160, false))

  expect(text).toContain('D01  acks=1: no-loss:stored; fix truncation=fetch; bias bursts')
  expect(text).toContain('npx dmqsim replay .dmqsim/table-hazards-1/failures/R01.json')
})

test('what broke by something else is told apart and is no claim of the fix', () => {
  const planted = plantedHazards()
  const [first, ...others] = planted.rows
  if (first === undefined) throw new Error('there is no row')
  const mechanism = 'processed again in another generation'
  const fix = { ...first.fix, otherwise: [{ mechanism, runs: 4 }] }
  const rows = [{ ...first, mechanism: 'a reset', fix }, ...others]

  const text = hazardsText({ ...planted, rows }, page(160, false))

  expect(text).toMatch(/R01 .*held 996/)
  expect(text).toContain(`R01  4 runs: ${mechanism}`)
  expect(text).toContain('no-loss:stored (a reset); fix')
})

test('one hazard was found, and no hazards were', () => {
  const planted = plantedHazards()
  const rows = planted.rows.slice(0, 2)

  expect(hazardsSentence({ ...planted, rows })).toMatch(
    /^Of 2 published hazards 1 was found by exploring/,
  )
})

test('the longest story and the longest shrinking are told', () => {
  const text = hazardsText(plantedHazards(), page(160, false))

  expect(text).toContain('of the shrunk case, at most 8; the longest shrinking took 1.1 s.')
})

test('nothing is wider than the terminal', () => {
  const lines = hazardsText(plantedHazards(), page(80, false)).split('\n')

  expect(lines.filter((line) => line.length > 80)).toEqual([])
})
