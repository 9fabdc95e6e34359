import { expect, test } from 'vitest'
import { idsByName } from '../../sim/registry.ts'

test('ids come in the order of names', () => {
  const entries = [{ name: 'log.b' }, { name: 'isr.a' }, { name: 'log.a' }]

  const order = idsByName(entries)

  expect(order).toEqual([1, 2, 0])
})

test('an entry that is registered later gets its place', () => {
  const entries = [{ name: 'b' }, { name: 'c' }]
  idsByName(entries)

  entries.push({ name: 'a' })

  expect(idsByName(entries)).toEqual([2, 0, 1])
})
