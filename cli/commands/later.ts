/**
 * Commands that a later version brings: known by name, so that nobody wonders about a slip.
 */

import type { Command } from 'commander'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

export const laterCommands: readonly string[] = ['audit', 'drill', 'serve']

export function declareLater(program: Command, _session: Session): void {
  for (const name of laterCommands) {
    program
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new UsageError(`${name} is not in this version; dmqsim --help shows what is`)
      })
  }
}
