import { expect, test } from 'vitest'
import { PageCache } from '../../sim/page-cache.ts'

test('holds what was written last, up to its capacity', () => {
  const cache = new PageCache(1_000_000)
  for (let at = 1; at <= 100; at += 1) cache.bring(at * 1_000, 20_000)

  // Of 2 MB the second half is in memory.
  expect(cache.goneUs).toBe(50_000)
})

test('a read of old pages drives out newer ones', () => {
  const cache = new PageCache(1_000_000)
  for (let at = 1; at <= 100; at += 1) cache.bring(at * 1_000, 20_000)

  cache.bring(101_000, 400_000)

  expect(cache.goneUs).toBe(70_000)
})

test('without a capacity nothing is ever gone', () => {
  const cache = new PageCache(0)
  cache.bring(1, 1e15)

  expect(cache.goneUs).toBe(-1)
})

test('a power loss empties it', () => {
  const cache = new PageCache(1_000_000)
  cache.bring(1, 10)

  cache.forget(7)

  expect(cache.goneUs).toBe(7)
})
