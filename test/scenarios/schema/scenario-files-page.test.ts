import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { InputError } from '../../../scenarios/schema/input-error.ts'
import { parseScenarioText } from '../../../scenarios/schema/load.ts'

const page = readFileSync(new URL('../../../docs/scenario-files.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')

/** What the parts of a scenario on the page are a part of. */
const around = `system: kafka
duration: 60s
topics: [{ name: orders, partitions: 6 }]
services: [{ name: bank }]
consumers: [{ group: payment, members: 3, topics: [orders] }]
`

test('the page has examples', () => {
  expect(blocks.length).toBeGreaterThan(5)
})

test.each(blocks)('an example of the page loads: %s', async (block) => {
  const text = block.includes('system: kafka') ? block : around + block

  const { scenario } = await parseScenarioText(text, 'page.yaml')

  expect(scenario.system).toBe('kafka')
})

test('the errors that the page shows are the ones that come', async () => {
  const shown = [...page.matchAll(/^my\.yaml:(\d+):\d+: (.*)$/gm)].map((match) => match[2])
  const text = (blocks[0] ?? '').replace('duration: 60s', 'duration: 60').replace('count:', 'cont:')

  const lines = await parseScenarioText(text, 'my.yaml').then(
    () => [],
    (error: unknown) => (error instanceof InputError ? error.lines : []),
  )

  expect(lines.map((line) => line.replace(/^my\.yaml:\d+:\d+: /, ''))).toEqual(shown)
})
