/**
 * `dmqsim merge <dir>…`: shards of an exploration as one answer.
 *
 * The work is done in `../merging.ts`.
 */

import type { Command } from 'commander'
import { type AnswerFlags, withAnswerFlags } from '../flags.ts'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'

export interface MergeFlags extends AnswerFlags {
  readonly hashes?: boolean
  readonly baseline?: string
}

export function declareMerge(program: Command, session: Session): void {
  const command = program
    .command('merge')
    .description('the shards of an exploration as one answer')
    .argument('[dirs...]', 'the folders of the shards')
    .option('--baseline <result.json>', 'only what this earlier answer does not know fails')
    .option('--hashes', 'put the trace hash of every run into the JSON answer')
  withAnswerFlags(command).action(async (folders: readonly string[], flags: MergeFlags) => {
    if (folders.length === 0) {
      command.outputHelp({ error: true })
      throw new UsageError(
        'merge: which shards? Give the folders that dmqsim explore --shard wrote',
      )
    }
    const { mergeCommand } = await import('../merging.ts')
    session.exitCode = await mergeCommand(session, folders, flags)
  })
}
