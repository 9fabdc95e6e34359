/**
 * What a score takes away: guards, one at a time.
 */

import type { Case } from '../../scenarios/case.ts'
import type { GuardEntry } from '../../sim/registry.ts'
import type { Subject } from './trial.ts'

export function guardSubject({ name, exercise }: GuardEntry): Subject {
  return {
    name,
    exercise,
    weight: ({ summary }) => summary.guards[name] ?? 0,
    without: (one) => withoutGuards(one, [name]),
  }
}

export function withoutGuards(one: Case, names: readonly string[]): Case {
  return { ...one, guardsOff: [...one.guardsOff, ...names] }
}
