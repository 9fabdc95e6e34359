/**
 * Finds the word that somebody probably meant, for "did you mean".
 *
 * Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. A word
 * that differs in more than two letters of five is no suggestion, nor one with nothing in common.
 */

/** The nearest of the words, or undefined where none is near. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.round(word.length * 0.4)) + 1
  for (const candidate of words) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue
    const found = distance(word.toLowerCase(), candidate.toLowerCase())
    if (found < bestDistance && found < candidate.length) {
      best = candidate
      bestDistance = found
    }
  }
  return best
}

/** `, did you mean "orders"?`, or nothing. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const found = nearest(word, words)
  return found === undefined ? '' : `, did you mean "${found}"?`
}

/** What was meant, or else everything that there is; nothing where there is nothing. */
export function didYouMeanOf(word: string, words: Iterable<string>): string {
  const known = [...new Set(words)]
  const hint = didYouMean(word, known)
  if (hint !== '' || known.length === 0) return hint
  return `: there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`
}

function distance(from: string, to: string): number {
  let beforeLast: readonly number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1]
      let least = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      )
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (row > 1 && column > 1 && swapped) least = Math.min(least, at(beforeLast, column - 2) + 1)
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return at(last, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0
}
