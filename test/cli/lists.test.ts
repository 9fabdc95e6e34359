import { expect, test } from 'vitest'
import {
  guardsSchema,
  listSchema,
  probesSchema,
  protocolsSchema,
} from '../../reports/json/registries.ts'
import type { ListRow } from '../../reports/answer.ts'
import { said } from './recording-terminal.ts'

test.each([
  ['list', listSchema],
  ['guards', guardsSchema],
  ['probes', probesSchema],
  ['protocols', protocolsSchema],
])('%s answers in text and in JSON', async (name, schema) => {
  const text = await said([name])
  const json = await said([name, '--json'])

  expect([text.code, json.code, text.err, json.err]).toEqual([0, 0, '', ''])
  expect(schema.safeParse(JSON.parse(json.out)).error).toBeUndefined()
  expect(text.out.split('\n').filter((line) => line.length > 80)).toEqual([])
})

test('list tells only of the problem that is asked for', async () => {
  const { out } = await said(['list', '--problem', 'order', '--json'])

  const { scenarios } = JSON.parse(out) as { scenarios: ListRow[] }
  expect(scenarios.map((one) => one.name)).toContain('partition-added-mid-run')
  expect(new Set(scenarios.map((one) => one.problem))).toEqual(new Set(['order']))
})

test('every guard and probe names the source that registers it', async () => {
  const guards = await said(['guards', '--json'])
  const probes = await said(['probes', '--json'])

  const rows = [
    ...(JSON.parse(guards.out) as { guards: { file: string | null }[] }).guards,
    ...(JSON.parse(probes.out) as { probes: { file: string | null }[] }).probes,
  ]
  expect(rows.filter(({ file }) => file === null)).toEqual([])
  expect(rows.every(({ file }) => file?.startsWith('model/') === true)).toBe(true)
})

test('the schema of a command and of scenario files is JSON Schema', async () => {
  const run = await said(['schema', 'run'])
  const scenario = await said(['schema', 'scenario'])

  expect(JSON.parse(run.out)).toMatchObject({ type: 'object' })
  expect(JSON.parse(scenario.out)).toHaveProperty('$schema')
})
