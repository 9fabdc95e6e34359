/**
 * Each group's backlog over time as a line of blocks, with the faults under it.
 *
 * A column stands for a stretch of time and shows the highest backlog in it; an empty one is the
 * lowest block. Faults that overlap get lines of their own; their labels are those of the timeline.
 */

import type { GroupMeasures, GroupSeries, Judged, Struck } from '../../scenarios/result.ts'
import { beside, type Page, title } from './layout.ts'
import { counted, duration, moment } from './numbers.ts'

const BLOCKS = '▁▂▃▄▅▆▇█'
const INDENT = 2
const LABEL_MAX = 24

export function backlogLines(judged: Judged, page: Page): string[] {
  const { series, groups } = judged.measures
  const drawn = series.groups.filter((one) => one.atUs.length > 0)
  if (drawn.length === 0) return groups.length === 0 ? [] : withoutSeries(groups, page)
  const left =
    INDENT + 2 + Math.min(LABEL_MAX, Math.max(6, ...drawn.map((one) => labelOf(one).length)))
  const { phases, struck } = judged.result
  const scale: Scale = { left, columns: Math.max(20, page.width - left), endUs: phases.endUs }
  const lines = [title('Backlog', page)]
  for (const one of drawn) {
    const row = `${' '.repeat(INDENT)}${labelOf(one).slice(0, LABEL_MAX)}`.padEnd(left)
    lines.push(`${row}${page.paint.cyan(sparkline(one, scale))}`)
    const measured = groups.find((group) => group.group === one.group && group.topic === one.topic)
    if (measured !== undefined) lines.push(...figureLines(measured, left, page))
  }
  return [...lines, ...faultRows(struck, scale, page), axis(scale, phases.healUs, page)]
}

interface Scale {
  /** Columns taken by labels. */
  readonly left: number
  /** Columns of the picture. */
  readonly columns: number
  readonly endUs: number
}

function labelOf({ group, topic }: { readonly group: string; readonly topic: string }): string {
  return `${group} ← ${topic}`
}

function columnOf(us: number, { columns, endUs }: Scale): number {
  return Math.min(columns - 1, Math.max(0, Math.floor((us / Math.max(1, endUs)) * columns)))
}

export function sparkline({ atUs, backlog }: GroupSeries, scale: Scale): string {
  const highest = Array.from({ length: scale.columns }, () => -1)
  atUs.forEach((us, at) => {
    const column = columnOf(us, scale)
    highest[column] = Math.max(highest[column] ?? 0, backlog[at] ?? 0)
  })
  const peak = Math.max(1, ...highest)
  let last = 0
  return highest
    .map((value) => {
      if (value >= 0) last = value
      return blockOf(last, peak)
    })
    .join('')
}

/** Whatever is there at all is seen. */
function blockOf(value: number, peak: number): string {
  if (value === 0) return BLOCKS[0] as string
  const levels = BLOCKS.length - 1
  return BLOCKS[Math.min(levels, Math.max(1, Math.ceil((value / peak) * levels)))] as string
}

/** Beside the picture where there is room, else across. */
function figureLines(group: GroupMeasures, left: number, page: Page): string[] {
  const said = figures(group)
  const indent = said.length <= page.width - left ? left : INDENT + 2
  return beside('', indent, said, page.width).map((line) => page.paint.dim(line))
}

function figures(group: GroupMeasures): string {
  const { backlogPeak, backlogPeakAtUs, latenessPeakUs, drainUs, backlogAtHeal } = group
  const peak = `peak ${counted(backlogPeak, 'record')} at ${moment(backlogPeakAtUs)}`
  const waiting = `${counted(backlogAtHeal, 'record')} at heal`
  const drained = drainUs === null ? 'never drained' : `drained within ${duration(drainUs)}`
  const end = backlogAtHeal === 0 && drainUs !== null ? 'none at heal' : `${waiting}, ${drained}`
  return `${peak}, up to ${duration(latenessPeakUs)} late, ${end}`
}

function withoutSeries(groups: readonly GroupMeasures[], page: Page): string[] {
  return [
    title('Backlog', page),
    ...groups.map((group) => `  ${labelOf(group)}: ${figures(group)}`),
  ]
}

/** Label of a timeline entry, one character: 1 to 9, then letters. */
export function labelOfEntry(index: number): string {
  const labels = '123456789abcdefghijklmnopqrstuvwxyz'
  return labels[index] ?? '+'
}

function faultRows(struck: readonly Struck[], scale: Scale, page: Page): string[] {
  const rows: string[][] = []
  for (const one of struck) {
    if (one.atUs === null || one.refused !== null) continue
    const from = columnOf(one.atUs, scale)
    const until = one.untilUs === null ? from : columnOf(one.untilUs, scale)
    let row = rows.find((cells) => cells.slice(from, until + 1).every((cell) => cell === ' '))
    if (row === undefined) {
      row = blanks(scale)
      rows.push(row)
    }
    for (let column = from; column <= until; column += 1) row[column] = '─'
    row[from] = labelOfEntry(one.index)
  }
  return rows.map((cells, at) => {
    const label = `${' '.repeat(INDENT)}${at === 0 ? 'faults' : ''}`.padEnd(scale.left)
    return `${label}${page.paint.red(cells.join('').trimEnd())}`
  })
}

/** `0 s … heal 240 s ▴ … 262 s` under the picture; a heal close to the end takes its place. */
function axis(scale: Scale, healUs: number, page: Page): string {
  const cells = blanks(scale)
  const end = moment(roundedToTenth(scale.endUs))
  const heal = `heal ${moment(roundedToTenth(healUs))} ▴`
  const at = columnOf(healUs, scale)
  put(cells, 0, '0 s')
  if (at + 2 < scale.columns - end.length) put(cells, scale.columns - end.length, end)
  if (at > heal.length + 4) put(cells, at - heal.length + 1, heal)
  return page.paint.dim(`${' '.repeat(scale.left)}${cells.join('')}`.trimEnd())
}

function blanks({ columns }: Scale): string[] {
  return Array.from({ length: columns }, () => ' ')
}

function put(cells: string[], at: number, text: string): void {
  for (let column = 0; column < text.length; column += 1) {
    cells[at + column] = text[column] as string
  }
}

function roundedToTenth(us: number): number {
  return Math.round(us / 100_000) * 100_000
}
