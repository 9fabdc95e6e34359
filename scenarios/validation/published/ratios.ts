/**
 * V2: a re-run of 2022 whose hardware nobody states (FIG V2), as ratios between its rows, within
 * × 1.5 either way. The simulated ones are those of the machines of V1, so they cost no simulation.
 */

import type { ValidationRow } from '../row.ts'

const FACTOR = 1.5

interface Ratio {
  readonly id: string
  readonly title: string
  readonly expected: number
  /** Rows of V1: the first ÷ the second. */
  readonly of: readonly [string, string]
  readonly note: string
}

const NETWORK =
  'on the machines of V1 one producer is bound by its own thread; what bound it there is not stated'

export const ratios: readonly Ratio[] = [
  {
    id: 'V2.1',
    title: '1 producer: 3 replicas, acks=1 ÷ 1 replica',
    expected: 615_558.9 / 1_000_000,
    of: ['V1.2', 'V1.1'],
    note: NETWORK,
  },
  {
    id: 'V2.2',
    title: '1 producer: 3 replicas, acks=all ÷ 1 replica',
    expected: 335_629 / 1_000_000,
    of: ['V1.3', 'V1.1'],
    note: NETWORK,
  },
  {
    id: 'V2.3',
    title: '1 producer, 3 replicas: acks=all ÷ acks=1',
    expected: 335_629 / 615_558.9,
    of: ['V1.3', 'V1.2'],
    note: NETWORK,
  },
  {
    id: 'V2.4',
    title: '3 consumers ÷ 1 consumer',
    expected: 6_403_110 / 2_527_424,
    of: ['V1.6', 'V1.5'],
    note: NETWORK,
  },
  {
    id: 'V2.5',
    title: '1 producer, 3 replicas: with a consumer ÷ without',
    expected: 738_836 / 615_558.9,
    of: ['V1.7', 'V1.2'],
    note: NETWORK,
  },
]

/** Null where one of its rows has no value. */
export function ratioRow(ratio: Ratio, values: ReadonlyMap<string, number>): ValidationRow | null {
  const [above, below] = ratio.of.map((id) => values.get(id))
  if (above === undefined || below === undefined) return null
  const simulated = above / below
  const [low, high] = [ratio.expected / FACTOR, ratio.expected * FACTOR]
  const inside = low <= simulated && simulated <= high
  return {
    id: ratio.id,
    kind: 'published',
    title: ratio.title,
    measure: 'ratio',
    expected: ratio.expected,
    low,
    high,
    source: 'FIG V2',
    simulated,
    ci: null,
    calibrated: false,
    inside,
    note: inside ? null : ratio.note,
  }
}
