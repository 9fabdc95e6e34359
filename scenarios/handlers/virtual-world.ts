/**
 * Lets a handler run one step, without what does not exist in virtual time.
 *
 * Clock, chance, timers and promises of JavaScript are replaced while its code runs and are back
 * before anything else does. A handler that reaches for one ends the run with one line that says
 * where and what to write instead, even if it catches what is thrown. Not noticed: files, sockets
 * and `node:crypto`; runs that differ because of them are found by executing a share twice.
 */

import { InputError } from '../schema/input-error.ts'
import { placeOf } from './place.ts'

interface Slot {
  readonly holder: Record<string, unknown>
  readonly key: string
  readonly trap: unknown
}

let caught: InputError | null = null
let slots: readonly Slot[] | null = null
let moduleName = ''

/** Runs a piece of a handler's code. Throws `InputError` if it left virtual time. */
export function inVirtualTime<Value>(module: string, act: () => Value): Value {
  slots ??= slotsOf()
  moduleName = module
  caught = null
  const own = slots.map(({ holder, key }) => [Object.hasOwn(holder, key), holder[key]] as const)
  for (const { holder, key, trap } of slots) holder[key] = trap
  try {
    return act()
  } finally {
    slots.forEach(({ holder, key }, at) => {
      const [was, value] = own[at] as readonly [boolean, unknown]
      if (was) holder[key] = value
      else delete holder[key]
    })
    // oxlint-disable-next-line no-unsafe-finally -- what the handler threw or returned does not count
    if (caught !== null) throw caught
  }
}

function slotsOf(): readonly Slot[] {
  const world = globalThis as unknown as Record<string, Record<string, unknown>>
  const sleep = "wait with yield* app.sleep('100ms')"
  const now = 'ask yield* app.now()'
  const functions: readonly [Record<string, unknown>, string, string, string][] = [
    [world['Math'] ?? {}, 'random', 'Math.random', 'draw with yield* app.random()'],
    [world, 'setTimeout', 'setTimeout', sleep],
    [world, 'setInterval', 'setInterval', sleep],
    [world, 'setImmediate', 'setImmediate', sleep],
    [world, 'queueMicrotask', 'queueMicrotask', 'call the tools with yield*'],
    [world['performance'] ?? {}, 'now', 'performance.now', now],
  ]
  return [
    { holder: world, key: 'Date', trap: clockTrap(world['Date'], now) },
    { holder: world, key: 'Promise', trap: promiseTrap(world['Promise']) },
    ...functions.map(([holder, key, name, mend]) => ({
      holder,
      key,
      trap: (): never => refuse(`${name}()`, mend),
    })),
  ]
}

/** A date made of given numbers is no clock. */
function clockTrap(real: unknown, mend: string): unknown {
  return new Proxy(real as new (...values: unknown[]) => object, {
    apply: () => refuse('Date()', mend),
    construct: (target, values) =>
      values.length === 0 ? refuse('new Date()', mend) : Reflect.construct(target, values),
    get: (target, key) =>
      key === 'now' ? (): never => refuse('Date.now()', mend) : Reflect.get(target, key),
  })
}

function promiseTrap(real: unknown): unknown {
  const mend = 'a handler is a function* that calls its tools with yield*'
  return new Proxy(real as new (...values: unknown[]) => object, {
    apply: () => refuse('Promise', mend),
    construct: () => refuse('Promise', mend),
    get: (target, key) =>
      typeof key === 'string' && key !== 'prototype'
        ? refuse(`Promise.${key}`, mend)
        : Reflect.get(target, key),
  })
}

function refuse(what: string, mend: string): never {
  const place = placeOf(new Error(what), moduleName)
  caught = new InputError([`${place}: ${what} does not exist in virtual time: ${mend}`])
  throw caught
}
