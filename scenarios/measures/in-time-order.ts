/**
 * Sorts rows by a time in whole µs: by insertion where they are nearly in order, and else without a
 * comparison, a radix sort over eleven bits a pass.
 */

const BITS = 11
const BUCKETS = 1 << BITS

/** So many moves insertion may take, for each row and at the least: then radix is quicker. */
const MOVES_A_ROW = 8
const MOVES = 16_384

/** The numbers 0 … length − 1 in the order of their times; equal times keep their order. */
export function inTimeOrder(times: Float64Array): Int32Array {
  const rows = new Int32Array(times.length)
  for (let at = 0; at < rows.length; at += 1) rows[at] = at
  // What was written down as it happened is nearly in order, and insertion next to nothing.
  return inserted(rows, times) ? rows : radixed(rows, times)
}

/** Sorts by insertion; false, with the rows partly sorted, where they need too many moves. */
function inserted(rows: Int32Array, times: Float64Array): boolean {
  let moves = Math.max(MOVES, MOVES_A_ROW * rows.length)
  for (let at = 1; at < rows.length && moves >= 0; at += 1) {
    const row = rows[at] as number
    const time = times[row] as number
    let hole = at
    while (hole > 0 && (times[rows[hole - 1] as number] as number) > time) {
      rows[hole] = rows[hole - 1] as number
      hole -= 1
    }
    rows[hole] = row
    moves -= at - hole
  }
  return moves >= 0
}

function radixed(rows: Int32Array, times: Float64Array): Int32Array {
  const { digits, most } = digitsOf(times)
  let from: Int32Array = rows
  let to: Int32Array = new Int32Array(rows.length)
  const starts = new Int32Array(BUCKETS + 1)
  for (let word = 0; word < digits.length; word += 1) {
    const of = digits[word] as Int32Array
    for (let shift = 0; shift < WORD_BITS && (most[word] as number) >>> shift > 0; shift += BITS) {
      pass({ from, to, starts }, of, shift)
      const swapped = from
      from = to
      to = swapped
    }
  }
  return from
}

/** Bits of a time that are kept in one word: two passes. */
const WORD_BITS = BITS * 2
const WORD = 1 << WORD_BITS

interface Digits {
  /** Times since the earliest, the low words first. */
  readonly digits: readonly Int32Array[]
  /** The greatest of each word, or all ones where a higher word differs. */
  readonly most: readonly number[]
}

/** Division and rounding once a row; what follows is shifts. */
function digitsOf(times: Float64Array): Digits {
  let least = Infinity
  let greatest = -Infinity
  for (let at = 0; at < times.length; at += 1) {
    const time = times[at] as number
    if (time < least) least = time
    if (time > greatest) greatest = time
  }
  const digits: Int32Array[] = []
  const most: number[] = []
  let unit = 1
  for (let span = greatest - least; span > 0; span = Math.floor(span / WORD)) {
    const word = new Int32Array(times.length)
    for (let at = 0; at < times.length; at += 1) {
      word[at] = Math.floor(((times[at] as number) - least) / unit) & (WORD - 1)
    }
    digits.push(word)
    most.push(span < WORD ? span : WORD - 1)
    unit *= WORD
  }
  return { digits, most }
}

interface Pass {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly starts: Int32Array
}

function pass({ from, to, starts }: Pass, word: Int32Array, shift: number): void {
  starts.fill(0)
  for (let at = 0; at < word.length; at += 1) {
    const after = (((word[at] as number) >>> shift) & (BUCKETS - 1)) + 1
    starts[after] = (starts[after] as number) + 1
  }
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    starts[bucket + 1] = (starts[bucket + 1] as number) + (starts[bucket] as number)
  }
  for (let at = 0; at < from.length; at += 1) {
    const row = from[at] as number
    const bucket = ((word[row] as number) >>> shift) & (BUCKETS - 1)
    const place = starts[bucket] as number
    to[place] = row
    starts[bucket] = place + 1
  }
}
