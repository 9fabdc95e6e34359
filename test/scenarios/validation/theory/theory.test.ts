import { describe, expect, test } from 'vitest'
import { chapters } from '../../../../scenarios/validation/chapters.ts'
import { figuresOf } from '../../../../scenarios/validation/errand.ts'
import type { ValidationRow } from '../../../../scenarios/validation/row.ts'
import { type TheoryRow, theoryRows } from '../../../../scenarios/validation/theory/rows.ts'
import { chapterOf } from '../../../../scenarios/validation/theory/theory.ts'

/** A row with fewer calls, and its expected value times `factor`. */
function shorter(row: TheoryRow, factor = 1): TheoryRow {
  const { known } = row
  return {
    ...row,
    known: { ...known, expected: known.expected === null ? null : known.expected * factor },
    subject: async () => {
      const subject = await row.subject()
      if (subject.kind !== 'queue') return subject
      return { kind: 'queue', setting: { ...subject.setting, warmUp: 500, calls: 4_000 } }
    },
  }
}

function rowNamed(id: string): TheoryRow {
  const found = theoryRows().find(({ known }) => known.id === id)
  if (found === undefined) throw new Error(`no row ${id}`)
  return found
}

async function told(row: TheoryRow, runs = 15): Promise<ValidationRow> {
  const rows: ValidationRow[] = []
  await chapterOf([row]).run({
    seed: 1,
    runs,
    simulate: (errand) => Promise.resolve(figuresOf(errand)),
    wants: () => true,
    told: (one) => void rows.push(one),
    fitted: () => {},
    stopped: () => false,
  })
  return rows[0] as ValidationRow
}

describe('the chapter of theory', () => {
  test.each(['T.MM1.50', 'T.MD1.50', 'T.MG1.50', 'T.MMc.8', 'T.tandem', 'T.Little', 'T.refused'])(
    'has the exact value of %s in its interval',
    async (id) => {
      expect(await told(shorter(rowNamed(id)))).toMatchObject({ id, inside: true, note: null })
    },
  )

  test.each(['T.MM1.50', 'T.MD1.50', 'T.Little', 'T.refused'])(
    'is outside in %s if the expected value is a fifth too high',
    async (id) => {
      expect((await told(shorter(rowNamed(id), 1.2))).inside).toBe(false)
    },
  )

  test('is outside if the service is slower than it is said to be', async () => {
    const row = shorter(rowNamed('T.MM1.50'))
    const slower: TheoryRow = {
      ...row,
      subject: async () => {
        const subject = await row.subject()
        if (subject.kind !== 'queue' || subject.setting.server.kind !== 'service') return subject
        const work = { p50Us: 5_500, p99Us: 5_500, meanUs: 5_500 }
        const server = { ...subject.setting.server, work }
        return { kind: 'queue', setting: { ...subject.setting, server } }
      },
    }

    expect((await told(slower)).inside).toBe(false)
  })

  test('is outside, with the reason, if the interval is too wide to tell', async () => {
    const row = await told(shorter(rowNamed('T.MM1.90')), 3)

    expect(row).toMatchObject({ inside: false, note: 'too few samples to tell' })
  })

  test('has rows with ids of their own, whatever the chapter', () => {
    const ids = chapters.flatMap((chapter) => chapter.ids)

    expect(new Set(ids).size).toBe(ids.length)
  })
})
