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
  return mixed(digest, word) >>> 0
}

/** The same as a signed number, which costs no object where it is stored. */
function mixed(digest: number, word: number): number {
  let bits = Math.imul(digest ^ word, 0x9e3779b1)
  bits ^= bits >>> 15
  bits = Math.imul(bits, 0x85ebca77)
  return bits ^ (bits >>> 13)
}

/** Folds any number, by its bits. */
export function foldNumber(digest: number, value: number): number {
  scratch[0] = value
  return foldWord(foldWord(digest, words[0] as number), words[1] as number)
}

/**
 * Folds all numbers of a column, by their bits, into two digests, of which the first feeds the
 * second.
 */
export function foldColumn(digests: Int32Array, column: Float64Array): void {
  const bits = new Int32Array(column.buffer, column.byteOffset, column.length * 2)
  let high = digests[0] as number
  let low = digests[1] as number
  for (let at = 0; at < bits.length; at += 2) {
    const first = bits[at] as number
    const second = bits[at + 1] as number
    high = mixed(mixed(high, first), second)
    low = mixed(mixed(low ^ high, first), second)
  }
  digests[0] = high
  digests[1] = low
}

export function foldText(digest: number, text: string): number {
  let folded = foldWord(digest, text.length)
  for (let at = 0; at < text.length; at += 1) folded = foldWord(folded, text.charCodeAt(at))
  return folded
}

/** Folds the text that stands at the end of an array of ASCII characters, as `foldText` does. */
export function foldCodes(digest: number, characters: Uint8Array, start: number): number {
  let folded = mixed(digest, characters.length - start)
  for (let at = start; at < characters.length; at += 1) {
    folded = mixed(folded, characters[at] as number)
  }
  return folded
}

/** Two words as 16 hex digits. */
export function hex16(high: number, low: number): string {
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}
