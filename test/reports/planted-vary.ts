/**
 * A comparison of settings made by hand: with acks=1 every second run loses ten records.
 */

import type { VaryAnswer } from '../../reports/answer.ts'
import type { VarySample } from '../../scenarios/explore/vary.ts'
import { plantedHead } from './planted.ts'

export function plantedSample(index: number, changes: Partial<VarySample> = {}): VarySample {
  return {
    index,
    error: null,
    verdicts: [
      { check: 'no-loss', verdict: 'kept' },
      { check: 'truth', verdict: 'kept' },
    ],
    lost: 0,
    duplicated: 0,
    redelivered: index,
    reordered: 0,
    backlogPeak: 500,
    latenessUs: 1_000_000 + index * 1_000,
    produceP99Us: 40_000,
    endToEndP99Us: 90_000,
    utilisation: 0.5,
    ...changes,
  }
}

export function plantedVary(changes: Partial<VaryAnswer> = {}): VaryAnswer {
  const indexes = Array.from({ length: 10 }, (_none, at) => at)
  const broken = [{ check: 'no-loss', verdict: 'broken' }] as const
  const losing = (index: number): Partial<VarySample> =>
    index % 2 === 0 ? { verdicts: broken, lost: 10 } : {}
  return {
    head: { ...plantedHead, command: 'compare' },
    scenario: 'planted',
    key: 'producers.shop.config.acks',
    rows: [
      { value: 'all', samples: indexes.map((index) => plantedSample(index)) },
      {
        value: '1',
        samples: indexes.map((index) =>
          plantedSample(index, { ...losing(index), produceP99Us: 4_000 + index }),
        ),
      },
    ],
    again: 'npx dmqsim compare planted 7 --vary producers.shop.config.acks=all,1 --runs 10',
    ...changes,
  }
}
