/**
 * `dmqsim schema <command>`: the JSON Schema of a command's JSON answer, or of scenario files.
 */

import type { Command } from 'commander'
import type { Session } from '../session.ts'
import { UsageError } from '../usage.ts'
import { laterCommands } from './later.ts'

export function declareSchema(program: Command, session: Session): void {
  const command = program
    .command('schema')
    .description('the JSON Schema of an answer or of scenario files')
    .argument('[command]', 'a command, or "scenario"')
    .action(async (name: string | undefined) => {
      const { answerJsonSchema, schemaNames } = await import('../../reports/json/schemas.ts')
      const known = [...schemaNames, 'scenario']
      if (name === undefined) {
        command.outputHelp({ error: true })
        throw new UsageError(`schema: of which command? There are ${known.join(', ')}`)
      }
      session.terminal.out(`${JSON.stringify(await schemaOf(name), null, 2)}\n`)

      async function schemaOf(of: string): Promise<unknown> {
        if (of === 'scenario') {
          const { scenarioJsonSchema } = await import('../../scenarios/schema/json-schema.ts')
          return scenarioJsonSchema()
        }
        const schema = answerJsonSchema(of)
        if (schema !== undefined) return schema
        const { didYouMean } = await import('../../scenarios/schema/nearest.ts')
        if (laterCommands.includes(of)) throw new UsageError(`schema ${of} is not in this version`)
        const hint = didYouMean(of, known) || `: there are ${known.join(', ')}`
        throw new UsageError(`schema ${of}: no command of that name has an answer in JSON${hint}`)
      }
    })
}
