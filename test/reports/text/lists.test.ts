import { expect, test } from 'vitest'
import { page } from '../../../reports/text/layout.ts'
import {
  guardsText,
  listText,
  probesText,
  protocolsText,
} from '../../../reports/text/registries.ts'
import { scoreText } from '../../../reports/text/score.ts'
import { plantedScore } from '../planted-exploration.ts'
import { guards, list, presets, probes, protocols } from '../planted-rows.ts'

for (const width of [80, 160]) {
  const wide = page(width, false)
  const texts: readonly [string, string][] = [
    ['guards', guardsText(guards, wide)],
    ['probes', probesText(probes, wide)],
    ['protocols', protocolsText(protocols, presets, wide)],
    ['list', listText(list, wide)],
    ['score', scoreText(plantedScore(), wide)],
  ]
  test.each(texts)(`the answer of %s reads as kept at ${width} columns`, async (name, text) => {
    await expect(text).toMatchFileSnapshot(`golden/${name}.${width}.txt`)
  })
}
