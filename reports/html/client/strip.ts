/**
 * Leaders and ISR of a topic: a row a partition, a block for each leader, marks where the ISR
 * changed, a line under the block while it is not full.
 */

import type UPlot from 'uplot'
import type { Reign, Strip, StripRow } from '../chart-model.ts'
import type { Page, PageElement, Pen } from './dom.ts'
import type { Stage } from './stage.ts'

declare const document: Page
declare const brokerOf: typeof import('./stage.ts').brokerOf
declare const drawBandEdges: typeof import('./bands.ts').drawBandEdges
declare const drawBandLabels: typeof import('./bands.ts').drawBandLabels
declare const drawIsrMark: typeof import('./marks.ts').drawIsrMark
declare const drawNobody: typeof import('./marks.ts').drawNobody
declare const fontOf: typeof import('./stage.ts').fontOf
declare const inside: typeof import('./stage.ts').inside
declare const penOf: typeof import('./stage.ts').penOf
declare const ratio: typeof import('./stage.ts').ratio
declare const rowsFrame: typeof import('./frame.ts').rowsFrame
declare const turnOf: typeof import('./stage.ts').turnOf

export function stripOptions(stage: Stage, strip: Strip): UPlot.Options {
  const rows = strip.rows.length
  return rowsFrame(stage, rows * rowHeight(rows), {
    draw: [(plot) => drawStrip(plot, stage, strip)],
    setCursor: [(plot) => readRow(plot, strip)],
  })
}

export function rowHeight(rows: number): number {
  if (rows <= 24) return 18
  return rows <= 40 ? 13 : 9
}

/** A row of a strip on the canvas. */
export interface Place {
  readonly pen: Pen
  readonly stage: Stage
  readonly strip: Strip
  readonly y: number
  readonly height: number
}

export function drawStrip(plot: UPlot, stage: Stage, strip: Strip): void {
  const { top, height } = plot.bbox
  const step = height / strip.rows.length
  inside(plot, (pen) => {
    strip.rows.forEach((row, at) => {
      drawReigns(plot, row, { pen, stage, strip, y: top + at * step, height: step - ratio() })
    })
  })
  drawBandEdges(plot, stage)
  inside(plot, (pen) => {
    strip.rows.forEach((row, at) => {
      drawMarks(plot, row, { pen, stage, strip, y: top + at * step, height: step - ratio() })
    })
  })
  drawRowNames(plot, stage, strip)
  drawBandLabels(plot, stage)
}

export function drawReigns(plot: UPlot, { reigns }: StripRow, place: Place): void {
  const { left, width } = plot.bbox
  reigns.forEach((reign, at) => {
    const next = reigns[at + 1]
    const begin = Math.max(left, plot.valToPos(reign[0], 'x', true))
    const end = plot.valToPos(next?.[0] ?? place.stage.model.end, 'x', true)
    if (end <= left || begin >= left + width) return
    const before = reigns[at - 1]
    const named = before === undefined || before[1] !== reign[1] || begin === left
    drawReign(place, reign, { x: begin, width: Math.max(end - begin, ratio()), named })
  })
}

interface Block {
  readonly x: number
  readonly width: number
  /** Whether the leader's number is written: once, though the ISR changes. */
  readonly named: boolean
}

export function drawReign(place: Place, [, leader, , isr]: Reign, block: Block): void {
  const { pen, stage, strip, y, height } = place
  const { x, width, named } = block
  if (leader === -1) drawNobody(place, x, width)
  else {
    pen.fillStyle = brokerOf(stage, leader)
    pen.fillRect(x, y, width, height)
    drawStripes(place, leader, block)
  }
  if (isr.length < strip.replicas) {
    const { underMinimum, underReplicated } = stage.theme
    const bar = Math.max(2, height / ratio() / 6) * ratio()
    pen.fillStyle = isr.length < strip.minIsr ? underMinimum : underReplicated
    pen.fillRect(x, y + height - bar, width, bar)
  }
  if (leader === -1 || !named || width < 14 * ratio() || height < 10 * ratio()) return
  pen.fillStyle = stage.theme.brokerInk
  pen.font = fontOf(10, 550)
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  pen.fillText(String(leader), x + 4 * ratio(), y + height / 2 - 0.5 * ratio())
}

/** Colours begin again after the last of them: from then on they are striped, ever closer. */
export function drawStripes({ pen, stage, y, height }: Place, leader: number, block: Block): void {
  const turn = turnOf(stage, leader)
  if (turn === 0) return
  const step = (8 / turn) * ratio()
  pen.fillStyle = stage.theme.edge
  // From the page's own zero, so that the stripes of neighbours meet.
  for (let at = Math.ceil(block.x / step) * step; at < block.x + block.width; at += step) {
    pen.fillRect(at, y, ratio(), height)
  }
}

export function drawMarks(plot: UPlot, { reigns }: StripRow, place: Place): void {
  reigns.forEach((reign, at) => {
    const before = reigns[at - 1]
    if (before !== undefined) {
      drawIsrMark(place, { before, reign, x: plot.valToPos(reign[0], 'x', true) })
    }
  })
}

export function drawRowNames(plot: UPlot, { theme }: Stage, { rows }: Strip): void {
  const pen = penOf(plot)
  const { left, top, height } = plot.bbox
  const step = height / rows.length
  const every = Math.ceil((12 * ratio()) / step)
  pen.save()
  pen.fillStyle = theme.soft
  pen.font = fontOf(11, 400)
  pen.textAlign = 'right'
  pen.textBaseline = 'middle'
  rows.forEach(({ number }, at) => {
    if (at % every !== 0) return
    pen.fillText(String(number), left - 8 * ratio(), top + (at + 0.5) * step)
  })
  pen.restore()
}

/** Names the row under the cursor: `orders-3 at 21.4 s: broker 2 leads, epoch 4, ISR 2, 3`. */
export function readRow(plot: UPlot, strip: Strip): void {
  const reading = document.querySelector(`[data-reading="${strip.id}"]`)
  if (reading === null) return
  const { left = -1, top = -1 } = plot.cursor
  const step = plot.bbox.height / ratio() / strip.rows.length
  // The cursors of the other charts follow in height too: only the one pointed at names a row.
  const pointedAt = (plot.over as unknown as PageElement).matches(':hover')
  const row = !pointedAt || top < 0 || left < 0 ? undefined : strip.rows[Math.floor(top / step)]
  const at = plot.posToVal(left, 'x')
  const reign = row?.reigns.findLast(([from]) => from <= at)
  if (row === undefined || reign === undefined) {
    reading.textContent = ''
    return
  }
  const [, leader, epoch, isr] = reign
  const leads = leader === -1 ? 'no leader' : `broker ${leader} leads`
  const name = `${strip.topic}-${row.number} at ${at.toFixed(1)} s`
  reading.textContent = `${name}: ${leads}, epoch ${epoch}, ISR ${isr.join(', ')}`
}
