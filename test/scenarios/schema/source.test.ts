import { expect, test } from 'vitest'
import { readSource, sourceOf } from '../../../scenarios/schema/source.ts'

const text = 'a: 1\nlist:\n  - { name: x, b.c: 2 }\n  - &two { name: y }\n  - *two\nempty:\n'

test('values and keys are found at their places', () => {
  const { locate } = readSource(text, 'f.yaml')

  expect(locate(['a'], false)).toBe('f.yaml:1:4')
  expect(locate(['a'], true)).toBe('f.yaml:1:1')
  expect(locate(['list', 0, 'b.c'], false)).toBe('f.yaml:3:21')
  expect(locate(['list', 1, 'name'], false)).toBe('f.yaml:4:18')
})

test('a path that is not there is found at the deepest part that is', () => {
  const { locate } = readSource(text, 'f.yaml')

  expect(locate(['list', 0, 'missing', 'deep'], false)).toBe('f.yaml:3:5')
  expect(locate(['list', 9], false)).toBe('f.yaml:3:3')
  expect(locate(['a', 'x'], false)).toBe('f.yaml:1:4')
  expect(locate([], false)).toBe('f.yaml:1:1')
})

test.each(['\0\x01', 'name: caf\uFFFD', 'a\0:\0 '])(
  'bytes that are no text are refused: %j',
  (bytes) => {
    expect(() => readSource(bytes, 'f.yaml')).toThrow(
      'f.yaml: is no text: write YAML or JSON, in UTF-8',
    )
  },
)

test('a key without a value is found at the key', () => {
  expect(readSource(text, 'f.yaml').locate(['empty'], false)).toBe('f.yaml:6:1')
})

test('an alias leads to what it stands for', () => {
  expect(readSource(text, 'f.yaml').locate(['list', 2, 'name'], false)).toBe('f.yaml:4:18')
})

test('a value without a text has the place of its file', () => {
  expect(sourceOf({ a: 1 }, 'mine.mjs').locate(['a'], false)).toBe('mine.mjs')
})

test('a text that is no YAML is an error at its place', () => {
  expect(() => readSource('a: [1, 2\nb: 3\n', 'f.yaml')).toThrow(/^f\.yaml:2:1: /)
})

test('a text that is too long for a scenario is not even parsed', () => {
  expect(() => readSource(`a: ${'x'.repeat(1_000_000)}`, 'long.yaml')).toThrow(
    'long.yaml:1:1: has 1.0 million characters: a scenario file takes one million',
  )
})
