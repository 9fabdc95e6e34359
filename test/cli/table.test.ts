import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { declareTable } from '../../cli/commands/table.ts'
import { Session } from '../../cli/session.ts'
import type { Table, TableOptions } from '../../cli/tables/table.ts'
import { said, temporaryFolder } from './recording-terminal.ts'

interface Told {
  readonly out: string
  readonly code: number
  readonly options: TableOptions
}

/** Calls the command with one table, `sums`, that answers with its options. */
async function toldBySums(argv: readonly string[], files: readonly string[] = []): Promise<Told> {
  let out = ''
  const session = new Session({
    out: (text) => {
      out += text
    },
    err: () => {},
    columns: 80,
    colour: false,
    live: false,
    environment: { DMQSIM_RUNS: '12' },
    now: () => 0,
    onInterrupt: () => () => {},
  })
  const asked: TableOptions[] = []
  const sums: Table = {
    title: 'Sums',
    check: () => {},
    run(options) {
      asked.push(options)
      return Promise.resolve({
        json: () => ({ rows: options.only }),
        text: () => 'the rows\n',
        sentence: () => 'a sentence',
        again: null,
        files: () => files.map((name) => ({ name, text: 'a file' })),
        exitCode: 1,
      })
    },
  }
  const program = new Command()
  declareTable(program, session, { sums: () => Promise.resolve(sums) })
  await program.parseAsync(['table', ...argv], { from: 'user' })
  return { out, code: session.exitCode, options: asked[0] as TableOptions }
}

test('a table is given its seed, runs, threads and rows, and answers with its code', async () => {
  const folder = temporaryFolder()

  const told = await toldBySums([
    'sums',
    '7',
    '--runs',
    '30',
    '--jobs',
    '2',
    '--only',
    'one,two',
    '--out',
    folder,
  ])

  expect([told.out, told.code]).toEqual(['the rows\n', 1])
  expect(told.options).toMatchObject({ seed: 7, runs: 30, jobs: 2, only: ['one', 'two'] })
  expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))).toEqual({
    rows: ['one', 'two'],
  })
})

test('a table says where its report was written, and nothing of other files', async () => {
  const folder = temporaryFolder()

  const told = await toldBySums(['sums', '--out', folder], ['report.html', 'rows.csv'])
  const other = await toldBySums(['sums', '--out', folder], ['rows.csv'])

  expect(told.out).toBe(`the rows\n\nReport  ${join(folder, 'report.html')}\n`)
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe('a file')
  expect(other.out).toBe('the rows\n')
})

test('a table takes its runs from the environment where no flag says them', async () => {
  const told = await toldBySums(['sums', '--json', '--out', temporaryFolder()])

  expect(told.options).toMatchObject({ seed: 1, runs: 12, only: [] })
  expect(JSON.parse(told.out)).toEqual({ rows: [] })
})

test('an unknown table gets one line with the known ones, and exit code 2', async () => {
  await expect(toldBySums(['sum'])).rejects.toThrow(
    'table sum: there is no such table, did you mean "sums"?; there is sums',
  )

  const { code, err } = await said(['table', 'nothing-like-it'])

  expect(code).toBe(2)
  expect(err).toMatch(
    /^table nothing-like-it: there is no such table; there (is|are) .*hazards.*\n$/,
  )
})

test.each(['hazards', 'remedies', 'validation'])(
  'a slip in what %s is asked for leaves what was kept before',
  async (table) => {
    const folder = temporaryFolder()
    const kept = join(folder, 'failures', 'R01.json')
    mkdirSync(join(folder, 'failures'))
    writeFileSync(kept, 'a failure')

    const { code } = await said(['table', table, '--only', 'nothing-like-it', '--out', folder])

    expect(code).toBe(2)
    expect(readFileSync(kept, 'utf8')).toBe('a failure')
  },
)
