/**
 * `dmqsim guards`: every protocol check that can be turned off, and what it protects.
 */

import type { Command } from 'commander'
import { speak } from '../answer.ts'
import { type AnswerFlags, withJsonFlag } from '../flags.ts'
import type { Session } from '../session.ts'

export function declareGuards(program: Command, session: Session): void {
  const command = program
    .command('guards')
    .description('the protocol checks that can be turned off')
  withJsonFlag(command).action(async (flags: AnswerFlags) => {
    const { guardRows } = await import('../registry-rows.ts')
    const { guardsJson } = await import('../../reports/json/registries.ts')
    const { guardsText } = await import('../../reports/text/registries.ts')
    const rows = guardRows()
    speak(session.terminal, flags, {
      json: () => guardsJson(session.head('guards', null), rows),
      text: (page) => guardsText(rows, page),
    })
  })
}
