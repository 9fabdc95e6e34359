import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { define } from '../../sim/definition.ts'
import type { AnyBehaviour } from '../../sim/process.ts'

const receive = { Hello: () => {} }
const expire = {}

function behaviourOf(start: () => void, servers = 1): AnyBehaviour {
  return { stations: { main: { servers } }, start, receive, expire } as unknown as AnyBehaviour
}

test('behaviours of the same tables and stations share a definition', () => {
  const first = define(behaviourOf(() => {}))
  expect(define(behaviourOf(() => {}))).toBe(first)
  expect(define(behaviourOf(() => {}, 8))).not.toBe(first)
})

test('a definition does not keep alive what its process began with', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const begin = (): WeakRef<object> => {
    const world = { events: [1, 2, 3] }
    define(behaviourOf(() => void world.events.pop(), 3))
    return new WeakRef(world)
  }

  const world = begin()
  await setImmediate()
  collect()

  expect(world.deref()).toBeUndefined()
})
