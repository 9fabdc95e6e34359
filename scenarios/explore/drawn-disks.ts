/**
 * Drawn integers as faults of disks: full, refusing, lying, rotting, wiped.
 */

import type { Fault } from '../schema/timeline.ts'
import type { Draw } from './draw.ts'
import { type Aim, serverTarget } from './drawn-roles.ts'

export type DiskFamily = 'disk-full' | 'io-error' | 'lying-sync' | 'bit-rot' | 'wipe'

const ENTRIES_MAX = 4

export function drawnDiskFault(
  draw: Draw,
  aim: Aim,
  family: DiskFamily,
  span: { readonly atUs: number; readonly forUs?: number },
): Fault {
  const target = serverTarget(draw, aim)
  if (family !== 'bit-rot') return { kind: family, target, ...span }
  const entries = 1 + (draw.kind % ENTRIES_MAX)
  return { kind: 'bit-rot', target, entries, atUs: span.atUs }
}
