/**
 * What a chart draws as CSV: a row for each of its times, a column for each line or row.
 */

import type { Heat, Plot, Strip, Unit } from '../html/chart-model.ts'
import { type Cell, csvText } from './csv.ts'

const units: Readonly<Record<Unit, string>> = {
  records: 'records',
  'records/s': 'records/s',
  time: 's',
  bytes: 'bytes',
  'bytes/s': 'bytes/s',
  share: 'share',
}

export function plotCsv({ x, lines, unit }: Plot): string {
  const head = ['seconds', ...lines.map(({ name }) => `${name} (${units[unit]})`)]
  return csvText([
    head,
    ...x.map((at, row) => [at, ...lines.map((line) => cell(line.values[row]))]),
  ])
}

/** The times are the ends of steps; hosts that hardly used a resource are not in the picture. */
export function heatCsv({ edges, groups }: Heat): string {
  const rows = groups.flatMap(({ title, rows: own }) => own.map((row) => ({ title, row })))
  const head = ['seconds', ...rows.map(({ title, row }) => `${row.name} ${title} (%)`)]
  const times = edges.slice(1)
  return csvText([
    head,
    ...times.map((at, step) => [at, ...rows.map(({ row }) => cell(row.values[step]))]),
  ])
}

export function stripCsv({ topic, rows }: Strip): string {
  const head = ['seconds', 'partition', 'leader', 'leader epoch', 'isr', 'clean']
  const changes = rows.flatMap(({ number, reigns }) =>
    reigns.map(([at, leader, epoch, isr, clean]): Cell[] => {
      const none = leader === -1 ? null : leader
      return [at, `${topic}-${number}`, none, epoch, isr.join(' '), clean]
    }),
  )
  return csvText([head, ...changes])
}

function cell(value: number | null | undefined): number | null {
  return value ?? null
}
