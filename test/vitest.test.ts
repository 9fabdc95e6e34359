import { expect, test } from 'vitest'
import '../vitest.ts'
import { plantedJudged, plantedVerdicts } from './reports/planted.ts'
import { plantedExploration, plantedRun } from './reports/planted-exploration.ts'

function message(act: () => void): string {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

const kept = plantedJudged({ verdicts: plantedVerdicts().slice(1, 2), thresholds: [] })

test('a run whose promises were kept matches', () => {
  expect(kept).toKeepPromises()
})

test('a run that broke one does not, and says the seed and the command that replays', () => {
  const said = message(() => expect(plantedJudged()).toKeepPromises())

  expect(said).toContain('37 orders that were acknowledged are in no log')
  expect(said).toContain('✗ no-loss stored')
  expect(said).toContain('scenario planted, seed 7')
  expect(said).toMatch(/replay: npx dmqsim replay dmq2\.[\w-]+$/m)
})

test('a run that proves nothing does not match either', () => {
  const [first] = plantedVerdicts().slice(1, 2)
  if (first === undefined) throw new Error('nothing is planted')
  const judged = plantedJudged({ verdicts: [{ ...first, verdict: 'vacuous' }], thresholds: [] })

  const said = message(() => expect(judged).toKeepPromises())

  expect(said).toContain('nothing was proved')
})

test('an exploration says which run broke what, and how to replay it', () => {
  const said = message(() => expect(plantedExploration()).toKeepPromises())

  expect(said).toContain('no-loss stored broke in 1 runs, first in run 1')
  expect(said).toMatch(/replay: npx dmqsim replay dmq2\./)
})

test('an exploration that kept everything matches', () => {
  expect(plantedExploration({ runs: [plantedRun(0), plantedRun(1)] })).toKeepPromises()
})

test('the opposite can be asked for', () => {
  expect(plantedJudged()).not.toKeepPromises()
  expect(message(() => expect(kept).not.toKeepPromises())).toContain('and none did')
})

test('anything else is refused', () => {
  expect(message(() => expect(7).toKeepPromises())).toContain('takes what judge')
})
