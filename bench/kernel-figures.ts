/**
 * Figures of the kernel alone, against what one writes first and against itself without its hash.
 */

import { figure, type Figure, ratios } from './figures.ts'
import { holdObjects, holdOurs, pingPong, queueOurs } from './kernel.ts'

/** The kernel's figures; `scale` 1 for all operations, less for a shorter look. */
export function kernelFigures(pairs: number, scale: number): readonly Figure[] {
  const operations = 2_000_000 * scale
  return [
    hold(100, null, pairs, operations),
    hold(10_000, 2.8, pairs, operations),
    figure(
      { name: 'kernel-with-hash', unit: 'ratio', target: 0.8 },
      ratios(
        pairs,
        () => pingPong(100, operations, true),
        () => pingPong(100, operations, false),
      ),
    ),
    rate('ping-pong', 'M events/s', pairs, () => operations / pingPong(100, operations, true)),
    rate('queue-m-m-1', 'M cust./s', pairs, () => operations / queueOurs(operations)),
  ]
}

function hold(pending: number, target: number | null, pairs: number, operations: number): Figure {
  return figure(
    { name: `hold-${pending}`, unit: 'ratio', target },
    ratios(
      pairs,
      () => holdOurs(pending, operations),
      () => holdObjects(pending, operations),
    ),
  )
}

function rate(name: string, unit: string, rounds: number, perSecond: () => number): Figure {
  const samples = Array.from({ length: rounds + 1 }, () => perSecond() / 1e6)
  return figure({ name, unit, target: null }, samples.slice(1))
}
