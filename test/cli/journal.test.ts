import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Folder } from '../../cli/folder.ts'
import { continues, JOURNAL, Journal, type JournalHead, readJournal } from '../../cli/journal.ts'
import { plantedScenario } from '../reports/planted.ts'
import { plantedRun, plantedVerdictSummary } from '../reports/planted-exploration.ts'
import { temporaryFolder } from './recording-terminal.ts'

const head: JournalHead = { scenario: plantedScenario(), seed: 7, shard: null }
const broken = plantedVerdictSummary({ verdict: 'broken', asExpected: false, count: 3 })
const runs = [
  plantedRun(0),
  plantedRun(1, { verdicts: [broken], probes: ['zk.watchFired', 'leader.elected'] }),
  plantedRun(2, { reached: { pause: ['zk.watchFired'] }, guards: {} }),
]
const end = {
  jobs: 2,
  exploredMs: 5,
  determinism: { checked: 1, different: [] },
  spent: { runMs: 1, checkMs: 1 },
}

function folderOf(): Folder {
  return new Folder('planted', 7, temporaryFolder())
}

describe('a journal', () => {
  test('gives back every run as it was kept, in the order of numbers', () => {
    const folder = folderOf()
    const journal = new Journal(folder, head, [])
    for (const run of [...runs].reverse()) journal.keep(run)

    expect(readJournal(folder.path)).toMatchObject({ ...head, end: null })
    expect(readJournal(folder.path)?.runs).toEqual(runs)
  })

  test('begins with what is known already, and tells its end', () => {
    const folder = folderOf()
    const journal = new Journal(folder, head, runs.slice(0, 2))
    journal.keep(runs[2] as (typeof runs)[number])
    journal.end(end)

    expect(readJournal(folder.path)).toMatchObject({ runs, end })
  })

  test('leaves out a last line that a kill cut off', () => {
    const folder = folderOf()
    const journal = new Journal(folder, head, runs.slice(0, 2))
    journal.keep(runs[2] as (typeof runs)[number])
    const file = join(folder.path, JOURNAL)
    const text = readFileSync(file, 'utf8')

    writeFileSync(file, text.slice(0, -7))

    expect(readJournal(folder.path)?.runs).toEqual(runs.slice(0, 2))
  })

  test('that another exploration wrote into says where', () => {
    const folder = folderOf()
    void new Journal(folder, head, runs)
    const file = join(folder.path, JOURNAL)
    const [first, , ...rest] = readFileSync(file, 'utf8').split('\n')

    writeFileSync(file, [first, '{"names":["broker-1"]}', ...rest].join('\n'))

    expect(() => readJournal(folder.path)).toThrow(
      /journal\.jsonl:3: does not go with the lines before it; delete the file to start over/,
    )
  })

  test('that is damaged in the middle says where', () => {
    const folder = folderOf()
    void new Journal(folder, head, runs)
    appendFileSync(join(folder.path, JOURNAL), '{"run":\n')

    expect(() => readJournal(folder.path)).toThrow(/journal\.jsonl:\d+: is damaged/)
  })

  test('is of one scenario, seed and shard', () => {
    const folder = folderOf()
    void new Journal(folder, head, [])
    const journal = readJournal(folder.path)
    if (journal === null) throw new Error('there is one')

    expect(continues(journal, head)).toBe(true)
    expect(continues(journal, { ...head, seed: 8 })).toBe(false)
    expect(continues(journal, { ...head, shard: { index: 0, of: 2 } })).toBe(false)
    expect(continues({ ...journal, engine: '0.0.0' }, head)).toBe(false)
  })

  test('is not there where nobody kept one', () => {
    expect(readJournal(temporaryFolder())).toBeNull()
  })
})
