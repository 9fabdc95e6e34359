/**
 * The validation table as one file: how many rows of theory and published figures agree, each row
 * with what is known, what is simulated, and how far apart they are.
 *
 * The picture of a row is simulated over expected: a band where it may lie, a dot where it does.
 */

import type { ValidationRow } from '../../scenarios/validation/row.ts'
import type { ValidationAnswer } from '../answer.ts'
import {
  betweenText,
  chapterOf,
  chapterTitles,
  rangeText,
  tallyOf,
  validationSentence,
  valueText,
} from '../text/validation.ts'
import { counted, moment, percent } from '../text/numbers.ts'
import { type CsvFile } from '../csv/plan.ts'
import { csvText } from '../csv/csv.ts'
import { csvLink } from './figure.ts'
import { markup, type Markup, nothing, type Piece } from './markup.ts'
import { pageText } from './page.ts'
import type { Section } from './section.ts'
import { planSheet } from './sheets/plan.ts'
import { validationSheet } from './sheets/validation.ts'
import { cardTable, compactTable, type Row } from './table.ts'

export function validationReport(answer: ValidationAnswer): string {
  const chapters = [...new Set(answer.rows.map(chapterOf))]
  return pageText({
    title: 'Validation of dmqsim',
    head: headline(answer),
    sections: [
      ...chapters.map((name) => chapterSection(name, answer.rows)),
      ...constantSections(answer),
    ],
    charts: null,
    sheet: `${planSheet}\n${validationSheet}`,
  })
}

export function validationCsv({ rows }: ValidationAnswer): CsvFile {
  const head = ['row', 'kind', 'what', 'measure', 'expected', 'low', 'high', 'simulated', 'inside']
  const lines = rows.map((one) => [
    one.id,
    one.kind,
    one.title,
    one.measure,
    one.expected,
    one.low,
    one.high,
    one.simulated,
    one.inside === null ? 'not simulated' : one.inside ? 'yes' : 'no',
  ])
  const text = csvText([head, ...lines])
  return { name: 'validation.csv', title: 'All rows', text, curve: false }
}

function headline(answer: ValidationAnswer): Markup {
  const { head, rows, constants } = answer
  const { inside, simulated } = tallyOf(rows)
  const tone = inside.length === simulated ? 'good' : 'warn'
  const { name, text, title } = validationCsv(answer)
  const fitted = rows.filter(({ calibrated }) => calibrated).length
  return markup`<header class="answer is-${tone}">
<p class="kicker"><span class="name">validation</span> <span>dmqsim ${head.version}</span> <span>seed ${head.seed ?? 1}</span></p>
<h1 class="long">${validationSentence(answer)}</h1>
<p class="standing is-${tone}">${inside.length} of ${simulated} inside</p>
<p class="question">Does the simulator say what theory and published measurements say?</p>
<dl class="facts">
<div><dt>Rows fitted to</dt><dd>${counted(fitted, 'row')}<small>the others are predicted</small></dd></div>
<div><dt>Fitted constants</dt><dd>${constants.length}</dd></div>
<div><dt>Took</dt><dd>${moment(Math.round(head.wallMs / 100) * 100_000)}</dd></div>
<div><dt>Data</dt><dd>${csvLink(name, text, title)}</dd></div>
</dl>
</header>
`
}

function chapterSection(name: string, all: readonly ValidationRow[]): Section {
  const rows = all.filter((row) => chapterOf(row) === name)
  const { inside, simulated, notSimulated } = tallyOf(rows)
  const unsaid = notSimulated.length === 0 ? '' : `, ${notSimulated.length} not simulated`
  const columns = [
    { title: 'Row' },
    { title: 'What', prose: true },
    { title: 'Expected', number: true },
    { title: 'Simulated', number: true },
    { title: 'Between', number: true },
    { title: 'Simulated over expected', whole: true },
    { title: 'Source', whole: true },
  ]
  const [title = name, detail] = (chapterTitles[name] ?? name).split(': ')
  return {
    id: `chapter-${name}`,
    title,
    lead: `${inside.length} of ${simulated} inside${unsaid}${detail === undefined ? '' : `: ${detail}`}.`,
    body: cardTable(title, columns, rows.map(rowOf)),
  }
}

function rowOf(row: ValidationRow): Row {
  const { id, title, measure, expected, low, high, simulated, inside, calibrated, note } = row
  const more = note === null ? nothing : markup`<small>${note}</small>`
  const cells: Piece[] = [
    markup`${markOf(inside)} ${id}`,
    markup`<span class="found">${title}: ${measure}${calibrated ? ' (fitted)' : ''}${more}</span>`,
    expected === null ? rangeText(low, high) || '–' : valueText(expected),
    valueText(simulated),
    betweenText(row) || '–',
    picture(row),
    row.source,
  ]
  return { cells, faint: calibrated }
}

function markOf(inside: boolean | null): Markup {
  if (inside === null) return markup`<span role="img" aria-label="not simulated">–</span>`
  return inside
    ? markup`<span class="good" role="img" aria-label="inside">✓</span>`
    : markup`<span class="bad" role="img" aria-label="outside">✗</span>`
}

/** The axis goes from nothing to twice what is expected. */
function picture({ expected, low, high, simulated, ci, inside }: ValidationRow): Piece {
  if (expected === null || expected === 0 || simulated === null) return '–'
  const place = (value: number): string => {
    return `${Math.round(Math.min(2, Math.max(0, value / expected)) * 500) / 10}%`
  }
  const [from, to] = ci ?? [simulated, simulated]
  const style = [
    `--low:${place(low ?? expected)}`,
    `--high:${place(high ?? expected)}`,
    `--from:${place(from)}`,
    `--to:${place(to)}`,
    `--at:${place(simulated)}`,
  ].join(';')
  const ratio = percent(simulated / expected)
  return markup`<span class="ratio"><i class="${inside === true ? '' : 'outside'}" style="${style}"></i>${ratio}</span>`
}

function constantSections({ constants }: ValidationAnswer): Section[] {
  if (constants.length === 0) return []
  const columns = [{ title: 'Constant' }, { title: 'Value', number: true }, { title: 'From rows' }]
  const rows = constants.map((one) => ({
    cells: [one.name, valueText(one.value), one.rows.join(', ')],
  }))
  return [
    {
      id: 'constants',
      title: 'Fitted constants',
      lead: 'All else is assumed or published, and not fitted to anything here.',
      body: compactTable('Fitted constants', columns, rows),
    },
  ]
}
