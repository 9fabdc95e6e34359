/**
 * `dmqsim protocols`: how Kafka's protocol was at which release, and what can be chosen here.
 */

import type { Command } from 'commander'
import { speak } from '../answer.ts'
import { type AnswerFlags, withJsonFlag } from '../flags.ts'
import type { Session } from '../session.ts'

export function declareProtocols(program: Command, session: Session): void {
  const command = program.command('protocols').description('the protocol levels of past releases')
  withJsonFlag(command).action(async (flags: AnswerFlags) => {
    const { presetRows, protocolRows } = await import('../registry-rows.ts')
    const { protocolsJson } = await import('../../reports/json/registries.ts')
    const { protocolsText } = await import('../../reports/text/registries.ts')
    const rows = protocolRows()
    const presets = presetRows()
    speak(session.terminal, flags, {
      json: () => protocolsJson(session.head('protocols', null), rows, presets),
      text: (page) => protocolsText(rows, presets, page),
    })
  })
}
