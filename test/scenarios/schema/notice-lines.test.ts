import { expect, test } from 'vitest'
import type { LocatedNotice } from '../../../scenarios/schema/load.ts'
import { ignoredProperties, noticeLines } from '../../../scenarios/schema/notice-lines.ts'

function notice(kind: 'ignored' | 'costly', property: string): LocatedNotice {
  const about = { config: 'broker', value: 1, path: [], place: 'server.properties:3:1' } as const
  return { kind, property, sentence: 'it costs', ...about }
}

test('a price has a line of its own', () => {
  expect(noticeLines([notice('costly', 'a')])).toEqual([
    'server.properties:3:1: warning: a=1: it costs',
  ])
})

test('properties without effect are counted in one line', () => {
  const notices = ['a', 'b', 'c', 'd', 'e', 'f', 'a'].map((name) => notice('ignored', name))

  expect(noticeLines(notices)).toEqual([
    '6 properties have no effect here: a, b, c, d, e, and 1 more (--strict makes it an error)',
  ])
  expect(noticeLines([notice('ignored', 'a')])).toEqual([
    '1 property has no effect here: a (--strict makes it an error)',
  ])
  expect(ignoredProperties(notices)).toContain('f')
})

test('nothing to say is no line', () => {
  expect(noticeLines([])).toEqual([])
})
