/**
 * The first line of a plan's answer, in plain words.
 */

import type { DrillAnswer, PeakAnswer, Setting, Wall, Window } from './plan-answer.ts'
import { digits, firstMissed, settingText, times, wallClause } from './words.ts'

interface Told {
  readonly feasible: boolean
  /** Not everything was tried. */
  readonly timeUp: boolean
  readonly find: 'peak' | null
  readonly setting: Setting
  readonly drills: readonly DrillAnswer[]
  readonly walls: readonly Wall[]
  readonly window: Window
  readonly peak: PeakAnswer | null
}

export function sentenceOf(told: Told): string {
  const { feasible, find, setting, drills, window } = told
  if (find === 'peak') return peakSentence(told)
  const peak = `the peak of ${digits(window.peakPerSecond)} records/s`
  if (!feasible && told.timeUp) {
    return `The time was up before a setting was found that carries ${peak}.`
  }
  if (!feasible) {
    return (
      `No setting of the search space carries ${peak}: the nearest, ${settingText(setting)}, ` +
      `misses ${firstMissed(drills)}.`
    )
  }
  return `${settingText(setting)} carry ${peak}; ${firstWall(told)}.`
}

function firstWall({ walls, drills }: Told): string {
  const first = walls.find(({ how }) => how === 'simulated')
  if (first === undefined) return 'nothing gives way at any traffic that was tried'
  // Whether the resource is the cause shows in how much of it the peak already uses.
  const used = drills.find(({ name }) => name === first.drill)?.bottleneck
  const share =
    used !== null && used !== undefined && used.resource === first.resource ? used.utilisation : 0
  return wallClause(first, share * (first.factor ?? 1))
}

function peakSentence({ setting, walls, window, peak, timeUp }: Told): string {
  const of = settingText(setting)
  const [first] = walls.filter(({ how }) => how === 'simulated')
  if (peak === null && timeUp) {
    return `The time was up before it was known how much of the peak of ${digits(window.peakPerSecond)} records/s ${of} carry.`
  }
  if (peak === null || peak.factor === null) {
    const missed = first === undefined ? '' : `: ${first.drill}: ${first.what} breaks at any of it`
    return `${of} do not carry even ${times(peak?.triedFrom ?? 0)} the peak of ${digits(window.peakPerSecond)} records/s${missed}.`
  }
  const holds = `${of} carry ${times(peak.factor)} the peak, ${digits(peak.recordsPerSecond ?? 0)} records/s`
  if (first === undefined) return `${holds}, the most that was tried: nothing gave way.`
  const where = first.drill === 'normal' ? '' : ` (${first.drill})`
  return `${holds}; then ${first.what} breaks${where}.`
}
