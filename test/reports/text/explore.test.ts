import { expect, test } from 'vitest'
import { exploreText } from '../../../reports/text/explore.ts'
import { page } from '../../../reports/text/layout.ts'
import { plantedExploreAnswer } from '../planted-exploration.ts'

for (const width of [80, 160]) {
  test(`the answer of an exploration reads as kept at ${width} columns`, async () => {
    const answer = plantedExploreAnswer()

    const text = exploreText(answer, page(width, false))

    await expect(text).toMatchFileSnapshot(`golden/explore.${width}.txt`)
  })
}

test('an exploration that was interrupted says so in its second line', () => {
  const answer = plantedExploreAnswer({ stopped: 'interrupt' })

  const text = exploreText(answer, page(160, false))

  expect(text.split('\n')[1]).toContain('interrupted')
})

test('failures of broken promises are told before those that are expected', () => {
  const answer = plantedExploreAnswer()
  const [first] = answer.failures
  if (first === undefined) throw new Error('the planted exploration has a failure')
  const of = (check: string, expected: boolean) => ({
    ...first,
    failure: { ...first.failure, check, expected },
  })
  const failures = [of('order-by-key', true), of('no-loss', false)]

  const text = exploreText({ ...answer, failures }, page(160, false))

  expect(text.indexOf('✗ no-loss stored')).toBeLessThan(text.indexOf('✗ order-by-key stored'))
})

test('a shrink that was cut short says by what, and how to go on', () => {
  const answer = plantedExploreAnswer()
  const [first] = answer.failures
  if (first === undefined) throw new Error('the planted exploration has a failure')
  const failure = { ...first.failure, shrinkStopped: 'events' as const }

  const text = exploreText({ ...answer, failures: [{ ...first, failure }] }, page(160, false))

  expect(text).toContain('in 181 runs (cut short by the limit of events')
  expect(text).toContain(`npx dmqsim replay ${first.file} --shrink goes on shrinking`)
})
