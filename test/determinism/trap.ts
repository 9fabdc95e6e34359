/**
 * A trap for everything that differs between machines and moments: it throws when touched.
 *
 * It stands around one synchronous call and is taken away after it, because vitest and fast-check
 * live on the very things it forbids.
 */

/** Functions of objects that a simulation must not call. */
const forbidden: readonly (readonly [owner: object, name: string, names: readonly string[]])[] = [
  [
    globalThis,
    '',
    ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'structuredClone'],
  ],
  [Date, 'Date.', ['now', 'parse']],
  // The engines differ in the last bit of these.
  [Math, 'Math.', ['random', 'log', 'log2', 'log10', 'exp', 'pow', 'sin', 'cos', 'tan', 'cbrt']],
  [performance, 'performance.', ['now']],
  [process, 'process.', ['hrtime', 'nextTick', 'uptime', 'cpuUsage']],
  [globalThis.crypto, 'crypto.', ['getRandomValues', 'randomUUID']],
  [String.prototype, 'String.', ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase']],
  [Number.prototype, 'Number.', ['toLocaleString']],
  [Promise.prototype, 'Promise.', ['then']],
]

/** Runs `body`; what it touches of the forbidden throws with its name. */
export function trapped<Value>(body: () => Value): Value {
  const restores: (() => void)[] = []
  const replace = (owner: object, name: string, value: unknown): void => {
    const own = Object.getOwnPropertyDescriptor(owner, name)
    Object.defineProperty(owner, name, { value, configurable: true, writable: true })
    restores.push(() => {
      if (own === undefined) Reflect.deleteProperty(owner, name)
      else Object.defineProperty(owner, name, own)
    })
  }
  const RealDate = Date
  try {
    for (const [owner, prefix, names] of forbidden) {
      for (const name of names) replace(owner, name, sprung(prefix + name))
    }
    replace(
      globalThis,
      'Date',
      new Proxy(RealDate, { construct: sprung('new Date'), apply: sprung('Date') }),
    )
    replace(Array.prototype, 'sort', sortWithComparator)
    return body()
  } finally {
    for (const restore of restores.reverse()) restore()
  }
}

function sprung(what: string): () => never {
  return () => {
    throw new Error(`the simulation touched ${what}`)
  }
}

const sort = Array.prototype.sort

/** Without a comparator numbers are sorted as text, and text by a locale nobody chose. */
function sortWithComparator(this: unknown[], comparator?: (a: unknown, b: unknown) => number) {
  if (comparator === undefined) throw new Error('the simulation touched sort without comparator')
  return sort.call(this, comparator)
}
