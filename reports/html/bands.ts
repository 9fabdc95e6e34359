/**
 * The timeline and the phases as bands behind the charts, packed into rows for the lane above them.
 */

import type { Judged, Struck } from '../../scenarios/result.ts'
import type { OperationKind } from '../../scenarios/schema/timeline.ts'
import type { Band } from './chart-model.ts'

const operations: ReadonlySet<string> = new Set<OperationKind>([
  'add-partitions',
  'add-members',
  'stop-members',
  'deploy',
  'elect-leader',
  'reassign',
  'alter-config',
  'create-topic',
  'delete-topic',
  'slow-work',
  'poison',
  'rolling-restart',
])

export interface Lane {
  readonly bands: readonly Band[]
  readonly rows: number
}

/** Entries that took effect, then the phases that were reached. */
export function laneOf(judged: Judged): Lane {
  const { struck, phases } = judged.result
  const end = seconds(phases.endUs)
  const ends: number[] = []
  const entries = struck
    .filter((one) => one.atUs !== null && one.refused === null)
    .sort((left, right) => (left.atUs as number) - (right.atUs as number))
    .map((one) => bandOf(one, end, ends))
  return { bands: [...entries, ...phaseBands(judged)], rows: ends.length }
}

/** Part of the whole that a label is given beside a short bar: the lane must not hide it. */
const LABEL_SHARE = 0.3

function bandOf(one: Struck, end: number, ends: number[]): Band {
  const from = seconds(one.atUs as number)
  const until = one.untilUs === null ? null : seconds(one.untilUs)
  let row = ends.findIndex((busy) => busy <= from)
  if (row === -1) row = ends.length
  ends[row] = Math.max(until ?? from, from + end * LABEL_SHARE)
  const nature = isOperation(one.kind) ? 'operation' : 'fault'
  const label = entryLabel(one.index)
  return { label, kind: one.kind, target: targetText(one), nature, from, until, row }
}

export function isOperation(kind: string): boolean {
  return operations.has(kind)
}

/** The number by which the page calls an entry of the timeline. */
export function entryLabel(index: number): string {
  return String(index + 1)
}

/** The target, and what it was resolved to where that is another name. */
export function targetText({ target, resolved }: Struck): string {
  const names = (resolved ?? []).join(', ')
  return names === '' || names === target ? target : `${target} → ${names}`
}

function phaseBands({ result: { phases } }: Judged): Band[] {
  const phase = (kind: string, us: number | null): Band[] =>
    us === null
      ? []
      : [
          {
            label: '',
            kind,
            target: '',
            nature: 'phase',
            from: seconds(us),
            until: null,
            row: -1,
          },
        ]
  return [...phase('heal', phases.healUs), ...phase('drained', phases.drainedUs)]
}

/** To the millisecond: no chart shows more. */
export function seconds(us: number): number {
  return Math.round(us / 1_000) / 1_000
}
