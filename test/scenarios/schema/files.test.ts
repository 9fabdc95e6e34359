import { expect, test } from 'vitest'
import {
  findScenario,
  isFileName,
  packageRoot,
  scenarioNames,
} from '../../../scenarios/schema/files.ts'

test.each([
  ['double-eleven', false],
  ['my.yaml', true],
  ['./double-eleven', true],
  ['folder/double-eleven', true],
  ['folder\\mine', true],
])('"%s" is a file: %s', (text, expected) => {
  expect(isFileName(text)).toBe(expected)
})

test('the root is the folder of package.json', async () => {
  const { name } = (await import(`${packageRoot()}/package.json`, {
    with: { type: 'json' },
  })) as { name: string }

  expect(name).toBe('dmqsim')
})

test('names are unique, so that each finds one scenario', () => {
  const names = scenarioNames().map((scenario) => scenario.name)

  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(findScenario(name)).toContain(`${name}.yaml`)
})

test('a file that is not there is one line', () => {
  expect(() => findScenario('./nowhere.yaml')).toThrow('./nowhere.yaml: there is no such file')
})
