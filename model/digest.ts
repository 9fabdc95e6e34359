/**
 * Small 32-bit digests for hashes that people compare: numbers, texts, and their hex form.
 *
 * Each step multiplies and mixes high bits down, since word-wise FNV-1a alone spreads badly.
 */

export const FNV_OFFSET = 0x811c9dc5

const scratch = new Float64Array(1)
const words = new Uint32Array(scratch.buffer)

/** Folds one 32-bit word into a digest. */
export function foldWord(digest: number, word: number): number {
  let mixed = Math.imul(digest ^ word, 0x9e3779b1)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x85ebca77)
  return (mixed ^ (mixed >>> 13)) >>> 0
}

/** Folds any number, by its bits. */
export function foldNumber(digest: number, value: number): number {
  scratch[0] = value
  return foldWord(foldWord(digest, words[0] as number), words[1] as number)
}

export function foldText(digest: number, text: string): number {
  let folded = foldWord(digest, text.length)
  for (let at = 0; at < text.length; at += 1) folded = foldWord(folded, text.charCodeAt(at))
  return folded
}

/** Two words as 16 hex digits. */
export function hex16(high: number, low: number): string {
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}
