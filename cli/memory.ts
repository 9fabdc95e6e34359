/**
 * Memory of a run whose history is folded: the heap is collected more often instead of growing.
 *
 * V8 lets a heap grow to a multiple of what lives in it, which it judges by how fast garbage comes.
 */

import { setFlagsFromString } from 'node:v8'

/** How much larger than what lives in it the heap may be, in percent: less is collected often. */
const GROWTH_PERCENT = 100

export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
