/**
 * An answer as a suite of tests: what JUnit and GitHub understand of it.
 *
 * The outcomes say what the exit code says: something failed exactly where the exit code is not 0,
 * an interrupt and a missing limit aside.
 */

export type Outcome = 'passed' | 'failed' | 'error' | 'skipped'

/** What of a scenario file a case is about. */
export interface About {
  readonly part: 'check' | 'threshold'
  readonly name: string
}

export interface SuiteCase {
  readonly name: string
  readonly outcome: Outcome
  /** One sentence. */
  readonly message: string
  readonly details: readonly string[]
  readonly about: About | null
}

/** Something about a line of a user's own file. */
export interface Remark {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly title: string
  readonly message: string
}

export interface Suite {
  /** `explore orders-survive-a-leader`. */
  readonly name: string
  readonly sentence: string
  readonly wallMs: number
  readonly properties: readonly (readonly [string, string])[]
  readonly cases: readonly SuiteCase[]
  readonly remarks: readonly Remark[]
  readonly again: string | null
}

export function counted(suite: Suite, outcome: Outcome): number {
  return suite.cases.filter((one) => one.outcome === outcome).length
}

/** Cases that make the suite fail. */
export function failing({ cases }: Suite): readonly SuiteCase[] {
  return cases.filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
}

/** A case that is about dmqsim or the run as a whole; none where there is nothing to say. */
export function ownCase(
  name: string,
  complaint: string | null,
  outcome: 'failed' | 'error' = 'failed',
): SuiteCase {
  return {
    name,
    outcome: complaint === null ? 'passed' : outcome,
    message: complaint ?? '',
    details: [],
    about: null,
  }
}
