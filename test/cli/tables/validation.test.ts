import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { declareTable } from '../../../cli/commands/table.ts'
import { Session } from '../../../cli/session.ts'
import type { Table } from '../../../cli/tables/table.ts'
import { validate } from '../../../cli/tables/validation.ts'
import type { Terminal } from '../../../cli/terminal.ts'
import type { Chapter } from '../../../scenarios/validation/chapter.ts'
import type { ValidationRow } from '../../../scenarios/validation/row.ts'
import { plantedValidation } from '../../reports/planted-validation.ts'
import { said, temporaryFolder } from '../recording-terminal.ts'

const silent: Terminal = {
  out: () => {},
  err: () => {},
  columns: 80,
  colour: false,
  live: false,
  environment: {},
  now: () => 0,
  onInterrupt: () => () => {},
}

describe('dmqsim table validation', () => {
  test('answers for the rows asked for, and keeps their JSON', async () => {
    const out = temporaryFolder()
    const flags = ['--only', 'T.Little', '--runs', '4', '--jobs', '1', '--out', out]

    const { code, out: text } = await said(['table', 'validation', ...flags])

    expect(code).toBe(0)
    expect(text).toMatch(/^1 of 1 row lies inside\./)
    const kept = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as { rows: unknown[] }
    expect(kept).toMatchObject({ command: 'table validation', inside: 1, of: 1 })
    expect(kept.rows).toMatchObject([{ id: 'T.Little', kind: 'theory', expected: 1 }])
  })

  test.each([
    [[true], 0],
    [[true, false], 99],
    [[true, null], 0],
    [[null, false], 99],
    [[null], 4],
  ])('ends, if rows are inside: %j, with %i', async (states, code) => {
    const session = new Session(silent)
    const program = new Command()
    const chapter: Chapter = {
      ids: states.map((_, at) => `X.${at}`),
      run: ({ told }) => {
        const [row] = plantedValidation().rows as [ValidationRow]
        for (const inside of states) told({ ...row, inside })
        return Promise.resolve()
      },
    }
    const table: Table = {
      title: '',
      check: () => {},
      run: (options) => validate(options, [chapter]),
    }
    declareTable(program, session, { validation: () => Promise.resolve(table) })

    const flags = ['--jobs', '1', '--out', temporaryFolder()]
    await program.parseAsync(['table', 'validation', ...flags], { from: 'user' })

    expect(session.exitCode).toBe(code)
  })

  test.each([
    [['--only', 'T.MM7'], /^--only T\.MM7: there is no such row; there are T\.MM1\.50, /],
    [['--runs', '2'], /^--runs 2: an interval needs 3 at least\n$/],
  ])('says of %j in one line what is wrong', async (flags, line) => {
    const { code, err } = await said(['table', 'validation', ...flags, '--out', temporaryFolder()])

    expect(code).toBe(2)
    expect(err).toMatch(line)
  })
})
