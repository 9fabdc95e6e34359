import { expect, test } from 'vitest'
import { page } from '../../../reports/text/layout.ts'
import { runText } from '../../../reports/text/run.ts'
import { plantedAnswer } from '../planted.ts'

for (const width of [80, 160]) {
  test(`the answer of a run reads as kept at ${width} columns`, async () => {
    const answer = plantedAnswer()

    const text = runText(answer, page(width, false))

    await expect(text).toMatchFileSnapshot(`golden/run.${width}.txt`)
  })

  test(`no line of a run's answer is wider than ${width} columns`, () => {
    const answer = plantedAnswer()

    const lines = runText(answer, page(width, false)).split('\n')

    expect(lines.filter((line) => line.length > width)).toEqual([])
  })
}
