/**
 * `dmqsim list`: the scenarios that come with dmqsim, with their question and expected answer.
 */

import type { Command } from 'commander'
import type { ListRow } from '../../reports/answer.ts'
import { speak } from '../answer.ts'
import { type AnswerFlags, withJsonFlag } from '../flags.ts'
import type { Session } from '../session.ts'
import { oneOf } from '../usage.ts'

interface ListFlags extends AnswerFlags {
  readonly problem?: string
}

const problems = ['loss', 'duplicate', 'order', 'backlog']

export function declareList(program: Command, session: Session): void {
  const command = program
    .command('list')
    .description('the scenarios: name, question, expected answer')
    .option('--problem <name>', `only those about ${problems.join(', ')}`)
  withJsonFlag(command).action(async (flags: ListFlags) => {
    const { problem } = flags
    if (problem !== undefined) oneOf({ flag: '--problem', now: problems }, problem)
    const { listJson } = await import('../../reports/json/registries.ts')
    const { listText } = await import('../../reports/text/registries.ts')
    const rows = (await listRows()).filter(
      (row) => problem === undefined || row.problem === problem,
    )
    speak(session.terminal, flags, {
      json: () => listJson(session.head('list', null), rows),
      text: (page) => listText(rows, page),
    })
  })
}

async function listRows(): Promise<readonly ListRow[]> {
  const { scenarioNames } = await import('../../scenarios/schema/files.ts')
  const { loadScenario } = await import('../../scenarios/schema/load.ts')
  const rows: ListRow[] = []
  for (const { name } of scenarioNames()) {
    const { question, problem, expect, hazard } = (await loadScenario(name)).scenario
    rows.push({ name, question, problem, expect, hazard: hazard?.id ?? null })
  }
  return rows
}
