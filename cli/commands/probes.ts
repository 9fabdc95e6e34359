/**
 * `dmqsim probes`: every protocol moment that triggers wait for and explorations count.
 */

import type { Command } from 'commander'
import { speak } from '../answer.ts'
import { type AnswerFlags, withJsonFlag } from '../flags.ts'
import type { Session } from '../session.ts'

export function declareProbes(program: Command, session: Session): void {
  const command = program.command('probes').description('the protocol moments that are counted')
  withJsonFlag(command).action(async (flags: AnswerFlags) => {
    const { probeRows } = await import('../registry-rows.ts')
    const { probesJson } = await import('../../reports/json/registries.ts')
    const { probesText } = await import('../../reports/text/registries.ts')
    const rows = probeRows()
    speak(session.terminal, flags, {
      json: () => probesJson(session.head('probes', null), rows),
      text: (page) => probesText(rows, page),
    })
  })
}
