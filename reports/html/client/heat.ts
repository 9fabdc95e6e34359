/**
 * Utilisation over time: a row for each resource of each host, as dark (on a dark page: as bright)
 * as it was used. Rows stand under the name of their resource.
 */

import type UPlot from 'uplot'
import type { Heat, HeatRow } from '../chart-model.ts'
import type { Page, PageElement, Pen } from './dom.ts'
import type { Stage } from './stage.ts'

declare const document: Page
declare const drawBandEdges: typeof import('./bands.ts').drawBandEdges
declare const drawBandLabels: typeof import('./bands.ts').drawBandLabels
declare const fontOf: typeof import('./stage.ts').fontOf
declare const inside: typeof import('./stage.ts').inside
declare const penOf: typeof import('./stage.ts').penOf
declare const ratio: typeof import('./stage.ts').ratio
declare const rowsFrame: typeof import('./frame.ts').rowsFrame
declare const timeText: typeof import('./frame.ts').timeText

export function heatOptions(stage: Stage, heat: Heat): UPlot.Options {
  const lines = heatLines(heat)
  const height = lines.reduce((sum, line) => sum + line.height, 0)
  return rowsFrame(stage, height, {
    draw: [(plot) => drawHeat(plot, stage, heat)],
    setCursor: [(plot) => readHeat(plot, stage, heat)],
  })
}

/** A heading or a row, in pixels of the page from the top of the plot. */
export interface HeatLine {
  readonly title: string
  readonly row: HeatRow | null
  readonly top: number
  readonly height: number
}

export function heatLines({ groups }: Heat): HeatLine[] {
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0)
  const height = rows <= 30 ? 16 : 12
  const lines: HeatLine[] = []
  let top = 0
  for (const { title, rows: own } of groups) {
    lines.push({ title, row: null, top, height: 22 })
    top += 22
    for (const row of own) {
      lines.push({ title, row, top, height })
      top += height
    }
  }
  return lines
}

export function drawHeat(plot: UPlot, stage: Stage, heat: Heat): void {
  const { left, top } = plot.bbox
  const lines = heatLines(heat)
  inside(plot, (pen) => {
    for (const { row, top: from, height } of lines) {
      if (row === null) continue
      const place = { pen, y: top + from * ratio(), height: (height - 1) * ratio() }
      drawHeatRow(plot, stage, { ...place, edges: heat.edges, values: row.values })
    }
  })
  drawBandEdges(plot, stage)
  const pen = penOf(plot)
  pen.save()
  for (const { title, row, top: from, height } of lines) {
    pen.font = row === null ? fontOf(11, 600) : fontOf(10, 400)
    pen.fillStyle = row === null ? stage.theme.ink : stage.theme.soft
    pen.textBaseline = 'middle'
    pen.textAlign = row === null ? 'left' : 'right'
    const y = top + (from + height / 2 + (row === null ? 3 : 0)) * ratio()
    // Headings stand over the lines of faults, on their own ground.
    if (row === null) clearBehind(pen, stage, { text: title, x: left, y })
    pen.fillText(row === null ? title : row.short, row === null ? left : left - 7 * ratio(), y)
  }
  pen.restore()
  drawBandLabels(plot, stage)
}

interface HeatText {
  readonly text: string
  readonly x: number
  readonly y: number
}

export function clearBehind(pen: Pen, stage: Stage, { text, x, y }: HeatText): void {
  const { fillStyle } = pen
  pen.fillStyle = stage.theme.surface
  const width = pen.measureText(text).width + 8 * ratio()
  pen.fillRect(x - 2 * ratio(), y - 8 * ratio(), width, 16 * ratio())
  pen.fillStyle = fillStyle
}

interface HeatPlace {
  readonly pen: Pen
  readonly y: number
  readonly height: number
  readonly edges: readonly number[]
  readonly values: readonly (number | null)[]
}

/** Steps of one colour are one block: no seams between them, and fewer to draw. */
export function drawHeatRow(plot: UPlot, stage: Stage, place: HeatPlace): void {
  const { pen, y, height, edges, values } = place
  const xOf = (edge: number): number => plot.valToPos(edges[edge] ?? 0, 'x', true)
  let begin = 0
  for (let at = 1; at <= values.length; at += 1) {
    const same = at < values.length && heatStep(values[at]) === heatStep(values[begin])
    if (same) continue
    const x = xOf(begin)
    const width = Math.max(xOf(at) - x, 1)
    const step = heatStep(values[begin])
    if (step === -1) drawAbsent(pen, stage, { x, y, width, height })
    else {
      pen.fillStyle = stage.theme.heat[step] ?? stage.theme.ink
      pen.fillRect(x, y, width, height)
    }
    begin = at
  }
}

/** The place of a value among the colours; −1 where nothing was measured. */
export function heatStep(value: number | null | undefined): number {
  if (value === null || value === undefined) return -1
  return [20, 40, 60, 80, 95].filter((from) => value >= from).length
}

interface Block {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Nobody was there: a line through the middle, and no colour that could be read as a value. */
export function drawAbsent(pen: Pen, stage: Stage, { x, y, width, height }: Block): void {
  pen.fillStyle = stage.theme.strong
  for (let at = x; at < x + width; at += 6 * ratio()) {
    pen.fillRect(at, y + height / 2, Math.min(3 * ratio(), x + width - at), ratio())
  }
}

/** `broker 4, network out at 24 s: 71 %`. */
export function readHeat(plot: UPlot, stage: Stage, heat: Heat): void {
  const reading = document.querySelector(`[data-reading="${heat.id}"]`)
  if (reading === null) return
  const { left = -1, top = -1 } = plot.cursor
  const pointedAt = (plot.over as unknown as PageElement).matches(':hover')
  const line = heatLines(heat).find((one) => one.top <= top && top < one.top + one.height)
  const row = line?.row
  const at = plot.posToVal(left, 'x')
  const step = heat.edges.findIndex((edge) => edge > at) - 1
  if (!pointedAt || left < 0 || line === undefined || row === null || row === undefined) {
    reading.textContent = ''
    return
  }
  const value = row.values[Math.max(0, step)]
  const text = value === null || value === undefined ? 'not there' : `${value} %`
  reading.textContent = `${row.name}, ${line.title} at ${timeText(stage, Math.round(at))}: ${text}`
}
