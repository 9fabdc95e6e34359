/**
 * What a check is: a statement about a run, judged scope by scope from its result alone.
 */

import type { CheckName } from '../schema/scenario.ts'
import type { Finding } from './finding.ts'
import type { Judgement } from './judgement.ts'

export interface Check {
  readonly name: CheckName
  /** What holds when it is kept, in one sentence. */
  readonly statement: string
  /** When it is promised, in one sentence. */
  readonly promise: string
  /** Levels, groups or properties, each with a verdict of its own. */
  scopes(judgement: Judgement): readonly string[]
  judge(judgement: Judgement, scope: string): Finding
}

/** One scope for each group of the scenario, with a prefix. */
export function groupScopes(judgement: Judgement, prefix = ''): readonly string[] {
  return judgement.scenario.consumers.map(({ group }) => `${prefix}${group}`)
}
