/**
 * Guards, probes, protocol levels and scenarios as lists.
 */

import type { GuardRow, ListRow, Preset, ProbeRow, ProtocolRow } from '../answer.ts'
import { table } from '../table/table.ts'
import { hung, type Page, text, title } from './layout.ts'
import { counted } from './numbers.ts'

export function guardsText(rows: readonly GuardRow[], page: Page): string {
  const lines = rows.flatMap((row) => [
    `${page.paint.bold(row.name)}  ${page.paint.dim(row.rule)}`,
    ...hung('  ', row.sentence, page.width),
    ...hung('  off: ', `${row.whenOff} (${row.protects})`, page.width),
    ...hung('  shown by ', exercise(row), page.width).map((line) => page.paint.dim(line)),
  ])
  const head = `${counted(rows.length, 'guard')}; --without <name> turns one off.`
  return text([head, '', ...lines])
}

function exercise({ exercise: scenario, file, hazards }: GuardRow): string {
  const parts = [scenario, ...(file === null ? [] : [file]), ...hazards]
  return parts.join(' · ')
}

export function probesText(rows: readonly ProbeRow[], page: Page): string {
  const columns = [{ title: 'probe' }, { title: 'rule' }, { title: 'reached when', wraps: true }]
  const cells = rows.map(({ name, rule, sentence }) => [name, rule, sentence])
  return text([`${counted(rows.length, 'probe')}.`, '', ...table(columns, cells, page.width)])
}

export function protocolsText(
  rows: readonly ProtocolRow[],
  presets: readonly Preset[],
  page: Page,
): string {
  const lines = rows.flatMap((row) => [
    `${page.paint.bold(row.feature)}  ${page.paint.dim(row.rule)}`,
    ...hung('  ', row.sentence, page.width),
    ...levelLines(row, page),
    '',
  ])
  const releases = presets.map(({ name }) => name).join('  ')
  return text([
    `${counted(rows.length, 'protocol feature')}; --protocol <feature>=<level> chooses one.`,
    '',
    ...lines,
    title('Whole releases', page),
    ...hung('  ', releases, page.width),
  ])
}

function levelLines(row: ProtocolRow, page: Page): string[] {
  const widest = Math.max(...row.levels.map((level) => level.name.length))
  const releases = Math.max(...row.levels.map((level) => level.releases.length))
  return row.levels.flatMap((level) => {
    const mark = level.name === row.default ? '*' : ' '
    const first = `  ${mark} ${level.name.padEnd(widest)}  ${level.releases.padEnd(releases)}  `
    const lines = hung(first, levelSentence(level), page.width)
    return level.modelled ? lines : lines.map((line) => page.paint.dim(line))
  })
}

function levelSentence(level: ProtocolRow['levels'][number]): string {
  const notes = [
    ...(level.kip === null ? [] : [level.kip]),
    ...level.hazards,
    ...(level.modelled ? [] : ['not in this version']),
  ]
  return notes.length === 0 ? level.sentence : `${level.sentence} (${notes.join(', ')})`
}

export function listText(rows: readonly ListRow[], page: Page): string {
  const plain = rows.filter(({ hazard }) => hazard === null)
  const hazards = rows.filter(({ hazard }) => hazard !== null)
  const head = `${counted(plain.length, 'scenario')}; dmqsim run <name> runs one.`
  const more = `${counted(hazards.length, 'published bug')}; dmqsim explore <name> looks for one.`
  return text([
    head,
    '',
    ...rowLines(plain, page),
    ...(hazards.length === 0 ? [] : ['', more, '', ...rowLines(hazards, page)]),
  ])
}

function rowLines(rows: readonly ListRow[], page: Page): string[] {
  return rows.flatMap((row) => [
    `${page.paint.bold(row.name)}  ${page.paint.dim(row.problem)}`,
    ...hung('  ', row.question, page.width),
    ...hung('  expected: ', expectations(row.expect), page.width).map((line) =>
      page.paint.dim(line),
    ),
  ])
}

function expectations(expect: ListRow['expect']): string {
  const words = Object.entries(expect).map(([check, word]) => `${check} ${word}`)
  return words.length === 0 ? 'whatever Kafka promises' : words.join(', ')
}
