import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  parseProperties,
  PropertiesSyntaxError,
} from '../../../../model/kafka/config/properties.ts'

function pairs(text: string): readonly (readonly [string, string])[] {
  return parseProperties(text).map(({ key, value }) => [key, value] as const)
}

test('keys and values are separated by an equals sign, a colon or blanks', () => {
  expect(pairs('a=1\nb:2\nc 3\nd = 4\ne\t:\t5\nf')).toEqual([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
    ['d', '4'],
    ['e', '5'],
    ['f', ''],
  ])
})

test('comments and empty lines hold nothing', () => {
  expect(pairs('# a=1\n  ! b=2\n\n   \nc=3 # not a comment\n')).toEqual([
    ['c', '3 # not a comment'],
  ])
})

test('a backslash at the end of a line joins the next one without its indent', () => {
  expect(pairs('list=a,\\\n     b,\\\r\n  c\nnext=1\\\\\nlast=2\\')).toEqual([
    ['list', 'a,b,c'],
    ['next', '1\\'],
    ['last', '2'],
  ])
})

test('a comment sign on a continuation line is text', () => {
  expect(pairs('a=1\\\n#2')).toEqual([['a', '1#2']])
})

test('escapes stand for blanks, separators and code points', () => {
  expect(pairs('a\\ b\\=c=d\\te\\u0041\\q')).toEqual([['a b=c', 'd\teAq']])
})

test('an entry knows the line and column where its key stands', () => {
  const entries = parseProperties('\uFEFF# first\n\n  log.dirs=/a,\\\n   /b\nnum.io.threads=8\n')

  expect(entries.map(({ key, line, column }) => [key, line, column])).toEqual([
    ['log.dirs', 3, 3],
    ['num.io.threads', 5, 1],
  ])
})

test('a broken code point is an error at its place', () => {
  const read = (): unknown => parseProperties('a=1\nb=x\\u00zz')

  expect(read).toThrow(PropertiesSyntaxError)
  expect(read).toThrow('\\u needs four hexadecimal digits')
})

test('what is written with escapes is read back', () => {
  const escape = (text: string): string =>
    text.replace(/[\\ :=#!\t\n\r\f]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(4, '0')
      return `\\u${code}`
    })
  const word = fc.string({ minLength: 1 })

  fc.assert(
    fc.property(fc.array(fc.tuple(word, word)), (entries) => {
      const text = entries.map(([key, value]) => `${escape(key)}=${escape(value)}`).join('\n')
      expect(pairs(text)).toEqual(entries)
    }),
    { seed: 1 },
  )
})
