import { expect, test } from 'vitest'
import { page } from '../../../reports/text/layout.ts'
import { scoreText } from '../../../reports/text/score.ts'
import { plantedScore } from '../planted-exploration.ts'

test('a score that ended before anything was turned off tells nothing of guards', () => {
  const score = plantedScore()
  const guards = score.guards.map((guard) => ({ ...guard, pairs: 0, noticed: false }))
  const levels = score.levels.map((level) => ({ ...level, runs: 0, noticed: false }))

  const text = scoreText({ ...score, guards, levels, stopped: 'time' }, page(160, false))

  expect(text).toMatch(
    /^Nothing was turned off: it ended while scenarios were run with every guard/,
  )
  expect(text).not.toContain('%')
})
