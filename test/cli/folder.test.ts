import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Folder, readyFor, writeWhole } from '../../cli/folder.ts'
import { InputError } from '../../scenarios/schema/input-error.ts'
import { temporaryFolder } from './recording-terminal.ts'

test('results go to a folder of scenario and seed, whatever the scenario is called', () => {
  expect(new Folder('double-eleven', 7).path).toBe(join('.dmqsim', 'double-eleven-7'))
  expect(new Folder('../my orders', 7).path).toBe(join('.dmqsim', '..-my-orders-7'))
})

test('a file is written whole, in folders made on the way, and leaves nothing beside it', () => {
  const folder = new Folder('any', 1, join(temporaryFolder(), 'deep', 'er'))

  folder.write('failures/no-loss-1.json', '{}')

  expect(readFileSync(folder.file('failures/no-loss-1.json'), 'utf8')).toBe('{}')
  expect(readdirSync(folder.file('failures'))).toEqual(['no-loss-1.json'])
})

test('what an earlier answer left is cleared', () => {
  const folder = new Folder('any', 1, temporaryFolder())
  folder.write('failures/no-loss-1.json', '{}')

  folder.clear('failures')

  expect(existsSync(folder.file('failures'))).toBe(false)
})

test('a place that cannot be written is a mistake of the input', () => {
  const file = join(temporaryFolder(), 'taken')
  writeFileSync(file, '')

  expect(() => writeWhole(join(file, 'below'), 'text')).toThrow(InputError)
})

test('a place in a file system without folders is refused, not tried for ever', () => {
  expect(() => writeWhole('/proc/dmqsim-none/below/result.json', 'text')).toThrow(InputError)
})

test('that nothing can be written is known before the work', () => {
  const file = join(temporaryFolder(), 'taken')
  writeFileSync(file, '')

  expect(() => new Folder('any', 1, file).ready()).toThrow(InputError)
  expect(() => readyFor(join(file, 'below', 'report.html'))).toThrow(InputError)
})
