import { expect, test } from 'vitest'
import { type Property, listOf, simulated } from '../../../../model/kafka/config/property.ts'
import {
  ConfigException,
  createReader,
  type Properties,
  type Reader,
  validate,
} from '../../../../model/kafka/config/reader.ts'

const list = listOf([
  simulated('count', 5, { least: 1, most: 10 }, 'A count.'),
  simulated('never', 7, {}, 'A long.'),
  simulated('share', 0.5, { type: 'double' }, 'A share.'),
  simulated('limit', null, { type: 'long' }, 'A limit.'),
  simulated('on', true, {}, 'A switch.'),
  simulated('word', 'a', { words: ['a', 'b'] }, 'A word.'),
  simulated('names', 'x, y', { type: 'list' }, 'Names.'),
])

function read(properties: Properties): Reader {
  return createReader(list, properties)
}

test('what is not given takes the default', () => {
  const reader = read({})

  expect(reader.int('count')).toBe(5)
  expect(reader.boolean('on')).toBe(true)
  expect(reader.string('word')).toBe('a')
  expect(reader.list('names')).toEqual(['x', 'y'])
  expect(reader.optional('limit')).toBeUndefined()
  expect(reader.given('count')).toBeUndefined()
  expect(reader.has('count')).toBe(false)
})

test('texts of a properties file and values of a scenario mean the same', () => {
  expect(read({ count: ' 7 ' }).int('count')).toBe(read({ count: 7 }).int('count'))
  expect(read({ on: 'FALSE' }).boolean('on')).toBe(read({ on: false }).boolean('on'))
})

test('a number past the safe range means never', () => {
  expect(read({ never: '9223372036854775807' }).int('never')).toBe(Number.MAX_SAFE_INTEGER)
})

test.each([
  ['count', 'many', 'count = many: must be a whole number'],
  ['count', '1.5', 'count = 1.5: must be a whole number'],
  ['count', '', 'count = : must be a whole number'],
  ['count', true, 'count = true: must be a whole number'],
  ['count', 0, 'count = 0: must be between 1 and 10'],
  ['count', 11, 'count = 11: must be between 1 and 10'],
  ['share', 'half', 'share = half: must be a number'],
  ['on', 'yes', 'on = yes: must be true or false'],
  ['word', 'c', 'word = c: must be one of a, b'],
])('%s = %s is refused with a sentence', (name, value, sentence) => {
  const property = list.get(name) as Property

  expect(() => validate(property, value)).toThrow(new ConfigException(name, sentence))
})

test('an empty value stands for none where there is no default', () => {
  expect(read({ limit: '' }).optional('limit')).toBeUndefined()
  expect(() => validate(list.get('limit') as Property, '')).not.toThrow()
})

test('a number that has to be there is asked for', () => {
  expect(() => read({}).int('limit')).toThrow('needs a value')
})

test('a refusal names the property to point at', () => {
  const attempt = (): unknown => read({ count: 3 }).refuse('count', 'is odd')

  expect(attempt).toThrow(new ConfigException('count', 'count = 3: is odd'))
})
