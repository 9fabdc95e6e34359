/**
 * Mixing of small integers: ties, lanes, case seeds and the trace hash.
 */

/**
 * A 32-bit finalizer: every input bit reaches every output bit. Whoever keeps a word that only goes
 * into a hash keeps it signed (`| 0`): the engine holds a signed word without a box.
 */
export function finalize(word: number): number {
  let mixed = word | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** Mixes two words into one. */
export function mix32(a: number, b: number): number {
  return finalize(Math.imul(a, 0x9e3779b1) ^ finalize(b + 0x7f4a7c15))
}

/** A 32-bit number for a name, the same in every run. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return finalize(hash)
}

/** The low and the high word of a time or seed up to 2^53, mixed. */
export function fold53(value: number): number {
  const high = Math.floor(value / 0x100000000)
  return mix32(value >>> 0, high)
}

/** The seed of run `index` of an exploration: 0 … 2^53 − 1. */
export function mixSeed(seed: number, index: number): number {
  const folded = fold53(seed)
  const low = mix32(folded, index)
  const high = mix32(low ^ 0x5bd1e995, fold53(index) ^ folded) & 0x1fffff
  return high * 0x100000000 + low
}
