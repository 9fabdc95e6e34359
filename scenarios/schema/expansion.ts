/**
 * What the parts of an expansion share: the author's file, and what was found and noticed.
 */

import type { HandlerCommit, HandlerReference } from '../handlers/handler.ts'
import { Findings, type Path } from './findings.ts'
import type { Notice } from './notice.ts'
import type { Timeouts } from './scenario.ts'
import type { ScenarioFile } from './surface.ts'

export interface LoadedHandler extends HandlerReference {
  readonly commit: HandlerCommit
}

export interface ExpandOptions {
  /** The name of a scenario that does not say its own. */
  readonly name?: string
  /** Reads a file that the scenario names, such as a load curve; throws with one line. */
  readonly readText?: (file: string) => string
  /** Handlers of the user's own that were loaded, by the place of their consumer. */
  readonly handlers?: ReadonlyMap<number, LoadedHandler>
}

export interface Expansion {
  readonly file: ScenarioFile
  readonly options: ExpandOptions
  readonly timeouts: Timeouts
  readonly findings: Findings
  readonly notices: Notice[]
  /** Names of the hardware profiles that come with dmqsim and are used. */
  readonly hardwareUsed: Set<string>
}

export function createExpansion(file: ScenarioFile, options: ExpandOptions): Expansion {
  return {
    file,
    options,
    timeouts: file.timeouts ?? 'kafka',
    findings: new Findings(),
    notices: [],
    hardwareUsed: new Set(),
  }
}

/** Reports each name that stood before. */
export function duplicateNames(
  names: readonly (string | number)[],
  path: Path,
  key: string,
  expansion: Expansion,
): void {
  const seen = new Set<string | number>()
  names.forEach((name, index) => {
    if (seen.has(name)) {
      expansion.findings.add([...path, index, key], `"${name}" is there twice`)
    }
    seen.add(name)
  })
}
