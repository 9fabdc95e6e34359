/**
 * What a score comes to: how many of the guards that mattered are missed, and the target.
 */

import type { ScoreAnswer } from './answer.ts'

/** Of the guards that were decisive somewhere, at least; of all, at most. */
export const scoreTarget = { noticed: 0.95, neverDecisive: 0.05 } as const

export interface ScoreTally {
  readonly of: number
  readonly decisive: number
  readonly noticed: number
  readonly neverDecisive: readonly string[]
  /** Noticed ÷ decisive. */
  readonly noticedShare: number
  /** Never decisive ÷ all. */
  readonly neverDecisiveShare: number
  /** Null where only a part was asked for. */
  readonly met: boolean | null
}

export function scoreTally({ guards, partial }: ScoreAnswer): ScoreTally {
  const noticed = guards.filter((one) => one.noticed).length
  const neverDecisive = guards.filter((one) => one.decisive === 0).map((one) => one.name)
  const decisive = guards.length - neverDecisive.length
  const noticedShare = shareOf(noticed, decisive)
  const neverDecisiveShare = shareOf(neverDecisive.length, guards.length)
  const met = noticedShare >= scoreTarget.noticed && neverDecisiveShare <= scoreTarget.neverDecisive
  return {
    of: guards.length,
    decisive,
    noticed,
    neverDecisive,
    noticedShare,
    neverDecisiveShare,
    met: partial ? null : met,
  }
}

function shareOf(part: number, all: number): number {
  return all === 0 ? 0 : part / all
}
